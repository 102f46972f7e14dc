"""The rows of migrations: who is to move, what became of each, and the rows of what waits in a moved instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, update

from engine.store.schema import (
    incident,
    job,
    migration,
    migration_outcome,
    process_definition,
    process_instance,
    release_resource,
    subscription,
    timer,
    work_item,
)
from engine.store.states import IncidentState, MigrationState, OutcomeState
from engine.store.unit_of_work import Reader, UnitOfWork

_OF_VERSION = select(process_definition.c.id).where(
    process_definition.c.process_id == bindparam("process_id"), process_definition.c.version == bindparam("version")
)
_NEWEST_RELEASE = (
    select(func.max(release_resource.c.release))
    .join_from(release_resource, process_definition, release_resource.c.digest == process_definition.c.digest)
    .where(process_definition.c.id == bindparam("definition_id"))
)
_RUNNING = (process_instance.c.definition_id == bindparam("definition_id"), process_instance.c.ended_at.is_(None))
_COUNT = select(func.count()).select_from(process_instance).where(*_RUNNING)
_VERSIONS = (
    select(process_definition.c.version, func.count())
    .join_from(process_instance, process_definition, process_instance.c.definition_id == process_definition.c.id)
    .where(process_definition.c.process_id == bindparam("process_id"), process_instance.c.ended_at.is_(None))
    .group_by(process_definition.c.version)
    .order_by(process_definition.c.version)
)
_PAGE = (
    select(process_instance.c.id, process_instance.c.case_id, process_instance.c.snapshot)
    .where(*_RUNNING, process_instance.c.id > bindparam("after"))
    .order_by(process_instance.c.id)
    .limit(bindparam("page"))
)
_PENDING = (
    select(process_instance.c.id)
    .where(
        *_RUNNING,
        ~exists().where(
            migration_outcome.c.migration == bindparam("of_migration"),
            migration_outcome.c.instance_id == process_instance.c.id,
        ),
    )
    .order_by(process_instance.c.id)
    .limit(bindparam("page"))
)
_INSERT = insert(migration)
_COLUMNS = (
    migration.c.id,
    migration.c.process_id,
    migration.c.source_id,
    migration.c.target_id,
    migration.c.release,
    migration.c.plan,
    migration.c.actor,
    migration.c.actor_name,
    migration.c.reason,
    migration.c.state,
    migration.c.total,
    migration.c.created_at,
    migration.c.finished_at,
)
_GET = select(*_COLUMNS).where(migration.c.id == bindparam("of_migration"))
_ALL = select(*_COLUMNS).order_by(migration.c.created_at.desc(), migration.c.id)
_FINISH = (
    update(migration)
    .where(migration.c.id == bindparam("of_migration"), migration.c.state == MigrationState.RUNNING.value)
    .values(state=MigrationState.DONE.value, finished_at=bindparam("at"))
)
_INSERT_OUTCOME = insert(migration_outcome)
_OUTCOME = select(migration_outcome.c.state).where(
    migration_outcome.c.migration == bindparam("of_migration"),
    migration_outcome.c.instance_id == bindparam("of_instance"),
)
_COUNTS = (
    select(migration_outcome.c.state, func.count())
    .where(migration_outcome.c.migration == bindparam("of_migration"))
    .group_by(migration_outcome.c.state)
)
_REFUSED = (
    select(migration_outcome.c.instance_id, migration_outcome.c.obstacles)
    .where(
        migration_outcome.c.migration == bindparam("of_migration"),
        migration_outcome.c.state == OutcomeState.REFUSED.value,
    )
    .order_by(migration_outcome.c.instance_id)
)
_REHOME = (
    update(process_instance)
    .where(process_instance.c.id == bindparam("of_instance"))
    .values(definition_id=bindparam("to_definition"), release=bindparam("to_release"))
)
_ITEM = (
    update(work_item)
    .where(work_item.c.id == bindparam("wait"))
    .values(
        definition_id=bindparam("to_definition"),
        element_id=bindparam("element"),
        name=bindparam("new_name"),
        form_id=bindparam("form"),
    )
)
_TIMER = (
    update(timer)
    .where(timer.c.id == bindparam("wait"))
    .values(
        definition_id=bindparam("to_definition"),
        element_id=bindparam("element"),
        name=bindparam("new_name"),
        attached_to=bindparam("host"),
        interrupting=bindparam("interrupts"),
    )
)
_SUBSCRIPTION = (
    update(subscription)
    .where(subscription.c.id == bindparam("wait"))
    .values(element_id=bindparam("element"), name=bindparam("new_name"))
)
_JOB = (
    update(job)
    .where(job.c.wait_id == bindparam("wait"))
    .values(element_id=bindparam("element"), name=bindparam("new_name"), type=bindparam("new_type"))
)
_INCIDENT = (
    update(incident)
    .where(incident.c.wait_id == bindparam("wait"), incident.c.state == IncidentState.OPEN.value)
    .values(element_id=bindparam("element"), name=bindparam("new_name"))
)


@dataclass(frozen=True)
class StoredMigration:
    """One migration as its row says; `plan` is JSON."""

    id: str
    process_id: str
    source_id: int
    target_id: int
    release: int
    plan: bytes
    actor: str
    actor_name: str
    reason: str
    state: MigrationState
    total: int
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class WaitRows:
    """What the rows of an instance's waits say in its new version, table by table."""

    items: Sequence[Mapping[str, Any]]
    timers: Sequence[Mapping[str, Any]]
    subscriptions: Sequence[Mapping[str, Any]]
    jobs: Sequence[Mapping[str, Any]]
    incidents: Sequence[Mapping[str, Any]]


