"""What a diagram says about its elements, read once and never changed: events, mappings, tasks, loops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.bpmn.expressions import Expression, Value
from engine.due import TimerForm


class EventKind(StrEnum):
    """What an event is about."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    CONDITION = "condition"
    ERROR = "error"
    ESCALATION = "escalation"
    TERMINATE = "terminate"
    LINK = "link"


@dataclass(frozen=True)
class TimerDefinition:
    """When a timer event is due: one of the three timer fields, as a text in ISO 8601 or FEEL."""

    form: TimerForm
    value: Value


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or throws.

    `name` is the message's or signal's name, the error's or escalation's code, the link's name; None where the diagram
    gives none, which for an error or escalation that is caught means any.
    """

    kind: EventKind
    name: Value | None = None
    key: Expression | None = None
    timer: TimerDefinition | None = None
    condition: Expression | None = None
    message: str = ""


@dataclass(frozen=True)
class IoMapping:
    """One input or output mapping: the value of `source` goes to the variable at the path `target`."""

    source: Value
    target: tuple[str, ...]


@dataclass(frozen=True)
class UserTaskDefinition:
    """Who is to do a user task, with which form and by when."""

    form_id: Value | None = None
    assignee: Value | None = None
    candidate_groups: Value | None = None
    candidate_users: Value | None = None
    due: Value | None = None
    follow_up: Value | None = None
    priority: Value | None = None


@dataclass(frozen=True)
class JobDefinition:
    """Which handler does a job, and how many attempts it gets."""

    type: Value
    retries: Value | None
    headers: Mapping[str, str]


@dataclass(frozen=True)
class CallDefinition:
    """Which process a call activity runs, and what passes between the two."""

    process_id: Value
    binding: str | None
    version_tag: str | None
    pass_all_down: bool
    take_all_back: bool


@dataclass(frozen=True)
class DecisionDefinition:
    """Which decision a business rule task asks, and where the answer goes."""

    decision_id: Value
    binding: str | None
    version_tag: str | None
    result_variable: str | None


@dataclass(frozen=True)
class ScriptDefinition:
    """The expression of a script task, and where its value goes."""

    expression: Expression
    result_variable: str | None


@dataclass(frozen=True)
class LoopDefinition:
    """How often an activity is done: for each item, a number of times, or while a condition holds."""

    sequential: bool
    collection: Expression | None = None
    element_variable: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    cardinality: Expression | None = None
    completion_condition: Expression | None = None
    loop_condition: Expression | None = None
    test_before: bool = False
    maximum: Value | None = None

    @property
    def is_standard(self) -> bool:
        """Whether it is a standard loop rather than a multi-instance."""
        return self.collection is None and self.cardinality is None


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is None where it has none."""

    id: str
    source: str
    target: str
    name: str | None = None
    condition: Expression | None = None
