"""Sees to what a step led to, until nothing is left: called processes, their ends, thrown messages, the history."""

from __future__ import annotations

from typing import Any, TypeAlias

from engine import messages
from engine.bpmn import (
    CallDetail,
    DecisionMade,
    Effect,
    ErrorRaised,
    EscalationRaised,
    ExecutionStatus,
    MessageThrown,
    SignalThrown,
    Transition,
    TransitionKind,
    Wait,
    WaitKind,
)
from engine.context import Context, Running
from engine.errors import InvalidInput, NotFound
from engine.history import EventKind
from engine.incidents import new_incident
from engine.parameter_use import ParameterUse
from engine.store import instance_rows
from engine.store.states import ENDED_STATES, InstanceState

MAX_INSTANCES = 2_000
"""How many instances one command may start or touch: a process that calls itself for ever is stopped here."""

_STATES = {
    ExecutionStatus.COMPLETED: InstanceState.COMPLETED,
    ExecutionStatus.TERMINATED: InstanceState.TERMINATED,
    ExecutionStatus.FAILED: InstanceState.FAILED,
}
_KINDS = {
    TransitionKind.ENTERED: EventKind.ENTERED,
    TransitionKind.COMPLETED: EventKind.COMPLETED,
    TransitionKind.CANCELLED: EventKind.CANCELLED,
    TransitionKind.FAILED: EventKind.FAILED,
    TransitionKind.CHANGED: EventKind.VARIABLES_SET,
}
_OF_PROCESS = (TransitionKind.ENTERED, TransitionKind.COMPLETED, TransitionKind.CANCELLED)


Uses: TypeAlias = list[tuple[str, tuple[ParameterUse, ...]]]
"""Elements, in order, and the parameters that were read at each."""


def settle(context: Context) -> None:
    """Follow every touched instance until all of them wait or have ended."""
    while unsettled := [running for running in context.instances.values() if not running.settled]:
        if len(context.instances) > MAX_INSTANCES:
            raise InvalidInput(f"One step would touch more than {MAX_INSTANCES} process instances.")
        for running in unsettled:
            running.settled = True
            _settle(context, running)


def cancel_instance(context: Context, running: Running, reason: str = "") -> None:
    """End an instance without running anything further; what it has called ends when it is settled."""
    if running.state in ENDED_STATES:
        return
    running.touch()
    running.execution.cancel()
    running.state = InstanceState.CANCELLED
    running.ended_at = context.now
    running.ended_told = True
    context.note(
        running,
        EventKind.CANCELLED,
        name=running.deployed.definition.name,
        payload={"reason": reason} if reason else None,
    )


def _settle(context: Context, running: Running) -> None:
    _write_history(context, running, running.execution.take_transitions(), running.execution.take_uses())
    error: ErrorRaised | None = None
    for effect in running.execution.take_effects():
        if isinstance(effect, ErrorRaised):
            error = effect
        else:
            _see_to(context, running, effect)
    status = running.execution.status
    if status is not ExecutionStatus.ACTIVE and running.state not in ENDED_STATES:
        running.state = _STATES[status]
        running.ended_at = context.now
        context.note(
            running,
            EventKind.ENDED,
            name=running.deployed.definition.name,
            payload={"state": running.state.value} if running.state is not InstanceState.COMPLETED else None,
        )
    _follow_calls(context, running)
    if running.state in ENDED_STATES and not running.ended_told:
        running.ended_told = True
        _tell_parent(context, running, error)


def _write_history(context: Context, running: Running, transitions: list[Transition], uses: Uses) -> None:
    """One line per transition; what was entered and left within the step is one line, not two."""
    told: list[Transition] = []
    left: dict[str, int] = {}
    for each in reversed(transitions):
        if each.element_id == running.deployed.process.id and each.kind in _OF_PROCESS:
            continue  # the lines "started" and "ended" say it
        if each.kind is TransitionKind.COMPLETED:
            left[each.element_id] = left.get(each.element_id, 0) + 1
        elif each.kind is TransitionKind.ENTERED and left.get(each.element_id):
            left[each.element_id] -= 1
            continue
        told.append(each)
    told.reverse()
    used = _by_line(told, uses) if uses else {}
    for place, each in enumerate(told):
        payload: dict[str, Any] = {"changes": dict(each.changes)} if each.changes else {}
        if place in used:
            payload["parameters"] = [use.as_payload() for use in used[place]]
        context.note(running, _KINDS[each.kind], element=each.element_id, name=each.name, payload=payload or None)


