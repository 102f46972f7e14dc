"""Runs scenarios: Gherkin in the process owner's language, on the real engine with a clock of its own.

Generic steps (time, tasks, processes) stand here; a family adds its own in `processes/<family>/steps.py` as `STEPS`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from gherkin.errors import CompositeParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from engine.clock import LOCAL_ZONE, Clock, ManualClock
from engine.due import add, period_of
from engine.engine import Engine
from engine.errors import InvalidDocument, NotFound, StegvisError
from engine.feel import evaluate
from engine.feel.codec import to_plain
from engine.protocols import Actor, Calendar
from engine.store.rows import InstanceRow, Paging, WorkItemRow
from processes.family import PROCESSES, Families

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
    notes: dict[str, Any] = field(default_factory=dict)
    """What a family's steps remember between steps."""

    @property
    def engine(self) -> Engine:
        """The engine."""
        return self.room.engine

    def tasks(self) -> list[WorkItemRow]:
        """The open work items of the case (of everything, while there is no case)."""
        return self.engine.queries.open_items(case_id=self.case_id or None)

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
        """The case's instances (all, while there is no case), newest first."""
        found = self.engine.queries.find_instances(process_id=process_id, paging=Paging(1, 500)).items
        return [row for row in found if not self.case_id or row.case_id == self.case_id]

    def settle(self) -> None:
        """Run everything that is due now."""
        self.engine.run_until_idle()

    def pass_time(self, target: datetime) -> None:
        """Let time pass until `target`, running what falls due when it falls due."""
        self.settle()
        while (alarm := self.engine.next_alarm()) is not None and alarm <= target:
            self.clock.set(max(alarm, self.clock.now()))
            self.settle()
        self.clock.set(target)
        self.settle()

    def travel(self, day: date) -> None:
        """Let time pass until the morning of `day`; nothing happens where that has been."""
        morning = datetime.combine(day, START.timetz())
        if morning > self.clock.now():
            self.pass_time(morning)

    def actor(self, role: str) -> Actor:
        """A member of staff with that role."""
        if role not in self.room.families.roles.roles:
            raise StepFailed(f"Rollen {role} finns inte i roles.toml.")
        return Actor(f"scenario-{role}", role)


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


@dataclass(frozen=True)
class ScenarioResult:
    """How one scenario went."""

    file: str
    name: str
    line: int
    passed: bool
    steps: int
    failed_step: str | None = None
    message: str | None = None

    def __str__(self) -> str:
        if self.passed:
            return f"  ok  {self.name}"
        return f"FEL   {self.name} ({self.file}:{self.line})\n      vid: {self.failed_step}\n      {self.message}"


def run_scenarios(paths: Iterable[Path], open_room: OpenRoom) -> Iterator[ScenarioResult]:
    """Run every scenario of the files and folders, each in a world of its own.

    Raises InvalidDocument for a file that is no Gherkin, NotFound where a path has no scenarios.
    """
    for path in paths:
        files = sorted(path.rglob("*.feature")) if path.is_dir() else [path]
        if not files:
            raise NotFound(f"{path} har inga scenarier (*.feature).")
        for file in files:
            for scenario in read_scenarios(file):
                yield run_scenario(scenario, str(file), steps_for(file), open_room)


def steps_for(file: Path) -> tuple[Step, ...]:
    """The steps that the scenarios of a file may use: the generic ones and its family's."""
    return (*GENERIC, *_family_steps(_family_of(file)))


def read_scenarios(file: Path) -> list[Mapping[str, Any]]:
    """The scenarios of a file, outlines expanded and backgrounds in place."""
    try:
        document = Parser().parse(file.read_text("utf-8"))
    except (CompositeParserException, UnicodeDecodeError) as error:
        raise InvalidDocument(f"{file} är ingen läsbar scenariofil: {error}") from error
    return list(Compiler().compile({**document, "uri": str(file)}))


def run_scenario(scenario: Mapping[str, Any], file: str, steps: Sequence[Step], open_room: OpenRoom) -> ScenarioResult:
    """Run one scenario; a failing step ends it and says where the case stood."""
    clock = ManualClock(START)
    line = int(scenario["location"]["line"])
    with open_room("sqlite://", clock=clock) as room:
        world = World(room, clock)
        for count, each in enumerate(scenario["steps"], 1):
            try:
                _take(world, each, steps)
            except (StepFailed, StegvisError) as error:
                return ScenarioResult(file, scenario["name"], line, False, count, each["text"], str(error))
        return ScenarioResult(file, scenario["name"], line, True, len(scenario["steps"]))


def _take(world: World, taken: Mapping[str, Any], steps: Sequence[Step]) -> None:
    for each in steps:
        match = each.pattern.fullmatch(taken["text"])
        if match:
            table = taken.get("argument", {}).get("dataTable")
            rows = [[[cell["value"] for cell in row["cells"]] for row in table["rows"]]] if table else []
            each.do(world, *match.groups(), *rows)
            return
    raise StepFailed(f"Ingen känner till steget: {taken['text']}")


