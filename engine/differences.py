"""Writes what a command has changed: instances, and the rows of what began and ceased to wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from engine import messages
from engine.bpmn import (
    IncidentDetail,
    JobDetail,
    MessageDetail,
    Process,
    SignalDetail,
    TimerDetail,
    UserTaskDetail,
    Wait,
    WaitKind,
)
from engine.context import Context, Running
from engine.escalation import TASK_ENDED
from engine.history import Head
from engine.identity import new_id
from engine.store import case_rows, instance_rows, job_rows, message_rows, waiting_rows, work_item_rows
from engine.store.states import (
    IncidentState,
    InstanceState,
    JobState,
    SubscriptionKind,
    TimerState,
    WorkItemState,
)

_MAY_STOP = (WaitKind.INCIDENT, WaitKind.CALL, WaitKind.TIMER)
"""What else an open incident can concern: it ends with the wait."""

_SUBSCRIPTIONS = {
    WaitKind.MESSAGE: SubscriptionKind.MESSAGE,
    WaitKind.SIGNAL: SubscriptionKind.SIGNAL,
    WaitKind.CONDITION: SubscriptionKind.CONDITION,
}


def write_differences(context: Context) -> None:
    """Write the command's history, its instances, and the differences in what they wait for."""
    touched = [running for running in context.instances.values() if running.touched]
    heads: dict[str, Head] = {running.chain: running.head for running in touched if running.case_id is None}
    context.chronicle.write(heads)
    for running in touched:
        _write_instance(context, running)
    for delivery in context.deliveries:
        message_rows.insert_delivery(context.uow, *delivery)  # before the waits, which must not be sent it again
    for running in touched:
        _write_waits(context, running)
    for instance_id, name, key in context.heard:
        messages.look_for_kept(context, context.instances[instance_id], name, key)
    job_rows.insert_incidents(context.uow, context.incidents)
    for name, variables in context.signals:
        messages.broadcast(context, name, variables)


def _write_instance(context: Context, running: Running) -> None:
    values: dict[str, Any] = {
        "history_seq": running.head.seq,
        "history_hash": running.head.hash,
        "snapshot": running.execution.dump(),
    }
    if running.state is not running.state_read:
        values |= {"state": running.state.value, "ended_at": running.ended_at}
    if running.is_new:
        instance_rows.insert_instance(
            context.uow,
            {
                "id": running.id,
                "case_id": running.case_id,
                "definition_id": running.deployed.definition.id,
                "release": running.deployed.release,
                "parent_id": running.parent_id,
                "parent_wait": running.parent_wait,
                "version": 1,
                "started_at": running.started_at,
                **values,
            },
        )
    else:
        instance_rows.update_instance(context.uow, running.id, running.version, values)


def _write_waits(context: Context, running: Running) -> None:
    after = running.waiting()
    gone: dict[WaitKind, list[Wait]] = defaultdict(list)
    came: list[Wait] = []
    for wait in running.before.values():
        now = after.get(wait.id)
        if now is None or now.kind is not wait.kind:
            gone[wait.kind].append(wait)
        else:
            _change(context, wait, now)
    for wait in after.values():
        earlier = running.before.get(wait.id)
        if earlier is None or earlier.kind is not wait.kind:
            came.append(wait)
    if gone:
        _end_waits(context, running, gone)
    if came:
        begin_waits(context, running, came)


def _end_waits(context: Context, running: Running, gone: dict[WaitKind, list[Wait]]) -> None:
    uow = context.uow
    for wait in gone[WaitKind.USER_TASK]:
        if wait.element_id in running.deployed.tasks_with_calls:
            messages.tell_task_ended(context, running, wait.id)
        if wait.id in context.completed_items:
            work_item_rows.end_item(uow, wait.id, WorkItemState.COMPLETED, context.actor.id)
        else:
            work_item_rows.end_item(uow, wait.id, WorkItemState.CANCELLED, None)
        assert isinstance(wait.detail, UserTaskDetail)
        if len(wait.detail.candidate_groups) > 1:
            work_item_rows.delete_candidates(uow, wait.id)
    waiting_rows.delete_timers(uow, _ids(gone[WaitKind.TIMER]))
    for kind in _SUBSCRIPTIONS:
        waiting_rows.delete_subscriptions(uow, _ids(gone[kind]))
    undone = [wait_id for wait_id in _ids(gone[WaitKind.JOB]) if wait_id not in context.completed_jobs]
    job_rows.delete_jobs_of(uow, undone)
    stopped = [*undone, *(each for kind in _MAY_STOP for each in _ids(gone[kind]))]
    job_rows.resolve_incidents_of(uow, stopped, context.actor.id)


