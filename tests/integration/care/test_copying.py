"""Copying a database to the other kind and back: every row the same, and people can go on where they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, select, text, update

import stegvis
from engine.clock import SystemClock
from engine.errors import InvalidInput, SchemaMismatch
from engine.store.copying import CopiedTable, CopyDiffers, TargetNotEmpty, copy_database
from engine.store.database import Database
from engine.store.schema import job, lease
from engine.store.shapes import shapes_of
from engine.store.table_stream import checksum_of, last_number
from processes.family import find_families
from tests.harness import ANNA
from tests.integration.care.lived_in import opened

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}
PARTS = find_families().parts
FILLED = {
    *("resource", "case_", "process_instance", "work_item", "work_item_candidate", "timer", "subscription", "message"),
    *(
        "message_delivery",
        "job",
        "incident",
        "event",
        "payload",
        "idempotency",
        "ak_person",
        "ak_session",
        "ak_journal",
    ),
}


def copied(source: str, target: str, **options: Any) -> list[CopiedTable]:
    reading, writing = Database.open(source, parts=PARTS), Database.open(target, parts=PARTS)
    try:
        return copy_database(reading, writing, SystemClock(), options.get("progress", lambda *_: None))
    finally:
        reading.close()
        writing.close()


def contents(url: str) -> dict[str, tuple[int, str]]:
    database = Database.open(url, parts=PARTS)
    try:
        with database.reading() as reader:
            sums = {shape.name: checksum_of(reader, shape) for shape in shapes_of(database.parts)}
            return {name: (each.rows, each.hexdigest()) for name, each in sums.items()}
    finally:
        database.close()


def test_to_the_other_kind_and_back_every_table_is_the_same(
    lived_in: str, database_kind: str, blank: Callable[[str], str]
) -> None:
    there, back = blank(OTHER[database_kind]), blank(database_kind)
    told: list[tuple[str, int, int]] = []

    tables = copied(lived_in, there, progress=lambda *step: told.append(step))
    copied(there, back)

    assert contents(lived_in) == contents(there) == contents(back)
    assert {each.name: (each.rows, each.checksum) for each in tables} == contents(there)
    assert {each.name for each in tables if each.rows} >= FILLED
    assert ("event", rows := contents(there)["event"][0], rows) in told
    for url in (there, back):
        with opened(url) as engine:
            assert engine.verify() == []


def test_people_and_machines_go_on_in_the_copy(lived_in: str, database_kind: str, blank: Callable[[str], str]) -> None:
    target = blank(OTHER[database_kind])
    with opened(lived_in) as engine, engine.database.reading() as reader:
        jobs = max(last_number(reader, shape) for shape in shapes_of(engine.database.parts) if shape.name == "job")
        taken = next(each for each in engine.queries.open_items() if each.assignee == ANNA.id)

    copied(lived_in, target)

    with opened(target) as engine:
        engine.complete(taken.id, {}, actor=ANNA)
        engine.start("waits", {"k": "new"})
        engine.advance("P10D")
        with engine.database.reading() as reader:
            assert reader.scalar(select(job.c.id).order_by(job.c.id.desc()).limit(1)) > jobs
        assert engine.verify() == []


def test_the_number_of_a_job_that_is_gone_is_not_used_again_in_the_copy(
    lived_in: str, database_kind: str, blank: Callable[[str], str]
) -> None:
    with opened(lived_in) as engine, engine.database.transaction(engine.clock) as uow:
        row = {"type": "t", "line": "l", "name": "n", "state": "ready", "retries": 1, "attempts": 0}
        moments = {"due_at": engine.clock.now(), "created_at": engine.clock.now()}
        gone = uow.insert(insert(job).returning(job.c.id), {**row, **moments})
        uow.connection.execute(job.delete().where(job.c.id == gone))
    target = blank(OTHER[database_kind])

    copied(lived_in, target)

    with opened(target) as engine, engine.database.transaction(engine.clock) as uow:
        assert uow.insert(insert(job).returning(job.c.id), {**row, **moments}) > gone


def test_a_database_with_something_in_it_is_not_written_to(
    lived_in: str, database_kind: str, blank: Callable[[str], str]
) -> None:
    target = blank(OTHER[database_kind])
    with Database.open(target, parts=PARTS) as database:
        database.migrate()
        with database.transaction(SystemClock()) as uow:
            uow.write(insert(lease), {"name": "a", "owner": "b", "until": SystemClock().now()})
    before = contents(target)

    with pytest.raises(TargetNotEmpty, match="lease"):
        copied(lived_in, target)

    assert contents(target) == before


def test_a_copy_that_is_broken_off_leaves_nothing_and_can_be_made_again(
    lived_in: str, database_kind: str, blank: Callable[[str], str]
) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(table: str, done: int, total: int) -> None:
        if table == "work_item" and done:
            raise Interrupted

    target = blank(OTHER[database_kind])
    with pytest.raises(Interrupted):
        copied(lived_in, target, progress=interrupt)
    assert {rows for rows, _ in contents(target).values()} == {0}

    copied(lived_in, target)

    assert contents(target) == contents(lived_in)


def test_a_table_that_reads_otherwise_after_writing_is_not_kept(
    lived_in: str, database_kind: str, blank: Callable[[str], str]
) -> None:
    target = blank(OTHER[database_kind])
    with Database.open(target, parts=PARTS) as database:
        database.migrate()
        with database.transaction(SystemClock()) as uow:
            if uow.is_sqlite:
                uow.connection.execute(
                    text(
                        "CREATE TRIGGER spoil AFTER INSERT ON case_ BEGIN "
                        "UPDATE case_ SET title = 'spoilt' WHERE id = NEW.id; END"
                    )
                )
            else:
                uow.connection.execute(text("CREATE RULE spoil AS ON INSERT TO lease DO INSTEAD NOTHING"))
    with opened(lived_in) as engine, engine.database.transaction(engine.clock) as uow:
        uow.write(insert(lease), {"name": "a", "owner": "b", "until": engine.clock.now()})

    with pytest.raises(CopyDiffers):
        copied(lived_in, target)

    assert {rows for rows, _ in contents(target).values()} == {0}


def test_tables_that_this_program_does_not_know_are_not_left_behind_in_silence(
    lived_in: str, database_kind: str, blank: Callable[[str], str]
) -> None:
    with Database.open(lived_in) as database, database.transaction(SystemClock()) as uow:
        uow.connection.execute(text("CREATE TABLE other_family_person (id integer)"))

    with pytest.raises(InvalidInput, match="other_family_person"):
        copied(lived_in, blank(OTHER[database_kind]))


def test_a_source_of_another_version_is_refused(lived_in: str, database_kind: str, blank: Callable[[str], str]) -> None:
    with Database.open(lived_in) as database, database.transaction(SystemClock()) as uow:
        uow.connection.execute(text("UPDATE schema_version_engine SET version_num = '9999'"))

    with pytest.raises(SchemaMismatch, match="9999"):
        copied(lived_in, blank(OTHER[database_kind]))


def test_the_command_says_what_it_copied(lived_in: str, database_kind: str, blank: Callable[[str], str]) -> None:
    target = blank(OTHER[database_kind])

    done = CliRunner().invoke(stegvis.main, ["copy-database", lived_in, target, "--json"])
    again = CliRunner().invoke(stegvis.main, ["copy-database", lived_in, target])
    back = CliRunner().invoke(stegvis.main, ["copy-database", target, blank(database_kind)])

    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert {each["name"]: (each["rows"], each["checksum"]) for each in said["tables"]} == contents(target)
    assert said["rows"] == sum(rows for rows, _ in contents(target).values())
    assert back.exit_code == 0, back.output
    assert again.exit_code == 3
    assert "TARGET_NOT_EMPTY" in again.stderr


def test_changing_one_value_changes_the_checksum_of_its_table_only(lived_in: str) -> None:
    before = contents(lived_in)
    with opened(lived_in) as engine, engine.database.transaction(engine.clock) as uow:
        uow.connection.execute(update(job).values(retries=job.c.retries + 1))
    after = contents(lived_in)
    assert {name for name in before if before[name] != after[name]} == {"job"}
