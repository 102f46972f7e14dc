"""The database: connections, transactions, the schema's version, and database errors as ours."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import PoolProxiedConnection, StaticPool

from engine.clock import Clock
from engine.errors import Conflict, InvalidInput, OutcomeUnknown, StegvisError, StoreUnavailable
from engine.store.migrating import CORE, SchemaPart, migrate, require
from engine.store.turns import Turns
from engine.store.unit_of_work import Reader, UnitOfWork

__all__ = ["Database", "LostRace", "SchemaPart"]

BUSY_SECONDS = 15
"""How long a transaction waits for another process to finish writing (SQLite)."""
STATEMENTS = 512
"""How many statements a connection keeps ready (SQLite): more than there are, or the driver would parse them anew."""
CACHE_KILOBYTES = 8_192
"""How much of the file each connection keeps (SQLite), of which a process has up to 32: the rest is for the system's
own cache, which all share. With eight times as much, no command and no page was quicker."""


class LostRace(Conflict):
    """Somebody else changed the same rows first; the command may be tried again."""


class NestedCommand(StegvisError):
    """A command was called from within another one: its handler must write through its own unit of work instead."""

    code = "NESTED_COMMAND"


class Database:
    """One database: SQLite (one writer at a time, any number of readers) or PostgreSQL."""

    def __init__(self, url: str, writer: Engine, reader: Engine, parts: Sequence[SchemaPart]) -> None:
        """Use `Database.open`."""
        self.url = url
        self._write_engine = writer
        self._read_engine = reader
        self.parts = (CORE, *parts)
        self.is_sqlite = writer.dialect.name == "sqlite"
        self._shares_connection = writer is reader and self.is_sqlite
        self._turns = Turns()
        self._writers: dict[int, Connection] = {}
        """Which thread writes through which connection (PostgreSQL)."""
        self._thread = threading.local()
        self._write_connection: Connection | None = None
        self._watcher: PoolProxiedConnection | None = None

    @classmethod
    def open(cls, url: str, *, parts: Sequence[SchemaPart] = ()) -> Self:
        """Connect lazily to a SQLAlchemy URL; raises InvalidInput for one that is none."""
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise InvalidInput(f"{url!r} is not a database address (say sqlite:///stegvis.db).") from error
        if parsed.get_backend_name() == "sqlite":
            return cls(url, *_sqlite_engines(url, in_memory=parsed.database in (None, "", ":memory:")), parts)
        if parsed.get_backend_name() == "postgresql":
            try:
                from engine.store import server  # its driver need not be installed where it is not used
            except ModuleNotFoundError as error:
                raise InvalidInput("PostgreSQL's driver is not installed: see requirements/server.txt.") from error
            return cls(url, *server.engines(parsed, lock_seconds=BUSY_SECONDS), parts)
        raise InvalidInput(f"Stegvis runs on SQLite and PostgreSQL, not on {parsed.get_backend_name()}.")

    @property
    def driver_address(self) -> str:
        """The address as the driver of PostgreSQL takes it, with its password."""
        return self._write_engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @property
    def in_memory(self) -> bool:
        """Whether it is a SQLite database in memory, gone when it is closed."""
        return self._shares_connection

    @contextmanager
    def transaction(self, clock: Clock) -> Iterator[UnitOfWork]:
        """One transaction that writes: commits at the end, or rolls back where an error leaves it.

        Raises NestedCommand within another transaction of the same thread: a handler writes through its unit of work.
        """
        if getattr(self._thread, "writing", False):
            raise NestedCommand
        self._thread.writing = True
        try:
            with _as_ours(), self._writing() as connection, connection.begin() as transaction:
                uow = UnitOfWork(connection, clock.now())
                yield uow
                uow.flush()
                self._commit(transaction)
        finally:
            self._thread.writing = False

    def _commit(self, transaction: RootTransaction) -> None:
        """Commit; raise OutcomeUnknown where a server went away before it confirmed."""
        try:
            transaction.commit()
        except BaseException as error:
            transaction.close()  # or the connection would still be in it
            if not isinstance(error, OperationalError | InterfaceError):
                raise
            if self.is_sqlite or getattr(error.orig, "sqlstate", None) in RETRIABLE:
                raise
            raise OutcomeUnknown from error

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One consistent view to read from; sees what was committed before it began."""
        if self._shares_connection:
            with _as_ours(), self._writing() as connection:
                if connection.in_transaction():
                    yield Reader(connection)
                else:
                    with connection.begin():
                        yield Reader(connection)
            return
        with _as_ours(), self._read_engine.connect() as connection, connection.begin():
            yield Reader(connection)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """The connection that writes: on SQLite one for the whole process, so that threads queue here fairly."""
        if not self.is_sqlite:
            thread = threading.get_ident()
            with self._write_engine.connect() as connection:
                self._writers[thread] = connection
                try:
                    yield connection
                finally:
                    del self._writers[thread]
            return
        with self._turns:
            if self._write_connection is None:
                self._write_connection = self._write_engine.connect()
            connection = self._write_connection
            try:
                yield connection
            except BaseException:
                _drop_broken(connection)
                raise

    def abandon(self, thread: int) -> bool:
        """Roll back what another thread is writing, because it hangs, and let others write.

        What that thread does to the database from then on raises StoreUnavailable. False where it writes nothing.
        """
        return self._cut_off(thread) if self.is_sqlite else self._terminate(thread)

    def _cut_off(self, thread: int) -> bool:
        if self._shares_connection:
            return False
        with self._turns.taken_from(thread) as taken:
            connection = self._write_connection
            if taken and connection is not None:
                self._write_connection = None
                raw: Any = connection.connection.dbapi_connection
                raw.interrupt()
                raw.close()  # rolls back; anything the thread still tries through it fails
                self._write_engine.dispose(close=False)
        return taken

    def _terminate(self, thread: int) -> bool:
        connection = self._writers.get(thread)
        raw: Any = None if connection is None else connection.connection.dbapi_connection
        if raw is None:
            return False
        with _as_ours(), self._read_engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": raw.info.backend_pid})
        return True

    def migrate(self) -> None:
        """Bring the schema to this program's version, from nothing or from any released version."""
        with _as_ours(), self._writing() as connection, connection.begin():
            migrate(connection, self.parts)

    def require_schema(self) -> None:
        """Raise SchemaMismatch unless the schema is this program's."""
        with self.reading() as reader:
            require(reader.connection, self.parts)

    def change_mark(self) -> int:
        """A number that changes when another connection has committed (SQLite); always 0 on PostgreSQL."""
        if not self.is_sqlite or self._shares_connection:
            return 0
        with _as_ours(), self._turns:
            if self._watcher is None:
                # Below SQLAlchemy, which would begin a transaction: in one, the number stands still.
                self._watcher = self._read_engine.raw_connection()
            cursor = self._watcher.cursor()
            try:
                return int(cursor.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error as error:
                raise StoreUnavailable(f"The database does not answer ({error}).") from error
            finally:
                cursor.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        with self._turns:
            for connection in (self._write_connection, self._watcher):
                if connection is not None:
                    connection.close()
            self._write_connection = self._watcher = None
        self._write_engine.dispose()
        self._read_engine.dispose()


def _drop_broken(connection: Connection) -> None:
    """After an error: make sure that nothing half-done stays open, as after a COMMIT that the disk refused."""
    try:
        raw: Any = connection.connection.dbapi_connection
        if raw is not None and raw.in_transaction and not connection.in_transaction():
            raw.rollback()
    except sqlite3.ProgrammingError:
        return  # the connection was cut off, which has rolled it back


def _sqlite_engines(url: str, *, in_memory: bool) -> tuple[Engine, Engine]:
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False, "cached_statements": STATEMENTS}
    writer = create_engine(url, poolclass=StaticPool, connect_args=arguments)
    event.listen(writer, "connect", _prepare_sqlite)
    event.listen(writer, "begin", _begin_immediate)
    if in_memory:
        return writer, writer
    reader = create_engine(url, connect_args=arguments, pool_size=10, max_overflow=20)
    event.listen(reader, "connect", _prepare_sqlite)
    event.listen(reader, "begin", _begin)
    return writer, reader


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, not guessed by the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a committed command survives a power cut
        "foreign_keys=ON",
        "temp_store=MEMORY",
        f"cache_size=-{CACHE_KILOBYTES}",
        "wal_autocheckpoint=4000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    _tell_driver(connection, "BEGIN IMMEDIATE")  # take the write lock now: no read that is stale when written


