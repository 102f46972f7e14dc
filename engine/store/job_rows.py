"""The rows of jobs and incidents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, exists, insert, or_, select, update

from engine.protocols import DueLine, Urgency
from engine.store import instance_rows
from engine.store.causes import cause_of, pattern_of
from engine.store.schema import incident, job, process_definition, process_instance, worker
from engine.store.states import IncidentState, JobState
from engine.store.unit_of_work import Reader, UnitOfWork

OWN_WORKER = "stegvis:"
"""How the names of our own processes begin; other workers have leased theirs over the API."""

_COLUMNS = (
    job.c.id,
    job.c.type,
    job.c.instance_id,
    job.c.case_id,
    job.c.line,
    job.c.wait_id,
    job.c.element_id,
    job.c.name,
    job.c.payload,
    job.c.state,
    job.c.retries,
    job.c.attempts,
    job.c.urgency,
    job.c.lost,
    job.c.due_at,
    job.c.lease_until,
    job.c.worker,
)
_INSERT = insert(job)
_HOLD_CASE, _HOLD_ALONE = instance_rows.holders_of(
    select(job.c.instance_id).where(job.c.id == bindparam("job_id")).scalar_subquery()
)
_HOLD_CASE_OF_WAIT, _HOLD_ALONE_OF_WAIT = instance_rows.holders_of(
    select(job.c.instance_id).where(job.c.wait_id == bindparam("wait_id")).scalar_subquery()
)
_HOLD_CASE_OF_INCIDENT, _HOLD_ALONE_OF_INCIDENT = instance_rows.holders_of(
    select(incident.c.instance_id).where(incident.c.id == bindparam("incident_id")).scalar_subquery()
)
_LOCK = select(*_COLUMNS).where(job.c.id == bindparam("job_id")).with_for_update(key_share=True)
_OF_WAIT = select(*_COLUMNS).where(job.c.wait_id == bindparam("wait_id")).with_for_update(key_share=True)
_DELETE = delete(job).where(job.c.id == bindparam("job_id"))
_DELETE_OF_WAIT = delete(job).where(job.c.wait_id == bindparam("of_wait"))
_earlier = job.alias("earlier")
_UNFINISHED = (JobState.READY.value, JobState.LEASED.value, JobState.SUSPENDED.value)
_blocked = exists().where(
    _earlier.c.line == job.c.line,
    _earlier.c.id < job.c.id,
    _earlier.c.state.in_(_UNFINISHED),
    _earlier.c.type.in_(bindparam("types", expanding=True)),
)
_TURN = and_(
    job.c.state == JobState.READY.value,
    job.c.type.in_(bindparam("types", expanding=True)),
    ~_blocked,
)
_DUE = (
    select(job.c.id)
    .where(_TURN, job.c.due_at <= bindparam("now"))
    .order_by(job.c.due_at, job.c.id)
    .limit(bindparam("limit"))
)
_DUE_LINES = (
    select(job.c.line, job.c.urgency)
    .where(_TURN, job.c.due_at <= bindparam("now"))
    .order_by(job.c.urgency, job.c.due_at, job.c.id)
    .limit(bindparam("limit"))
)
_HEAD: Select[Any] = (
    select(*_COLUMNS)
    .where(job.c.line == bindparam("of_line"), _TURN, job.c.due_at <= bindparam("now"))
    .order_by(job.c.id)
    .limit(1)
    .with_for_update(key_share=True, skip_locked=True)
)
_HASTEN = (
    update(job)
    .where(
        job.c.id.in_(
            select(job.c.id)
            .where(
                job.c.line == bindparam("of_line"),
                job.c.urgency > bindparam("new_urgency"),
                job.c.state == JobState.READY.value,
            )
            .with_for_update(key_share=True, skip_locked=True)
        )
    )
    .values(urgency=bindparam("new_urgency"))
)
_OWN = and_(job.c.state == JobState.LEASED.value, job.c.worker.like(OWN_WORKER + "%"))
_OVERDUE = (
    select(job.c.id, job.c.worker)
    .where(_OWN, job.c.lease_until <= bindparam("now"))
    .order_by(job.c.due_at, job.c.id)
    .limit(bindparam("limit"))
)
_ORPHANED = select(job.c.worker).where(_OWN, job.c.worker.not_in(select(worker.c.id))).distinct()
_BEGUN_BY = select(job.c.id).where(job.c.worker == bindparam("by"), job.c.state == JobState.LEASED.value)
_LOCK_IN_TURN = _LOCK.where(_TURN, job.c.due_at <= bindparam("now"))
_NEXT = select(job.c.due_at).where(_TURN).order_by(job.c.due_at, job.c.id).limit(1)
_NEXT_LATER = _NEXT.where(job.c.due_at > bindparam("after"))
_FREE = or_(
    job.c.state == JobState.READY.value,
    and_(job.c.state == JobState.LEASED.value, job.c.lease_until <= bindparam("now")),
)
_LEASABLE: Select[Any] = (
    select(*_COLUMNS)
    .where(
        job.c.type == bindparam("job_type"),
        job.c.state.in_((JobState.READY.value, JobState.LEASED.value)),  # said twice, for the index on type and state
        _FREE,
        job.c.due_at <= bindparam("now"),
        job.c.wait_id.is_not(None),
    )
    .order_by(job.c.id)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
)
_CHANGE = (
    update(job)
    .where(job.c.id == bindparam("job_id"))
    .values(
        state=bindparam("new_state"),
        retries=bindparam("new_retries"),
        attempts=bindparam("new_attempts"),
        due_at=bindparam("new_due"),
        lease_until=bindparam("new_lease"),
        worker=bindparam("new_worker"),
        error=bindparam("new_error"),
        lost=bindparam("new_lost"),
    )
)
_STATE = (
    update(job)
    .where(job.c.instance_id == bindparam("of_instance"), job.c.state.in_(bindparam("old_states", expanding=True)))
    .values(state=bindparam("new_state"), lease_until=None, worker=None)
)

_INSERT_INCIDENT = insert(incident)
_PROCESSES = (
    select(process_instance.c.id, process_definition.c.process_id)
    .join(process_definition, process_definition.c.id == process_instance.c.definition_id)
    .where(process_instance.c.id.in_(bindparam("instances", expanding=True)))
)
_LOCK_INCIDENT = (
    select(
        incident.c.id,
        incident.c.instance_id,
        incident.c.job_id,
        incident.c.wait_id,
        incident.c.element_id,
        incident.c.name,
        incident.c.state,
    )
    .where(incident.c.id == bindparam("incident_id"))
    .with_for_update(key_share=True)
)
_RESOLVE = (
    update(incident)
    .where(incident.c.wait_id == bindparam("of_wait"), incident.c.state == IncidentState.OPEN.value)
    .values(state=IncidentState.RESOLVED.value, resolved_at=bindparam("at"), resolved_by=bindparam("by"))
)
_RESOLVE_ONE = (
    update(incident)
    .where(incident.c.id == bindparam("incident_id"), incident.c.state == IncidentState.OPEN.value)
    .values(state=IncidentState.RESOLVED.value, resolved_at=bindparam("at"), resolved_by=bindparam("by"))
)


@dataclass(frozen=True)
class StoredJob:
    """One job as its row says."""

    id: int
    type: str
    instance_id: str | None
    case_id: str | None
    line: str
    wait_id: str | None
    element_id: str | None
    name: str
    payload: bytes | None
    state: JobState
    retries: int
    attempts: int
    urgency: Urgency
    lost: int
    due_at: datetime
    lease_until: datetime | None
    worker: str | None


@dataclass(frozen=True)
class StoredIncident:
    """One incident as its row says."""

    id: str
    instance_id: str | None
    job_id: int | None
    wait_id: str | None
    element_id: str | None
    name: str
    state: IncidentState


def insert_job(uow: UnitOfWork, values: dict[str, Any]) -> None:
    """Write a new job; whatever stands before an urgent one in its line becomes as urgent."""
    urgency = Urgency(values["urgency"])
    if urgency is not Urgency.BATCH:
        uow.send(_HASTEN, {"of_line": values["line"], "new_urgency": urgency.value})
    uow.send(_INSERT, values)
    if values["state"] == JobState.READY.value:
        uow.note_job(values["line"], urgency)


def lock_job(uow: UnitOfWork, job_id: int) -> StoredJob | None:
    """Read one job and keep others from taking it."""
    params = {"job_id": job_id}
    instance_rows.hold_found(uow, (_HOLD_CASE, _HOLD_ALONE), params)
    return _held(uow, _stored(uow.first(_LOCK, params)))


def lock_in_turn(uow: UnitOfWork, job_id: int, types: Sequence[str]) -> StoredJob | None:
    """Read one job and keep others from taking it; None where it is not due, or not the first in its line."""
    instance_rows.hold_found(uow, (_HOLD_CASE, _HOLD_ALONE), {"job_id": job_id})
    return _held(uow, _stored(uow.first(_LOCK_IN_TURN, {"job_id": job_id, "now": uow.now, "types": types})))


def lock_head(uow: UnitOfWork, line: str, types: Sequence[str]) -> StoredJob | None:
    """The job that is to run now in a line, kept from others; None where there is none or another is at it."""
    return _stored(uow.first(_HEAD, {"of_line": line, "now": uow.now, "types": types}))


def lock_job_of(uow: UnitOfWork, wait_id: str) -> StoredJob | None:
    """Read the job of a wait and keep others from taking it."""
    params = {"wait_id": wait_id}
    instance_rows.hold_found(uow, (_HOLD_CASE_OF_WAIT, _HOLD_ALONE_OF_WAIT), params)
    return _held(uow, _stored(uow.first(_OF_WAIT, params)))


def delete_job(uow: UnitOfWork, job_id: int) -> None:
    """Take away a job that is done."""
    uow.send(_DELETE, {"job_id": job_id})


def delete_jobs_of(uow: UnitOfWork, wait_ids: Iterable[str]) -> None:
    """Take away jobs of waits that have ended."""
    uow.write_many(_DELETE_OF_WAIT, [{"of_wait": wait_id} for wait_id in wait_ids])


def due_jobs(reader: Reader, now: datetime, types: Sequence[str], limit: int) -> list[int]:
    """The ids of jobs of these types whose turn in their line it is, in order."""
    return [row[0] for row in reader.rows(_DUE, {"now": now, "types": types, "limit": limit})]


def due_lines(reader: Reader, now: datetime, types: Sequence[str], limit: int) -> list[DueLine]:
    """The lines whose first job is due and of these types, the most urgent first."""
    rows = reader.rows(_DUE_LINES, {"now": now, "types": types, "limit": limit})
    return [DueLine(row[0], Urgency(row[1])) for row in rows]


def overdue_jobs(reader: Reader, now: datetime, limit: int) -> list[tuple[int, str]]:
    """Jobs that a process of ours has begun and whose time is over, and the process."""
    return [(row[0], row[1]) for row in reader.rows(_OVERDUE, {"now": now, "limit": limit})]


def gone_workers(reader: Reader) -> list[str]:
    """Processes of ours that have begun jobs and are not alive any more."""
    return [row[0] for row in reader.rows(_ORPHANED)]


def begun_by(reader: Reader, worker_id: str) -> list[int]:
    """The ids of the jobs that a process has begun, oldest first."""
    return sorted(row[0] for row in reader.rows(_BEGUN_BY, {"by": worker_id}))


def next_due(reader: Reader, types: Sequence[str]) -> datetime | None:
    """When the next job of these types can run."""
    found = reader.scalar(_NEXT, {"types": types})
    assert found is None or isinstance(found, datetime)
    return found


def next_due_after(reader: Reader, types: Sequence[str], moment: datetime) -> datetime | None:
    """When the next job of these types can run, of those that cannot run at `moment` yet."""
    found = reader.scalar(_NEXT_LATER, {"types": types, "after": moment})
    assert found is None or isinstance(found, datetime)
    return found


def lock_leasable(uow: UnitOfWork, job_type: str, limit: int) -> list[StoredJob]:
    """Jobs of a type that a worker may take now, oldest first."""
    rows = uow.rows(_LEASABLE, {"job_type": job_type, "now": uow.now, "limit": limit})
    return [stored for row in rows if (stored := _stored(row)) is not None]


def change_job(
    uow: UnitOfWork,
    job: StoredJob,
    state: JobState,
    *,
    retries: int,
    due_at: datetime,
    attempts: int,
    lease: tuple[str, datetime] | None = None,
    error: str | None = None,
    lost: int = 0,
) -> None:
    """Write where a job stands; `lease` is the worker that has it, and until when.

    lost: how often in a row the process that ran it has ended under it.
    """
    uow.send(
        _CHANGE,
        {
            "job_id": job.id,
            "new_state": state.value,
            "new_retries": retries,
            "new_attempts": attempts,
            "new_due": due_at,
            "new_worker": lease[0] if lease else None,
            "new_lease": lease[1] if lease else None,
            "new_error": error,
            "new_lost": lost,
        },
    )


def set_job_state(uow: UnitOfWork, instance_id: str, old: Sequence[JobState], new: JobState) -> None:
    """Suspend or resume an instance's jobs."""
    states = [state.value for state in old]
    uow.send(_STATE, {"of_instance": instance_id, "old_states": states, "new_state": new.value})


