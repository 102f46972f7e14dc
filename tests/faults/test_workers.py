"""Workers as real processes: racing, killed in the middle of a job, and fed a job that kills whoever runs it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.dispatching import LOST
from engine.engine import Engine
from engine.protocols import NoDispatcher
from engine.store.states import InstanceState
from tests.faults.working_process import FAST, FILES, handlers
from timers.queue.dispatcher import QueueDispatcher
from timers.queue.schema import migrate_queue

ROOT = Path(__file__).parents[2]
PATIENCE = 90


class Hall:
    """One store, its workers, and an engine beside them that only commits."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        on_postgres = url.startswith("postgresql")
        dispatcher = QueueDispatcher(FAST) if on_postgres else NoDispatcher()
        self.engine = Engine.open(url, handlers=handlers(folder), dispatcher=dispatcher)
        if on_postgres:
            migrate_queue(self.engine.database.driver_address)
        self.engine.publish(FILES, author="test", note="")
        with self.engine.database.transaction(self.engine.clock) as uow:
            uow.connection.execute(text("CREATE TABLE register (job INTEGER, name TEXT)"))
        self.processes: list[subprocess.Popen[str]] = []

    def worker(self) -> subprocess.Popen[str]:
        """A worker that has begun to work."""
        process = self.begin_worker()
        assert said(process) == "ready"
        return process

    def begin_worker(self) -> subprocess.Popen[str]:
        """A worker that may be dead already."""
        command = [sys.executable, "-m", "tests.faults.working_process", self.url, str(self.folder)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process

    def written(self) -> list[str]:
        """What the jobs have written, sorted."""
        with self.engine.database.reading() as reader:
            return sorted(row[0] for row in reader.connection.execute(text("SELECT name FROM register")))

    def close(self) -> None:
        """Ask the workers to stop; the store is sound afterwards."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(PATIENCE)
            assert process.stdout is not None
            process.stdout.close()
        problems = self.engine.verify()
        self.engine.close()
        assert problems == []


def said(process: subprocess.Popen[str]) -> str:
    """The next line that a process prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds that other processes bring about."""
    pause, deadline = threading.Event(), time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        pause.wait(0.1)


def states(engine: Engine) -> set[InstanceState]:
    return {row.state for row in engine.queries.find_instances().items}


@pytest.fixture
def hall(database_url: str, tmp_path: Path) -> Iterator[Hall]:
    """A store on SQLite, and one on PostgreSQL."""
    opened = Hall(database_url, tmp_path)
    yield opened
    opened.close()


@pytest.mark.slow
def test_two_workers_that_race_do_everything_once(hall: Hall) -> None:
    workers = [hall.worker(), hall.worker()]
    names = [f"{process} {number}" for process in ("write", "late") for number in range(40)]
    cases = [hall.engine.open_case("test", str(number)) for number in range(10)]
    for place, name in enumerate(names):
        hall.engine.start(name.split()[0], {"name": name}, case_id=cases[place % 10])
    until(lambda: states(hall.engine) == {InstanceState.COMPLETED})
    assert hall.written() == sorted(names)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_job_has_failed_once_and_another_does_it(hall: Hall) -> None:
    killed = hall.worker()
    instance = hall.engine.start("hang", {"name": "x"})
    assert said(killed) == "under way"
    killed.kill()
    killed.wait()
    hall.worker()
    until(lambda: states(hall.engine) == {InstanceState.COMPLETED})
    assert hall.written() == ["x"]
    failures = [line for line in hall.engine.queries.history(instance).items if line.kind == "job failed"]
    assert len(failures) == 1


@pytest.mark.slow
def test_a_job_that_kills_whoever_runs_it_ends_as_an_incident_and_the_others_are_done(hall: Hall) -> None:
    hall.engine.start("poison")
    for number in range(3):
        hall.engine.start("write", {"name": str(number)})
    deaths = 0

    def quarantined() -> bool:
        return bool(hall.engine.queries.incidents().items)

    while not quarantined():
        worker = hall.begin_worker()
        until(lambda worker=worker: worker.poll() is not None or quarantined())
        deaths += worker.poll() == -signal.SIGKILL
    assert deaths in (3, 4), "once perhaps beside others, which does not count"
    (incident,) = hall.engine.queries.incidents().items
    assert (incident.code, incident.message) == ("JOB_FAILED", LOST)
    until(lambda: hall.written() == ["0", "1", "2"])
