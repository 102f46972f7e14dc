"""What a file holds once it is read: its processes, their elements, and how each process may start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.bpmn.definitions import EventDefinition, EventKind, Flow, TimerDefinition

if TYPE_CHECKING:
    from engine.bpmn.specs.scopes import ProcessGraph


@dataclass(frozen=True)
class Element:
    """One element as people see it: for pictures, tables, lists and lookups.

    `type` is the BPMN tag (userTask). `role` is the candidate group as written, else the lane's name. Expressions among
    `form_id`, `task_type`, `called_process`, `called_decision` and `role` are given as written, with their `=`.
    """

    id: str
    type: str
    name: str | None = None
    documentation: str | None = None
    lane: str | None = None
    role: str | None = None
    form_id: str | None = None
    task_type: str | None = None
    called_process: str | None = None
    called_decision: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    parent: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    event: EventKind | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()


@dataclass(frozen=True)
class StartEvent:
    """One way a process starts: by hand, by message, timer, signal or condition."""

    element_id: str
    name: str | None
    definition: EventDefinition | None

    @property
    def kind(self) -> EventKind:
        """What starts the process here."""
        return self.definition.kind if self.definition is not None else EventKind.NONE

    @property
    def message_name(self) -> str | None:
        """The message's or signal's name as written."""
        name = self.definition.name if self.definition is not None else None
        if name is None:
            return None
        return name.literal if name.expression is None else "=" + name.expression.text

    @property
    def timer(self) -> TimerDefinition | None:
        """When the process starts by itself."""
        return self.definition.timer if self.definition is not None else None


@dataclass(frozen=True)
class Process:
    """One process of a file; shared by all its executions, in all threads."""

    id: str
    name: str | None
    version_tag: str | None
    documentation: str | None
    lanes: tuple[str, ...]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    starts: tuple[StartEvent, ...]
    file: str
    digest: str
    graph: ProcessGraph = field(repr=False, compare=False)

    def element(self, element_id: str) -> Element | None:
        """The element of that id, or None."""
        return self.elements.get(element_id)


@dataclass(frozen=True)
class Model:
    """What one file holds: the processes that run (engine.bpmn.executable).

    `digest` is the SHA-256 of its bytes in hexadecimal. `messages` and `signals` are names, `errors` codes, by the ids
    they have in the file.
    """

    file: str
    digest: str
    processes: Mapping[str, Process]
    messages: Mapping[str, str]
    signals: Mapping[str, str]
    errors: Mapping[str, str]
