"""The schema's version, its migrations, and the columns that refuse what they must."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from engine.clock import LOCAL_ZONE, ManualClock
from engine.engine import Engine
from engine.errors import InvalidInput, SchemaMismatch
from engine.store.columns import UtcDateTime
from engine.store.database import Database
from engine.store.migrating import CORE
from engine.store.schema import lease, metadata
from tests.harness import new_database


def test_the_migrations_make_exactly_the_tables_of_the_schema(tmp_path: Path) -> None:
    database = Database.open(new_database(tmp_path))
    with database.reading() as reader:
        context = MigrationContext.configure(
            reader.connection,
            opts={
                "version_table": CORE.version_table,
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            },
        )
        assert compare_metadata(context, metadata) == []
    database.close()


def test_an_empty_database_is_refused_with_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SchemaMismatch, match="stegvis migrate"):
        Engine.open(f"sqlite:///{tmp_path / 'empty.db'}")


def test_another_version_is_refused(tmp_path: Path) -> None:
    url = new_database(tmp_path)
    database = Database.open(url)
    with database.reading() as reader:
        reader.connection.exec_driver_sql("SELECT 1")
    database.close()
    import sqlite3

    raw = sqlite3.connect(url.removeprefix("sqlite:///"))
    raw.execute(f"UPDATE {CORE.version_table} SET version_num = '9999'")
    raw.commit()
    raw.close()
    with pytest.raises(SchemaMismatch, match="9999"):
        Engine.open(url)


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    url = new_database(tmp_path)
    Engine.open(url, create=True).close()
    Engine.open(url).close()


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'x'", "DELETE FROM event"])
def test_the_history_cannot_be_changed(tmp_path: Path, statement: str) -> None:
    engine = Engine.open(new_database(tmp_path))
    engine.open_case("test", "1")
    import sqlite3

    raw = sqlite3.connect(engine.database.url.removeprefix("sqlite:///"))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)
    raw.close()
    engine.close()


def test_sqlite_runs_in_wal_with_full_sync_and_foreign_keys(tmp_path: Path) -> None:
    database = Database.open(new_database(tmp_path))
    with database.reading() as reader:
        pragmas = {
            name: reader.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    database.close()


def test_another_connections_commit_changes_the_mark(tmp_path: Path) -> None:
    url = new_database(tmp_path)
    mine, other = Engine.open(url), Engine.open(url)
    before = mine.database.change_mark()
    assert mine.database.change_mark() == before
    other.open_case("test", "1")
    assert mine.database.change_mark() != before
    mine.close()
    other.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        Database.open(url)


def test_a_stored_moment_is_aware_and_comes_back_in_utc(tmp_path: Path) -> None:
    engine = Engine.open(new_database(tmp_path))
    local = datetime(2026, 7, 1, 10, 0, tzinfo=timezone(timedelta(hours=2)))
    with engine.database.transaction(engine.clock) as uow:
        uow.write(insert(lease), {"name": "a", "owner": "b", "until": local})
        found = uow.scalar(select(lease.c.until))
        assert found == local
        assert found.tzinfo is UTC
        with pytest.raises((ValueError, StatementError), match="aware"):
            uow.write(insert(lease), {"name": "c", "owner": "b", "until": datetime(2026, 7, 1)})  # noqa: DTZ001
    assert UtcDateTime.cache_ok
    engine.close()


def test_the_two_moments_of_an_hour_that_comes_twice_are_kept_apart(tmp_path: Path) -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=LOCAL_ZONE)
    moments = [first, first.replace(fold=1), first.astimezone(UTC), datetime(1, 1, 1, tzinfo=UTC)]
    with Database.open(new_database(tmp_path)) as database, database.transaction(ManualClock(first)) as uow:
        for number, moment in enumerate(moments):
            row = {"name": str(number), "owner": "x", "until": moment}
            uow.write(insert(lease), row)
        kept = [row[0] for row in uow.query(select(lease.c.until).order_by(lease.c.name))]

    assert kept == [each.astimezone(UTC) for each in moments]
    assert kept[1] - kept[0] == timedelta(hours=1)


def test_postgresql_without_its_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("engine.store.server", raising=False)
    monkeypatch.setitem(sys.modules, "engine.store.server", None)
    with pytest.raises(InvalidInput, match="driver is not installed"):
        Database.open("postgresql+psycopg://stegvis@nowhere/stegvis")
