"""The rows of process instances: lock, insert, update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, bindparam, insert, select, update

from engine.store.database import LostRace
from engine.store.schema import case_, process_instance
from engine.store.states import InstanceState
from engine.store.unit_of_work import Params, Reader, UnitOfWork

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


def holders_of(instance_id: ColumnElement[str]) -> tuple[Select[Any], Select[Any]]:
    """What holds the instance that `instance_id` (a parameter, or a subquery) finds: its case, or else itself."""
    of_case = select(process_instance.c.case_id).where(process_instance.c.id == instance_id)
    case = select(case_.c.id).where(case_.c.id == of_case.scalar_subquery())
    alone = select(process_instance.c.id).where(
        process_instance.c.id == instance_id, process_instance.c.case_id.is_(None)
    )
    return case.with_for_update(key_share=True), alone.with_for_update(key_share=True)


_HOLD_CASE, _HOLD_ALONE = holders_of(bindparam("instance_id", type_=Text))
_READ = select(*_COLUMNS).where(process_instance.c.id == bindparam("instance_id"))
_LOCK = _READ.with_for_update(key_share=True)
_LOCK_CASES_IF_FREE = (
    select(case_.c.id)
    .where(case_.c.id.in_(bindparam("case_ids", expanding=True)))
    .with_for_update(key_share=True, skip_locked=True)
)
_LOCK_ALL_IF_FREE = (
    select(*_COLUMNS)
    .where(process_instance.c.id.in_(bindparam("instance_ids", expanding=True)))
    .with_for_update(key_share=True, skip_locked=True)
)
_INSERT = insert(process_instance)
_GO_ON = (
    update(process_instance)
    .where(process_instance.c.id == bindparam("of_id"), process_instance.c.version == bindparam("of_version"))
    .values(
        version=bindparam("version"),
        history_seq=bindparam("history_seq"),
        history_hash=bindparam("history_hash"),
        snapshot=bindparam("snapshot"),
    )
)
"""SQLite writes the indexes of every column that is named, changed or not: the state is only named where it changes."""
_CHANGE_STATE = _GO_ON.values(state=bindparam("state"), ended_at=bindparam("ended_at"))
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


def hold(uow: UnitOfWork, instance_id: str) -> None:
    """Keep others from changing an instance, and whatever rows are its own, until the transaction ends (PostgreSQL).

    Whoever changes a work item, timer, subscription, job or incident holds its instance first, and of an instance in a
    case the case: so two commands on one case queue here, and do not each hold what the other waits for. Nobody has
    waited yet when this returns; whatever is asked next is asked under the lock.
    """
    if not uow.is_sqlite and not uow.holds(instance_id):
        hold_found(uow, (_HOLD_CASE, _HOLD_ALONE), {"instance_id": instance_id})
        uow.note_held(instance_id)


def hold_found(uow: UnitOfWork, holders: tuple[Select[Any], Select[Any]], params: Params) -> None:
    """Like `hold`, by statements of `holders_of`; who has found the instance afterwards notes that it is held."""
    if not uow.is_sqlite:
        for statement in holders:
            uow.send(statement, params)


def lock(uow: UnitOfWork, instance_id: str) -> StoredInstance | None:
    """Read an instance and keep others from changing it until the transaction ends (see `hold`)."""
    params = {"instance_id": instance_id}
    if not uow.is_sqlite and not uow.holds(instance_id):
        uow.send(_HOLD_CASE, params)
        uow.note_held(instance_id)
    return _stored(uow.first(_LOCK, params))


def lock_free(uow: UnitOfWork, wanted: Mapping[str, str | None]) -> dict[str, StoredInstance]:
    """Read and lock those of several instances that nobody else is at, without waiting.

    wanted: each instance's id, with the id of its case if it is in one.
    """
    case_ids = {case_id for case_id in wanted.values() if case_id is not None}
    if case_ids and not uow.is_sqlite:
        free = {row[0] for row in uow.rows(_LOCK_CASES_IF_FREE, {"case_ids": sorted(case_ids)})}
        wanted = {each: case_id for each, case_id in wanted.items() if case_id is None or case_id in free}
    if not wanted:
        return {}
    rows = uow.rows(_LOCK_ALL_IF_FREE, {"instance_ids": sorted(wanted)})
    found = {each.id: each for row in rows if (each := _stored(row)) is not None}
    for instance_id in found:
        uow.note_held(instance_id)
    return found


def read(reader: Reader, instance_id: str) -> StoredInstance | None:
    """Read an instance without locking it."""
    return _stored(reader.first(_READ, {"instance_id": instance_id}))


def insert_instance(uow: UnitOfWork, values: dict[str, Any]) -> None:
    """Write a new instance's row."""
    uow.send(_INSERT, values)


def update_instance(uow: UnitOfWork, instance_id: str, version: int, values: dict[str, Any]) -> None:
    """Write what a command made of an instance; LostRace where another command was there since it was read.

    values: its history's head and snapshot; `state` and `ended_at` as well where its state has changed.
    """
    told = {"of_id": instance_id, "of_version": version, "version": version + 1, **values}
    uow.send_to_one(_CHANGE_STATE if "state" in values else _GO_ON, told, LostRace())


def active_children(uow: UnitOfWork, parent_id: str, parent_wait: str) -> list[str]:
    """The ids of the instances that a wait has called and that have not ended."""
    return [row[0] for row in uow.rows(_CHILDREN, {"parent_id": parent_id, "parent_wait": parent_wait})]


def _stored(row: Any) -> StoredInstance | None:
    if row is None:
        return None
    values = row._mapping
    return StoredInstance(**{**values, "state": InstanceState(values["state"])})
