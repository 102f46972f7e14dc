"""A store that cannot be written to: the command says so, and nothing has changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event as sqlalchemy_event

from engine.errors import StoreUnavailable
from engine.store import database as database_module
from tests.harness import Journey, bpmn, flows, new_database, user_task

ONE_TASK = bpmn('<startEvent id="s"/>' + user_task("a") + '<endEvent id="e"/>' + flows("s", "a", "e"))


def test_a_full_disk_refuses_the_command_and_leaves_the_case_where_it_was(tmp_path: Path) -> None:
    journey = Journey.begin(tmp_path, files={"p.bpmn": ONE_TASK})
    journey.start("p")
    before = journey.history()
    with journey.engine.database.transaction(journey.clock) as uow:
        pages = uow.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with journey.engine.database.transaction(journey.clock) as uow:
        uow.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreUnavailable):
        journey.complete("a", stort="x" * 500_000)
    assert journey.open_tasks() == ["a"]
    assert journey.history() == before
    with journey.engine.database.transaction(journey.clock) as uow:
        uow.connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    journey.complete("a", stort="x" * 500_000)
    assert journey.open_tasks() == []
    journey.assert_sound()
    journey.engine.close()


def test_a_database_that_another_process_holds_is_unavailable_and_free_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0)
    url = new_database(tmp_path)
    journey = Journey.begin(tmp_path, url=url, files={"p.bpmn": ONE_TASK})
    journey.start("p")
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        journey.complete("a")
    other.execute("ROLLBACK")
    other.close()
    journey.complete("a")
    journey.assert_sound()
    journey.engine.close()


def test_a_commit_that_fails_changes_nothing(tmp_path: Path) -> None:
    journey = Journey.begin(tmp_path, files={"p.bpmn": ONE_TASK})
    journey.start("p")

    def fail(connection: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    engine = journey.engine.database._write_engine
    sqlalchemy_event.listen(engine, "commit", fail)
    with pytest.raises((StoreUnavailable, sqlite3.OperationalError)):
        journey.complete("a")
    sqlalchemy_event.remove(engine, "commit", fail)
    assert journey.open_tasks() == ["a"]
    journey.complete("a")
    journey.assert_sound()
    journey.engine.close()
