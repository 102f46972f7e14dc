"""What a transaction asks of a database's driver, past SQLAlchemy; and SQLite's, which answers at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from engine.store.prepared import Params, Prepared


class Part(Protocol):
    """A part of a transaction that can be undone without the rest; ended by one of these, or with it all."""

    def commit(self) -> None:
        """Keep it, if the transaction commits."""

    def rollback(self) -> None:
        """Undo it."""


class Driver(Protocol):
    """How statements that were made ready get to the database.

    What is sent may wait: it is done before whatever is asked next, in order, and before the commit. An error in it is
    raised by then at the latest.
    """

    def first(self, ready: Prepared, params: Params) -> Any:
        """The first row of the answer, or None."""

    def rows(self, ready: Prepared, params: Params) -> list[Any]:
        """All rows of the answer."""

    def count(self, ready: Prepared, params: Params) -> int:
        """Run a statement that writes; how many rows it touched."""

    def send(self, ready: Prepared, params: Params, otherwise: Exception | None = None) -> None:
        """Run a statement that writes; where it has to touch exactly one row, `otherwise` is raised if it does not."""

    def send_many(self, ready: Prepared, rows: Sequence[Params]) -> None:
        """Run a statement that writes, without lists, for each of several rows."""

    def send_as_is(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run a statement of this database's own, with its driver's placeholders."""

    def flush(self) -> None:
        """See to it that whatever was sent has been done."""

    def part(self) -> Part:
        """Begin a part that may be undone by itself; one at a time."""


class SqliteDriver:
    """SQLite's: the database is in the process, so that nothing is gained by waiting."""

    __slots__ = ("_raw",)

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def first(self, ready: Prepared, params: Params) -> Any:
        """The first row of the answer, or None."""
        row = self._raw.execute(ready.sql(params), ready.bind(params)).fetchone()
        return None if row is None else ready.read(row)

    def rows(self, ready: Prepared, params: Params) -> list[Any]:
        """All rows of the answer."""
        return [ready.read(row) for row in self._raw.execute(ready.sql(params), ready.bind(params)).fetchall()]

    def count(self, ready: Prepared, params: Params) -> int:
        """Run a statement that writes; how many rows it touched."""
        return self._raw.execute(ready.sql(params), ready.bind(params)).rowcount

    def send(self, ready: Prepared, params: Params, otherwise: Exception | None = None) -> None:
        """Run a statement that writes; where it has to touch exactly one row, `otherwise` is raised if it does not."""
        done = self._raw.execute(ready.sql(params), ready.bind(params))
        if otherwise is not None and done.rowcount != 1:
            raise otherwise

    def send_many(self, ready: Prepared, rows: Sequence[Params]) -> None:
        """Run a statement that writes, without lists, for each of several rows."""
        self._raw.executemany(ready.sql(rows[0]), ready.bind_all(rows))

    def send_as_is(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run a statement of SQLite's own."""
        self._raw.execute(sql, values)

    def flush(self) -> None:
        """Nothing ever waits."""

    def part(self) -> Part:
        """Begin a part that may be undone by itself; one at a time."""
        return SqlitePart(self._raw)


class SqlitePart:
    """A savepoint of SQLite's."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        raw.execute("SAVEPOINT part")

    def commit(self) -> None:
        """Keep it, if the transaction commits."""
        self._raw.execute("RELEASE SAVEPOINT part")

    def rollback(self) -> None:
        """Undo it."""
        self._raw.execute("ROLLBACK TO SAVEPOINT part")
        self._raw.execute("RELEASE SAVEPOINT part")


DRIVER = "stegvis driver"
"""Where a connection to a server keeps the driver of the transaction that is open on it (see `Connection.info`)."""


def driver_of(connection: Connection) -> Driver:
    """The driver of the transaction that is open on a connection."""
    if connection.dialect.name != "sqlite":
        found: Driver = connection.info[DRIVER]
        return found
    raw: Any = connection.connection.dbapi_connection
    return SqliteDriver(raw)
