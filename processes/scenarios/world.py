"""A scenario's world: one engine, one clock, the cases in it; and what a step is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from engine.clock import LOCAL_ZONE, Clock, ManualClock
from engine.engine import Engine
from engine.errors import StegvisError
from engine.feel import evaluate
from engine.protocols import Actor, Calendar
from engine.store.rows import InstanceRow, Paging, WorkItemRow
from processes.family import Families

START = datetime(2026, 7, 1, 8, 0, tzinfo=LOCAL_ZONE)
"""When a scenario begins unless it says otherwise."""


class Room(Protocol):
    """What the composition root opens for each scenario."""

    @property
    def engine(self) -> Engine:
        """An engine on a database of its own, with everything published."""
        ...

    @property
    def families(self) -> Families:
        """Every process family."""
        ...

    @property
    def calendar(self) -> Calendar:
        """The working calendar."""
        ...


class OpenRoom(Protocol):
    """Opens a room on a database with a clock."""

    def __call__(self, database: str, *, clock: Clock) -> AbstractContextManager[Room]:
        """Open it."""
        ...


class StepFailed(AssertionError):
    """What a step expected is not so; the message says what is."""


@dataclass
class World:
    """One scenario's engine, clock and case."""

    room: Room
    clock: ManualClock
    case_id: str = ""
    process_id: str = ""
    """The process that a scenario without a case is about: only its instances, and what they call, count."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What a family's steps remember between steps."""
    happenings: list[tuple[datetime, Callable[[World], None]]] = field(default_factory=list)
    """What will come from outside while time passes, and when."""

    @property
    def engine(self) -> Engine:
        """The engine."""
        return self.room.engine

    def tasks(self) -> list[WorkItemRow]:
        """The open work items of the case, else of the scenario's process, else of everything."""
        items = self.engine.queries.open_items(case_id=self.case_id or None)
        if self.case_id or not self.process_id:
            return items
        ours = {row.id for row in self.instances()}
        return [item for item in items if item.instance_id in ours]

    def task(self, name: str) -> WorkItemRow:
        """The one open work item of that name; StepFailed says which there are."""
        found = [item for item in self.tasks() if item.name == name]
        if len(found) != 1:
            raise StepFailed(f'{len(found) or "ingen"} öppen uppgift heter "{name}". {self.standing()}')
        return found[0]

    def standing(self) -> str:
        """Where the case stands, in words."""
        tasks = ", ".join(f'"{item.name}" ({item.role})' for item in self.tasks()) or "inga uppgifter"
        running = sorted(row.process_id for row in self.instances() if row.ended_at is None)
        incidents = "; ".join(f"{each.name}: {each.message}" for each in self.engine.queries.incidents().items)
        return f"Öppet: {tasks}. Pågår: {', '.join(running) or 'inget'}." + (f" Fel: {incidents}." if incidents else "")

    def instances(self, process_id: str | None = None) -> list[InstanceRow]:
        """The instances of the case, else of the scenario's process, else all; newest first."""
        found = self.engine.queries.find_instances(process_id=process_id, paging=Paging(1, 500)).items
        if self.case_id or not self.process_id:
            return [row for row in found if not self.case_id or row.case_id == self.case_id]
        every = {row.id: row for row in self.engine.queries.find_instances(paging=Paging(1, 500)).items}
        return [row for row in found if _outermost(row, every).process_id == self.process_id]

    def settle(self) -> None:
        """Run everything that is due now."""
        self.engine.run_until_idle()

    def pass_time(self, target: datetime) -> None:
        """Let time pass until `target`, running what falls due when it falls due."""
        self.settle()
        while (alarm := self._next()) is not None and alarm <= target:
            self.clock.set(max(alarm, self.clock.now()))
            self._happen()
        self.clock.set(max(target, self.clock.now()))
        self.settle()

    def wait_for_something(self) -> bool:
        """Let time pass until the next thing happens; False where nothing will."""
        self.settle()
        alarm = self._next()
        if alarm is not None:
            self.pass_time(max(alarm, self.clock.now()))
        return alarm is not None

    def _next(self) -> datetime | None:
        alarms = [self.engine.next_alarm(), *(at for at, _ in self.happenings)]
        return min((at for at in alarms if at is not None), default=None)

    def _happen(self) -> None:
        due = [each for each in self.happenings if each[0] <= self.clock.now()]
        self.happenings = [each for each in self.happenings if each not in due]
        for _, happening in due:
            happening(self)
        self.settle()

    def travel(self, day: date) -> None:
        """Let time pass until the morning of `day`; nothing happens where that has been."""
        morning = datetime.combine(day, START.timetz())
        if morning > self.clock.now():
            self.pass_time(morning)

    def stand_still(self, day: date) -> None:
        """Nothing runs until the morning of `day`; then what fell due meanwhile runs, a cycle's missed turns as one."""
        self.clock.set(datetime.combine(day, START.timetz()))
        self.settle()

    def actor(self, role: str) -> Actor:
        """A member of staff with that role."""
        if role not in self.room.families.roles.roles:
            raise StepFailed(f"Rollen {role} finns inte i roles.toml.")
        return Actor(f"scenario-{role}", role)


def _outermost(row: InstanceRow, every: Mapping[str, InstanceRow]) -> InstanceRow:
    while row.parent_id is not None and row.parent_id in every:
        row = every[row.parent_id]
    return row


Table = Sequence[Sequence[str]]
Do = Callable[..., None]


@dataclass(frozen=True)
class Step:
    """A sentence that scenarios may use: a pattern for the whole text and what it does with the world."""

    pattern: re.Pattern[str]
    do: Do


def step(pattern: str) -> Callable[[Do], Step]:
    """Make a Step of a function (world, *groups) or, where the step has a table, (world, *groups, table)."""
    return lambda do: Step(re.compile(pattern), do)


def value_of(text: str) -> Any:
    """What a cell says: a FEEL literal where it is one (12, true, date("2026-01-31")), otherwise the text itself."""
    try:
        result = evaluate(text, {})
    except StegvisError:
        return text
    return text if result.warnings else result.value
