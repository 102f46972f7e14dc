"""Which months' attendance nobody has handed in, and whose task that is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from engine.store.schema import work_item
from engine.store.states import WorkItemState
from engine.store.unit_of_work import Reader
from engine.store.work_item_rows import LateItem
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.records.oversight_tables import reminder
from processes.aktivitetskrav.records.tables import month_basis, placement, session

COMPLETING = "komplettera_narvaro"
"""The element of uppfoljning where a month's attendance is completed before it is handed in."""


def cases_without_basis(reader: Reader, month: Month) -> list[str]:
    """Cases that had sessions in a month whose attendance has not been handed in, sorted."""
    handed_in = select(month_basis.c.case_id).where(month_basis.c.month == month)
    query = (
        select(session.c.case_id)
        .distinct()
        .join(placement, placement.c.id == session.c.placement_id)
        .where(
            placement.c.assigned_on.is_not(None),
            session.c.day >= month.first_day,
            session.c.day < month.plus(1).first_day,
            session.c.case_id.not_in(handed_in),
        )
    )
    return sorted(str(row.case_id) for row in reader.query(query))


def tasks_to_remind_of(reader: Reader, cases: Iterable[str], now: datetime) -> list[tuple[str, LateItem]]:
    """Late tasks of these cases that complete a month and were not reminded of: case and task, oldest first."""
    reminded = select(reminder.c.work_item_id)
    rows = reader.query(
        select(
            work_item.c.case_id,
            work_item.c.id,
            work_item.c.name,
            work_item.c.role,
            work_item.c.assignee,
            work_item.c.due_at,
        )
        .where(
            work_item.c.element_id == COMPLETING,
            work_item.c.state == WorkItemState.OPEN.value,
            work_item.c.case_id.in_(list(cases)),
            work_item.c.due_at < now,
            work_item.c.id.not_in(reminded),
        )
        .order_by(work_item.c.due_at, work_item.c.id)
    )
    return [(row.case_id, LateItem(row.id, row.name, row.role, row.assignee, row.due_at, open=True)) for row in rows]