def _by_line(told: list[Transition], uses: Uses) -> dict[int, list[ParameterUse]]:
    """The parameters read at each element, each once, by its last line in this step; else by the step's first line."""
    places = {each.element_id: place for place, each in enumerate(told)}
    used: dict[int, dict[tuple[str, str | None], ParameterUse]] = {}
    for element, found in uses:
        line = used.setdefault(places.get(element, 0), {})
        line.update(((use.name, use.unit), use) for use in found)
    return {place: list(each.values()) for place, each in used.items()}


def _see_to(context: Context, running: Running, effect: Effect) -> None:
    if isinstance(effect, MessageThrown):
        messages.throw(context, running, effect)
    elif isinstance(effect, SignalThrown):
        messages.throw_signal(context, running, effect)
    elif isinstance(effect, DecisionMade):
        context.note(running, EventKind.DECIDED, element=effect.element_id, payload={"trace": effect.trace})
    elif isinstance(effect, EscalationRaised) and running.parent_id and running.parent_wait:
        parent = context.take(running.parent_id)
        if running.parent_wait in parent.waiting():
            parent.touch()
            parent.execution.escalate(running.parent_wait, effect.code, effect.variables)


def _follow_calls(context: Context, running: Running) -> None:
    calls = {wait.id: wait for wait in running.waiting().values() if wait.kind is WaitKind.CALL}
    for wait_id in running.called - calls.keys():
        running.called.discard(wait_id)
        _cancel_called(context, running, wait_id)
    for wait in calls.values():
        if wait.id not in running.called:
            running.called.add(wait.id)
            start_called(context, running, wait)


def _cancel_called(context: Context, parent: Running, wait_id: str) -> None:
    started_now = [
        each.id for each in context.instances.values() if (each.parent_id, each.parent_wait) == (parent.id, wait_id)
    ]
    stored = [] if parent.is_new else instance_rows.active_children(context.uow, parent.id, wait_id)
    for child_id in dict.fromkeys([*started_now, *stored]):
        cancel_instance(context, context.take(child_id), "the calling element has ended")


def start_called(context: Context, parent: Running, wait: Wait) -> None:
    """Start the process that a call activity calls; where there is none, that is an incident."""
    assert isinstance(wait.detail, CallDetail)
    detail = wait.detail
    try:
        deployed = context.rooms.definitions.called(
            context.uow, detail.process_id, parent.deployed.release, detail.binding, detail.version_tag
        )
        context.begin(deployed, detail.variables, case_id=parent.case_id, parent=(parent.id, wait.id))
    except (NotFound, InvalidInput) as error:
        incident = new_incident(parent, wait.element_id, wait.name, error.code, error.message, wait_id=wait.id)
        context.add_incident(parent, incident)


def _tell_parent(context: Context, child: Running, error: ErrorRaised | None) -> None:
    failed = child.state is InstanceState.FAILED
    code, message = (error.code, error.message) if error else ("FAILED", "the called process has failed")
    if child.parent_id is None or child.parent_wait is None:
        if failed:
            element = error.element_id if error else ""
            incident = new_incident(child, element, None, "UNCAUGHT_ERROR", f"{code}: {message}")
            context.add_incident(child, incident)
        return
    parent = context.take(child.parent_id)
    if child.parent_wait not in parent.waiting():
        return
    parent.touch()
    parent.called.discard(child.parent_wait)
    if failed:
        parent.execution.throw_error(child.parent_wait, code, message, error.variables if error else {})
    else:
        parent.execution.complete(child.parent_wait, child.execution.variables)
