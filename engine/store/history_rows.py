"""The rows of the history: event, payload and the heads of cases' chains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, Update, bindparam, insert, select, update

from engine.errors import NotFound
from engine.store.schema import case_, event, payload, process_instance
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ChainOwner:
    """Whose rows keep the ends of chains: cases', or those of instances that stand alone."""

    lock: Select[int, bytes | None]
    move: Update


def _owner(table: Table) -> ChainOwner:
    return ChainOwner(
        select(table.c.history_seq, table.c.history_hash)
        .where(table.c.id == bindparam("owner"))
        .with_for_update(key_share=True),
        update(table)
        .where(table.c.id == bindparam("owner"))
        .values(history_seq=bindparam("seq"), history_hash=bindparam("hash")),
    )


OF_CASE = _owner(case_)
OF_INSTANCE = _owner(process_instance)
_INSERT_EVENT = insert(event)
_INSERT_PAYLOAD = insert(payload)


def lock_head(uow: UnitOfWork, owner: ChainOwner, chain: str) -> tuple[int, bytes | None]:
    """Lock the row that keeps the end of a chain, and read it."""
    row = uow.first(owner.lock, {"owner": chain})
    if row is None:
        raise NotFound(f"There is nothing with the history {chain}.")
    return row[0], row[1]


def move_head(uow: UnitOfWork, owner: ChainOwner, chain: str, seq: int, last_hash: bytes | None) -> None:
    """Write the new end of a chain."""
    uow.send(owner.move, {"owner": chain, "seq": seq, "hash": last_hash})


def insert_lines(uow: UnitOfWork, events: Sequence[dict[str, Any]], payloads: Sequence[dict[str, Any]]) -> None:
    """Append lines and their payloads."""
    uow.write_many(_INSERT_EVENT, events)
    uow.write_many(_INSERT_PAYLOAD, payloads)
