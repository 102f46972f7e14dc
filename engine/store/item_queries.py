"""Single work items, and those under a condition; pages of them are the inbox (`engine.store.inbox`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from engine.access import Viewer
from engine.errors import NotFound
from engine.store.access import for_anyone, told, visible_work_items
from engine.store.case_queries import case
from engine.store.inbox import ITEMS, item_row, items_for
from engine.store.rows import CaseRow, WorkItemRow
from engine.store.schema import work_item
from engine.store.states import WorkItemState
from engine.store.unit_of_work import Reader

_ITEM = for_anyone(
    lambda viewer, now: items_for(viewer, now).where(work_item.c.id == bindparam("item_id"), visible_work_items(viewer))
)
_DRAFT = select(work_item.c.draft, work_item.c.draft_at).where(work_item.c.id == bindparam("item_id"))
_ESCALATIONS = ITEMS.where(work_item.c.escalates == bindparam("item_id")).order_by(
    work_item.c.created_at, work_item.c.id
)


def work_item_seen(reader: Reader, viewer: Viewer, item_id: str, now: datetime) -> WorkItemRow:
    """One work item, open or ended; NotFound where there is none or the viewer may not see it."""
    row = reader.first(_ITEM[viewer.all_units], {**told(viewer, now), "item_id": item_id})
    if row is None:
        raise NotFound("There is no such task.")
    return item_row(row)


def draft_of(reader: Reader, item_id: str) -> tuple[bytes | None, datetime | None]:
    """A work item's draft, and when it was saved."""
    row = reader.first(_DRAFT, {"item_id": item_id})
    return (None, None) if row is None else (row[0], row[1])


def escalations_of(reader: Reader, item_id: str) -> list[WorkItemRow]:
    """The work items that were made for this one, oldest first."""
    return [item_row(row) for row in reader.rows(_ESCALATIONS, {"item_id": item_id})]


def original_of(reader: Reader, viewer: Viewer, item: WorkItemRow, now: datetime) -> WorkItemRow | None:
    """The work item that another escalates, where the viewer sees it."""
    if item.escalates is None:
        return None
    found = items_seen(reader, viewer, work_item.c.id == item.escalates, now, state=None)
    return found[0] if found else None


def case_of(reader: Reader, viewer: Viewer, item: WorkItemRow, now: datetime) -> CaseRow | None:
    """A work item's case, where the viewer sees it."""
    return case(reader, viewer, item.case_id, now) if item.case_id is not None and item.case_visible else None


def items_of(reader: Reader, condition: ColumnElement[bool], *, state: WorkItemState | None) -> list[WorkItemRow]:
    """Work items under a condition, what is due first comes first, whoever may see them."""
    return _items(reader, ITEMS.where(condition), state)


def items_seen(
    reader: Reader, viewer: Viewer, condition: ColumnElement[bool], now: datetime, *, state: WorkItemState | None
) -> list[WorkItemRow]:
    """Work items under a condition that a viewer may see, what is due first comes first."""
    return _items(reader, items_for(viewer, now).where(condition, visible_work_items(viewer)), state)


def _items(reader: Reader, statement: Select[Any], state: WorkItemState | None) -> list[WorkItemRow]:
    if state is not None:
        statement = statement.where(work_item.c.state == state.value)
    ordered = statement.order_by(work_item.c.due_order, work_item.c.created_at, work_item.c.id)
    return [item_row(row) for row in reader.query(ordered)]
