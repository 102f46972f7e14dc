"""The local dispatcher: runs due timers and jobs in threads of this process, the embedded default without a server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from engine.clock import LOCAL_ZONE, Clock
from engine.errors import StegvisError
from engine.protocols import CommitSummary
from engine.store.unit_of_work import UnitOfWork
from timers.alarm import AlarmClock
from timers.called import PAUSE_AFTER_TROUBLE, Called
from timers.firing import Firing
from timers.hands import Hands
from timers.work import EngineWork

log = logging.getLogger(__name__)


class LocalDispatcher:
    """Fires timers in one thread and runs jobs in a few others, woken by commits and by the alarm clock.

    Timers have a thread of their own, so that a handler that hangs, or a job that waits for its retry, never holds
    back a deadline. What is due stands in the database: a dispatcher that dies loses nothing, the next one goes on.
    On one SQLite file exactly one dispatcher is on duty, by a lease; the others take over when it runs out.
    """

    def __init__(self, clock: Clock, *, threads: int = 2, alive: Callable[[], None] = lambda: None) -> None:
        """`threads`: how many jobs may run at the same time. `alive` is called after each sign of life."""
        self._alive = alive
        self._clock = clock
        self._threads = threads
        self._work: EngineWork | None = None
        self._alarm: AlarmClock | None = None
        self._firing: Firing | None = None
        self._hands: Hands | None = None
        self._on_duty = threading.Event()
        self._stopping = threading.Event()
        self._handing_out = Called("stegvis-jobs", self._hand_out)
        self._in_flight: set[str] = set()
        self._lock = threading.Lock()

    def start(self, work: EngineWork) -> None:
        """Take up `work`: what became due while nobody was awake runs at once, oldest first."""
        self._work = work
        self._alarm = AlarmClock(work, self._clock, self._ring)
        self._firing = Firing(work, self._alarm, self._handing_out.call)
        self._hands = Hands(work, self._threads)
        self._hands.start()
        self._firing.start()
        self._handing_out.start()
        self._keep()
        self._alarm.start()
        beat = IntervalTrigger(seconds=work.rhythm.beat.total_seconds(), timezone=LOCAL_ZONE)
        self._alarm.scheduler.add_job(self._keep, beat, id="keep")

    def stop(self) -> None:
        """Finish what is under way within the grace time, give back the rest, and take up nothing more."""
        self._stopping.set()
        if self._work is None or self._alarm is None or self._firing is None or self._hands is None:
            return
        self._hands.stop(self._work.rhythm.grace.total_seconds())  # first: a job may hold up all that writes
        self._alarm.stop()
        self._handing_out.stop()
        self._firing.stop()
        try:
            self._work.leave()
        except StegvisError as error:
            log.warning("the others will find out that this process has ended", extra={"code": error.code})

    @property
    def scheduler(self) -> BackgroundScheduler:
        """The alarm clock's scheduler, for recurring work; only once started."""
        assert self._alarm is not None, "the dispatcher has not been started"
        return self._alarm.scheduler

    @property
    def on_duty(self) -> threading.Event:
        """Set while this dispatcher is the one that fires timers and runs jobs."""
        return self._on_duty

    def before_commit(self, uow: UnitOfWork, summary: CommitSummary) -> None:
        """Write nothing: what is due stands in its rows."""

    def committed(self, summary: CommitSummary) -> None:
        """Take note of new jobs and due times; returns at once."""
        if summary.lines_due:
            self._handing_out.call()
        if self._alarm is not None and (summary.earliest_alarm is not None or summary.released):
            self._alarm.earlier(summary.earliest_alarm or self._clock.now())

    def _keep(self) -> None:
        """Say that this process is alive, and be on duty if no other is."""
        if self._stopping.is_set() or self._work is None or self._hands is None:
            return
        try:
            self._work.beat()  # first: it gives up those that are gone, whoever held the lease among them
            on_duty = self._work.hold_scheduler()
            self._hands.settle()
            self._alive()
        except StegvisError as error:
            log.warning("nobody knows whether this process is on duty", extra={"code": error.code})
            return
        if on_duty and not self._on_duty.is_set():
            self._on_duty.set()
            self._ring()
        elif not on_duty:
            self._on_duty.clear()

    def _ring(self) -> None:
        if self._on_duty.is_set() and self._firing is not None:
            self._firing.call()
            self._handing_out.call()

    def _hand_out(self) -> None:
        """Send the threads to as many lines as they can see to soon; who comes back asks for more."""
        if not self._on_duty.is_set() or self._work is None or self._hands is None:
            return
        with self._lock:
            busy = set(self._in_flight)
        free = 2 * self._threads - len(busy)
        for line in self._work.due_lines(2 * self._threads):
            if line.name not in busy and free > 0:
                free -= 1
                with self._lock:
                    self._in_flight.add(line.name)
                self._hands.take(line.name).add_done_callback(partial(self._came_back, line.name))

    def _came_back(self, line: str, done: Future[int]) -> None:
        with self._lock:
            self._in_flight.discard(line)
        error = done.exception()
        if error is not None:
            log.warning("the jobs of a line wait", extra={"code": getattr(error, "code", type(error).__name__)})
            self._try_again()
        else:
            self._handing_out.call()

    def _try_again(self) -> None:
        if not self._stopping.wait(PAUSE_AFTER_TROUBLE):
            self._handing_out.call()
