"""The rows of process instances: lock, insert, update."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from engine.store.database import LostRace
from engine.store.schema import case_, process_instance
from engine.store.states import InstanceState
from engine.store.unit_of_work import Reader, UnitOfWork

_COLUMNS = (
    process_instance.c.id,
    process_instance.c.case_id,
    process_instance.c.definition_id,
    process_instance.c.release,
    process_instance.c.parent_id,
    process_instance.c.parent_wait,
    process_instance.c.state,
    process_instance.c.version,
    process_instance.c.started_at,
    process_instance.c.ended_at,
    process_instance.c.history_seq,
    process_instance.c.history_hash,
    process_instance.c.snapshot,
)
_READ = select(*_COLUMNS).where(process_instance.c.id == bindparam("instance_id"))
_LOCK = _READ.with_for_update(key_share=True)
_HOLD = (
    select(process_instance.c.id)
    .where(process_instance.c.id == bindparam("instance_id"))
    .with_for_update(key_share=True)
)
_CASE_OF = select(process_instance.c.case_id).where(process_instance.c.id == bindparam("instance_id"))
_LOCK_CASE = select(case_.c.id).where(case_.c.id == bindparam("case_id")).with_for_update(key_share=True)
_LOCK_IF_FREE = _READ.with_for_update(key_share=True, skip_locked=True)
_LOCK_CASE_IF_FREE = (
    select(case_.c.id).where(case_.c.id == bindparam("case_id")).with_for_update(key_share=True, skip_locked=True)
)
_INSERT = insert(process_instance)
_UPDATE = (
    update(process_instance)
    .where(process_instance.c.id == bindparam("of_id"), process_instance.c.version == bindparam("of_version"))
    .values(
        state=bindparam("state"),
        version=bindparam("version"),
        ended_at=bindparam("ended_at"),
        history_seq=bindparam("history_seq"),
        history_hash=bindparam("history_hash"),
        snapshot=bindparam("snapshot"),
    )
)
_CHILDREN = (
    select(process_instance.c.id)
    .where(
        process_instance.c.parent_id == bindparam("parent_id"),
        process_instance.c.parent_wait == bindparam("parent_wait"),
        process_instance.c.ended_at.is_(None),
    )
    .order_by(process_instance.c.started_at, process_instance.c.id)
)


@dataclass(frozen=True)
class StoredInstance:
    """One instance as its row says."""

    id: str
    case_id: str | None
    definition_id: int
    release: int
    parent_id: str | None
    parent_wait: str | None
    state: InstanceState
    version: int
    started_at: datetime
    ended_at: datetime | None
    history_seq: int
    history_hash: bytes | None
    snapshot: bytes


def lock(uow: UnitOfWork, instance_id: str) -> StoredInstance | None:
    """Read an instance and keep others from changing it until the transaction ends."""
    hold(uow, instance_id)
    return _stored(uow.first(_LOCK, {"instance_id": instance_id}))


def hold(uow: UnitOfWork, instance_id: str) -> None:
    """Keep others from changing an instance, and whatever rows are its own, until the transaction ends (PostgreSQL).

    Whoever changes a work item, timer, subscription, job or incident holds its instance first, and of an instance in a
    case the case: so two commands on one case queue here, and do not each hold what the other waits for.
    """
    if uow.is_sqlite:
        return
    case_id = uow.scalar(_CASE_OF, {"instance_id": instance_id})
    if case_id is None:
        uow.first(_HOLD, {"instance_id": instance_id})
    else:
        uow.first(_LOCK_CASE, {"case_id": case_id})


def lock_if_free(uow: UnitOfWork, instance_id: str) -> StoredInstance | None:
    """Like `lock`, but without waiting: None where somebody is at the case or the instance."""
    if not uow.is_sqlite:
        case_id = uow.scalar(_CASE_OF, {"instance_id": instance_id})
        if case_id is not None and uow.first(_LOCK_CASE_IF_FREE, {"case_id": case_id}) is None:
            return None
    return _stored(uow.first(_LOCK_IF_FREE, {"instance_id": instance_id}))


def read(reader: Reader, instance_id: str) -> StoredInstance | None:
    """Read an instance without locking it."""
    return _stored(reader.first(_READ, {"instance_id": instance_id}))


def insert_instance(uow: UnitOfWork, values: dict[str, Any]) -> None:
    """Write a new instance's row."""
    uow.write(_INSERT, values)


def update_instance(uow: UnitOfWork, instance_id: str, version: int, values: dict[str, Any]) -> None:
    """Write what a command made of an instance; LostRace where another command was there since it was read."""
    touched = uow.write(_UPDATE, {"of_id": instance_id, "of_version": version, "version": version + 1, **values})
    if touched != 1:
        raise LostRace


def active_children(uow: UnitOfWork, parent_id: str, parent_wait: str) -> list[str]:
    """The ids of the instances that a wait has called and that have not ended."""
    return [row[0] for row in uow.rows(_CHILDREN, {"parent_id": parent_id, "parent_wait": parent_wait})]


def _stored(row: Any) -> StoredInstance | None:
    if row is None:
        return None
    values = row._mapping
    return StoredInstance(**{**values, "state": InstanceState(values["state"])})
