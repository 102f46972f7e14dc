"""What has been done, day by day, and how long it took: each answer is read from a run of one index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal, literal_column, select, union_all

from engine.store.schema import case_, event, process_definition, process_instance, timer, work_item
from engine.store.states import TimerState
from engine.store.unit_of_work import Reader

MAX_SPANS = 200
"""How many spans of time one question may have."""
_COMPLETED = work_item.c.state == literal_column("'completed'")  # a literal: the index is partial
_ENDED = process_instance.c.ended_at.is_not(None)

Span = tuple[datetime, datetime]
"""From, and up to but without."""


@dataclass(frozen=True)
class Duration:
    """How long one completed task took, from when it came until it was completed."""

    process_id: str
    element_id: str
    seconds: float


@dataclass(frozen=True)
class Step:
    """One line of a history that says that an element was entered or completed."""

    instance_id: str
    element_id: str
    kind: str
    at: datetime


def completed_tasks(reader: Reader, spans: Sequence[Span]) -> list[int]:
    """How many tasks were completed in each span."""
    return _counts(reader, spans, work_item.c.completed_at, _COMPLETED)


def opened_cases(reader: Reader, spans: Sequence[Span]) -> list[int]:
    """How many cases were opened in each span."""
    return _counts(reader, spans, case_.c.created_at)


def closed_cases(reader: Reader, spans: Sequence[Span]) -> list[int]:
    """How many cases were closed in each span."""
    return _counts(reader, spans, case_.c.closed_at, case_.c.closed_at.is_not(None))


def due_timers(reader: Reader, spans: Sequence[Span]) -> list[int]:
    """How many active timers fall due in each span."""
    return _counts(reader, spans, timer.c.due_at, timer.c.state == TimerState.ACTIVE.value)


def task_durations(reader: Reader, since: datetime, most: int) -> list[Duration]:
    """The latest completed tasks since a moment, at most so many."""
    columns = (work_item.c.definition_id, work_item.c.element_id, work_item.c.created_at, work_item.c.completed_at)
    found = (
        select(*columns)
        .where(_COMPLETED, work_item.c.completed_at >= since)
        .order_by(work_item.c.completed_at.desc())
        .limit(most)
    )
    processes = process_ids(reader)
    return [
        Duration(processes[row.definition_id], row.element_id, _seconds(row.completed_at - row.created_at))
        for row in reader.query(found)
    ]


def process_ids(reader: Reader) -> dict[int, str]:
    """The process of each definition."""
    found = reader.query(select(process_definition.c.id, process_definition.c.process_id))
    return {row.id: row.process_id for row in found}


def latest_ended(reader: Reader, definition_id: int, most: int) -> list[str]:
    """The ids of the instances of a definition that ended last."""
    found = (
        select(process_instance.c.id)
        .where(process_instance.c.definition_id == definition_id, _ENDED)
        .order_by(process_instance.c.ended_at.desc(), process_instance.c.id)
        .limit(most)
    )
    return [row.id for row in reader.query(found)]


def steps(reader: Reader, instance_ids: Sequence[str], kinds: Sequence[str]) -> list[Step]:
    """The lines of these kinds in the history of these instances, in order."""
    found = (
        select(event.c.instance_id, event.c.element, event.c.kind, event.c.at)
        .where(event.c.instance_id.in_(instance_ids), event.c.kind.in_(kinds), event.c.element.is_not(None))
        .order_by(event.c.instance_id, event.c.seq)
    )
    return [Step(*row) for row in reader.query(found)]


def _counts(reader: Reader, spans: Sequence[Span], column: ColumnElement[Any], *more: ColumnElement[bool]) -> list[int]:
    """One count for each span, each of one run of the column's index."""
    if not 0 < len(spans) <= MAX_SPANS:
        raise ValueError(f"{len(spans)} spans are none, or more than {MAX_SPANS}")
    parts = [
        select(literal(number).label("number"), func.count().label("count")).where(column >= begin, column < end, *more)
        for number, (begin, end) in enumerate(spans)
    ]
    found = {row[0]: int(row[1]) for row in reader.query(union_all(*parts))}
    return [found[number] for number in range(len(spans))]


def _seconds(duration: timedelta) -> float:
    return max(duration.total_seconds(), 0.0)
