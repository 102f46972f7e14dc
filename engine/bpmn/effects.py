"""What a step did besides waiting: transitions for the history, and effects for the world outside the instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any


class TransitionKind(StrEnum):
    """What happened to an element."""

    ENTERED = "entered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"  # it became an incident
    CHANGED = "changed"  # someone set its variables by hand


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of history: `type` is the BPMN tag, `changes` the variables that changed and their new values."""

    element_id: str
    name: str | None
    type: str
    kind: TransitionKind
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """A message to publish after the commit, kept for `time_to_live` (None: the default) while nobody waits for it."""

    name: str
    key: str
    variables: Mapping[str, Any]
    time_to_live: timedelta | None
    element_id: str


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """A signal to broadcast after the commit."""

    name: str
    variables: Mapping[str, Any]
    element_id: str


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A business rule task has decided; `trace` is JSON-ready and says which rules matched."""

    element_id: str
    trace: Any


@dataclass(frozen=True, slots=True)
class ErrorRaised:
    """A BPMN error left the process uncaught: the instance has failed, its caller may catch it."""

    code: str
    message: str
    variables: Mapping[str, Any]
    element_id: str


@dataclass(frozen=True, slots=True)
class EscalationRaised:
    """An escalation left the process uncaught; the instance goes on, its caller may react."""

    code: str
    variables: Mapping[str, Any]
    element_id: str


Effect = MessageThrown | SignalThrown | DecisionMade | ErrorRaised | EscalationRaised
