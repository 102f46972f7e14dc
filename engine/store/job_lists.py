"""Jobs as operators list them: by type and standing, each order read from a run of an index for each state."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all

from engine.store.pulse_rows import JobStanding
from engine.store.rows import COUNT_BOUND, JobRow, Page, Paging
from engine.store.schema import job
from engine.store.states import JobState
from engine.store.unit_of_work import Reader
from engine.store.waiting_queries import JOBS

_STATES = {
    JobStanding.READY: JobState.READY,
    JobStanding.WAITING: JobState.READY,
    JobStanding.LEASED: JobState.LEASED,
    JobStanding.SUSPENDED: JobState.SUSPENDED,
    JobStanding.DEAD: JobState.DEAD,
}


class JobSort(StrEnum):
    """How jobs are sorted."""

    DUE = "due"  # what is due first comes first
    NEWEST = "newest"  # the latest made first


_ORDERS: dict[JobSort, tuple[Any, ...]] = {
    JobSort.DUE: (job.c.due_at, job.c.id),
    JobSort.NEWEST: (job.c.id.desc(),),
}


def jobs(
    reader: Reader, now: datetime, job_type: str | None, standing: JobStanding | None, sort: JobSort, paging: Paging
) -> Page[JobRow]:
    """Jobs that are not done."""
    standings = tuple(JobStanding) if standing is None else (standing,)
    runs = [_run(now, each, job_type) for each in standings]
    order, wanted = _ORDERS[sort], paging.offset + paging.size
    parts = union_all(*(select(run.order_by(*order).limit(wanted).subquery()) for run in runs)).subquery()
    among = select(parts.c.id)
    listed = JOBS.where(job.c.id.in_(among)).order_by(*order).limit(paging.size).offset(paging.offset)
    rows = reader.query(listed)
    counted = union_all(*(select(run.limit(COUNT_BOUND + 1).subquery()) for run in runs)).limit(COUNT_BOUND + 1)
    total = int(reader.query_scalar(select(func.count()).select_from(counted.subquery())))
    items = tuple(JobRow(**{**row._mapping, "state": JobState(row.state)}) for row in rows)
    return Page(items, paging, min(total, COUNT_BOUND), total <= COUNT_BOUND)


def job_types(reader: Reader) -> list[str]:
    """The types of jobs that are not done."""
    return [row[0] for row in reader.query(select(job.c.type).distinct().order_by(job.c.type))]


def _run(now: datetime, standing: JobStanding, job_type: str | None) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [job.c.state == _STATES[standing].value]
    if standing is JobStanding.READY:
        conditions.append(job.c.due_at <= now)
    if standing is JobStanding.WAITING:
        conditions.append(job.c.due_at > now)
    if job_type is not None:
        conditions.append(job.c.type == job_type)
    return select(job.c.id, job.c.due_at).where(*conditions)
