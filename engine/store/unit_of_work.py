"""One transaction: the connection, the moment it happens at, and what has to be told to others after the commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable, Row

from engine.protocols import CommitSummary

Params = Mapping[str, Any]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of whatever columns its statement has."""


class Reader:
    """Reads within one consistent view of the database."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, where one writer at a time holds the whole database."""
        return self.connection.dialect.name == "sqlite"

    def first(self, statement: Executable, params: Params | None = None) -> AnyRow | None:
        """The first row of the answer, or None."""
        return self.connection.execute(statement, params).first()

    def rows(self, statement: Executable, params: Params | None = None) -> Sequence[AnyRow]:
        """All rows of the answer."""
        return self.connection.execute(statement, params).all()

    def scalar(self, statement: Executable, params: Params | None = None) -> Any:
        """The first column of the first row, or None."""
        return self.connection.execute(statement, params).scalar()


class UnitOfWork(Reader):
    """Reads and writes within one transaction; what is written through `connection` commits with it, or not at all."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection)
        self.now = now
        """The moment of this transaction (aware, UTC): every row written in it bears the same."""
        self._jobs: list[int] = []
        self._alarm: datetime | None = None
        self._released = False

    def write(self, statement: Executable, params: Params | None = None) -> int:
        """Run one statement that writes; how many rows it touched."""
        return self.connection.execute(statement, params).rowcount

    def write_many(self, statement: Executable, rows: Sequence[Params]) -> None:
        """Run one statement for each of `rows`, in one go; nothing for none."""
        if rows:
            self.connection.execute(statement, rows)

    def note_job(self, job_id: int) -> None:
        """Remember a new job that can run at once."""
        self._jobs.append(job_id)

    def note_alarm(self, due_at: datetime) -> None:
        """Remember a new due time."""
        if self._alarm is None or due_at < self._alarm:
            self._alarm = due_at

    def note_release(self) -> None:
        """Remember that a release was published."""
        self._released = True

    def summary(self) -> CommitSummary:
        """What to tell the dispatcher once this has committed."""
        return CommitSummary(tuple(self._jobs), self._alarm, self._released)
