"""Where instances stand and for how long: one run of an index for each element, so many rows are not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, literal_column, select, union_all

from engine.store.rows import COUNT_BOUND
from engine.store.schema import subscription, work_item
from engine.store.states import SubscriptionKind
from engine.store.unit_of_work import Reader

BATCH = 100
"""How many elements one statement asks about (SQLite joins no more than 500 parts)."""
_OPEN = work_item.c.state == literal_column("'open'")  # a literal: the index is partial


@dataclass(frozen=True)
class Slow:
    """What counts as long at one element of one process: what has waited there since before a moment."""

    process_id: str
    element_id: str
    definitions: tuple[int, ...]
    """The process' versions."""
    is_task: bool
    """Whether work items stand there; else it waits for a message."""
    before: datetime


@dataclass(frozen=True)
class Waiting:
    """One wait: which instance, where, since when."""

    process_id: str
    element_id: str
    instance_id: str
    case_id: str | None
    since: datetime
    role: str | None
    unit: str | None


def longest(reader: Reader, elements: Sequence[Slow], most: int) -> list[Waiting]:
    """Of each element the waits that have lasted longest, at most so many of each."""
    found: list[Waiting] = []
    for part in _batches(elements):
        for row in reader.query(union_all(*(select(_waits(each).limit(most).subquery()) for each in part))):
            found.append(Waiting(*row))
    return found


def count(reader: Reader, elements: Sequence[Slow]) -> dict[tuple[str, str], int]:
    """How many waits there are of each element; counted no further than `COUNT_BOUND`."""
    found: dict[tuple[str, str], int] = {}
    for part in _batches(elements):
        counts = [
            select(literal(each.process_id), literal(each.element_id), func.count()).select_from(
                _waits(each).order_by(None).limit(COUNT_BOUND).subquery()
            )
            for each in part
        ]
        found.update({(row[0], row[1]): int(row[2]) for row in reader.query(union_all(*counts))})
    return found


def _waits(each: Slow) -> Select[tuple[str, str, str, str | None, datetime, str | None, str | None]]:
    if each.is_task:
        return (
            select(
                literal(each.process_id).label("process_id"),
                work_item.c.element_id,
                work_item.c.instance_id,
                work_item.c.case_id,
                work_item.c.created_at,
                work_item.c.role,
                work_item.c.unit,
            )
            .where(
                _OPEN,
                work_item.c.definition_id.in_(each.definitions),
                work_item.c.element_id == each.element_id,
                work_item.c.created_at < each.before,
            )
            .order_by(work_item.c.created_at)
        )
    return (
        select(
            subscription.c.process_id,
            subscription.c.element_id,
            subscription.c.instance_id,
            subscription.c.case_id,
            subscription.c.created_at,
            literal(None).label("role"),
            literal(None).label("unit"),
        )
        .where(
            subscription.c.process_id == each.process_id,
            subscription.c.element_id == each.element_id,
            subscription.c.kind == SubscriptionKind.MESSAGE.value,
            subscription.c.created_at < each.before,
        )
        .order_by(subscription.c.created_at)
    )


def _batches(elements: Sequence[Slow]) -> list[Sequence[Slow]]:
    return [elements[start : start + BATCH] for start in range(0, len(elements), BATCH)]
