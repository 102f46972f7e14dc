"""The tests' own language: a journey on a manual clock, against a real store in a file.

journey = Journey.begin(tmp_path, files={"p.bpmn": source})
journey.start("p", {"ok": True})
journey.complete("Bedöm behov", svar=1)
journey.advance("P3M")
assert journey.open_tasks() == ["Besluta"]
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.clock import ManualClock
from engine.engine import Engine
from engine.handlers import HandlerRegistry
from engine.protocols import Actor, Roles
from engine.store.database import SchemaPart
from engine.store.rows import EventRow, IncidentRow, Paging, WorkItemRow
from engine.store.states import InstanceState

START = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
ANNA = Actor("anna", "Anna")
BERTIL = Actor("bertil", "Bertil")
_numbers = itertools.count(1)


class Journey:
    """One engine with one instance or case in focus."""

    def __init__(self, engine: Engine, clock: ManualClock) -> None:
        self.engine = engine
        self.clock = clock
        self.instance_id = ""
        self.case_id: str | None = None

    @classmethod
    def begin(
        cls,
        folder: Path,
        *,
        files: Mapping[str, bytes | str] | None = None,
        handlers: HandlerRegistry | None = None,
        roles: Roles | None = None,
        start: datetime = START,
        url: str | None = None,
        **options: Any,
    ) -> Journey:
        """Open an engine on a new database in `folder` (or on `url`) and publish `files`."""
        clock = ManualClock(start)
        address = url or new_database(folder)
        engine = Engine.open(address, clock=clock, handlers=handlers, roles=roles, create=True, **options)
        journey = cls(engine, clock)
        if files:
            journey.publish(files)
        return journey

    def publish(self, files: Mapping[str, bytes | str], note: str = "test") -> int:
        """Publish files; the release's number."""
        content = {name: each.encode() if isinstance(each, str) else each for name, each in files.items()}
        return self.engine.publish(content, author="test", note=note).number

    def start(self, process_id: str, variables: Mapping[str, Any] | None = None, **named: Any) -> str:
        """Start a process and put it in focus."""
        self.instance_id = self.engine.start(
            process_id, {**(variables or {}), **named}, case_id=self.case_id, actor=ANNA
        )
        return self.instance_id

    def items(self) -> list[WorkItemRow]:
        """The open work items, of all instances."""
        return self.engine.queries.open_items()

    def open_tasks(self) -> list[str]:
        """The names of the open work items, sorted."""
        return sorted(item.name for item in self.items())

    def item(self, name: str) -> WorkItemRow:
        """The one open work item of that name or element id."""
        found = [item for item in self.items() if name in (item.name, item.element_id)]
        assert len(found) == 1, f"{len(found)} open tasks called {name!r}; there are: {self.open_tasks()}"
        return found[0]

    def complete(self, name: str, *, actor: Actor = ANNA, key: str | None = None, **answers: Any) -> None:
        """Complete the one open work item of that name or element id, then run what is due."""
        self.engine.complete(self.item(name).id, answers, actor=actor, key=key)
        self.engine.run_until_idle()

    def claim(self, name: str, actor: Actor = ANNA) -> None:
        """Claim the one open work item of that name."""
        self.engine.claim(self.item(name).id, actor=actor)

    def correlate(self, name: str, key: str, variables: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """Send a message from outside, then run what is due."""
        answer = self.engine.correlate(name, key, variables or {}, **options)
        self.engine.run_until_idle()
        return answer

    def advance(self, duration: str) -> None:
        """Let time pass (an ISO duration, as P3M), running what falls due on the way when it falls due."""
        self.engine.advance(duration)

    def history(self, chain: str | None = None) -> list[EventRow]:
        """The history of the instance or case in focus, oldest first."""
        focus = chain or self.case_id or self.instance_id
        return list(reversed(self.engine.queries.history(focus, Paging(1, 500)).items))

    def told(self, *kinds: str) -> list[tuple[str, str | None]]:
        """Kind and element of each line of the history, of some kinds or all."""
        return [(line.kind, line.element) for line in self.history() if not kinds or line.kind in kinds]

    def variables(self) -> dict[str, Any]:
        """The variables of the instance in focus."""
        return self.engine.queries.variables(self.instance_id)

    def state(self, instance_id: str | None = None) -> InstanceState:
        """The state of the instance in focus, or of another."""
        return self.engine.queries.find_instance(instance_id or self.instance_id).state

    def incidents(self) -> list[IncidentRow]:
        """The open incidents."""
        return list(self.engine.queries.incidents().items)

    def assert_sound(self) -> None:
        """Nothing is wrong with the store."""
        assert self.engine.verify() == []


_TEMPLATES: dict[tuple[str, ...], Path] = {}


def new_database(folder: Path, parts: Sequence[SchemaPart] = ()) -> str:
    """The address of a new SQLite database with the schema of the engine and of `parts`: a copy of a migrated one."""
    names = tuple(part.name for part in parts)
    template = _TEMPLATES.get(names)
    if template is None or not template.exists():
        template = folder / f"{'-'.join(('template', *names))}.db"
        Engine.open(f"sqlite:///{template}", parts=parts, create=True).close()
        _TEMPLATES[names] = template
    target = folder / f"stegvis-{next(_numbers)}.db"
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"


def bpmn(body: str, *, process_id: str = "p", name: str = "P", root: str = "", attributes: str = "") -> str:
    """A BPMN file with one executable process of that content; `root` stands before it (messages, errors, signals)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="test">\n'
        f'{root}<process id="{process_id}" name="{name}" isExecutable="true" {attributes}>{body}</process>\n'
        "</definitions>"
    )


def flows(*ids: str) -> str:
    """Sequence flows from each element to the next."""
    return "".join(
        f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in itertools.pairwise(ids)
    )


def user_task(element_id: str, name: str = "", extensions: str = "", inside: str = "") -> str:
    """A user task as Camunda 8 draws it."""
    return (
        f'<userTask id="{element_id}" name="{name or element_id}"><extensionElements><zeebe:userTask/>{extensions}'
        f"</extensionElements>{inside}</userTask>"
    )


def service_task(element_id: str, job_type: str, extensions: str = "", retries: int = 3) -> str:
    """A service task."""
    return (
        f'<serviceTask id="{element_id}" name="{element_id}"><extensionElements>'
        f'<zeebe:taskDefinition type="{job_type}" retries="{retries}"/>{extensions}</extensionElements></serviceTask>'
    )