def _begin(connection: Connection) -> None:
    _tell_driver(connection, "BEGIN")


def _tell_driver(connection: Connection, command: str) -> None:
    """Past SQLAlchemy, whose way to the driver costs several times what the command itself does."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute(command)


CLOSED = "closed database"
"""How SQLite's driver says that a connection was closed under a thread's hands."""
RETRIABLE = {"40001", "40P01", "55P03"}
"""PostgreSQL: serialization failure, deadlock, lock not available."""
STANDBY = "25006"
"""PostgreSQL: read-only transaction; what was the primary has become a standby."""


@contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise LostRace(f"Two changes do not go together: {error.orig}") from error
    except (OperationalError, InterfaceError) as error:
        if getattr(error.orig, "sqlstate", None) in RETRIABLE:
            raise LostRace from error
        raise StoreUnavailable(f"The database does not answer ({error.orig}); nothing was changed.") from error
    except (ProgrammingError, sqlite3.ProgrammingError) as error:
        if CLOSED not in str(error):
            raise
        raise StoreUnavailable("This was given up because it took too long; nothing was changed.") from error
    except sqlite3.IntegrityError as error:
        raise LostRace(f"Two changes do not go together: {error}") from error
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(f"The database does not answer ({error}); nothing was changed.") from error
    except (DataError, UnicodeEncodeError, OverflowError) as error:
        raise InvalidInput("A text or number given here cannot be kept in a database.") from error
    except PoolTimeout as error:
        raise StoreUnavailable("All connections to the database are in use; nothing was changed.") from error
    except DBAPIError as error:
        lost = error.connection_invalidated or getattr(error.orig, "sqlstate", None) == STANDBY
        if lost or "disk is full" in str(error.orig):
            raise StoreUnavailable(f"The database does not answer ({error.orig}); nothing was changed.") from error
        raise
