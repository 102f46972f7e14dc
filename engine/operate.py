"""Commands on instances: start, and what operators do to them."""

from __future__ import annotations

from engine.bpmn import WaitKind, start_holds
from engine.context import Context, Running
from engine.errors import Conflict, InvalidInput, NotFound
from engine.history import EventKind
from engine.messages import look_for_kept
from engine.parameter_use import of_case
from engine.protocols import Variables
from engine.settling import cancel_instance, start_called
from engine.store import case_rows, instance_rows, job_rows, release_rows, waiting_rows
from engine.store.states import CaseState, IncidentState, InstanceState, JobState, TimerState

RETRIES_AFTER_INCIDENT = 3


def start(context: Context, process_id: str, variables: Variables, case_id: str | None, at: str | None) -> str:
    """Start the latest version of a process, at its plain start event or another; the instance's id."""
    if case_id is not None:
        state = case_rows.lock_state(context.uow, case_id)
        if state is None:
            raise NotFound(f"There is no case {case_id}.")
        if state is CaseState.CLOSED:
            raise Conflict("The case is closed: nothing can be started in it.")
    deployed = context.rooms.definitions.latest(context.uow, process_id)
    return context.begin(deployed, variables, case_id=case_id, start=at).id


def start_by_conditions(context: Context, variables: Variables, case_id: str | None) -> list[str]:
    """Start the latest version of each process whose conditional start event holds for these variables; their ids."""
    started = []
    for process_id in sorted(release_rows.process_ids(context.uow)):
        deployed = context.rooms.definitions.latest(context.uow, process_id)
        for each in deployed.process.starts:
            with of_case(case_id):
                holds = start_holds(each, variables, deployed.services)
            if holds:
                started.append(start(context, process_id, variables, case_id, each.element_id))
    return started


def set_variables(context: Context, instance_id: str, variables: Variables, reason: str) -> None:
    """Change variables of an instance that runs."""
    running = context.take_active(instance_id)
    running.execution.set_variables(dict(variables))
    if reason:
        context.note(running, EventKind.VARIABLES_SET, payload={"reason": reason})


def suspend(context: Context, instance_id: str, reason: str) -> None:
    """Stop an instance and what it has called: timers, jobs and messages wait until it is resumed."""
    running = context.take_active(instance_id)
    running.state = InstanceState.SUSPENDED
    waiting_rows.set_timer_state(context.uow, running.id, TimerState.SUSPENDED)
    job_rows.set_job_state(context.uow, running.id, (JobState.READY, JobState.LEASED), JobState.SUSPENDED)
    _say(context, running, EventKind.SUSPENDED, reason)
    for child in _children(context, running):
        if context.take(child).state is InstanceState.ACTIVE:
            suspend(context, child, reason)


def resume(context: Context, instance_id: str, reason: str) -> None:
    """Let a suspended instance and what it has called go on."""
    running = context.take(instance_id)
    if running.state is not InstanceState.SUSPENDED:
        raise Conflict("The process instance is not suspended.")
    running.touch()
    running.state = InstanceState.ACTIVE
    waiting_rows.set_timer_state(context.uow, running.id, TimerState.ACTIVE)
    job_rows.set_job_state(context.uow, running.id, (JobState.SUSPENDED,), JobState.READY)
    _say(context, running, EventKind.RESUMED, reason)
    for name, key, _ in waiting_rows.messages_awaited(context.uow, running.id):
        look_for_kept(context, running, name, key)
    context.uow.note_alarm(context.now)
    for child in _children(context, running):
        if context.take(child).state is InstanceState.SUSPENDED:
            resume(context, child, reason)


def cancel(context: Context, instance_id: str, reason: str) -> None:
    """End an instance and what it has called."""
    running = context.take(instance_id)
    if running.ended_at is not None:
        raise Conflict("The process instance has ended already.")
    if running.parent_id is not None:
        raise Conflict("The process instance was called by another: cancel that one.")
    cancel_instance(context, running, reason)


def move_token(context: Context, instance_id: str, wait_id: str, element_id: str, reason: str) -> None:
    """Take a token from where it waits to another element."""
    running = context.take_active(instance_id)
    wait = running.before.get(wait_id)
    if wait is None:
        raise Conflict("Nothing waits there any more.")
    if element_id not in running.deployed.process.elements:
        raise InvalidInput(f"The process has no element {element_id!r}.")
    running.execution.move(wait_id, element_id)
    context.note(
        running,
        EventKind.MOVED,
        element=wait.element_id,
        name=wait.name,
        payload={"to": element_id, **({"reason": reason} if reason else {})},
    )


def retry(context: Context, incident_id: str, variables: Variables | None, reason: str = "") -> None:
    """Try again what an incident stopped."""
    incident = job_rows.lock_incident(context.uow, incident_id)
    if incident is None:
        raise NotFound(f"There is no incident {incident_id}.")
    if incident.state is not IncidentState.OPEN:
        raise Conflict("The incident is resolved already.")
    if incident.job_id is None and incident.instance_id is None:
        waiting_rows.revive(context.uow, incident.wait_id or "")
        job_rows.resolve_incident(context.uow, incident_id, context.actor.id)
        return
    if incident.instance_id is None:
        _revive(context, incident.job_id)
        job_rows.resolve_incident(context.uow, incident_id, context.actor.id)
        return
    running = context.take_active(incident.instance_id)
    told = {"reason": reason} if reason else None
    context.note(running, EventKind.RETRIED, element=incident.element_id, name=incident.name, payload=told)
    if variables:
        set_variables(context, running.id, variables, "")
    wait = running.waiting().get(incident.wait_id or "")
    if wait is not None and wait.kind is WaitKind.INCIDENT:
        running.before.pop(wait.id)  # if it fails again, that is a new incident under the same wait
        running.execution.retry(wait.id)
    elif wait is not None and wait.kind is WaitKind.JOB:
        _revive(context, incident.job_id)
    elif wait is not None and wait.kind is WaitKind.TIMER:
        waiting_rows.revive(context.uow, wait.id)
    elif wait is not None and wait.kind is WaitKind.CALL:
        start_called(context, running, wait)
    job_rows.resolve_incident(context.uow, incident_id, context.actor.id)


def _revive(context: Context, job_id: int | None) -> None:
    job = job_rows.lock_job(context.uow, job_id) if job_id is not None else None
    if job is None or job.state is not JobState.DEAD:
        raise Conflict("The job is not dead: there is nothing to try again.")
    job_rows.change_job(
        context.uow,
        job,
        JobState.READY,
        retries=RETRIES_AFTER_INCIDENT,
        due_at=context.now,
        attempts=job.attempts,
        lost=job.lost,
    )
    context.uow.note_job(job.line, job.urgency)


def _children(context: Context, running: Running) -> list[str]:
    return [
        child for wait_id in running.called for child in instance_rows.active_children(context.uow, running.id, wait_id)
    ]


def _say(context: Context, running: Running, kind: EventKind, reason: str) -> None:
    context.note(running, kind, payload={"reason": reason} if reason else None)
