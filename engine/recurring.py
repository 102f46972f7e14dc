"""Recurring work: what runs by the calendar rather than by a case. Whose turn it is, what ran, and who asked for it.

Families and `timers` say what there is (RecurringWork); the composition root gives all of it to `Engine.open`, so that
every process of the operating system knows the same. When a turn comes is for `timers` to say.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from engine.errors import Conflict, InvalidInput, NotFound, StegvisError
from engine.protocols import Actor, ActorKind
from engine.store import recurring_rows
from engine.store.recurring_rows import PlannedRow, RunRow
from engine.store.states import RunState
from engine.store.unit_of_work import Reader

if TYPE_CHECKING:
    from engine.context import Context
    from engine.engine import Engine

log = logging.getLogger(__name__)

Following: TypeAlias = Callable[[datetime], datetime]
"""Gives the first turn after a moment."""

RECURRING = Actor("recurring", "Återkommande arbete", ActorKind.SYSTEM)
KEYS_KEPT = timedelta(days=90)
"""How long idempotency keys are kept; a form that is older than that is refused by its task's state instead."""
RUNS_KEPT = 100
"""How many runs of each piece of work are remembered."""
TRIES = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
"""How long after a failed or interrupted run the same turn is tried again."""


@dataclass(frozen=True)
class RecurringWork:
    """Something to run by the calendar.

    name: its key in the store and on the command line. title: what people read, in Swedish. schedule: cron fields
    (minute, hour, day of month, month, day of week) in Swedish time; missed turns are taken once. run: does it, and
    says in a few words how it went; it may be run twice in a turn (after a failure, or by hand), so it must not do
    twice what may be done once. longest: after this long without an end a run counts as interrupted and is tried again.
    """

    name: str
    title: str
    schedule: str
    run: Callable[[Engine], str]
    longest: timedelta = timedelta(hours=2)


@dataclass(frozen=True)
class Standing:
    """How one piece of recurring work stands: its next turn (None until somebody keeps time) and its latest run."""

    work: RecurringWork
    next_at: datetime | None
    latest: RunRow | None
    succeeded_at: datetime | None = None
    """When the latest run that ended well began."""


def by_name(work: Iterable[RecurringWork]) -> Mapping[str, RecurringWork]:
    """Each piece of work by its name; raises InvalidInput where two have the same."""
    found: dict[str, RecurringWork] = {}
    for each in work:
        if each.name in found:
            raise InvalidInput(f"Two pieces of recurring work are called '{each.name}'.")
        found[each.name] = each
    return MappingProxyType(found)


def recurring_work(engine: Engine) -> list[Standing]:
    """All recurring work of this installation, by name."""
    with engine.database.reading() as reader:
        planned, latest = recurring_rows.planned(reader), recurring_rows.latest_runs(reader)
        good = recurring_rows.last_successes(reader)
    known = engine.rooms.recurring
    return [Standing(known[name], planned.get(name), latest.get(name), good.get(name)) for name in sorted(known)]


def runs_of(engine: Engine, name: str, limit: int = 20) -> list[RunRow]:
    """The latest runs of a piece of work, latest first; NotFound for work that this installation does not have."""
    _known(engine, name)
    with engine.database.reading() as reader:
        return recurring_rows.runs(reader, name, limit)


def run_now(engine: Engine, name: str, actor: Actor) -> RunRow:
    """Run a piece of work at once because `actor` asks for it, whatever its next turn is; how it went.

    NotFound for work that this installation does not have, Conflict while it runs already. Work that fails raises
    nothing: its run says so.
    """
    work = _known(engine, name)

    def command(context: Context) -> int:
        if recurring_rows.lock_row(context.uow, name) is None:
            recurring_rows.insert_row(context.uow, name, None, "")
        if any(_goes_on(run, work, context.now) for run in recurring_rows.runs(context.uow, work.name, 1)):
            raise Conflict(f"'{work.title}' is running already.")
        return _begin(context, work)

    return _carry_out(engine, work, engine.run_command(command, "recurring", actor, None), actor)


def run_turn(engine: Engine, work: RecurringWork, following: Following) -> RunRow | None:
    """Run `work` if its turn has come and nobody else takes it; how it went, or None where there was nothing to do.

    following: gives the first turn after a moment. Work that is new here, or whose schedule has changed, is planned,
    not run. However many turns were missed, one is taken. A run that failed, or whose process ended, is tried again.
    """
    with engine.database.reading() as reader:  # asked every few seconds: writes only where there is something to do
        row = recurring_rows.read_row(reader, work.name)
        if _next_step(reader, engine.clock.now(), work, row, following) is _Step.WAIT:
            return None
    run_id = engine.run_command(lambda context: _take_turn(context, work, following), "recurring", RECURRING, None)
    return None if run_id is None else _carry_out(engine, work, run_id, RECURRING)


