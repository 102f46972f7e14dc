"""What a process does besides answering: fire timers and run jobs, or only say that it is alive."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from commands.configuration import Configuration
from commands.files import on_postgres
from engine.clock import SystemClock
from engine.engine import Engine
from engine.protocols import Dispatcher, NoDispatcher
from engine.workers import WorkerIdentity, WorkerKind, this_process
from timers.local import LocalDispatcher
from timers.presence import Presence
from timers.recurring import Recurrence
from timers.rhythm import Rhythm
from timers.work import EngineWork

LIMIT_ON_SQLITE, LIMIT_ON_POSTGRES = 30, 300
"""Seconds a job may take unless configured: on SQLite nobody else can write while one runs."""


class Runs(Protocol):
    """Something with threads of its own, until it is stopped."""

    def stop(self) -> None:
        """End its threads."""
        ...


@dataclass(frozen=True)
class Duty:
    """What one process does: the dispatcher its engine is opened with, and what begins once that is open."""

    dispatcher: Dispatcher
    begin: Callable[[Engine], Runs]

    @contextmanager
    def on(self, engine: Engine) -> Iterator[None]:
        """Do it for the length of a `with`."""
        running = self.begin(engine)
        try:
            yield
        finally:
            running.stop()


def rhythm_of(configuration: Configuration) -> Rhythm:
    """How often what happens in a process of this installation, and how long a job may take."""
    settings = configuration.worker
    default = LIMIT_ON_POSTGRES if on_postgres(configuration.database.url) else LIMIT_ON_SQLITE
    return Rhythm(
        time_limit=timedelta(seconds=settings.job_seconds or default), grace=timedelta(seconds=settings.grace_seconds)
    )


def web_duty(configuration: Configuration, version: str) -> Duty:
    """Serve pages, and leave timers and jobs to workers."""
    rhythm, me = rhythm_of(configuration), this_process(WorkerKind.WEB, version)

    def begin(engine: Engine) -> Runs:
        presence = Presence(EngineWork(engine, rhythm, me))
        presence.start()
        return presence

    if not on_postgres(configuration.database.url):
        return Duty(NoDispatcher(), begin)  # whoever works looks every second whether something was committed
    from timers.queue.dispatcher import QueueDispatcher  # only where PostgreSQL's extra is installed

    return Duty(QueueDispatcher(rhythm), begin)


def working_duty(
    configuration: Configuration, version: str, kind: WorkerKind, alive: Callable[[], None] = lambda: None
) -> Duty:
    """Fire timers, run jobs and recurring work; `alive` is called after each sign of life."""
    if on_postgres(configuration.database.url):
        return _queue_duty(configuration, this_process(kind, version), alive)
    dispatcher = LocalDispatcher(SystemClock(), threads=configuration.worker.threads, alive=alive)

    def begin(engine: Engine) -> Runs:
        dispatcher.start(EngineWork(engine, rhythm_of(configuration), this_process(kind, version)))
        Recurrence(engine, dispatcher.scheduler).start()
        return dispatcher

    return Duty(dispatcher, begin)


def _queue_duty(configuration: Configuration, me: WorkerIdentity, alive: Callable[[], None]) -> Duty:
    from timers.queue.dispatcher import QueueDispatcher
    from timers.queue.worker import QueueWorker

    rhythm = rhythm_of(configuration)

    def begin(engine: Engine) -> Runs:
        worker = QueueWorker(EngineWork(engine, rhythm, me), threads=configuration.worker.threads, alive=alive)
        worker.start()
        Recurrence(engine, worker.scheduler).start()
        return worker

    return Duty(QueueDispatcher(rhythm), begin)


@contextmanager
def ended_by_signals(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` where the process is asked to stop (SIGTERM, SIGINT), once; a second time ends it at once."""
    kinds = (signal.SIGTERM, signal.SIGINT)
    before = {kind: signal.getsignal(kind) for kind in kinds}

    def asked(_kind: int, _frame: object) -> None:
        for kind in kinds:
            signal.signal(kind, signal.SIG_DFL)
        end()

    for kind in kinds:
        signal.signal(kind, asked)
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
