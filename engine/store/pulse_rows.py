"""How the store stands, in a few counts: what metrics and the operators' first page are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import case, func, literal_column, select

from engine.store.schema import incident, job, process_instance, timer, work_item
from engine.store.states import ENDED_STATES, IncidentState, InstanceState, JobState, TimerState
from engine.store.unit_of_work import Reader

_OPEN = work_item.c.state == literal_column("'open'")  # a literal: the indexes are partial, and a parameter hides it


class JobStanding(StrEnum):
    """Where a job stands, as operators see it."""

    READY = "ready"  # could run now
    WAITING = "waiting"  # waits for its time, as after a failure
    LEASED = "leased"  # somebody has it
    SUSPENDED = "suspended"  # its instance is suspended
    DEAD = "dead"  # out of retries


@dataclass(frozen=True)
class JobCount:
    """How many jobs of a type stand so, and since when the oldest has been due."""

    type: str
    standing: JobStanding
    count: int
    oldest_due: datetime


@dataclass(frozen=True)
class ItemCounts:
    """Open work items: all, and those whose due time has passed."""

    open: int
    overdue: int


@dataclass(frozen=True)
class TimerCounts:
    """Timers: those that wait, those of them that are due, and when the oldest fell due."""

    waiting: int
    due: int
    oldest_due: datetime | None


def work_items(reader: Reader, now: datetime) -> ItemCounts:
    """The open work items."""
    overdue = select(func.count()).where(_OPEN, work_item.c.due_order < now)
    return ItemCounts(int(reader.query_scalar(select(func.count()).where(_OPEN))), int(reader.query_scalar(overdue)))


def timers(reader: Reader, now: datetime) -> TimerCounts:
    """The active timers."""
    active = timer.c.state == TimerState.ACTIVE.value
    late = select(func.count(), func.min(timer.c.due_at)).where(active, timer.c.due_at <= now)
    row = reader.query_first(late)
    assert row is not None
    return TimerCounts(int(reader.query_scalar(select(func.count()).where(active))), int(row[0]), row[1])


def jobs(reader: Reader, now: datetime) -> list[JobCount]:
    """Jobs by type and standing, by name."""
    ready = JobState.READY.value
    standing = case(
        ((job.c.state == ready) & (job.c.due_at > now), JobStanding.WAITING.value), else_=job.c.state
    ).label("standing")
    counted = select(job.c.type, standing, func.count(), func.min(job.c.due_at)).group_by(job.c.type, standing)
    rows = reader.query(counted.order_by(job.c.type, standing))
    return [JobCount(row[0], JobStanding(row[1]), int(row[2]), row[3]) for row in rows]


def incidents(reader: Reader) -> dict[str, int]:
    """Open incidents by code."""
    counted = select(incident.c.code, func.count()).where(incident.c.state == IncidentState.OPEN.value)
    return {row[0]: int(row[1]) for row in reader.query(counted.group_by(incident.c.code).order_by(incident.c.code))}


def instances(reader: Reader) -> dict[str, int]:
    """Process instances that have not ended, by state: those that have are too many to be counted often."""
    running = process_instance.c.state.in_([state.value for state in InstanceState if state not in ENDED_STATES])
    counted = select(process_instance.c.state, func.count()).where(running).group_by(process_instance.c.state)
    return {row[0]: int(row[1]) for row in reader.query(counted.order_by(process_instance.c.state))}


def database_bytes(reader: Reader) -> int:
    """How large the database is."""
    if not reader.is_sqlite:
        return int(reader.query_scalar(select(func.pg_database_size(func.current_database()))))
    pages = func.pragma_page_count().table_valued("page_count")
    size = func.pragma_page_size().table_valued("page_size")
    return int(reader.query_scalar(select(pages.c.page_count))) * int(reader.query_scalar(select(size.c.page_size)))


def oldest_due(counts: Sequence[JobCount]) -> datetime | None:
    """Since when the job that has waited longest could have run."""
    return min((each.oldest_due for each in counts if each.standing is JobStanding.READY), default=None)
