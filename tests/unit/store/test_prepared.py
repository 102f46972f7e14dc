"""Statements made ready once give what SQLAlchemy gives, and refuse what lacks a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, text, update

from engine.clock import ManualClock
from engine.store.database import Database
from engine.store.schema import lease, message
from engine.store.unit_of_work import UnitOfWork
from tests.harness import new_database

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
INSERT = insert(lease)
FIND = select(lease.c.name, lease.c.owner, lease.c.until).where(lease.c.name == bindparam("name"))
MOVE = update(lease).where(lease.c.name == bindparam("of")).values(until=bindparam("at"), owner="ny")
SEVERAL = select(lease.c.name).where(lease.c.name.in_(bindparam("names", expanding=True))).order_by(lease.c.name)


@pytest.fixture
def uow(tmp_path: Path) -> Iterator[UnitOfWork]:
    database = Database.open(new_database(tmp_path))
    with database.transaction(ManualClock(NOW)) as opened:
        opened.write_many(INSERT, [{"name": name, "owner": "x", "until": NOW} for name in "ab"])
        yield opened
    database.close()


def test_rows_are_read_by_name_and_type(uow: UnitOfWork) -> None:
    row = uow.first(FIND, {"name": "a"})
    assert row is not None
    assert (row.name, row[1], row._mapping["until"]) == ("a", "x", NOW)
    assert row == uow.query_first(FIND.params(name="a"))
    assert uow.first(FIND, {"name": "z"}) is None


def test_constants_of_a_statement_are_written(uow: UnitOfWork) -> None:
    assert uow.write(MOVE, {"of": "a", "at": NOW.replace(year=2027)}) == 1
    row = uow.first(FIND, {"name": "a"})
    assert row is not None
    assert (row.owner, row.until) == ("ny", NOW.replace(year=2027))
    assert uow.write(MOVE, {"of": "z", "at": NOW}) == 0


def test_a_missing_parameter_is_an_error_and_not_null(uow: UnitOfWork) -> None:
    with pytest.raises(KeyError):
        uow.first(FIND, {})


def test_lists_and_texts_go_through_sqlalchemy(uow: UnitOfWork) -> None:
    assert [row[0] for row in uow.rows(SEVERAL, {"names": ["a", "b", "c"]})] == ["a", "b"]
    assert [row[0] for row in uow.rows(SEVERAL, {"names": []})] == []
    assert uow.scalar(text("SELECT count(*) FROM lease WHERE owner = :owner"), {"owner": "x"}) == 2


def test_an_insert_gives_the_id_it_made(uow: UnitOfWork) -> None:
    values = {
        "name": "n",
        "key": "",
        "variables": b"{}",
        "actor": "x",
        "created_at": NOW,
        "state": "pending",
    }
    statement = insert(message).returning(message.c.id)
    first = uow.insert(statement, values)
    assert uow.insert(statement, {**values, "message_id": "m"}) == first + 1
