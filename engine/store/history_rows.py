"""The rows of the history: event, payload and the heads of cases' chains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from engine.errors import NotFound
from engine.store.schema import case_, event, payload
from engine.store.unit_of_work import UnitOfWork

_LOCK_HEAD = (
    select(case_.c.history_seq, case_.c.history_hash).where(case_.c.id == bindparam("case_id")).with_for_update()
)
_MOVE_HEAD = (
    update(case_)
    .where(case_.c.id == bindparam("of_case"))
    .values(history_seq=bindparam("seq"), history_hash=bindparam("hash"))
)
_INSERT_EVENT = insert(event)
_INSERT_PAYLOAD = insert(payload)


def lock_case_head(uow: UnitOfWork, case_id: str) -> tuple[int, bytes | None]:
    """Lock a case's row and read the end of its chain."""
    row = uow.first(_LOCK_HEAD, {"case_id": case_id})
    if row is None:
        raise NotFound(f"There is no case {case_id}.")
    return row[0], row[1]


def move_case_head(uow: UnitOfWork, case_id: str, seq: int, last_hash: bytes | None) -> None:
    """Write the new end of a case's chain."""
    uow.write(_MOVE_HEAD, {"of_case": case_id, "seq": seq, "hash": last_hash})


def insert_lines(uow: UnitOfWork, events: Sequence[dict[str, Any]], payloads: Sequence[dict[str, Any]]) -> None:
    """Append lines and their payloads."""
    uow.write_many(_INSERT_EVENT, events)
    uow.write_many(_INSERT_PAYLOAD, payloads)
