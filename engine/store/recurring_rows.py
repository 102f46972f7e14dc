"""The rows of recurring work: when each last ran, how it went, and when it runs next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from engine.store.schema import idempotency, recurring
from engine.store.unit_of_work import Reader, UnitOfWork

_COLUMNS = (recurring.c.name, recurring.c.last_at, recurring.c.next_at, recurring.c.seconds, recurring.c.outcome)
_ALL = select(*_COLUMNS).order_by(recurring.c.name)
_ONE = select(*_COLUMNS).where(recurring.c.name == bindparam("of")).with_for_update()
_INSERT = insert(recurring)
_PLAN = update(recurring).where(recurring.c.name == bindparam("of")).values(next_at=bindparam("planned"))
_DONE = (
    update(recurring)
    .where(recurring.c.name == bindparam("of"))
    .values(last_at=bindparam("begun"), seconds=bindparam("took"), outcome=bindparam("result"))
)
_FORGET_KEYS = delete(idempotency).where(idempotency.c.at < bindparam("before"))


@dataclass(frozen=True)
class RecurringRow:
    """One piece of recurring work; `seconds` is how long the last run took, `outcome` what it said."""

    name: str
    last_at: datetime | None
    next_at: datetime | None
    seconds: int | None
    outcome: str | None


def all_rows(reader: Reader) -> list[RecurringRow]:
    """All recurring work, by name."""
    return [RecurringRow(*row) for row in reader.rows(_ALL)]


def lock_row(uow: UnitOfWork, name: str) -> RecurringRow | None:
    """One piece of recurring work, kept from others until the transaction ends."""
    row = uow.first(_ONE, {"of": name})
    return None if row is None else RecurringRow(*row)


def insert_row(uow: UnitOfWork, name: str, next_at: datetime) -> None:
    """Write that recurring work exists and when it first runs."""
    uow.write(_INSERT, {"name": name, "next_at": next_at})


def plan(uow: UnitOfWork, name: str, next_at: datetime) -> None:
    """Write when it runs next."""
    uow.write(_PLAN, {"of": name, "planned": next_at})


def note_outcome(uow: UnitOfWork, name: str, begun: datetime, seconds: int, outcome: str) -> None:
    """Write how a run went."""
    uow.write(_DONE, {"of": name, "begun": begun, "took": seconds, "result": outcome})


def forget_keys(uow: UnitOfWork, before: datetime) -> int:
    """Delete idempotency keys from before a moment; how many."""
    return uow.write(_FORGET_KEYS, {"before": before})
