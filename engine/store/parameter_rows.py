"""The rows of changed parameters: appended, never changed; later ones supersede earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from engine.store.schema import parameter_change
from engine.store.unit_of_work import Reader, UnitOfWork

_COLUMNS = (
    parameter_change.c.id,
    parameter_change.c.at,
    parameter_change.c.name,
    parameter_change.c.for_unit,
    parameter_change.c.value,
    parameter_change.c.source,
    parameter_change.c.certainty,
    parameter_change.c.valid_from,
    parameter_change.c.reason,
    parameter_change.c.author,
    parameter_change.c.author_name,
)
_ALL = select(*_COLUMNS).order_by(parameter_change.c.id)
_COUNT = select(func.count()).select_from(parameter_change)
_INSERT = insert(parameter_change).returning(parameter_change.c.id)


@dataclass(frozen=True)
class ChangeRow:
    """One change; `value` is the new value as JSON (engine.feel.codec), None where earlier changes are withdrawn."""

    id: int
    at: datetime
    name: str
    for_unit: str | None
    value: str | None
    source: str
    certainty: str
    valid_from: date
    reason: str
    author: str
    author_name: str


def count(reader: Reader) -> int:
    """How many changes there are: another number means that there are new ones, since none ever goes away."""
    return int(reader.scalar(_COUNT))


def all_changes(reader: Reader) -> list[ChangeRow]:
    """Every change, oldest first."""
    return [ChangeRow(*row) for row in reader.rows(_ALL)]


def insert_change(uow: UnitOfWork, values: dict[str, Any]) -> int:
    """Write a change; its id."""
    return uow.insert(_INSERT, values)
