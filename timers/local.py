"""The local dispatcher: runs due timers and jobs in threads of this process, the embedded default without a server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler

from engine.clock import Clock
from engine.engine import Engine
from engine.errors import StegvisError
from engine.protocols import CommitSummary
from timers.alarm import AlarmClock

log = logging.getLogger(__name__)

TIMER_BATCH = 50
"""Timers fired between two looks at the stop flag, so that people get their turn at the database."""
JOB_BATCH = 50
PAUSE_AFTER_TROUBLE = 1.0
"""Seconds to wait before asking again when the database did not answer or nothing could be run."""


class Workload(Protocol):
    """What the dispatcher asks of the engine."""

    def next_alarm(self) -> datetime | None:
        """When something falls due next."""
        ...

    def changed_elsewhere(self) -> bool:
        """Whether another process has committed since the last call."""
        ...

    def fire_due(self, limit: int = 100) -> int:
        """Fire up to `limit` due timers, oldest first; how many fired."""
        ...

    def expire_messages(self) -> int:
        """Let go of buffered messages whose time has run out; how many."""
        ...

    def due_jobs(self, limit: int = 100) -> list[int]:
        """The ids of jobs that can run now, in order."""
        ...

    def run_job(self, job_id: int) -> bool:
        """Run a job; False where there was nothing to do."""
        ...


class LocalDispatcher:
    """Fires timers in one thread and runs jobs in a few others, woken by commits and by the alarm clock.

    Timers have a thread of their own, so that a handler that hangs, or a job that waits for its retry, never holds
    back a deadline. What is due stands in the database: a dispatcher that dies loses nothing, the next one goes on.
    """

    def __init__(self, clock: Clock, *, threads: int = 2) -> None:
        """`threads`: how many jobs may run at the same time."""
        self._clock = clock
        self._threads = threads
        self._work: Workload | None = None
        self._alarm: AlarmClock | None = None
        self._stop = threading.Event()
        self._timers_due = threading.Event()
        self._jobs_due = threading.Event()
        self._running: list[threading.Thread] = []
        self._in_flight: set[int] = set()
        self._lock = threading.Lock()

    def start(self, work: Workload) -> None:
        """Take up `work` (the engine): what became due while nobody was awake runs at once, oldest first."""
        self._work = work
        self._alarm = AlarmClock(work, self._clock, self._ring)
        for name, loop in (("timers", self._fire_timers), ("jobs", self._run_jobs)):
            thread = threading.Thread(target=loop, args=(work,), name=f"stegvis-{name}", daemon=True)
            self._running.append(thread)
            thread.start()
        self._alarm.start()
        self._ring()

    def stop(self) -> None:
        """Finish what is under way and take up nothing more."""
        self._stop.set()
        self._timers_due.set()
        self._jobs_due.set()
        if self._alarm is not None:
            self._alarm.stop()
        for thread in self._running:
            thread.join()
        self._running.clear()

    @property
    def scheduler(self) -> BackgroundScheduler:
        """The alarm clock's scheduler, for recurring work; only once started."""
        assert self._alarm is not None, "the dispatcher has not been started"
        return self._alarm.scheduler

    def committed(self, summary: CommitSummary) -> None:
        """Take note of new jobs and due times; returns at once."""
        if summary.jobs_due:
            self._jobs_due.set()
        if self._alarm is not None and (summary.earliest_alarm is not None or summary.released):
            self._alarm.earlier(summary.earliest_alarm or self._clock.now())

    def _ring(self) -> None:
        self._timers_due.set()
        self._jobs_due.set()

    def _fire_timers(self, work: Workload) -> None:
        while self._wait_for(self._timers_due):
            self._guarded(lambda: self._fire_all(work), self._timers_due)
            if self._alarm is not None and not self._timers_due.is_set():
                self._guarded(self._alarm.reset, self._timers_due)

    def _fire_all(self, work: Workload) -> None:
        while not self._stop.is_set() and work.fire_due(TIMER_BATCH):
            self._jobs_due.set()
        if not self._stop.is_set():
            work.expire_messages()

    def _run_jobs(self, work: Workload) -> None:
        with ThreadPoolExecutor(self._threads, thread_name_prefix="stegvis-job") as pool:
            while self._wait_for(self._jobs_due):
                self._guarded(lambda: self._hand_out(work, pool), self._jobs_due)

    def _hand_out(self, work: Workload, pool: ThreadPoolExecutor) -> None:
        for job_id in work.due_jobs(JOB_BATCH):
            with self._lock:
                if job_id in self._in_flight:
                    continue
                self._in_flight.add(job_id)
            pool.submit(self._run_one, work, job_id)

    def _run_one(self, work: Workload, job_id: int) -> None:
        progress = False
        try:
            progress = not self._stop.is_set() and work.run_job(job_id)
        except StegvisError as error:
            log.warning("a job could not be run", extra={"job": job_id, "code": error.code})
        finally:
            with self._lock:
                self._in_flight.discard(job_id)
            if progress:
                self._jobs_due.set()
            if self._alarm is not None and not self._stop.is_set():
                self._guarded(self._alarm.reset, self._jobs_due)

    def _wait_for(self, event: threading.Event) -> bool:
        event.wait()
        event.clear()
        return not self._stop.is_set()

    def _guarded(self, step: Callable[[], None], again: threading.Event) -> None:
        """Run `step`; when the database does not answer, say so and try again after a pause instead of dying."""
        try:
            step()
        except StegvisError as error:
            log.warning("the dispatcher pauses", extra={"code": error.code})
            if not self._stop.wait(PAUSE_AFTER_TROUBLE):
                again.set()


class EngineWork:
    """The engine as the dispatcher's workload; notices other processes' commits without reading a case."""

    def __init__(self, engine: Engine) -> None:
        """`engine` is open and stays its owner's."""
        self._engine = engine
        self._mark = engine.database.change_mark()

    def next_alarm(self) -> datetime | None:
        """When something falls due next."""
        return self._engine.next_alarm()

    def changed_elsewhere(self) -> bool:
        """Whether another connection has committed since the last call."""
        before, self._mark = self._mark, self._engine.database.change_mark()
        return self._mark != before

    def fire_due(self, limit: int = 100) -> int:
        """Fire up to `limit` due timers, oldest first; how many fired."""
        return self._engine.fire_due(limit)

    def expire_messages(self) -> int:
        """Let go of buffered messages whose time has run out; how many."""
        return self._engine.expire_messages()

    def due_jobs(self, limit: int = 100) -> list[int]:
        """The ids of jobs that can run now, in order."""
        return self._engine.due_jobs(limit)

    def run_job(self, job_id: int) -> bool:
        """Run a job; False where there was nothing to do."""
        return self._engine.run_job(job_id)