def begin_waits(context: Context, running: Running, waits: Iterable[Wait]) -> None:
    """Write the rows of waits that have none: work items, timers, subscriptions, jobs, incidents."""
    came: dict[WaitKind, list[Wait]] = defaultdict(list)
    for wait in waits:
        came[wait.kind].append(wait)
    if came[WaitKind.USER_TASK]:
        _begin_items(context, running, came[WaitKind.USER_TASK])
    if came[WaitKind.TIMER]:
        _begin_timers(context, running, came[WaitKind.TIMER])
    subscriptions = [wait for kind in _SUBSCRIPTIONS for wait in came[kind]]
    if subscriptions:
        waiting_rows.insert_subscriptions(
            context.uow, [_subscription(context, running, wait) for wait in subscriptions]
        )
        for wait in came[WaitKind.MESSAGE]:
            assert isinstance(wait.detail, MessageDetail)
            messages.look_for_kept(context, running, wait.detail.name, wait.detail.key)
    for wait in came[WaitKind.JOB]:
        _begin_job(context, running, wait)
    job_rows.insert_incidents(context.uow, [_incident(context, running, wait) for wait in came[WaitKind.INCIDENT]])


def _begin_items(context: Context, running: Running, waits: list[Wait]) -> None:
    rows, candidates = item_rows(context, running, waits)
    for row in rows:
        if row["escalates"] is not None:
            work_item_rows.mark_escalated(context.uow, row["escalates"])
    work_item_rows.insert_items(context.uow, rows, candidates)


