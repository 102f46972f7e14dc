"""Recurring work: what runs by the calendar rather than by a case, once in a turn however many processes serve."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.clock import LOCAL_ZONE
from engine.engine import Engine
from engine.errors import StegvisError
from engine.recurring import forget_old_keys, note_outcome, recurring_work, take_turn

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecurringWork:
    """Something to run by the calendar.

    name: its key in the store. schedule: cron fields (minute, hour, day of month, month, day of week) in Swedish time.
    run: does it and says in a few words how it went.
    """

    name: str
    schedule: str
    run: Callable[[Engine], str]

    def following(self, moment: datetime) -> datetime:
        """The first turn after `moment` (aware)."""
        trigger = CronTrigger.from_crontab(self.schedule, timezone=LOCAL_ZONE)
        turn = trigger.get_next_fire_time(None, moment.astimezone(LOCAL_ZONE) + timedelta(seconds=1))
        assert isinstance(turn, datetime)
        return turn


def tidy(engine: Engine) -> str:
    """Let go of what nobody can need any more."""
    return f"{forget_old_keys(engine)} nycklar glömda, {engine.expire_messages()} meddelanden utgångna"


def inspect(engine: Engine) -> str:
    """Check the store against itself; what is wrong is logged."""
    problems = engine.verify()
    for problem in problems:
        log.error("verify: %s", problem)
    return f"{len(problems)} problem" if problems else "allt stämmer"


STANDARD = (
    RecurringWork("stadning", "15 2 * * *", tidy),
    RecurringWork("kontroll", "30 3 * * *", inspect),
)
"""What every installation runs: tidying at 02:15 and the store's own check at 03:30."""


def run_due(engine: Engine, work: Sequence[RecurringWork]) -> int:
    """Run what is due of `work`, each once; how many ran. What fails is noted as its outcome and tried next turn."""
    ran = 0
    for each in work:
        if take_turn(engine, each.name, each.following):
            begun = engine.clock.now()
            try:
                outcome = each.run(engine)
            except StegvisError as error:
                log.error("recurring work %s failed: %s: %s", each.name, error.code, error.message)
                outcome = f"misslyckades: {error.code}"
            note_outcome(engine, each.name, begun, outcome)
            ran += 1
    return ran


class Recurrence:
    """Has the scheduler run recurring work when its turn comes; a turn missed in a downtime is taken at the start."""

    def __init__(
        self, engine: Engine, scheduler: BackgroundScheduler, work: Sequence[RecurringWork] = STANDARD
    ) -> None:
        """`scheduler` is the alarm clock's, already running."""
        self._engine = engine
        self._scheduler = scheduler
        self._work = work

    def start(self) -> None:
        """Take what was missed and sleep until the next turn."""
        self._set(self._engine.clock.now())

    def _turn(self) -> None:
        wake = self._engine.clock.now() + timedelta(minutes=10)
        try:
            run_due(self._engine, self._work)
            planned = [row.next_at for row in recurring_work(self._engine) if row.next_at is not None]
            wake = max(min(planned), self._engine.clock.now()) if planned else wake
        except StegvisError as error:
            log.warning("recurring work waits: %s: %s", error.code, error.message)
        self._set(wake)

    def _set(self, moment: datetime) -> None:
        # An interval, not a date: a date's job is removed after it ran, which APScheduler cannot do while it stops.
        again = IntervalTrigger(minutes=10, timezone=LOCAL_ZONE)
        self._scheduler.add_job(self._turn, again, id="recurring", next_run_time=moment, replace_existing=True)
