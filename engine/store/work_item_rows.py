"""The rows of work items: written as differences of what instances wait for, and by those who work on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from engine.errors import Conflict
from engine.store import instance_rows
from engine.store.schema import process_instance, work_item, work_item_candidate
from engine.store.states import InstanceState, WorkItemState
from engine.store.unit_of_work import Params, Reader, UnitOfWork

FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC)
"""Sorts work items without a due date last."""

_TOLD = ("element_id", "name", "form_id", "role", "organisation", "unit", "due_at", "due_order", "follow_up_at")
"""What of a work item the diagram tells, and not whoever works on it."""
_GET = select(
    work_item.c.id,
    work_item.c.instance_id,
    work_item.c.case_id,
    work_item.c.element_id,
    work_item.c.name,
    work_item.c.form_id,
    work_item.c.state,
    work_item.c.assignee,
    process_instance.c.state.label("instance_state"),
).where(work_item.c.id == bindparam("item_id"), process_instance.c.id == work_item.c.instance_id)
_HOLD_CASE, _HOLD_ALONE = instance_rows.holders_of(
    select(work_item.c.instance_id).where(work_item.c.id == bindparam("item_id")).scalar_subquery()
)
_INSERT = insert(work_item)
_INSERT_CANDIDATE = insert(work_item_candidate)
_END = (
    update(work_item)
    .where(work_item.c.id == bindparam("item_id"), work_item.c.state == WorkItemState.OPEN.value)
    .values(
        state=bindparam("new_state"),
        completed_at=bindparam("at"),
        completed_by=bindparam("by"),
        draft=None,
        draft_at=None,
    )
)
_DELETE_CANDIDATES = delete(work_item_candidate).where(work_item_candidate.c.work_item_id == bindparam("item_id"))
_ASSIGN = (
    update(work_item)
    .where(work_item.c.id == bindparam("item_id"), work_item.c.state == WorkItemState.OPEN.value)
    .values(assignee=bindparam("to"), assignee_name=bindparam("to_name"), claimed_at=bindparam("at"))
)
_DRAFT = (
    update(work_item)
    .where(work_item.c.id == bindparam("item_id"), work_item.c.state == WorkItemState.OPEN.value)
    .values(draft=bindparam("data"), draft_at=bindparam("at"))
)
_CHANGE = (
    update(work_item)
    .where(work_item.c.id == bindparam("item_id"))
    .values(due_at=bindparam("due"), due_order=bindparam("order"), follow_up_at=bindparam("follow_up"))
)
_RENEW = (
    update(work_item)
    .where(work_item.c.id == bindparam("item_id"), work_item.c.instance_id == bindparam("of_instance"))
    .values(
        {name: bindparam(f"new_{name}") for name in _TOLD}
        | {"state": WorkItemState.OPEN.value}
        | {"completed_at": None, "completed_by": None}
    )
)
_ESCALATED = update(work_item).where(work_item.c.id == bindparam("item_id")).values(escalated_at=bindparam("at"))
_OPEN_AT = (
    select(work_item.c.id)
    .where(
        work_item.c.instance_id == bindparam("instance_id"),
        work_item.c.state == WorkItemState.OPEN.value,
        work_item.c.element_id == bindparam("element_id"),
    )
    .order_by(work_item.c.created_at, work_item.c.id)
    .limit(1)
)
_LATE = (
    select(
        work_item.c.id,
        work_item.c.name,
        work_item.c.role,
        work_item.c.assignee,
        work_item.c.due_at,
        (work_item.c.state == WorkItemState.OPEN.value).label("open"),
    )
    .where(
        work_item.c.instance_id == bindparam("instance_id"),
        work_item.c.element_id.in_(bindparam("element_ids", expanding=True)),
        work_item.c.created_at <= bindparam("moment"),
        or_(work_item.c.completed_at.is_(None), work_item.c.completed_at >= bindparam("moment")),
    )
    .order_by(work_item.c.created_at.desc(), work_item.c.id.desc())
    .limit(1)
)
_UNIT = (
    update(work_item)
    .where(
        work_item.c.case_id == bindparam("of_case"),
        work_item.c.organisation == bindparam("of_organisation"),
        work_item.c.state == WorkItemState.OPEN.value,
    )
    .values(unit=bindparam("new_unit"))
)
_CANDIDATE_UNIT = (
    update(work_item_candidate)
    .where(
        work_item_candidate.c.organisation == bindparam("of_organisation"),
        work_item_candidate.c.work_item_id.in_(
            select(work_item.c.id).where(work_item.c.case_id == bindparam("of_case"))
        ),
    )
    .values(unit=bindparam("new_unit"))
)


@dataclass(frozen=True)
class StoredItem:
    """What a command needs to know of a work item."""

    id: str
    instance_id: str
    case_id: str | None
    element_id: str
    name: str
    form_id: str | None
    state: WorkItemState
    assignee: str | None
    instance_state: InstanceState


def get(reader: Reader, item_id: str) -> StoredItem | None:
    """One work item, or None."""
    row = reader.first(_GET, {"item_id": item_id})
    if row is None:
        return None
    values = row._mapping
    return StoredItem(
        **{
            **values,
            "state": WorkItemState(values["state"]),
            "instance_state": InstanceState(values["instance_state"]),
        }
    )


def lock(uow: UnitOfWork, item_id: str) -> StoredItem | None:
    """Read a work item and keep others from changing it."""
    instance_rows.hold_found(uow, (_HOLD_CASE, _HOLD_ALONE), {"item_id": item_id})
    item = get(uow, item_id)
    if item is not None:
        uow.note_held(item.instance_id)
    return item


def insert_items(uow: UnitOfWork, rows: Sequence[dict[str, Any]], candidates: Sequence[dict[str, Any]]) -> None:
    """Write new work items and their further roles."""
    uow.write_many(_INSERT, rows)
    uow.write_many(_INSERT_CANDIDATE, candidates)


def end_item(uow: UnitOfWork, item_id: str, state: WorkItemState, by: str | None) -> None:
    """End an open work item; its draft is let go."""
    uow.send(_END, {"item_id": item_id, "new_state": state.value, "at": uow.now, "by": by})


def delete_candidates(uow: UnitOfWork, item_id: str) -> None:
    """Take away an ended work item's further roles."""
    uow.send(_DELETE_CANDIDATES, {"item_id": item_id})


