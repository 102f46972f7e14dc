"""What of the diagrams scenarios have touched: elements that were done, and which exits of each gateway were taken.

Read from the history, so it holds for whatever ran on the engine: an element counts when it was completed, an exit
when its target is the first (of a gateway that takes several: one) of the gateway's targets that went on after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn import Process
from engine.engine import Engine
from engine.history import EventKind
from engine.store.rows import EventRow, InstanceRow, Paging

_ONE_EXIT, _SEVERAL_EXITS = "exclusiveGateway", "inclusiveGateway"
_BRANCHING = (_ONE_EXIT, _SEVERAL_EXITS)
_DONE = EventKind.COMPLETED.value
_REACHED = (EventKind.ENTERED.value, _DONE)
_PAGE = 500


@dataclass(frozen=True)
class Gap:
    """One element, or one exit of a gateway, that no scenario touches."""

    process_id: str
    element_id: str
    name: str

    def __str__(self) -> str:
        return f"{self.process_id}: {self.name} ({self.element_id})"


@dataclass
class Coverage:
    """What has been touched so far, of which processes."""

    _wanted: dict[str, dict[str, str]] = field(default_factory=dict)
    """Process id to what it has: element or flow id to its name."""
    _touched: dict[str, set[str]] = field(default_factory=dict)
    _models: dict[str, Process] = field(default_factory=dict)
    """Process models by digest and process id: read once for all engines."""

    def observe(self, engine: Engine) -> None:
        """Take in everything that has happened on an engine."""
        graphs = self._published(engine)
        for lines in _instances(engine, graphs):
            process, history = lines
            touched = self._touched.setdefault(process.id, set())
            touched.update(line.element for line in history if line.kind == _DONE and line.element)
            touched.update(_exits_taken(process, history))

    def gaps(self, process_id: str | None = None) -> list[Gap]:
        """What no scenario touches, of one process or all, in the order of the diagrams."""
        return [
            Gap(name, each, told)
            for name, wanted in self._wanted.items()
            for each, told in wanted.items()
            if process_id in (None, name) and each not in self._touched.get(name, ())
        ]

    @property
    def total(self) -> int:
        """How many elements and exits there are."""
        return sum(len(wanted) for wanted in self._wanted.values())

    def _published(self, engine: Engine) -> dict[str, Process]:
        found: dict[str, Process] = {}
        with engine.database.reading() as reader:
            for row in engine.queries.definitions():
                key = f"{row.digest} {row.process_id}"
                if key not in self._models:
                    self._models[key] = engine.rooms.definitions.latest(reader, row.process_id).process
                found[row.process_id] = self._models[key]
                self._wanted.setdefault(row.process_id, dict(_to_touch(found[row.process_id])))
        return found


def _to_touch(process: Process) -> Iterator[tuple[str, str]]:
    for element in process.elements.values():
        if element.id == process.id:
            continue  # the process itself
        yield element.id, element.name or element.type
    for flow in process.flows.values():
        if _branches(process, flow.source):
            source, target = process.elements[flow.source], process.elements[flow.target]
            yield flow.id, f"{source.name or source.id}: {flow.name or target.name or target.id}"


def _branches(process: Process, element_id: str) -> bool:
    element = process.elements[element_id]
    return element.type in _BRANCHING and len(element.outgoing) > 1


def _instances(engine: Engine, processes: Mapping[str, Process]) -> Iterator[tuple[Process, list[EventRow]]]:
    """The history of each instance, oldest line first."""
    rows: list[InstanceRow] = []
    page = 1
    while len(found := engine.queries.find_instances(paging=Paging(page, _PAGE)).items):
        rows.extend(found)
        page += 1
        if len(found) < _PAGE:
            break
    lines: dict[str, list[EventRow]] = {row.id: [] for row in rows}
    for chain in sorted({row.case_id or row.id for row in rows}):
        for line in _chain(engine, chain):
            if line.instance_id in lines:
                lines[line.instance_id].append(line)
    for row in rows:
        yield processes[row.process_id], lines[row.id]


def _chain(engine: Engine, chain: str) -> list[EventRow]:
    found: list[EventRow] = []
    page = 1
    while len(items := engine.queries.history(chain, Paging(page, _PAGE)).items):
        found.extend(items)
        if len(items) < _PAGE:
            break
        page += 1
    return found[::-1]


def _exits_taken(process: Process, history: list[EventRow]) -> Iterator[str]:
    for position, line in enumerate(history):
        if line.kind != _DONE or line.element is None or not _branches(process, line.element):
            continue
        exits = {process.flows[flow].target: flow for flow in process.elements[line.element].outgoing}
        for following in history[position + 1 :]:
            if following.element == line.element:
                break
            if following.kind in _REACHED and following.element in exits:
                yield exits.pop(following.element)
                if process.elements[line.element].type == _ONE_EXIT:
                    break
