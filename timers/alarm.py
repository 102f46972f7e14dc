"""The alarm clock: sleeps until the next due time, is woken when an earlier one comes, and then calls for work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from engine.clock import Clock
from engine.errors import StegvisError

log = logging.getLogger(__name__)

_ALARM, _WATCH = "alarm", "watch"
LONGEST_SLEEP = timedelta(hours=1)
AFTER_TROUBLE = timedelta(seconds=1)
_THREADS = 10


class _Threads(BasePoolExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Threads that outlive APScheduler's own stop, which would wait for them with its locks in hand."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        super().__init__(threads)


class Schedule(Protocol):
    """What the alarm clock asks of the engine."""

    def next_alarm(self) -> datetime | None:
        """The earliest moment at which anything becomes due, or None when nothing waits."""
        ...

    def changed_elsewhere(self) -> bool:
        """Whether another process has committed since the last call; costs no read of cases."""
        ...


class AlarmClock:
    """Calls `ring` when something is due: never early, within a second on an idle system.

    APScheduler (memory store) sleeps for us; what is due stands in the database, so nothing is lost when the process
    ends. A sleep lasts an hour at most, so that a machine whose clock was set, or that was suspended, catches up.
    """

    def __init__(
        self, schedule: Schedule, clock: Clock, ring: Callable[[], None], longest_sleep: timedelta = LONGEST_SLEEP
    ) -> None:
        """`ring` is called in a thread of the scheduler and must return quickly (it hands work to the dispatcher)."""
        self._longest = longest_sleep
        self._schedule = schedule
        self._clock = clock
        self._ring = ring
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="stegvis-alarm")
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": _Threads(self._threads)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    @property
    def scheduler(self) -> BackgroundScheduler:
        """APScheduler's scheduler, for recurring work."""
        return self._scheduler

    def start(self) -> None:
        """Begin to keep time; whatever became due while nobody was awake rings at once."""
        self._scheduler.add_job(
            self._watch, IntervalTrigger(seconds=1, timezone=UTC), id=_WATCH, max_instances=1, coalesce=True
        )
        self._scheduler.start()
        self.reset()

    def stop(self) -> None:
        """Stop keeping time and wait for a ring that is under way, which may still set the alarm."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._threads.shutdown(wait=True)

    def reset(self, not_before: timedelta = timedelta(0)) -> None:
        """Ask the engine for the next due time and sleep until then, at least for `not_before`.

        Called after every commit that may change it.
        """
        if not self._scheduler.running:
            return
        now = self._clock.now()
        due = self._schedule.next_alarm()
        wake = min(due, now + self._longest) if due is not None else now + self._longest
        self._set(max(wake, now + not_before))

    def earlier(self, moment: datetime) -> None:
        """Be woken at `moment` if the alarm is set for later; asks nobody, so it may be called after each commit."""
        job = self._scheduler.get_job(_ALARM) if self._scheduler.running else None
        if job is not None and (job.next_run_time is None or moment < job.next_run_time):
            self._set(max(moment, self._clock.now()))

    def _wake(self) -> None:
        try:
            due = self._schedule.next_alarm()
        except StegvisError as error:
            self._sleep_a_moment(error)
            return
        if due is not None and due <= self._clock.now():
            self._ring()
        else:
            self.reset()

    def _watch(self) -> None:
        try:
            if self._schedule.changed_elsewhere():
                self._ring()
        except StegvisError as error:
            self._sleep_a_moment(error)

    def _sleep_a_moment(self, error: StegvisError) -> None:
        log.warning("the alarm clock asks again in a moment", extra={"code": error.code})
        self._set(self._clock.now() + AFTER_TROUBLE)

    def _set(self, moment: datetime) -> None:
        # An interval, not a date: a date's job is removed after it ran, which APScheduler cannot do while it stops.
        again = IntervalTrigger(seconds=max(self._longest.total_seconds(), 1), timezone=UTC)
        self._scheduler.add_job(self._wake, again, id=_ALARM, next_run_time=moment, replace_existing=True)