def item_rows(
    context: Context, running: Running, waits: list[Wait]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of work items for some user tasks, and of their further roles."""
    uow, roles = context.uow, context.rooms.roles
    units = case_rows.latest_units_of(uow, running.case_id, context.now) if running.case_id else {}
    rows, candidates = [], []
    for wait in waits:
        detail = wait.detail
        assert isinstance(detail, UserTaskDetail)
        groups = roles_of_task(detail, running.deployed.process, wait.element_id)
        for group in groups[1:]:
            organisation = roles.organisation_of(group)
            unit = units.get(organisation) if organisation else None
            candidates.append({"work_item_id": wait.id, "role": group, "organisation": organisation, "unit": unit})
        organisation = roles.organisation_of(groups[0]) if groups else None
        rows.append(
            {
                "id": wait.id,
                "instance_id": running.id,
                "case_id": running.case_id,
                "definition_id": running.deployed.definition.id,
                "element_id": wait.element_id,
                "name": wait.name or wait.element_id,
                "form_id": detail.form_id,
                "role": groups[0] if groups else None,
                "organisation": organisation,
                "unit": units.get(organisation) if organisation else None,
                "assignee": detail.assignee,
                "assignee_name": detail.assignee,
                "priority": detail.priority,
                "priority_order": -detail.priority,
                "created_at": context.now,
                "due_at": detail.due,
                "due_order": detail.due or work_item_rows.FAR_AHEAD,
                "follow_up_at": detail.follow_up,
                "state": WorkItemState.OPEN.value,
                "claimed_at": context.now if detail.assignee else None,
                "escalates": _escalated(context, running, wait),
            }
        )
    return rows, candidates


def roles_of_task(detail: UserTaskDetail, process: Process, element_id: str) -> tuple[str, ...]:
    """The roles that a user task is for: its candidate groups, else its lane."""
    if detail.candidate_groups:
        return detail.candidate_groups
    element = process.elements.get(element_id)
    if element is None or not element.role or element.role.startswith("="):
        return ()
    return (element.role,)


def _escalated(context: Context, running: Running, wait: Wait) -> str | None:
    source = running.deployed.escalation_sources.get(wait.element_id)
    if source is not None:
        return work_item_rows.open_item_at(context.uow, running.id, source)
    if running.parent_id is None:
        return None
    awaited = (each.detail for each in running.waiting().values() if isinstance(each.detail, MessageDetail))
    return next((detail.key for detail in awaited if detail.name == TASK_ENDED), None)


def _begin_timers(context: Context, running: Running, waits: list[Wait]) -> None:
    rows = []
    for wait in waits:
        detail = wait.detail
        assert isinstance(detail, TimerDetail)
        rows.append(
            {
                "id": wait.id,
                "instance_id": running.id,
                "case_id": running.case_id,
                "definition_id": running.deployed.definition.id,
                "element_id": wait.element_id,
                "name": wait.name or wait.element_id,
                "due_at": detail.due,
                "turn": detail.turn,
                "attached_to": detail.attached_to,
                "interrupting": detail.interrupting,
                "state": _timer_state(running).value,
                "created_at": context.now,
            }
        )
        context.uow.note_alarm(detail.due)
    waiting_rows.insert_timers(context.uow, rows)


def _timer_state(running: Running) -> TimerState:
    return TimerState.SUSPENDED if running.state is InstanceState.SUSPENDED else TimerState.ACTIVE


def _subscription(context: Context, running: Running, wait: Wait) -> dict[str, Any]:
    name, key = wait.element_id, ""
    if isinstance(wait.detail, MessageDetail):
        name, key = wait.detail.name, wait.detail.key
    elif isinstance(wait.detail, SignalDetail):
        name = wait.detail.name
    return {
        "id": wait.id,
        "instance_id": running.id,
        "case_id": running.case_id,
        "process_id": running.deployed.definition.process_id,
        "kind": _SUBSCRIPTIONS[wait.kind].value,
        "name": name,
        "key": key,
        "element_id": wait.element_id,
        "created_at": context.now,
    }


def _begin_job(context: Context, running: Running, wait: Wait) -> None:
    assert isinstance(wait.detail, JobDetail)
    suspended = running.state is InstanceState.SUSPENDED
    job_rows.insert_job(
        context.uow,
        {
            "type": wait.detail.type,
            "instance_id": running.id,
            "case_id": running.case_id,
            "line": running.chain,
            "wait_id": wait.id,
            "element_id": wait.element_id,
            "name": wait.name or wait.element_id,
            "state": JobState.SUSPENDED.value if suspended else JobState.READY.value,
            "retries": wait.detail.retries,
            "attempts": 0,
            "urgency": context.urgency.value,
            "due_at": context.now,
            "created_at": context.now,
        },
    )


def _incident(context: Context, running: Running, wait: Wait) -> dict[str, Any]:
    assert isinstance(wait.detail, IncidentDetail)
    return {
        "id": new_id(),  # the same wait may become an incident again, after a retry
        "instance_id": running.id,
        "case_id": running.case_id,
        "wait_id": wait.id,
        "element_id": wait.element_id,
        "name": wait.name or wait.element_id,
        "code": wait.detail.code,
        "message": wait.detail.message,
        "state": IncidentState.OPEN.value,
        "created_at": context.now,
    }


def _change(context: Context, before: Wait, now: Wait) -> None:
    if isinstance(now.detail, TimerDetail) and now.detail != before.detail:
        waiting_rows.change_timer(context.uow, now.id, now.detail.due, now.detail.turn)
        context.uow.note_alarm(now.detail.due)
    elif isinstance(now.detail, UserTaskDetail) and isinstance(before.detail, UserTaskDetail):
        dates = (now.detail.due, now.detail.follow_up)
        if dates != (before.detail.due, before.detail.follow_up):
            work_item_rows.change_dates(context.uow, now.id, *dates)


def _ids(waits: Iterable[Wait]) -> list[str]:
    return [wait.id for wait in waits]