def assign(uow: UnitOfWork, item_id: str, to: str | None, to_name: str | None) -> bool:
    """Give an open work item to someone, or to nobody; False where it is not open."""
    at = uow.now if to is not None else None
    return uow.write(_ASSIGN, {"item_id": item_id, "to": to, "to_name": to_name, "at": at}) == 1


def keep_draft(uow: UnitOfWork, item_id: str, data: bytes) -> bool:
    """Keep a draft; False where the item is not open."""
    return uow.write(_DRAFT, {"item_id": item_id, "data": data, "at": uow.now}) == 1


def change_dates(uow: UnitOfWork, item_id: str, due: datetime | None, follow_up: datetime | None) -> None:
    """Write another due date."""
    order = due or FAR_AHEAD
    uow.send(_CHANGE, {"item_id": item_id, "due": due, "order": order, "follow_up": follow_up})


def renew(uow: UnitOfWork, row: Params, candidates: Sequence[dict[str, Any]]) -> None:
    """Make a work item open, and say what its row should; Conflict where it belongs to another instance."""
    values = {f"new_{name}": row[name] for name in _TOLD}
    if uow.write(_RENEW, {"item_id": row["id"], "of_instance": row["instance_id"], **values}) != 1:
        raise Conflict(f"The work item {row['id']} belongs to another instance.")
    uow.send(_DELETE_CANDIDATES, {"item_id": row["id"]})
    uow.write_many(_INSERT_CANDIDATE, candidates)


def open_item_at(uow: UnitOfWork, instance_id: str, element_id: str) -> str | None:
    """The oldest open work item of an instance at an element."""
    found = uow.scalar(_OPEN_AT, {"instance_id": instance_id, "element_id": element_id})
    return None if found is None else str(found)


@dataclass(frozen=True)
class LateItem:
    """A work item that an escalation is about."""

    id: str
    name: str
    role: str | None
    assignee: str | None
    due_at: datetime | None
    open: bool


def late_item(reader: Reader, instance_id: str, element_ids: Sequence[str], moment: datetime) -> LateItem | None:
    """The work item of an instance that was open at one of these elements at a moment, whatever has become of it."""
    row = reader.first(_LATE, {"instance_id": instance_id, "element_ids": list(element_ids), "moment": moment})
    return None if row is None else LateItem(**{**row._mapping, "open": bool(row.open)})


def mark_escalated(uow: UnitOfWork, item_id: str) -> None:
    """Note on a work item that another one was made for it now."""
    uow.send(_ESCALATED, {"item_id": item_id, "at": uow.now})


def move_to_unit(uow: UnitOfWork, case_id: str, organisation: str, unit: str | None) -> None:
    """Give an organisation's open work items in a case to a unit."""
    parameters = {"of_case": case_id, "of_organisation": organisation, "new_unit": unit}
    uow.send(_UNIT, parameters)
    uow.send(_CANDIDATE_UNIT, parameters)
