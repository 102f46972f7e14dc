"""The rows of idempotency keys."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from engine.store import locks
from engine.store.schema import idempotency
from engine.store.unit_of_work import UnitOfWork

_FIND = select(idempotency.c.command, idempotency.c.answer).where(idempotency.c.key == bindparam("key"))
_INSERT = insert(idempotency)


def lock(uow: UnitOfWork, key: str) -> tuple[str, bytes] | None:
    """The command a key was used for, and its answer; whoever comes with the same key meanwhile waits."""
    locks.serialise(uow, locks.LockRoom.IDEMPOTENCY, key)
    row = uow.first(_FIND, {"key": key})
    return None if row is None else (row[0], bytes(row[1]))


def insert_answer(uow: UnitOfWork, key: str, command: str, answer: bytes) -> None:
    """Write a key's answer; a second writer of the same key loses the race."""
    uow.send(_INSERT, {"key": key, "command": command, "answer": answer, "at": uow.now})
