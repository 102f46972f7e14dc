"""When recurring work runs: turns by cron fields in Swedish time, taken once however many processes keep time."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.clock import LOCAL_ZONE
from engine.engine import Engine
from engine.errors import InvalidInput, StegvisError
from engine.recurring import RECURRING, Following, RecurringWork, forget_old_keys, run_turn
from engine.verify import StoreUnsound

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=5)
"""How often a process that keeps time looks whether a turn has come."""


def tidy(engine: Engine) -> str:
    """Let go of what nobody can need any more."""
    return f"{forget_old_keys(engine)} nycklar glömda, {engine.expire_messages()} meddelanden utgångna"


def inspect(engine: Engine) -> str:
    """Check the store against itself; what is wrong is logged, and makes the run one that failed."""
    problems = engine.verify()
    for problem in problems:
        log.error("the store is not sound", extra={"problem": problem.kind.value, "where": problem.where})
    if problems:
        raise StoreUnsound(f"{len(problems)} problem")
    return "allt stämmer"


def recount(engine: Engine) -> str:
    """Count deadlines again whose elements say so: a parameter may hold from today, the calendar may be another."""
    done = engine.deadlines.run(actor=RECURRING, reason="Ändrad parameter eller kalender")
    for fault in done.faults:
        where = {"case": fault.case_id, "instance": fault.instance_id, "element": fault.element_id}
        log.error("a deadline cannot be counted again", extra={**where, "code": fault.code})
    left = f", {len(done.refused)} står kvar: de skulle redan ha gått ut" if done.refused else ""
    failed = f", {len(done.faults)} gick inte att räkna" if done.faults else ""
    return f"{len(done.moves)} frister flyttade av {done.looked_at}{left}{failed}"


STANDARD = (
    RecurringWork("omrakning", "Omräkning av frister", "20 0 * * *", recount),
    RecurringWork("stadning", "Städning", "15 2 * * *", tidy),
    RecurringWork("kontroll", "Kontroll av lagret", "30 3 * * *", inspect),
)
"""What every installation runs: deadlines at 00:20, tidying at 02:15 and the store's own check at 03:30."""


def turns(work: RecurringWork) -> Following:
    """Gives the first turn of `work` after a moment (aware); raises InvalidInput for a schedule that is none.

    An hour that the clocks skip in spring has its turn just after; one that they repeat in autumn has one turn.
    """
    try:
        trigger = CronTrigger.from_crontab(work.schedule, timezone=UTC)  # counts on the face of the local clock
    except ValueError as error:
        raise InvalidInput(f"The schedule '{work.schedule}' of '{work.name}' is no cron line: {error}.") from error

    def following(moment: datetime) -> datetime:
        face = moment.astimezone(LOCAL_ZONE).replace(tzinfo=UTC, fold=0)
        while True:
            face += timedelta(seconds=1)
            turn: datetime | None = trigger.get_next_fire_time(None, face)
            if turn is None:
                raise InvalidInput(f"The schedule '{work.schedule}' of '{work.name}' has no further turn.")
            face = turn
            found = turn.replace(tzinfo=LOCAL_ZONE).astimezone(UTC)
            if found > moment:
                return found

    return following


def require_schedules(work: Iterable[RecurringWork]) -> None:
    """Raise InvalidInput where a schedule is no cron line."""
    for each in work:
        turns(each)


def run_due(engine: Engine) -> int:
    """Run the engine's recurring work whose turn has come, each once; how many ran."""
    return sum(run_turn(engine, work, turns(work)) is not None for work in engine.rooms.recurring.values())


class Recurrence:
    """Has the scheduler look every few seconds whether a turn has come; one missed in a downtime is taken at the start.

    Looking rather than sleeping until the next turn: a clock that is set, or a machine that was suspended, delays
    nothing, and a run that another process left unfinished is noticed.
    """

    def __init__(self, engine: Engine, scheduler: BackgroundScheduler) -> None:
        """`scheduler` is the alarm clock's, already running; raises InvalidInput where a schedule is no cron line."""
        require_schedules(engine.rooms.recurring.values())
        self._engine = engine
        self._scheduler = scheduler

    def start(self) -> None:
        """Take what was missed, and begin to look."""
        self._scheduler.add_job(
            self._look,
            IntervalTrigger(seconds=int(LOOK_EVERY.total_seconds()), timezone=LOCAL_ZONE),
            id="recurring",
            next_run_time=self._engine.clock.now(),
            max_instances=1,
            coalesce=True,
        )

    def _look(self) -> None:
        try:
            run_due(self._engine)
        except StegvisError as error:
            log.warning("recurring work waits", extra={"code": error.code})
