"""Which task a called escalation is about: the late one whose boundary timer led to the call."""

from __future__ import annotations

from engine.bpmn import CallDetail
from engine.context import Context
from engine.errors import NotFound
from engine.store import work_item_rows
from engine.store.work_item_rows import LateItem


def late_task(context: Context, instance_id: str) -> LateItem:
    """The task that the instance was called to escalate; from now on it is marked as escalated.

    Where several tasks lead to the same call, it is the one that was open when the call was made; it may have been done
    since. Raises NotFound for an instance that no boundary timer of a user task has called.
    """
    running = context.take(instance_id)
    if running.parent_id is None or running.parent_wait is None:
        raise NotFound("Ingen uppgift har kallat på eskaleringen: processen har startats för sig själv.")
    parent = context.take(running.parent_id)
    wait = parent.before.get(running.parent_wait)
    element_id = wait.element_id if wait is not None and isinstance(wait.detail, CallDetail) else ""
    tasks = parent.deployed.escalating_calls.get(element_id, ())
    item = work_item_rows.late_item(context.uow, parent.id, tasks, running.started_at) if tasks else None
    if item is None:
        raise NotFound("Ingen uppgift har kallat på eskaleringen: rita den efter en tidsgräns som inte avbryter.")
    if item.open:
        work_item_rows.mark_escalated(context.uow, item.id)
    return item
