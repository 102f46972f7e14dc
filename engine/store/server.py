"""Connections to a PostgreSQL server: how long it is waited for, how transactions begin, whether it is still there."""

from __future__ import annotations

import math
import select
import time
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.store import postgresql
from engine.store.drivers import driver_of

PATIENCE = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 10,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
    "application_name": "stegvis",
}
"""How long a silent server is waited for; the address may say otherwise."""
READ_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED"
READ_ONLY = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
TRUSTED_SECONDS = 5.0
"""A connection that nobody has used for longer is tried before it is used (PostgreSQL)."""
_BEGIN = "stegvis_begin"
_GIVEN_BACK = "stegvis given back"


def engines(url: URL, lock_seconds: float) -> tuple[Engine, Engine]:
    """The writers' engine and the readers', which share their connections; both connect lazily.

    Writers read what was committed last, row by row as they lock; readers see one moment and cannot write.
    lock_seconds: how long a row that another holds is waited for.
    """
    told = PATIENCE | {"options": f"-c lock_timeout={lock_seconds}s -c timezone=UTC"}
    given = {name: value for name, value in told.items() if name not in url.query}
    pool = create_engine(url, pool_size=10, max_overflow=20, connect_args=given)
    event.listen(pool, "connect", lambda raw, record: postgresql.keep_line(raw, record.info))
    event.listen(pool, "checkout", lambda raw, record, _proxy: _try_connection(pool.dialect, raw, record))
    event.listen(pool, "checkin", lambda _raw, record: _note_given_back(record))
    event.listen(pool, "checkin", lambda _raw, record: postgresql.end(record.info))
    event.listen(pool, "begin", lambda connection: postgresql.begin(connection, _opening(connection)))
    event.listen(pool, "before_cursor_execute", lambda connection, *_: driver_of(connection).flush())
    return pool.execution_options(**{_BEGIN: READ_WRITE}), pool.execution_options(**{_BEGIN: READ_ONLY})


def _opening(connection: Connection) -> str:
    return str(connection.get_execution_options()[_BEGIN])


def _note_given_back(record: ConnectionPoolEntry) -> None:
    record.info[_GIVEN_BACK] = time.monotonic()


def _try_connection(dialect: Dialect, raw: Any, record: ConnectionPoolEntry) -> None:
    """Raise InvalidatePoolError for a connection that the server has left, so that another is made."""
    unused = time.monotonic() - record.info.get(_GIVEN_BACK, -math.inf)
    if unused < TRUSTED_SECONDS and not _has_news(raw):
        return
    try:
        dialect.do_ping(raw)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _has_news(raw: Any) -> bool:
    """Whether the server has said something, or ended, while nobody asked: it says so when it stops."""
    if raw.closed:
        return True
    asked = select.poll()
    asked.register(raw.fileno(), select.POLLIN)
    return bool(asked.poll(0))
