"""The rows of processes that are alive, and of what only one of them may do at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from engine.store.schema import job, lease, worker
from engine.store.states import JobState
from engine.store.unit_of_work import Reader, UnitOfWork

_COLUMNS = (
    worker.c.id,
    worker.c.kind,
    worker.c.host,
    worker.c.pid,
    worker.c.version,
    worker.c.started_at,
    worker.c.seen_at,
)
_ALL = select(*_COLUMNS).order_by(worker.c.started_at, worker.c.id)
_INSERT = insert(worker)
_SEEN = update(worker).where(worker.c.id == bindparam("of_id")).values(seen_at=bindparam("at"))
_DELETE = delete(worker).where(worker.c.id == bindparam("of_id"))
_SILENT = delete(worker).where(worker.c.seen_at < bindparam("before"))
_UNDER_WAY = (
    select(job.c.worker, func.count())
    .where(job.c.state == JobState.LEASED.value, job.c.worker.is_not(None))
    .group_by(job.c.worker)
)

_LEASE = select(lease.c.owner, lease.c.until).where(lease.c.name == bindparam("of_name"))
_INSERT_LEASE = insert(lease)
_TAKE = update(lease).where(lease.c.name == bindparam("of_name")).values(owner=bindparam("by"), until=bindparam("to"))
_DROP = delete(lease).where(lease.c.name == bindparam("of_name"), lease.c.owner == bindparam("by"))


@dataclass(frozen=True)
class WorkerRow:
    """One process that serves pages or runs jobs and timers."""

    id: str
    kind: str
    host: str
    pid: int
    version: str
    started_at: datetime
    seen_at: datetime


def all_workers(reader: Reader) -> list[WorkerRow]:
    """The processes that have been heard of lately, oldest first."""
    return [WorkerRow(*row) for row in reader.rows(_ALL)]


def insert_worker(uow: UnitOfWork, row: WorkerRow) -> None:
    """Write that a process has started."""
    uow.send(_INSERT, {column.name: getattr(row, column.name) for column in _COLUMNS})


def note_seen(uow: UnitOfWork, worker_id: str) -> bool:
    """Write that a process is alive; False where it has been given up for gone."""
    return uow.write(_SEEN, {"of_id": worker_id, "at": uow.now}) == 1


def delete_worker(uow: UnitOfWork, worker_id: str) -> None:
    """Write that a process has ended."""
    uow.send(_DELETE, {"of_id": worker_id})


def delete_silent(uow: UnitOfWork, before: datetime) -> int:
    """Give up processes that have not been heard of since; how many."""
    return uow.write(_SILENT, {"before": before})


def under_way(reader: Reader) -> dict[str, int]:
    """How many jobs each worker has begun, by its id."""
    return {row[0]: row[1] for row in reader.rows(_UNDER_WAY)}


def lease_holder(reader: Reader, name: str) -> tuple[str, datetime] | None:
    """Who may do what is called `name`, and until when; None where nobody ever has."""
    row = reader.first(_LEASE, {"of_name": name})
    return None if row is None else (row[0], row[1])


def insert_lease(uow: UnitOfWork, name: str, owner: str, until: datetime) -> None:
    """Write that `owner` is the first to have what is called `name`."""
    uow.send(_INSERT_LEASE, {"name": name, "owner": owner, "until": until})


def take_lease(uow: UnitOfWork, name: str, owner: str, until: datetime) -> None:
    """Write that `owner` has what is called `name` from now on."""
    uow.send(_TAKE, {"of_name": name, "by": owner, "to": until})


def drop_lease(uow: UnitOfWork, name: str, owner: str) -> None:
    """Let others have what is called `name`, if it is `owner`'s."""
    uow.send(_DROP, {"of_name": name, "by": owner})
