"""PostgreSQL's driver, past SQLAlchemy: statements that wait for no answer travel together with the next that does.

Each statement by itself is a round trip to the server and back; a command has a dozen. So writes are kept until
something is asked, or the transaction ends, and go in one pipeline with it; BEGIN goes with the first of them.

Statements are prepared on the server. The driver would do so once for each combination of parameters' types, of which
NULL is one: so values are sent without a type of their own, and take the one that the statement says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, ResourceClosedError

from engine.store.drivers import DRIVER, Part
from engine.store.prepared import Params, Prepared

STATEMENTS = 512
"""How many statements a connection keeps prepared on the server: more than there are."""
TOGETHER = 200
"""So many rows wait at most: a large import must not gather in memory."""
_SAVEPOINT = "SAVEPOINT part"
_RELEASE = "RELEASE SAVEPOINT part"
_UNDO = "ROLLBACK TO SAVEPOINT part"
_LINE = "stegvis line"


class _Untyped(Dumper):
    """A value as text, for the server to read as what the statement says that it is."""

    oid = 0

    def dump(self, obj: Any) -> Buffer | None:
        """As PostgreSQL reads moments and days."""
        return str(obj).encode()


class _Number(_Untyped):
    def dump(self, obj: Any) -> Buffer | None:
        return b"%d" % obj


class _Truth(_Untyped):
    def dump(self, obj: Any) -> Buffer | None:
        return b"t" if obj else b"f"


class _Bytes(_Untyped):
    format = Format.BINARY

    def dump(self, obj: Any) -> Buffer | None:
        return bytes(obj)


_DUMPERS: dict[type, type[Dumper]] = {
    int: _Number,
    bool: _Truth,
    bytes: _Bytes,
    datetime: _Untyped,
    date: _Untyped,
}


@dataclass(slots=True)
class _Waiting:
    """A statement that has not been sent yet, with its values; of `many`, those of each row."""

    sql: str
    values: Sequence[Any]
    prepare: bool | None = None
    many: bool = False
    otherwise: Exception | None = None


class _Line:
    """One connection, with the cursors that its transactions use one after the other."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        raw.autocommit = True  # BEGIN is ours to send: the driver would wait for its answer
        raw.prepared_max = STATEMENTS
        self.raw = raw
        self.asking = self.cursor()
        self.telling = self.cursor()

    def cursor(self) -> psycopg.Cursor[Any]:
        """A cursor that sends values without a type of their own."""
        cursor = self.raw.cursor()
        for kind, dumper in _DUMPERS.items():
            cursor.adapters.register_dumper(kind, dumper)
        return cursor


