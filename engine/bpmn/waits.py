"""What an execution waits for, as values that a store can make rows of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class WaitKind(StrEnum):
    """What has to happen for a wait to end."""

    USER_TASK = "user_task"  # a person completes it
    JOB = "job"  # a handler completes it
    TIMER = "timer"  # its due time comes
    MESSAGE = "message"  # a message with its name and key arrives
    SIGNAL = "signal"  # a signal of its name is broadcast
    CONDITION = "condition"  # variables change so that its condition becomes true
    CALL = "call"  # the called process ends
    INCIDENT = "incident"  # a person mends what went wrong, then retries


@dataclass(frozen=True, slots=True)
class UserTaskDetail:
    """A task for a person; `due` and `follow_up` are aware, in UTC; `variables` are its own inputs."""

    form_id: str | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due: datetime | None
    follow_up: datetime | None
    priority: int
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JobDetail:
    """A piece of work for the handler of `type`; `retries` is how many attempts it gets."""

    type: str
    retries: int
    headers: Mapping[str, str]
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TimerDetail:
    """A due time (aware, UTC); `attached_to` is a boundary event's activity; `turn` counts a cycle's turns from 1."""

    due: datetime
    attached_to: str | None
    interrupting: bool
    turn: int


@dataclass(frozen=True, slots=True)
class MessageDetail:
    """A message waited for; `key` is evaluated when the waiting starts, "" where the diagram has none."""

    name: str
    key: str
    attached_to: str | None
    interrupting: bool


@dataclass(frozen=True, slots=True)
class SignalDetail:
    """A signal waited for."""

    name: str
    attached_to: str | None
    interrupting: bool


@dataclass(frozen=True, slots=True)
class ConditionDetail:
    """A condition waited for; the execution checks it itself after every change of variables."""

    expression: str
    attached_to: str | None
    interrupting: bool


@dataclass(frozen=True, slots=True)
class CallDetail:
    """A process to run as an instance of its own, started with `variables`.

    `binding` is the `bindingType` as written: latest, deployment, versionTag, or None: the caller's own release.
    """

    process_id: str
    binding: str | None
    version_tag: str | None
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """What went wrong at an element: a stable code and a message for a person."""

    code: str
    message: str
    element: str


Detail = (
    UserTaskDetail
    | JobDetail
    | TimerDetail
    | MessageDetail
    | SignalDetail
    | ConditionDetail
    | CallDetail
    | IncidentDetail
)


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing waited for. `id` stays the same over store and load; `scope` is the id of the enclosing scope."""

    id: str
    kind: WaitKind
    element_id: str
    name: str | None
    scope: str
    detail: Detail
