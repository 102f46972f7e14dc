"""Statements made ready once give what SQLAlchemy gives, and refuse what lacks a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, or_, select, text, update
from sqlalchemy.exc import StatementError

from engine.clock import LOCAL_ZONE, ManualClock
from engine.store import prepared
from engine.store.database import Database
from engine.store.prepared import MAX_LENGTHS, Prepared
from engine.store.schema import lease, message
from engine.store.unit_of_work import UnitOfWork
from tests.harness import new_database

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
INSERT = insert(lease)
FIND = select(lease.c.name, lease.c.owner, lease.c.until).where(lease.c.name == bindparam("name"))
MOVE = update(lease).where(lease.c.name == bindparam("of")).values(until=bindparam("at"), owner="ny")
SEVERAL = select(lease.c.name).where(lease.c.name.in_(bindparam("names", expanding=True))).order_by(lease.c.name)


@pytest.fixture
def uow(database_url: str) -> Iterator[UnitOfWork]:
    database = Database.open(database_url)
    with database.transaction(ManualClock(NOW)) as opened:
        opened.write_many(INSERT, [{"name": name, "owner": "x", "until": NOW} for name in "ab"])
        yield _Ready(opened.connection, NOW)
    database.close()


class _Ready(UnitOfWork):
    """Makes each statement ready when it comes the first time."""

    def _ready(self, statement: Any, keys: tuple[str, ...] | None = None) -> Prepared | None:
        return super()._ready(statement, keys) or super()._ready(statement, keys)


def test_a_statement_is_kept_from_the_second_time_and_one_that_is_gone_never(tmp_path: Path) -> None:
    # given a statement that comes again and again, and others that are put together for one question
    database, again = (
        Database.open(new_database(tmp_path)),
        select(lease.c.name).where(lease.c.owner == bindparam("owner")),
    )
    with database.transaction(ManualClock(NOW)) as uow:
        for number in range(5):
            # when they are asked
            uow.rows(select(lease.c.name).where(lease.c.owner == f"person {number}"))
            uow.rows(again, {"owner": "x"})
    database.close()
    # then the one is made ready, and nothing is kept of the others
    kept = [statement for statement, _ in prepared._KEPT.values()]
    assert any(statement is again for statement in kept)
    assert not any("person 0" in statement.compile().params.values() for statement in kept)


def test_the_oldest_goes_when_more_come_than_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given room for two statements
    monkeypatch.setattr(prepared, "MAX_KEPT", 2)
    monkeypatch.setattr(prepared, "_KEPT", {})
    statements = [select(lease.c.name).where(lease.c.owner == bindparam("owner")).limit(limit) for limit in (1, 2, 3)]
    database = Database.open(new_database(tmp_path))
    with database.transaction(ManualClock(NOW)) as uow:
        uow.write_many(INSERT, [{"name": name, "owner": "x", "until": NOW} for name in "abc"])
        # when three come in turn
        found = [len(uow.rows(statement, {"owner": "x"})) for _ in range(3) for statement in statements]
    database.close()
    # then each is answered, and two are kept
    assert found == [1, 2, 3] * 3
    assert len(prepared._KEPT) == 2


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
    with pytest.raises((KeyError, StatementError)):
        uow.first(FIND, {})


def test_a_list_has_as_many_places_as_members(uow: UnitOfWork) -> None:
    for names, found in ((["a", "b", "c"], ["a", "b"]), (["b"], ["b"]), (("c", "a"), ["a"]), ([], [])):
        assert [row[0] for row in uow.rows(SEVERAL, {"names": names})] == found
        assert [row[0] for row in uow.query(SEVERAL, {"names": names})] == found


def test_the_members_of_a_list_are_stored_as_their_column_stores(uow: UnitOfWork) -> None:
    at = select(lease.c.name).where(lease.c.until.in_(bindparam("moments", expanding=True))).order_by(lease.c.name)
    assert [row[0] for row in uow.rows(at, {"moments": [NOW.astimezone(LOCAL_ZONE)]})] == ["a", "b"]
    assert uow.rows(at, {"moments": [NOW.replace(year=2027)]}) == []


def test_a_list_may_stand_twice_and_between_others(uow: UnitOfWork) -> None:
    names = bindparam("names", expanding=True)
    twice = select(lease.c.name).where(
        lease.c.owner == bindparam("owner"), or_(lease.c.name.in_(names), lease.c.owner.in_(names)), lease.c.name != "b"
    )
    assert [row[0] for row in uow.rows(twice, {"owner": "x", "names": ["x", "y"]})] == ["a"]
    assert uow.rows(twice, {"owner": "y", "names": ["a", "x"]}) == []


def test_a_statement_with_its_own_list_writes(uow: UnitOfWork) -> None:
    move = update(lease).where(lease.c.name.in_(("a", "z")), lease.c.owner.in_(bindparam("of", expanding=True)))
    move = move.values(owner=bindparam("new_owner"))
    assert uow.write(move, {"of": ["y", "x"], "new_owner": "ny"}) == 1
    assert uow.scalar(select(lease.c.owner).where(lease.c.name == "a")) == "ny"


def test_lists_are_refused_for_many_rows_at_once(uow: UnitOfWork) -> None:
    move = update(lease).where(lease.c.name.in_(bindparam("of", expanding=True))).values(owner=bindparam("new_owner"))
    uow.write_many(move, [{"of": ["a", "c"], "new_owner": "1"}])
    assert [row[0] for row in uow.rows(select(lease.c.owner).order_by(lease.c.name))] == ["1", "x"]
    with pytest.raises(StatementError):
        uow.write_many(move, [{"of": ["a"], "new_owner": "2"}, {"of": ["b"], "new_owner": "3"}])


def test_lists_of_more_lengths_than_are_kept_are_answered_too(uow: UnitOfWork) -> None:
    for length in range(MAX_LENGTHS + 3):
        names = [*(f"n{number}" for number in range(length)), "a"]
        assert [row[0] for row in uow.rows(SEVERAL, {"names": names})] == ["a"]


def test_a_missing_list_is_an_error_and_not_an_empty_one(uow: UnitOfWork) -> None:
    with pytest.raises((KeyError, StatementError)):
        uow.rows(SEVERAL, {})


def test_texts_go_through_sqlalchemy(uow: UnitOfWork) -> None:
    assert uow.scalar(text("SELECT count(*) FROM lease WHERE owner = :owner"), {"owner": "x"}) == 2


def test_a_savepoint_is_undone_without_the_rest(uow: UnitOfWork) -> None:
    uow.write(MOVE, {"of": "a", "at": NOW})
    part = uow.savepoint()
    uow.write(MOVE, {"of": "b", "at": NOW})
    part.rollback()
    kept = uow.savepoint()
    uow.write_many(INSERT, [{"name": "c", "owner": "c", "until": NOW}])
    kept.commit()
    assert [tuple(row) for row in uow.rows(select(lease.c.name, lease.c.owner).order_by(lease.c.name))] == [
        ("a", "ny"),
        ("b", "x"),
        ("c", "c"),
    ]


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
