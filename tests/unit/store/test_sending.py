"""Writes that nobody waits for: in order, never lost, undone with their part, and stored as SQLAlchemy stores them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Executable,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, ResourceClosedError

from engine.clock import LOCAL_ZONE, ManualClock
from engine.errors import InvalidInput, OutcomeUnknown, StoreUnavailable
from engine.store.columns import UtcDateTime
from engine.store.database import Database, LostRace
from engine.store.prepared import prepared
from engine.store.schema import lease
from engine.store.unit_of_work import UnitOfWork
from tests.postgres import Cluster

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
CLOCK = ManualClock(NOW)
INSERT = insert(lease)
OWNERS = select(lease.c.name, lease.c.owner).order_by(lease.c.name)
GIVE = update(lease).where(lease.c.owner == bindparam("of")).values(owner=bindparam("to"))
DROP = delete(lease).where(lease.c.name == bindparam("of"))

everything = Table(
    "everything",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("a_text", Text),
    Column("a_number", Integer),
    Column("a_large_number", BigInteger),
    Column("a_truth", Boolean),
    Column("a_day", Date),
    Column("a_moment", UtcDateTime),
    Column("some_bytes", LargeBinary),
    Column("some_json", JSON),
)
KEEP = insert(everything)
FIND = select(everything).where(everything.c.id == bindparam("of"))
SAME = select(everything.c.id).where(
    *(
        everything.c[name] == bindparam(f"same_{name}")
        for name in ("a_text", "a_number", "a_truth", "a_day", "a_moment")
    )
)
FULL: dict[str, Any] = {
    "a_text": "å'\"\\%s $1 {} ☃",
    "a_number": -(2**31),
    "a_large_number": 2**63 - 1,
    "a_truth": True,
    "a_day": date(2026, 2, 28),
    "a_moment": datetime(2026, 3, 29, 3, 0, 0, 123456, tzinfo=LOCAL_ZONE),
    "some_bytes": bytes(range(256)),
    "some_json": {"å": [1, 2.5, None, "x"]},
}
SMALL: dict[str, Any] = {
    **FULL,
    "a_text": "",
    "a_number": 0,
    "a_large_number": 1,
    "a_truth": False,
    "a_day": date(1, 1, 1),
    "a_moment": datetime(9999, 1, 1, tzinfo=UTC),
    "some_bytes": b"",
    "some_json": [],
}
EMPTY = {**dict.fromkeys(FULL), "some_json": {}}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with Database.open(database_url) as opened:
        make_ready(opened)
        yield opened


@pytest.fixture
def server(postgres_url: str) -> Iterator[Database]:
    with Database.open(postgres_url) as opened:
        make_ready(opened)
        yield opened


def make_ready(database: Database) -> None:
    """Let every statement here have come before: it goes through SQLAlchemy the first time."""
    with database.reading() as reader:
        for statement in (OWNERS, GIVE, DROP, FIND, SAME):
            prepared(reader.connection, statement, None)
        for keys in (tuple(row("a")), ("id", *FULL), ("id",), ("id", "some_json")):
            prepared(reader.connection, INSERT if "owner" in keys else KEEP, keys)


def row(name: str, owner: str = "x") -> dict[str, Any]:
    return {"name": name, "owner": owner, "until": NOW}


def owners(database: Database) -> dict[str, str]:
    with database.reading() as reader:
        return {each[0]: each[1] for each in reader.rows(OWNERS)}


def refused(database: Database, error: type[Exception], work: Callable[[UnitOfWork], object]) -> Exception:
    """The error that a transaction fails with, which does this."""
    with pytest.raises(error) as raised, database.transaction(CLOCK) as uow:
        work(uow)
    return raised.value


# --- order and errors -------------------------------------------------------------------------------------------------


def test_what_is_sent_is_done_in_order_and_before_what_is_asked(database: Database) -> None:
    with database.transaction(CLOCK) as uow:
        uow.send(INSERT, row("a"))
        uow.send(GIVE, {"of": "x", "to": "y"})
        uow.write_many(INSERT, [row("b"), row("c")])
        assert [tuple(each) for each in uow.rows(OWNERS)] == [("a", "y"), ("b", "x"), ("c", "x")]
        uow.send(DROP, {"of": "a"})
        uow.send(INSERT, row("a", "again"))
        assert uow.write(GIVE, {"of": "x", "to": "z"}) == 2
        uow.send(GIVE, {"of": "z", "to": "last"})
        assert len(uow.query(select(lease.c.name).where(lease.c.owner == "last"))) == 2
        uow.send(DROP, {"of": "c"})
    assert owners(database) == {"a": "again", "b": "last"}


def test_more_is_sent_than_waits_together(database: Database) -> None:
    with database.transaction(CLOCK) as uow:
        for number in range(450):
            uow.send(INSERT, row(f"one {number}"))
        uow.write_many(INSERT, [row(f"many {number}") for number in range(450)])
    assert len(owners(database)) == 900


def test_an_error_in_what_was_sent_undoes_it_all_by_the_commit(database: Database) -> None:
    def send(uow: UnitOfWork) -> None:
        for name in ("a", "a", "b"):
            uow.send(INSERT, row(name))

    refused(database, LostRace, send)
    assert owners(database) == {}


def test_an_error_in_what_was_sent_is_raised_by_what_is_asked_next(server: Database) -> None:
    def ask(uow: UnitOfWork) -> None:
        uow.write_many(INSERT, [row("a"), row("a"), row("b")])
        with pytest.raises(DBAPIError):
            uow.rows(OWNERS)
        uow.rows(OWNERS)

    refused(server, LostRace, ask)
    assert owners(server) == {}


def test_an_error_that_somebody_catches_is_raised_again_by_the_commit(server: Database) -> None:
    def catch(uow: UnitOfWork) -> None:
        uow.send(INSERT, row("a"))
        uow.send(INSERT, row("\x00"))
        with pytest.raises(DBAPIError):
            uow.rows(OWNERS)

    refused(server, InvalidInput, catch)
    assert owners(server) == {}


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_a_text_that_no_database_can_keep_is_refused(server: Database, text: str) -> None:
    refused(server, InvalidInput, lambda uow: uow.write_many(INSERT, [row("a"), row(text)]))
    assert owners(server) == {}


def test_a_number_that_is_too_large_is_refused(server: Database) -> None:
    def send(uow: UnitOfWork) -> None:
        everything.create(uow.connection)
        uow.send(KEEP, {"id": 2**40})

    refused(server, InvalidInput, send)


@pytest.mark.parametrize(("there", "fails"), [((), True), (("a",), False), (("a", "b"), True)])
def test_what_has_to_touch_one_row_fails_where_it_touches_none_or_two(
    database: Database, there: tuple[str, ...], fails: bool
) -> None:
    def give(uow: UnitOfWork) -> None:
        uow.write_many(INSERT, [row(name) for name in there])
        uow.send_to_one(GIVE, {"of": "x", "to": "y"}, LostRace("somebody was quicker"))
        uow.send(INSERT, row("c"))

    if fails:
        assert "quicker" in str(refused(database, LostRace, give))
        assert owners(database) == {}
    else:
        with database.transaction(CLOCK) as uow:
            give(uow)
        assert owners(database) == {"a": "y", "c": "x"}


def test_whoever_writes_after_the_end_is_refused(server: Database) -> None:
    with server.transaction(CLOCK) as over:
        over.send(INSERT, row("a"))
    with server.transaction(CLOCK) as uow:
        uow.send(INSERT, row("b"))
        with pytest.raises(ResourceClosedError):
            over.write(INSERT, row("late"))
    assert set(owners(server)) == {"a", "b"}


def test_a_transaction_that_fails_leaves_nothing_for_the_next_on_its_connection(server: Database) -> None:
    def fail(uow: UnitOfWork) -> None:
        uow.send(INSERT, row("half"))
        raise ZeroDivisionError

    refused(server, ZeroDivisionError, fail)
    with server.transaction(CLOCK) as uow:
        uow.send(INSERT, row("whole"))
    assert set(owners(server)) == {"whole"}


# --- parts that are undone --------------------------------------------------------------------------------------------


def test_a_part_is_undone_with_what_was_sent_in_it(database: Database) -> None:
    with database.transaction(CLOCK) as uow:
        uow.send(INSERT, row("before"))
        part = uow.savepoint()
        uow.send(INSERT, row("within"))
        uow.send(GIVE, {"of": "x", "to": "y"})
        part.rollback()
        empty = uow.savepoint()
        empty.rollback()
        kept = uow.savepoint()
        uow.send(INSERT, row("kept"))
        kept.commit()
        uow.send(INSERT, row("after"))
    assert owners(database) == {"before": "x", "kept": "x", "after": "x"}


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_an_error_in_a_part_is_raised_before_the_part_ends(server: Database, end: str) -> None:
    def end_part(uow: UnitOfWork) -> None:
        uow.send(INSERT, row("before"))
        part = uow.savepoint()
        uow.write_many(INSERT, [row("a"), row("a")])
        getattr(part, end)()
        raise AssertionError("nobody was told")

    refused(server, LostRace, end_part)
    assert owners(server) == {}


def test_whoever_undoes_the_part_that_failed_goes_on(database: Database) -> None:
    with database.transaction(CLOCK) as uow:
        uow.send(INSERT, row("before"))
        part = uow.savepoint()
        with pytest.raises(Exception, match=r"(?i)unique"):
            _twice(uow)
        uow.send(INSERT, row("b"))
        part.rollback()
        uow.send(INSERT, row("after"))
    assert owners(database) == {"before": "x", "after": "x"}


def _twice(uow: UnitOfWork) -> None:
    uow.send(INSERT, row("a"))
    uow.send(INSERT, row("a"))
    uow.rows(OWNERS)


def test_what_is_held_within_a_part_is_let_go_with_it(database: Database) -> None:
    with database.transaction(CLOCK) as uow:
        uow.note_held("before")
        part = uow.savepoint()
        uow.note_held("within")
        part.rollback()
        assert (uow.holds("before"), uow.holds("within")) == (True, False)


# --- what is stored ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [FULL, SMALL, EMPTY])
def test_values_are_stored_and_read_as_sqlalchemy_does(database: Database, values: dict[str, Any]) -> None:
    with database.transaction(CLOCK) as uow:
        everything.create(uow.connection)
        uow.connection.execute(KEEP, {"id": 1, **values})
        uow.send(KEEP, {"id": 2, **values})
        uow.write_many(KEEP, [{"id": number, **values} for number in (3, 4)])
    with database.reading() as reader:
        through_sqlalchemy = [reader.query_first(_of(number)) for number in (1, 2, 3, 4)]
        by_us = [reader.first(FIND, {"of": number}) for number in (1, 2, 3, 4)]
        for number, found in enumerate([*through_sqlalchemy, *by_us]):
            assert found is not None
            assert dict(found._mapping) == {"id": number % 4 + 1, **values}
            assert [type(each) for each in found] == [type(each) for each in through_sqlalchemy[0] or ()]


def _of(number: int) -> Executable:
    return select(everything).where(everything.c.id == number)


def test_values_are_compared_as_they_are_stored(database: Database) -> None:
    asked = {f"same_{name}": FULL[name] for name in ("a_text", "a_number", "a_truth", "a_day", "a_moment")}
    with database.transaction(CLOCK) as uow:
        everything.create(uow.connection)
        uow.connection.execute(KEEP, {"id": 1, **FULL})
        uow.send(KEEP, {"id": 2, **SMALL})
        assert [each[0] for each in uow.rows(SAME, asked)] == [1]
        assert [each[0] for each in uow.query(SAME, asked)] == [1]


def test_what_is_sent_is_what_it_was_when_it_was_sent(database: Database) -> None:
    changing = {"a": 1}
    with database.transaction(CLOCK) as uow:
        everything.create(uow.connection)
        uow.send(KEEP, {"id": 1, "some_json": changing})
        changing["a"] = 2
    with database.reading() as reader:
        found = reader.first(FIND, {"of": 1})
    assert found is not None
    assert found.some_json == {"a": 1}


# --- a server that goes away ------------------------------------------------------------------------------------------


def test_a_connection_cut_before_what_was_sent_is_done_leaves_nothing_of_it(own_cluster: Cluster) -> None:
    with Database.open(own_cluster.new_database()) as database:
        make_ready(database)
        assert owners(database) == {}

        def cut(uow: UnitOfWork) -> None:
            uow.send(INSERT, row("half"))
            uow.flush()
            uow.send(INSERT, row("other half"))
            own_cluster.cut_connections()

        assert not isinstance(refused(database, StoreUnavailable, cut), OutcomeUnknown)
        assert owners(database) == {}
        with database.transaction(CLOCK) as uow:
            uow.send(INSERT, row("whole"))
        assert set(owners(database)) == {"whole"}


def test_what_hangs_is_abandoned_with_what_it_has_sent(server: Database) -> None:
    def hang(uow: UnitOfWork) -> None:
        uow.send(INSERT, row("half"))
        uow.flush()
        uow.send(INSERT, row("other half"))
        assert server.abandon(threading.get_ident())

    refused(server, StoreUnavailable, hang)
    assert owners(server) == {}
