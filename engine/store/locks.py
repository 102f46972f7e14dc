"""Locks by name, held until the transaction ends: for what has no row to lock (yet).

SQLite has one writer at a time anyway; these are PostgreSQL's advisory locks.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

from sqlalchemy import BindParameter, Connection, Integer, bindparam, func, select

from engine.store.unit_of_work import UnitOfWork


class LockRoom(IntEnum):
    """What is locked by name; each has its own numbers."""

    MESSAGE = 1  # who delivers a message, or starts to wait for it
    IDEMPOTENCY = 2  # who answers under a key
    SCHEMA = 3  # who migrates


_ROOM: BindParameter[int] = bindparam("room", type_=Integer)
_NUMBER: BindParameter[int] = bindparam("number", type_=Integer)
_LOCK = select(func.pg_advisory_xact_lock(_ROOM, _NUMBER))


def serialise(uow: UnitOfWork, room: LockRoom, name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until this one ends."""
    if not uow.is_sqlite:
        uow.scalar(_LOCK, {"room": room.value, "number": number_of(name)})


def lock_schema(connection: Connection) -> None:
    """Let one transaction at a time make or change tables: two processes may be told to migrate at once."""
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK, {"room": LockRoom.SCHEMA.value, "number": 0})


def number_of(name: str) -> int:
    """The number a name is locked by, of 32 bits; two names that share one only wait for each other."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "big", signed=True)