def _family_of(file: Path) -> str:
    resolved = file.resolve()
    return resolved.relative_to(PROCESSES).parts[0] if resolved.is_relative_to(PROCESSES) else ""


@cache
def _family_steps(family: str) -> tuple[Step, ...]:
    if not family or not (PROCESSES / family / "steps.py").exists():
        return ()
    found: tuple[Step, ...] = importlib.import_module(f"{PROCESSES.name}.{family}.steps").STEPS
    return found


def value_of(text: str) -> Any:
    """What a cell says: a FEEL literal where it is one (12, true, date("2026-01-31")), otherwise the text itself."""
    try:
        result = evaluate(text, {})
    except StegvisError:
        return text
    return text if result.warnings else result.value


# --- steps about time, tasks and processes ----------------------------------------------------------------------------


_UNITS = {"dag": "D", "dagar": "D", "vecka": "W", "veckor": "W", "månad": "M", "månader": "M"}


@step(r"(?:att )?dagens datum är (\d{4}-\d\d-\d\d)")
def _today_is(world: World, day: str) -> None:
    world.travel(date.fromisoformat(day))


@step(r"(\d+) (dag|dagar|vecka|veckor|månad|månader) har gått")
def _time_passes(world: World, count: str, unit: str) -> None:
    world.pass_time(add(world.clock.now(), period_of(f"P{count}{_UNITS[unit]}")))


@step(r"(\d+) arbetsdagar? har gått")
def _working_days_pass(world: World, count: str) -> None:
    now = world.clock.now().astimezone(LOCAL_ZONE)
    day = world.room.calendar.add_working_days(now.date(), int(count))
    world.pass_time(datetime.combine(day, now.time(), LOCAL_ZONE))


@step(r'rollen (\w+) slutför "([^"]+)"')
def _complete(world: World, role: str, name: str) -> None:
    _complete_with(world, role, name, [])


@step(r'rollen (\w+) slutför "([^"]+)" med')
def _complete_with_table(world: World, role: str, name: str, table: Table) -> None:
    _complete_with(world, role, name, table)


def _complete_with(world: World, role: str, name: str, table: Table) -> None:
    item = world.task(name)
    if item.role != role:
        raise StepFailed(f'"{name}" ligger hos rollen {item.role}, inte hos {role}.')
    world.engine.complete(item.id, {key: value_of(value) for key, value in table}, actor=world.actor(role))
    world.settle()


@step(r'ska uppgiften "([^"]+)" ligga hos rollen (\w+)')
def _task_at(world: World, name: str, role: str) -> None:
    item = world.task(name)
    if item.role != role:
        raise StepFailed(f'"{name}" ligger hos rollen {item.role}, inte hos {role}.')


@step(r'ska uppgiften "([^"]+)" förfalla (\d{4}-\d\d-\d\d)')
def _task_due(world: World, name: str, day: str) -> None:
    due = world.task(name).due_at
    found = due.astimezone(LOCAL_ZONE).date().isoformat() if due else "aldrig"
    if found != day:
        raise StepFailed(f'"{name}" förfaller {found}, inte {day}.')


@step(r'ska ingen uppgift heta "([^"]+)"')
def _no_task(world: World, name: str) -> None:
    if any(item.name == name for item in world.tasks()):
        raise StepFailed(f'"{name}" är öppen. {world.standing()}')


@step(r'ska uppgiften "([^"]+)" vara eskalerad')
def _escalated(world: World, name: str) -> None:
    if world.task(name).escalated_at is None:
        raise StepFailed(f'"{name}" är inte eskalerad. {world.standing()}')


@step(r"ska processen (\w+) (pågå|vara avslutad|inte ha startat)")
def _process_stands(world: World, process_id: str, wanted: str) -> None:
    rows = world.instances(process_id)
    found = "inte ha startat" if not rows else "pågå" if any(row.ended_at is None for row in rows) else "vara avslutad"
    if found != wanted:
        raise StepFailed(f"Processen {process_id} väntades {wanted} men ska {found}. {world.standing()}")


@step(r"ska processen (\w+) ha (\w+) = (.+)")
def _variable_is(world: World, process_id: str, variable: str, wanted: str) -> None:
    rows = world.instances(process_id)
    if not rows:
        raise StepFailed(f"Processen {process_id} har inte startat. {world.standing()}")
    found = world.engine.queries.variables(rows[0].id).get(variable)
    if found != value_of(wanted):
        raise StepFailed(f"{variable} är {to_plain(found)!r}, inte {wanted}.")


@step(r"ska inga fel finnas")
def _no_incidents(world: World) -> None:
    if world.engine.queries.incidents().items:
        raise StepFailed(world.standing())


GENERIC: tuple[Step, ...] = (
    _today_is,
    _time_passes,
    _working_days_pass,
    _complete,
    _complete_with_table,
    _task_at,
    _task_due,
    _no_task,
    _escalated,
    _process_stands,
    _variable_is,
    _no_incidents,
)
