"""What holds for the local dispatcher on SQLite besides the contract: one process is on duty."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.engine import Engine
from engine.errors import StoreUnavailable
from engine.handlers import JobContext
from engine.workers import WorkerKind, beat, hold_scheduler, scheduler_until, this_process
from tests.harness import new_database
from tests.integration.dispatch.house import FILES, PATIENCE, Bells, House, until
from timers.local import LocalDispatcher


@pytest.fixture
def house(tmp_path: Path, bells: Bells) -> Iterator[House]:
    """Processes on a new SQLite file."""
    opened = House(new_database(tmp_path), bells.handlers)
    opened.web().publish(FILES, author="a", note="n")
    yield opened
    opened.close()


def on_duty(runs: object) -> threading.Event:
    assert isinstance(runs, LocalDispatcher)
    return runs.on_duty


def test_of_two_processes_on_one_file_one_is_on_duty_and_the_other_takes_over(house: House, bells: Bells) -> None:
    first, second = house.worker(), house.worker()
    assert on_duty(first.runs).is_set()
    assert not on_duty(second.runs).is_set()
    second.engine.start("rings")
    bells.wait_for(1)

    house.stop(first)

    assert on_duty(second.runs).wait(PATIENCE)
    second.engine.start("waits")
    bells.wait_for(2)


def test_who_does_not_renew_its_lease_is_taken_over_from_and_works_no_more(house: House, bells: Bells) -> None:
    first = house.worker()
    first_dispatcher = first.runs
    assert isinstance(first_dispatcher, LocalDispatcher)
    first_dispatcher.scheduler.pause()  # as a machine that is suspended
    second = house.worker()
    assert on_duty(second.runs).wait(PATIENCE)
    first_dispatcher.scheduler.resume()
    until(lambda: not on_duty(first.runs).is_set())
    holder = scheduler_until(second.engine)
    assert holder is not None
    second.engine.start("waits")
    bells.wait_for(1)


def test_who_starts_after_a_kill_on_the_same_machine_waits_for_no_lease(house: House, bells: Bells) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    dead = replace(this_process(WorkerKind.ALL), pid=ended.pid)
    web = house.web()
    beat(web, dead, timedelta(hours=1))
    assert hold_scheduler(web, dead, timedelta(hours=1))
    web.start("rings")

    assert on_duty(house.worker(silent_after=timedelta(hours=1)).runs).is_set()

    bells.wait_for(1)


def test_what_a_thread_writes_can_be_rolled_back_from_outside(tmp_path: Path) -> None:
    engine = Engine.open(new_database(tmp_path))
    inside, wake, told = threading.Event(), threading.Event(), []

    def hang() -> None:
        try:
            with engine.database.transaction(engine.clock) as uow:
                uow.connection.exec_driver_sql("INSERT INTO recurring (name) VALUES ('halv')")
                inside.set()
                wake.wait(PATIENCE)
                uow.connection.exec_driver_sql("INSERT INTO recurring (name) VALUES ('hel')")
        except StoreUnavailable as error:
            told.append(error)

    thread = threading.Thread(target=hang)
    thread.start()
    assert inside.wait(PATIENCE)
    assert thread.ident is not None

    assert engine.database.abandon(thread.ident)

    engine.open_case("test", "1")  # others write at once
    wake.set()
    thread.join()
    assert len(told) == 1
    with engine.database.reading() as reader:
        assert reader.connection.exec_driver_sql("SELECT count(*) FROM recurring").scalar() == 0
    assert not engine.database.abandon(thread.ident)
    assert engine.verify() == []
    engine.close()


def test_a_handler_that_hangs_lets_people_write_again_when_its_time_is_over(house: House, bells: Bells) -> None:
    hangs, wake = threading.Event(), threading.Event()

    def hang(job: JobContext) -> None:
        hangs.set()
        wake.wait(PATIENCE)

    bells.heard = hang
    worker = house.worker(time_limit=timedelta(seconds=1))
    worker.engine.start("rings")
    assert hangs.wait(PATIENCE)
    worker.engine.open_case("test", "1")
    wake.set()