def insert_incidents(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Write new incidents, each with its cause."""
    processes = _processes_of(uow, {row["instance_id"] for row in rows if row["instance_id"] is not None})
    uow.write_many(_INSERT_INCIDENT, [_with_cause(row, processes.get(row["instance_id"])) for row in rows])


def lock_incident(uow: UnitOfWork, incident_id: str) -> StoredIncident | None:
    """Read one incident and keep others from resolving it."""
    params = {"incident_id": incident_id}
    instance_rows.hold_found(uow, (_HOLD_CASE_OF_INCIDENT, _HOLD_ALONE_OF_INCIDENT), params)
    row = uow.first(_LOCK_INCIDENT, params)
    if row is None:
        return None
    values = row._mapping
    return StoredIncident(**{**values, "state": IncidentState(values["state"])})


def resolve_incidents_of(uow: UnitOfWork, wait_ids: Iterable[str], by: str) -> None:
    """Resolve the open incidents of waits."""
    uow.write_many(_RESOLVE, [{"of_wait": wait_id, "at": uow.now, "by": by} for wait_id in wait_ids])


def resolve_incident(uow: UnitOfWork, incident_id: str, by: str) -> bool:
    """Resolve one open incident; False where it is resolved already."""
    return uow.write(_RESOLVE_ONE, {"incident_id": incident_id, "at": uow.now, "by": by}) == 1


def _with_cause(row: dict[str, Any], process_id: str | None) -> dict[str, Any]:
    pattern = pattern_of(row["message"])
    cause = cause_of(process_id, row["element_id"], row["code"], pattern)
    return {**row, "process_id": process_id, "pattern": pattern, "cause": cause}


def _processes_of(uow: UnitOfWork, instance_ids: Collection[str]) -> dict[str, str]:
    """The process of each of these instances."""
    if not instance_ids:
        return {}
    return {row.id: row.process_id for row in uow.rows(_PROCESSES, {"instances": sorted(instance_ids)})}


def _held(uow: UnitOfWork, found: StoredJob | None) -> StoredJob | None:
    """The same; its instance, if any, has been held before it was read."""
    if found is not None and found.instance_id is not None:
        uow.note_held(found.instance_id)
    return found


def _stored(row: Any) -> StoredJob | None:
    if row is None:
        return None
    values = row._mapping
    state, urgency = JobState(values["state"]), Urgency(values["urgency"])
    return StoredJob(**{**values, "state": state, "urgency": urgency})