class PostgresDriver:
    """One transaction's."""

    def __init__(self, line: _Line, connection: Connection, opening: str) -> None:
        """`opening`: the statement that begins the transaction; it is sent with the first of the others."""
        self._line, self._connection = line, connection
        self._opening: str | None = opening
        self._waiting: list[_Waiting] = []
        self._rows = 0
        self._failed: BaseException | None = None

    def end(self) -> None:
        """The transaction is over; whoever still writes through it must not write into the next one."""
        self._waiting.clear()
        self._failed = ResourceClosedError("This transaction is over.")

    # --- statements -----------------------------------------------------------------------------------------------

    def first(self, ready: Prepared, params: Params) -> Any:
        """The first row of the answer, or None."""
        row = self._ask(ready, params).fetchone()
        return None if row is None else ready.read(row)

    def rows(self, ready: Prepared, params: Params) -> list[Any]:
        """All rows of the answer."""
        return [ready.read(row) for row in self._ask(ready, params).fetchall()]

    def count(self, ready: Prepared, params: Params) -> int:
        """Run a statement that writes; how many rows it touched."""
        return self._ask(ready, params).rowcount

    def send(self, ready: Prepared, params: Params, otherwise: Exception | None = None) -> None:
        """Run a statement that writes; where it has to touch exactly one row, `otherwise` is raised if it does not."""
        self._wait(_Waiting(ready.sql(params), ready.bind(params), _prepare(ready), otherwise=otherwise), 1)

    def send_many(self, ready: Prepared, rows: Sequence[Params]) -> None:
        """Run a statement that writes, without lists, for each of several rows."""
        for start in range(0, len(rows), TOGETHER):
            some = rows[start : start + TOGETHER]
            self._wait(_Waiting(ready.sql(some[0]), ready.bind_all(some), many=True), len(some))

    def send_as_is(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run a statement of PostgreSQL's own, with the driver's placeholders, of which nobody needs the answer."""
        self._wait(_Waiting(sql, values), 1)

    def flush(self) -> None:
        """See to it that whatever was sent has been done."""
        if self._waiting or self._opening is not None or self._failed is not None:
            self._exchange(None)

    def part(self) -> Part:
        """Begin a part that may be undone by itself; one at a time."""
        return PostgresPart(self)

    def _wait(self, statement: _Waiting, rows: int) -> None:
        self._waiting.append(statement)
        self._rows += rows
        if self._rows >= TOGETHER:
            self.flush()

    def _ask(self, ready: Prepared, params: Params) -> psycopg.Cursor[Any]:
        self._exchange(_Waiting(ready.sql(params), ready.bind(params), _prepare(ready)))
        return self._line.asking

    def _exchange(self, asked: _Waiting | None) -> None:
        """Send what waits, and `asked` last, whose answer is then in the cursor for that."""
        if self._failed is not None:
            raise self._failed
        opening, waiting = self._opening, self._waiting
        self._opening, self._waiting, self._rows = None, [], 0
        try:
            if opening is None and not waiting and asked is not None:
                self._line.asking.execute(asked.sql, asked.values, prepare=asked.prepare)
                return
            self._send_together(opening, waiting, asked)
        except psycopg.Error as error:
            told = self._as_sqlalchemy(error)
            self._note_failed(waiting, told)
            raise told from error
        except BaseException as error:
            self._note_failed(waiting, error)
            raise

    def _note_failed(self, waiting: Sequence[_Waiting], error: BaseException) -> None:
        if waiting:
            self._failed = error  # whoever catches it must not go on without what was lost
        if self._line.raw.closed:
            self._connection.invalidate(error)

    def _as_sqlalchemy(self, error: psycopg.Error) -> Exception:
        """The error as SQLAlchemy would have raised it, so that nobody has to know which way a statement went."""
        told = DBAPIError.instance(
            "",
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=self._line.raw.closed,
            dialect=self._connection.dialect,
        )
        assert isinstance(told, DBAPIError)
        return told

    def _send_together(self, opening: str | None, waiting: Sequence[_Waiting], asked: _Waiting | None) -> None:
        checked: list[tuple[psycopg.Cursor[Any], Exception]] = []
        first: psycopg.Error | None = None
        try:
            with self._line.raw.pipeline():
                try:
                    if opening is not None:
                        self._line.telling.execute(opening, prepare=False)
                    for each in waiting:
                        self._tell(each, checked)
                    if asked is not None:
                        self._line.asking.execute(asked.sql, asked.values, prepare=asked.prepare)
                except psycopg.Error as error:
                    first = error  # what comes after it says only that it was not tried
        except psycopg.Error as error:
            first = first or error
        if first is not None:
            raise first
        for cursor, otherwise in checked:
            if cursor.rowcount != 1:
                raise otherwise

    def _tell(self, statement: _Waiting, checked: list[tuple[psycopg.Cursor[Any], Exception]]) -> None:
        if statement.many:
            self._line.telling.executemany(statement.sql, statement.values)
        elif statement.otherwise is None:
            self._line.telling.execute(statement.sql, statement.values, prepare=statement.prepare)
        else:
            cursor = self._line.cursor()
            cursor.execute(statement.sql, statement.values, prepare=statement.prepare)
            checked.append((cursor, statement.otherwise))

    # --- savepoints -----------------------------------------------------------------------------------------------

    def open_part(self) -> None:
        """Set a savepoint; what was sent before it has been done."""
        if self._waiting or self._failed is not None:
            self.flush()
        self.send_as_is(_SAVEPOINT)

    def keep_part(self) -> None:
        """Let the savepoint go; what was sent since has been done, and an error in it is raised here."""
        if self._took_back_savepoint():
            return
        has_sent = bool(self._waiting)
        self.send_as_is(_RELEASE)
        if has_sent or self._failed is not None:
            self.flush()

    def undo_part(self) -> None:
        """Go back to the savepoint; an error in what was sent since, and not raised yet, is raised here."""
        if self._took_back_savepoint():
            return
        if self._failed is not None:
            self._waiting.clear()  # what was sent after an error that was raised goes with it
            self._failed = None
        elif self._waiting:
            self.flush()
        self.send_as_is(_UNDO)
        self.send_as_is(_RELEASE)

    def _took_back_savepoint(self) -> bool:
        """Whether nothing was asked or sent since the savepoint, which then need not be set at all."""
        if len(self._waiting) != 1 or self._waiting[0].sql != _SAVEPOINT:
            return False
        self._waiting.clear()
        self._rows = 0
        return True


class PostgresPart:
    """A savepoint of PostgreSQL's."""

    def __init__(self, driver: PostgresDriver) -> None:
        self._driver = driver
        driver.open_part()

    def commit(self) -> None:
        """Keep it, if the transaction commits."""
        self._driver.keep_part()

    def rollback(self) -> None:
        """Undo it."""
        self._driver.undo_part()


def keep_line(raw: psycopg.Connection[Any], info: dict[str, Any]) -> None:
    """Make a new connection ready for us, and remember in `info` what it keeps for as long as it lives."""
    info[_LINE] = _Line(raw)


def begin(connection: Connection, opening: str) -> None:
    """A transaction begins on a connection, by the statement `opening`."""
    end(connection.info)
    connection.info[DRIVER] = PostgresDriver(connection.info[_LINE], connection, opening)


def end(info: dict[str, Any]) -> None:
    """The transaction that was on a connection is over; `info` is the connection's."""
    earlier = info.pop(DRIVER, None)
    if earlier is not None:
        earlier.end()


def _prepare(ready: Prepared) -> bool | None:
    """Whether to prepare at once; with lists there is a text for each length, so the driver waits for the fifth."""
    return None if ready.has_lists else True
