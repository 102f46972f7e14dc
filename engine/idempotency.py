"""Idempotency keys: the same key again gives the first answer, and nothing happens twice."""

from __future__ import annotations

from typing import Any

import orjson

from engine.errors import Conflict
from engine.store import idempotency_rows
from engine.store.unit_of_work import UnitOfWork


def answered_before(uow: UnitOfWork, command: str, key: str) -> tuple[bool, Any]:
    """Whether this key has been used, and what was answered then; Conflict where another command used it."""
    found = idempotency_rows.lock(uow, key)
    if found is None:
        return False, None
    earlier, answer = found
    if earlier != command:
        raise Conflict(f"The idempotency key {key!r} was used for another command ({earlier}).")
    return True, orjson.loads(answer)


def remember(uow: UnitOfWork, command: str, key: str, answer: Any) -> None:
    """Keep the answer (plain JSON), in the command's own transaction."""
    idempotency_rows.insert_answer(uow, key, command, orjson.dumps(answer))
