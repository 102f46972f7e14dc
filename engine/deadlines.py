"""Counting deadlines again when a parameter or the calendar has changed: a preview, and a run that can be cut off.

Only deadlines whose element says so are counted again (engine.bpmn.recounting), from the moment their wait began, by
the parameters and the calendar of now. Counting twice changes nothing, so a run that was cut off is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engine.bpmn import Execution
from engine.bpmn.expressions import Problem
from engine.bpmn.recounting import Deadlines, recounted_elements
from engine.bpmn.waits import Wait, WaitKind
from engine.context import Context
from engine.errors import InvalidInput, StoreUnavailable
from engine.history import EventKind
from engine.parameter_use import supposing, take_uses
from engine.parameter_values import Parameter
from engine.protocols import Actor
from engine.store import deadline_rows

if TYPE_CHECKING:
    from engine.engine import Engine

PAGE = 200


class DeadlineKind(StrEnum):
    """Which deadline of a wait it is."""

    TIMER = "timer"
    DUE = "due"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class DeadlineMove:
    """One deadline that is another when counted again; `overdue`: the new one has passed already."""

    case_id: str | None
    instance_id: str
    wait_id: str
    process_id: str
    element_id: str
    name: str
    kind: DeadlineKind
    old: datetime | None
    new: datetime | None
    overdue: bool


@dataclass(frozen=True)
class DeadlineFault:
    """A deadline that cannot be counted again, and why; it stands as it was."""

    case_id: str | None
    instance_id: str
    element_id: str
    code: str
    message: str


@dataclass
class Recount:
    """What counting again gives: how many waits it has looked at, what moves (or has moved), what does not and why.

    refused: would be overdue at once, which nobody has allowed.
    """

    looked_at: int = 0
    moves: list[DeadlineMove] = field(default_factory=list)
    refused: list[DeadlineMove] = field(default_factory=list)
    faults: list[DeadlineFault] = field(default_factory=list)


Tell = Callable[[int], None]


@dataclass(frozen=True)
class _Instance:
    """One running instance, loaded, and when each of its waits began."""

    id: str
    case_id: str | None
    process_id: str
    execution: Execution
    since: dict[str, datetime]


class DeadlineCounting:
    """What an engine does about deadlines when parameters or the calendar change."""

    def __init__(self, engine: Engine) -> None:
        """Use `engine.deadlines`."""
        self._engine = engine

    def preview(self, supposed: tuple[Parameter, ...] = (), on: date | None = None) -> Recount:
        """What a run would do, without doing it; what would be overdue stands among the moves.

        supposed: changes of parameters to go by that nobody has made yet; on: the day to take parameters of.
        """
        found, now = Recount(), self._engine.clock.now()
        for instance in self._instances():
            with supposing(supposed, on):
                for _, moves in _judge(found, instance, now):
                    found.moves += moves
        return found

    def run(self, *, actor: Actor, reason: str, allow_overdue: bool = False, progress: Tell | None = None) -> Recount:
        """Count again and move what is another now, each instance in a transaction of its own, told in its history.

        A deadline that would be overdue at once is left and told as refused, unless `allow_overdue`. Raises
        InvalidInput without a reason.
        """
        if not reason.strip():
            raise InvalidInput("Säg varför fristerna räknas om.")
        done = Recount()
        for number, instance in enumerate(self._instances(), start=1):
            self._run_one(done, instance, actor, reason.strip(), allow_overdue)
            if progress is not None:
                progress(number)
        return done

    def _run_one(self, done: Recount, instance: _Instance, actor: Actor, reason: str, allow_overdue: bool) -> None:
        try:
            one = self._engine.run_command(
                lambda context: _move(context, instance.id, reason, allow_overdue), "recount_deadlines", actor, None
            )
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 whatever one instance holds, the others are counted
            code = getattr(error, "code", type(error).__name__)
            done.faults.append(DeadlineFault(instance.case_id, instance.id, "", code, str(error)))
            return
        done.looked_at += one.looked_at
        done.moves += one.moves
        done.refused += one.refused
        done.faults += one.faults

    def _instances(self) -> Iterator[_Instance]:
        """Every running instance that waits at an element whose deadlines are counted again, read in pages."""
        definitions = self._engine.rooms.definitions
        with self._engine.database.reading() as reader:
            running = [
                definitions.deployed(reader, definition_id, release)
                for definition_id, release in deadline_rows.running_definitions(reader)
            ]
        for deployed in running:
            elements = recounted_elements(deployed.process)
            after = "" if elements else None
            while after is not None:
                with self._engine.database.reading() as reader:
                    rows = deadline_rows.running_page(reader, deployed.definition.id, deployed.release, after, PAGE)
                    since = deadline_rows.began(reader, [row.id for row in rows])
                for row in rows:
                    execution = Execution.load(deployed.process, row.snapshot, deployed.services, case_id=row.case_id)
                    if any(wait.element_id in elements for wait in execution.waits):
                        yield _Instance(row.id, row.case_id, deployed.process.id, execution, since)
                after = rows[-1].id if len(rows) == PAGE else None


def _judge(found: Recount, instance: _Instance, now: datetime) -> Iterator[tuple[Deadlines, list[DeadlineMove]]]:
    """Of each wait with other deadlines than it has: those, and how they move; the rest is noted in `found`."""
    for wait in instance.execution.waits:
        take_uses()  # of the wait before
        if wait.id not in instance.since:
            continue
        try:
            both = instance.execution.deadlines_again(wait.id, instance.since[wait.id])
        except Problem as problem:
            fault = DeadlineFault(instance.case_id, instance.id, wait.element_id, problem.code, problem.message)
            found.faults.append(fault)
            continue
        if both is None:
            continue
        found.looked_at += 1
        moves = list(_moves(instance, wait, *both, now))
        if moves:
            yield both[1], moves


def _moves(instance: _Instance, wait: Wait, old: Deadlines, new: Deadlines, now: datetime) -> Iterator[DeadlineMove]:
    due = DeadlineKind.TIMER if wait.kind is WaitKind.TIMER else DeadlineKind.DUE
    pairs = ((due, old.due, new.due), (DeadlineKind.FOLLOW_UP, old.follow_up, new.follow_up))
    for kind, before, after in pairs:
        if before != after:
            yield DeadlineMove(
                case_id=instance.case_id,
                instance_id=instance.id,
                wait_id=wait.id,
                process_id=instance.process_id,
                element_id=wait.element_id,
                name=wait.name or wait.element_id,
                kind=kind,
                old=before,
                new=after,
                overdue=after is not None and after <= now,
            )


def _move(context: Context, instance_id: str, reason: str, allow_overdue: bool) -> Recount:
    running, one = context.take(instance_id), Recount()
    if running.ended_at is not None:
        return one
    since = deadline_rows.began(context.uow, [instance_id])
    instance = _Instance(instance_id, running.case_id, running.deployed.process.id, running.execution, since)
    for deadlines, moves in _judge(one, instance, context.now):
        if not allow_overdue and any(move.overdue for move in moves):
            one.refused += moves
            continue
        running.touch()
        running.execution.move_deadlines(moves[0].wait_id, deadlines)
        one.moves += moves
        used = [use.as_payload() for use in take_uses()]
        for move in moves:
            told: dict[str, Any] = {"deadline": move.kind.value, "old": move.old, "new": move.new, "reason": reason}
            context.note(
                running,
                EventKind.DEADLINE_MOVED,
                element=move.element_id,
                name=move.name,
                payload={**told, **({"parameters": used} if used else {})},
            )
    return one
