"""Timers, jobs and incidents, for those who operate the engine."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from engine.store.rows import IncidentRow, JobRow, Page, Paging, TimerRow
from engine.store.runs import Listed, page_of
from engine.store.schema import incident, job, process_definition, process_instance, timer
from engine.store.states import IncidentState, JobState, TimerState
from engine.store.unit_of_work import Reader

_TIMERS = select(
    timer.c.id,
    timer.c.instance_id,
    timer.c.case_id,
    timer.c.element_id,
    timer.c.name,
    timer.c.due_at,
    timer.c.attached_to,
    timer.c.interrupting,
)
JOBS = select(
    job.c.id,
    job.c.type,
    job.c.instance_id,
    job.c.case_id,
    job.c.element_id,
    job.c.name,
    job.c.state,
    job.c.retries,
    job.c.attempts,
    job.c.due_at,
    job.c.lease_until,
    job.c.worker,
    job.c.error,
    job.c.created_at,
)
_INCIDENTS = (
    select(
        incident.c.id,
        incident.c.instance_id,
        incident.c.case_id,
        process_definition.c.process_id,
        incident.c.wait_id,
        incident.c.element_id,
        incident.c.name,
        incident.c.code,
        incident.c.message,
        incident.c.state,
        incident.c.created_at,
        incident.c.resolved_at,
    )
    .select_from(incident)
    .outerjoin(process_instance, process_instance.c.id == incident.c.instance_id)
    .outerjoin(process_definition, process_definition.c.id == process_instance.c.definition_id)
)


def timers(reader: Reader, condition: ColumnElement[bool] | None, paging: Paging) -> Page[TimerRow]:
    """Waiting timers, what is due first comes first."""
    runs = [timer.c.state == state.value for state in TimerState] if condition is None else [condition]
    ids, found = Listed(timer, timer.c.id, runs, runs).page(reader, (timer.c.due_at, timer.c.id), paging)
    rows = {row.id: row for row in reader.query(_TIMERS.where(timer.c.id.in_(ids)))} if ids else {}
    return Page(tuple(TimerRow(**rows[each]._mapping) for each in ids), paging, found.total, found.is_exact)


def jobs(reader: Reader, condition: ColumnElement[bool] | None, paging: Paging) -> Page[JobRow]:
    """Jobs that are not done, oldest first."""
    statement = JOBS if condition is None else JOBS.where(condition)
    rows, found = page_of(reader, statement, (job.c.id,), paging)
    items = tuple(JobRow(**{**row._mapping, "state": JobState(row.state)}) for row in rows)
    return Page(items, paging, found.total, found.is_exact)


def incidents(reader: Reader, condition: ColumnElement[bool] | None, paging: Paging) -> Page[IncidentRow]:
    """Incidents, oldest first."""
    runs = [incident.c.state == state.value for state in IncidentState] if condition is None else [condition]
    ids, found = Listed(incident, incident.c.id, runs, runs).page(
        reader, (incident.c.created_at, incident.c.id), paging
    )
    rows = {row.id: row for row in reader.query(_INCIDENTS.where(incident.c.id.in_(ids)))} if ids else {}
    items = tuple(IncidentRow(**{**rows[each]._mapping, "state": IncidentState(rows[each].state)}) for each in ids)
    return Page(items, paging, found.total, found.is_exact)