def definition_of_version(reader: Reader, process_id: str, version: int) -> int | None:
    """The id of one version of a process."""
    found = reader.scalar(_OF_VERSION, {"process_id": process_id, "version": version})
    return None if found is None else int(found)


def newest_release_of(reader: Reader, definition_id: int) -> int:
    """The newest release that carries a definition: its forms and decisions are the ones to go on with."""
    return int(reader.scalar(_NEWEST_RELEASE, {"definition_id": definition_id}))


def running_count(reader: Reader, definition_id: int) -> int:
    """How many instances of a definition have not ended."""
    return int(reader.scalar(_COUNT, {"definition_id": definition_id}))


def running_versions(reader: Reader, process_id: str) -> dict[int, int]:
    """How many instances of each version of a process have not ended."""
    return {row[0]: row[1] for row in reader.rows(_VERSIONS, {"process_id": process_id})}


def running_page(reader: Reader, definition_id: int, after: str, page: int) -> list[tuple[str, str | None, bytes]]:
    """The next instances of a definition that have not ended, with their cases and snapshots, by id."""
    rows = reader.rows(_PAGE, {"definition_id": definition_id, "after": after, "page": page})
    return [(row[0], row[1], row[2]) for row in rows]


def pending(reader: Reader, migration_id: str, definition_id: int, page: int) -> list[str]:
    """The next instances of the old version that a migration has not come to yet."""
    parameters = {"definition_id": definition_id, "of_migration": migration_id, "page": page}
    return [row[0] for row in reader.rows(_PENDING, parameters)]


def insert_migration(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    """Write a new migration."""
    uow.send(_INSERT, values)


def read_migration(reader: Reader, migration_id: str) -> StoredMigration | None:
    """One migration."""
    row = reader.first(_GET, {"of_migration": migration_id})
    return None if row is None else _stored(row)


def migrations(reader: Reader) -> list[StoredMigration]:
    """Every migration, latest first."""
    return [_stored(row) for row in reader.rows(_ALL)]


def finish(uow: UnitOfWork, migration_id: str) -> None:
    """Note that a migration has come to every instance."""
    uow.send(_FINISH, {"of_migration": migration_id, "at": uow.now})


def has_outcome(reader: Reader, migration_id: str, instance_id: str) -> bool:
    """Whether a migration has come to an instance already."""
    return reader.first(_OUTCOME, {"of_migration": migration_id, "of_instance": instance_id}) is not None


def insert_outcome(
    uow: UnitOfWork, migration_id: str, instance_id: str, state: OutcomeState, obstacles: bytes | None
) -> None:
    """Write what became of an instance."""
    values = {"migration": migration_id, "instance_id": instance_id, "state": state.value}
    uow.send(_INSERT_OUTCOME, {**values, "obstacles": obstacles, "at": uow.now})


def outcome_counts(reader: Reader, migration_id: str) -> dict[OutcomeState, int]:
    """How many instances a migration has moved, and how many it has left."""
    return {OutcomeState(row[0]): row[1] for row in reader.rows(_COUNTS, {"of_migration": migration_id})}


def refusals(reader: Reader, migration_id: str) -> list[tuple[str, bytes]]:
    """The instances that a migration has left where they were, and why (JSON)."""
    return [(row[0], row[1] or b"[]") for row in reader.rows(_REFUSED, {"of_migration": migration_id})]


def rehome(uow: UnitOfWork, instance_id: str, definition_id: int, release: int) -> None:
    """Write which version an instance runs from now on."""
    uow.send(_REHOME, {"of_instance": instance_id, "to_definition": definition_id, "to_release": release})


def rewrite_waits(uow: UnitOfWork, rows: WaitRows) -> None:
    """Write what the rows of waits say in the new version; what people and time have made of them stays."""
    uow.write_many(_ITEM, rows.items)
    uow.write_many(_TIMER, rows.timers)
    uow.write_many(_SUBSCRIPTION, rows.subscriptions)
    uow.write_many(_JOB, rows.jobs)
    uow.write_many(_INCIDENT, rows.incidents)


def _stored(row: Any) -> StoredMigration:
    values = row._mapping
    return StoredMigration(**{**values, "state": MigrationState(values["state"])})
