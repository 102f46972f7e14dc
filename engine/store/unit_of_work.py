"""One transaction: the connection, the moment it happens at, and what has to be told to others after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable, Insert, Row

from engine.protocols import CommitSummary, DueLine, Urgency
from engine.store.drivers import Driver, Part, driver_of
from engine.store.prepared import Params, Prepared, prepared

__all__ = ["NONE", "AnyRow", "Params", "Reader", "Savepoint", "UnitOfWork"]

NONE: Params = {}
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of whatever columns its statement has."""


class Reader:
    """Reads within one consistent view of the database."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._driver: Driver = driver_of(connection)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, where one writer at a time holds the whole database."""
        return self.connection.dialect.name == "sqlite"

    def first(self, statement: Executable, params: Params = NONE) -> AnyRow | None:
        """The first row of the answer to a statement that was made once, or None."""
        ready = self._ready(statement)
        if ready is None:
            return self.connection.execute(statement, params).first()
        found: AnyRow | None = self._driver.first(ready, params)
        return found

    def rows(self, statement: Executable, params: Params = NONE) -> Sequence[AnyRow]:
        """All rows of the answer to a statement that was made once."""
        ready = self._ready(statement)
        if ready is None:
            return self.connection.execute(statement, params).all()
        return self._driver.rows(ready, params)

    def scalar(self, statement: Executable, params: Params = NONE) -> Any:
        """The first column of the first row of the answer to a statement that was made once, or None."""
        row = self.first(statement, params)
        return None if row is None else row[0]

    def query(self, statement: Executable, params: Params = NONE) -> Sequence[AnyRow]:
        """All rows of the answer to a statement that was put together for this question."""
        return self.connection.execute(statement, params).all()

    def query_first(self, statement: Executable) -> AnyRow | None:
        """The first row of the answer to a statement that was put together for this question, or None."""
        return self.connection.execute(statement).first()

    def query_scalar(self, statement: Executable, params: Params = NONE) -> Any:
        """The first column of the first row of the answer to a statement put together for this question, or None."""
        return self.connection.execute(statement, params).scalar()

    def _ready(self, statement: Executable, keys: tuple[str, ...] | None = None) -> Prepared | None:
        return prepared(self.connection, statement, keys)


class Savepoint:
    """A part of a transaction that can be undone without the rest; ended by `commit` or `rollback`, or with it all."""

    def __init__(self, part: Part, held: set[str]) -> None:
        """Use `UnitOfWork.savepoint`."""
        self._part = part
        self._held, self._held_before = held, frozenset(held)

    def commit(self) -> None:
        """Keep it, if the transaction commits."""
        self._part.commit()

    def rollback(self) -> None:
        """Undo it, and let go of what was held since."""
        self._part.rollback()
        self._held &= self._held_before


class UnitOfWork(Reader):
    """Reads and writes within one transaction; what is written through `connection` commits with it, or not at all."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection)
        self.now = now
        """The moment of this transaction (aware, UTC): every row written in it bears the same."""
        self._lines: dict[str, Urgency] = {}
        self._alarm: datetime | None = None
        self._released = False
        self._held: set[str] = set()

    def write(self, statement: Executable, params: Params = NONE) -> int:
        """Run one statement that writes; how many rows it touched. Where nobody asks that, use `send`."""
        ready = self._ready(statement, _keys(statement, params))
        if ready is None:
            return self.connection.execute(statement, params).rowcount
        return self._driver.count(ready, params)

    def insert(self, statement: Executable, params: Params) -> int:
        """Insert one row; the id that its statement returns."""
        ready = self._ready(statement, tuple(params))
        if ready is None:
            return int(self.connection.execute(statement, params).scalar_one())
        return int(self._driver.first(ready, params)[0])

    def send(self, statement: Executable, params: Params = NONE) -> None:
        """Run one statement that writes, without waiting for it to be done.

        It is done before whatever is asked or written next; an error in it is raised by the commit at the latest.
        """
        ready = self._ready(statement, _keys(statement, params))
        if ready is None:
            self.connection.execute(statement, params)
        else:
            self._driver.send(ready, params)

    def send_to_one(self, statement: Executable, params: Params, otherwise: Exception) -> None:
        """Like `send`, for what has to touch exactly one row: raises `otherwise`, by the commit at the latest."""
        ready = self._ready(statement, _keys(statement, params))
        if ready is not None:
            self._driver.send(ready, params, otherwise)
        elif self.connection.execute(statement, params).rowcount != 1:
            raise otherwise

    def write_many(self, statement: Executable, rows: Sequence[Params]) -> None:
        """Run one statement for each of `rows`, as `send` does; nothing for none."""
        if not rows:
            return
        ready = self._ready(statement, _keys(statement, rows[0]))
        if ready is None or (ready.has_lists and len(rows) > 1):
            self.connection.execute(statement, rows)  # which refuses lists for more than one row
        elif len(rows) == 1:
            self._driver.send(ready, rows[0])
        else:
            self._driver.send_many(ready, rows)

    def flush(self) -> None:
        """See to it that whatever was sent has been done; raises the first error in it."""
        self._driver.flush()

    def savepoint(self) -> Savepoint:
        """Begin what may be undone by itself within this transaction. One at a time."""
        return Savepoint(self._driver.part(), self._held)

    def send_as_is(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Like `send`, for a statement of one database's own; `%s` stands for PostgreSQL's values."""
        self._driver.send_as_is(sql, values)

    def holds(self, instance_id: str) -> bool:
        """Whether this transaction keeps others from changing an instance already (see `instance_rows.hold`)."""
        return instance_id in self._held

    def note_held(self, instance_id: str) -> None:
        """Remember that this transaction keeps others from changing an instance."""
        self._held.add(instance_id)

    def let_power_cuts_undo_it(self) -> None:
        """Commit without waiting for the disk (PostgreSQL): a process that dies undoes nothing, a power cut may."""
        if not self.is_sqlite:
            self.send_as_is("SET LOCAL synchronous_commit TO off")

    def note_job(self, line: str, urgency: Urgency) -> None:
        """Remember a line with a new job that can run at once."""
        self._lines[line] = min(urgency, self._lines.get(line, urgency))

    def note_alarm(self, due_at: datetime) -> None:
        """Remember a new due time."""
        if self._alarm is None or due_at < self._alarm:
            self._alarm = due_at

    def note_release(self) -> None:
        """Remember that a release was published."""
        self._released = True

    def summary(self) -> CommitSummary:
        """What to tell the dispatcher once this has committed."""
        lines = tuple(DueLine(name, urgency) for name, urgency in self._lines.items())
        return CommitSummary(lines, self._alarm, self._released)


def _keys(statement: Executable, params: Params) -> tuple[str, ...] | None:
    """The columns an insert is given; other statements name theirs themselves."""
    return tuple(params) if isinstance(statement, Insert) else None
