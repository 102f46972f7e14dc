"""Processes on one store, as threads of the test: some dispatch (workers), some only commit (web)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Protocol

from engine.clock import SystemClock
from engine.engine import Engine
from engine.handlers import HandlerRegistry, JobContext
from engine.protocols import NoDispatcher
from engine.workers import WorkerKind, this_process
from tests.bpmn_builder import bpmn, catch, end, flows, process, service, start, timer, user
from timers.local import LocalDispatcher
from timers.queue.dispatcher import QueueDispatcher
from timers.queue.schema import migrate_queue
from timers.queue.worker import QueueWorker
from timers.rhythm import Rhythm
from timers.work import EngineWork

PATIENCE = 60
"""Seconds after which a test gives up; nothing waits that long when things work."""
FAST = Rhythm(
    beat=timedelta(milliseconds=300),
    silent_after=timedelta(seconds=3),
    poll=timedelta(milliseconds=500),
    time_limit=timedelta(seconds=30),
    grace=timedelta(seconds=10),
)


class Stops(Protocol):
    """What keeps time and runs jobs until it is told to stop."""

    def stop(self) -> None: ...


class House:
    """Opens processes on one store and stops all of them at the end."""

    def __init__(self, address: str, handlers: HandlerRegistry) -> None:
        self.address = address
        self.handlers = handlers
        self.on_postgres = address.startswith("postgresql")
        self._engines: list[Engine] = []
        self._running: list[Stops] = []
        if self.on_postgres:
            with Engine.open(address) as engine:
                migrate_queue(engine.database.driver_address)

    def worker(
        self, *, rhythm: Rhythm = FAST, threads: int = 2, work: Callable[..., EngineWork] = EngineWork, **changes: Any
    ) -> Process:
        """A process that fires timers and runs jobs, and may commit."""
        rhythm = replace(rhythm, **changes)
        me = this_process(WorkerKind.WORKER)
        if self.on_postgres:
            engine = self._open(QueueDispatcher(rhythm))
            worker = QueueWorker(work(engine, rhythm, me), threads=threads)
            worker.start()
            assert worker.ready.wait(PATIENCE)
            self._running.append(worker)
            return Process(engine, worker)
        dispatcher = LocalDispatcher(SystemClock(), threads=threads)
        engine = self._open(dispatcher)
        dispatcher.start(work(engine, rhythm, me))
        self._running.append(dispatcher)
        return Process(engine, dispatcher)

    def web(self) -> Engine:
        """A process that only commits."""
        return self._open(QueueDispatcher(FAST) if self.on_postgres else NoDispatcher())

    def stop(self, process: Process) -> None:
        """Stop one process."""
        self._running.remove(process.runs)
        process.runs.stop()

    def close(self) -> None:
        """Stop every process; the store is sound afterwards."""
        for running in reversed(self._running):
            running.stop()
        problems = self._engines[0].verify() if self._engines else []
        for engine in self._engines:
            engine.close()
        assert problems == []

    def _open(self, dispatcher: Any) -> Engine:
        engine = Engine.open(self.address, handlers=self.handlers, dispatcher=dispatcher)
        self._engines.append(engine)
        return engine


@dataclass(frozen=True)
class Process:
    """One process that dispatches: what it commits with, and what runs in it."""

    engine: Engine
    runs: Stops


@dataclass
class Bells:
    """The job type `ring`: counts who rings, and lets a test wait for it; `heard` is called with each job."""

    rung: list[str] = field(default_factory=list)
    heard: Callable[[JobContext], Any] = lambda job: None
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def handlers(self) -> HandlerRegistry:
        """A registry with the bell's handler."""
        registry = HandlerRegistry()
        registry.job("ring")(self._ring)
        return registry

    def _ring(self, job: JobContext) -> None:
        self.heard(job)
        self.note(str(job.variables.get("name", job.instance_id)))

    def note(self, name: str) -> None:
        """Something has happened."""
        with self._arrived:
            self.rung.append(name)
            self._arrived.notify_all()

    def wait_for(self, count: int) -> None:
        """Until so many have rung."""
        self.wait_until(lambda: len(self.rung) >= count)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Until something holds that changes with a ring."""
        with self._arrived:
            assert self._arrived.wait_for(condition, PATIENCE), self.rung


def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds that other threads bring about in the store."""
    give_up, deadline = threading.Event(), time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        give_up.wait(0.05)


def published(*parts: Any) -> bytes:
    """A file whose flows have ids that may be published."""
    return bpmn(*parts).replace(b"-&gt;", b"_")


WAITS = published(
    process(
        "waits",
        start("s"),
        catch("t", timer(duration="PT1S")),
        service("j", type_="ring"),
        end("e"),
        flows("s -> t -> j -> e"),
    )
)
"""Waits a second, then rings."""
ASKS = published(
    process("asks", start("s"), user("u"), service("j", type_="ring"), end("e"), flows("s -> u -> j -> e")),
)
"""Rings when its task is completed."""
RINGS = published(process("rings", start("s"), service("j", type_="ring"), end("e"), flows("s -> j -> e")))
"""Rings at once."""
TIMED = published(
    process(
        "timed",
        start("s"),
        catch("t", timer(duration="PT1S")),
        user("u", name="Efter"),
        end("e"),
        flows("s -> t -> u -> e"),
    )
)
"""Waits a second, then asks."""
FILES = {"timed.bpmn": TIMED, "waits.bpmn": WAITS, "asks.bpmn": ASKS, "rings.bpmn": RINGS}
