"""procrastinate's tables: installed, migrated and checked by us, so that one command brings a database forward."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from procrastinate.schema import SchemaManager

from engine.errors import SchemaMismatch, StoreUnavailable

_LOCK = "SELECT pg_advisory_lock(hashtext('stegvis queue schema'))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('stegvis queue schema'))"
_TABLE = "CREATE TABLE IF NOT EXISTS schema_version_queue (version text PRIMARY KEY)"
_HAS_TABLE = "SELECT to_regclass('schema_version_queue') IS NOT NULL"
_HAS_JOBS = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL"
_READ = "SELECT version FROM schema_version_queue"
_FORGET = "DELETE FROM schema_version_queue"
_OURS = (
    "CREATE INDEX IF NOT EXISTS stegvis_ticket_of_line ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing')"
)
"""procrastinate asks for each ticket whether its line has an earlier one, and has no index that begins with lines."""
_NOTE = "INSERT INTO schema_version_queue (version) VALUES (%s)"


def migrate_queue(address: str) -> None:
    """Bring procrastinate's tables to the version of the installed library, from nothing or from an earlier one.

    address: libpq's address of the database. Processes that do this at the same time wait for each other.
    """
    with _connected(address) as connection:
        connection.execute(_LOCK)
        try:
            _migrate(connection)
            connection.execute(_OURS)
        finally:
            connection.execute(_UNLOCK)


def require_queue(address: str) -> None:
    """Raise SchemaMismatch unless procrastinate's tables are those of the installed library."""
    with _connected(address) as connection:
        found = _version(connection)
    wanted = _migrations()[-1].stem
    if found != wanted:
        state = f"is at {found}" if found else "is missing"
        raise SchemaMismatch(
            f"The queue of jobs in this database {state}; this program needs {wanted}. "
            "Run `stegvis migrate` with a backup at hand."
        )


def _migrate(connection: psycopg.Connection[Any]) -> None:
    found = _version(connection)
    files = _migrations()
    if found is None:
        if _answer(connection, _HAS_JOBS):
            raise SchemaMismatch(
                "The database has tables of procrastinate that Stegvis has not made; give it a database of its own."
            )
        with connection.transaction():
            connection.execute(_TABLE)
            connection.execute(SchemaManager.get_schema())
            _note(connection, files[-1].stem)
        return
    if found not in [file.stem for file in files]:
        raise SchemaMismatch(f"The queue of jobs is at {found}, which this program does not know; it is too old.")
    for file in files[[file.stem for file in files].index(found) + 1 :]:
        with connection.transaction():
            connection.execute(file.read_bytes())
            _note(connection, file.stem)


def _migrations() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _version(connection: psycopg.Connection[Any]) -> str | None:
    if not _answer(connection, _HAS_TABLE):
        return None
    row = connection.execute(_READ).fetchone()
    return None if row is None else str(row[0])


def _note(connection: psycopg.Connection[Any], version: str) -> None:
    connection.execute(_FORGET)
    connection.execute(_NOTE, (version,))


def _answer(connection: psycopg.Connection[Any], question: str) -> bool:
    row = connection.execute(question).fetchone()
    assert row is not None
    return bool(row[0])


@contextmanager
def _connected(address: str) -> Iterator[psycopg.Connection[Any]]:
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"The database does not answer ({error}).") from error
