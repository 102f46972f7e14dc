"""Who was reminded of which late task."""

from __future__ import annotations

from engine.store.unit_of_work import UnitOfWork
from engine.store.work_item_rows import LateItem
from processes.aktivitetskrav.records.oversight_tables import reminder
from processes.aktivitetskrav.records.rows import add_row


def add_reminder(uow: UnitOfWork, case_id: str | None, task: LateItem) -> int:
    """Note that whoever has a task, or its role's group, was reminded of it now; the reminder's id."""
    return add_row(
        uow,
        reminder,
        case_id=case_id,
        work_item_id=task.id,
        task=task.name,
        role=task.role,
        assignee=task.assignee,
        at=uow.now,
    )