def forget_old_keys(engine: Engine) -> int:
    """Delete idempotency keys that are older than 90 days; how many."""
    return engine.run_command(
        lambda context: recurring_rows.forget_keys(context.uow, context.now - KEYS_KEPT), "recurring", RECURRING, None
    )


class _Step(Enum):
    WAIT = auto()
    PLAN = auto()
    RUN = auto()


def _next_step(
    reader: Reader, now: datetime, work: RecurringWork, row: PlannedRow | None, following: Following
) -> _Step:
    if row is None:
        return _Step.PLAN
    latest = next(iter(recurring_rows.runs(reader, work.name, 1)), None)
    if latest is not None and latest.state is RunState.RUNNING:
        if _goes_on(latest, work, now):
            return _Step.WAIT
        if latest.actor == RECURRING.id and _tries(reader, work) <= len(TRIES):
            return _Step.RUN
    if row.next_at is not None and row.next_at <= now:
        return _Step.RUN
    if row.next_at is None or row.schedule != work.schedule or row.next_at > following(following(now)):
        return _Step.PLAN  # planned by another schedule, or by a clock that has been set back
    return _Step.WAIT


def _take_turn(context: Context, work: RecurringWork, following: Following) -> int | None:
    row = recurring_rows.lock_row(context.uow, work.name)
    step, turn = _next_step(context.uow, context.now, work, row, following), following(context.now)
    if step is _Step.WAIT:
        return None
    if row is None:
        recurring_rows.insert_row(context.uow, work.name, turn, work.schedule)
        return None
    recurring_rows.plan(context.uow, work.name, turn, work.schedule)
    return _begin(context, work) if step is _Step.RUN else None


def _goes_on(run: RunRow, work: RecurringWork, now: datetime) -> bool:
    return run.state is RunState.RUNNING and abs(now - run.begun_at) < work.longest


def _tries(reader: Reader, work: RecurringWork) -> int:
    """How many scheduled runs in a row, up to the latest, have not ended well."""
    tries = 0
    for run in recurring_rows.runs(reader, work.name, len(TRIES) + 1):
        if run.state is RunState.OK or run.actor != RECURRING.id:
            break
        tries += 1
    return tries


def _begin(context: Context, work: RecurringWork) -> int:
    earlier = recurring_rows.runs(context.uow, work.name, RUNS_KEPT)
    if earlier and earlier[0].state is RunState.RUNNING:
        taken = _milliseconds(context.now - earlier[0].begun_at)
        recurring_rows.end_run(context.uow, earlier[0].id, taken, RunState.INTERRUPTED, "avbröts")
    if len(earlier) == RUNS_KEPT:
        recurring_rows.delete_runs_up_to(context.uow, work.name, earlier[-1].id)
    values = {
        "name": work.name,
        "begun_at": context.now,
        "state": RunState.RUNNING.value,
        "outcome": "",
        "actor": context.actor.id,
        "actor_name": context.actor.name,
    }
    return recurring_rows.begin_run(context.uow, values)


def _carry_out(engine: Engine, work: RecurringWork, run_id: int, actor: Actor) -> RunRow:
    state = RunState.OK
    try:
        outcome = work.run(engine)
    except StegvisError as error:
        state, outcome = RunState.FAILED, f"{error.code}: {error.message}"
        log.error("recurring work failed", extra={"work": work.name, "code": error.code})
    except Exception as error:
        state, outcome = RunState.FAILED, type(error).__name__
        log.exception("recurring work failed", extra={"work": work.name})

    return engine.run_command(lambda context: _end(context, work, run_id, state, outcome), "recurring", actor, None)


def _end(context: Context, work: RecurringWork, run_id: int, state: RunState, outcome: str) -> RunRow:
    row = recurring_rows.lock_row(context.uow, work.name)
    run = recurring_rows.run(context.uow, run_id)
    took = _milliseconds(context.now - run.begun_at)
    if not recurring_rows.end_run(context.uow, run_id, took, state, outcome):
        return run  # it took so long that it was given up, and tried again
    tries = _tries(context.uow, work)
    if state is RunState.FAILED and 0 < tries <= len(TRIES):
        again = context.now + TRIES[tries - 1]
        if row is not None and (row.next_at is None or again < row.next_at):
            recurring_rows.plan(context.uow, work.name, again, work.schedule)
    return replace(run, milliseconds=took, state=state, outcome=outcome)


def _known(engine: Engine, name: str) -> RecurringWork:
    work = engine.rooms.recurring.get(name)
    if work is None:
        raise NotFound(f"There is no recurring work '{name}'; there is: {', '.join(sorted(engine.rooms.recurring))}.")
    return work


def _milliseconds(duration: timedelta) -> int:
    return max(0, round(duration.total_seconds() * 1000))
