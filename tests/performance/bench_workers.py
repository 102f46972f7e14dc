"""How late a timer is on an idle system, and how many timers and jobs a second one and two workers do.

On SQLite with the local dispatcher, and on PostgreSQL (a cluster of its own, which syncs to disk) with workers as
processes of their own. Rows without target are told for comparison.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from engine.clock import ManualClock, SystemClock
from engine.engine import Engine
from engine.protocols import Dispatcher, NoDispatcher
from tests.faults.working_process import FILES, handlers
from tests.performance.memory import resident_megabytes
from tests.performance.scale import scaled
from tests.performance.server import cluster
from tests.postgres import programs
from timers.queue.dispatcher import QueueDispatcher
from timers.queue.schema import migrate_queue

Row = tuple[str, float, str, str | None]
ROOT = Path(__file__).parents[2]
PATIENCE = 1_800  # seconds
TIMERS, JOBS, ALARMS = scaled(2_000), scaled(600), 10
TARGETS = {("SQLite", 1): ">= 500"}


def run() -> Iterator[Row]:
    """The figures of both databases."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        yield from measured("SQLite", url, folder, NoDispatcher(), workers=(1,))
        if programs() is not None:
            with cluster() as server:
                yield from measured("PostgreSQL", server.new_database(), folder, QueueDispatcher(), workers=(1, 2))


def measured(kind: str, url: str, folder: Path, dispatcher: Dispatcher, workers: tuple[int, ...]) -> Iterator[Row]:
    """The figures of one database."""
    with Engine.open(url, handlers=handlers(folder), dispatcher=dispatcher, create=True) as engine:
        if isinstance(dispatcher, QueueDispatcher):
            migrate_queue(engine.database.driver_address)
        engine.publish(FILES, author="bench", note="")
        with engine.database.transaction(engine.clock) as uow:
            uow.connection.execute(text("CREATE TABLE register (job INTEGER, name TEXT)"))
        for count in workers:
            overdue(url, folder)
            rate, memory = drained(engine, url, folder, count, "timer")
            yield f"{TIMERS} timers due at once, {kind}, {count} workers", rate, "timers/s", TARGETS.get((kind, count))
            if count == 1:
                yield f"memory of the worker, {kind}, after those", memory, "MB", None
            drained(engine, url, folder, 2, "job")
            for number in range(JOBS):
                engine.start("write", {"name": str(number)})
            rate, _ = drained(engine, url, folder, count, "job")
            yield f"{JOBS} jobs waiting, {kind}, {count} workers", rate, "jobs/s", None
        with processes(url, folder, 1):
            late = [lateness(engine) for _ in range(ALARMS)]
        yield f"lateness of a timer on an idle system, worst of {ALARMS}, {kind}", max(late) * 1000, "ms", "< 1000"


def overdue(url: str, folder: Path) -> None:
    """So many instances whose timer was due a minute ago."""
    clock = ManualClock(SystemClock().now() - timedelta(minutes=1))
    with Engine.open(url, clock=clock, handlers=handlers(folder)) as engine:
        for number in range(TIMERS):
            engine.start("late", {"name": str(number)})


def drained(engine: Engine, url: str, folder: Path, count: int, table: str) -> tuple[float, float]:
    """How many timers or jobs a second workers do, from when all are ready until none is left; the largest's MB."""
    left = "SELECT count(*) FROM timer" if table == "timer" else "SELECT count(*) FROM job"

    def rows() -> int:
        with engine.database.reading() as reader:
            return int(reader.connection.execute(text(left)).scalar_one())

    with processes(url, folder, count) as running:
        begun, there = time.perf_counter(), rows()
        until(lambda: rows() == 0)
        rate = there / (time.perf_counter() - begun)
        return rate, max(resident_megabytes(process_id) for process_id in running)


def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds that other processes bring about in the store."""
    pause, deadline = threading.Event(), time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        pause.wait(0.02)


def lateness(engine: Engine) -> float:
    """Seconds between a timer's due time and its effect, committed."""
    instance = engine.start("late", {"name": "x"})
    (timer,) = engine.queries.timers(instance_id=instance).items
    until(lambda: not engine.queries.timers(instance_id=instance).items)
    fired = next(line for line in engine.queries.history(instance).items if line.element == "t")
    return (fired.at - timer.due_at).total_seconds()


@contextmanager
def processes(url: str, folder: Path, count: int) -> Iterator[list[int]]:
    """So many workers that are ready: their process ids."""
    command = [sys.executable, "-m", "tests.faults.working_process", url, str(folder), "calm"]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
    try:
        yield [process.pid for process in started]
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait()
