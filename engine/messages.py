"""Messages and signals: thrown as rows and jobs, delivered after the commit, once per process id."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson

from engine.bpmn import MessageThrown, SignalThrown
from engine.context import Context, Running
from engine.encoding import decode, encode
from engine.errors import InvalidInput
from engine.escalation import TASK_ENDED
from engine.history import EventKind
from engine.protocols import Variables
from engine.store import case_rows, instance_rows, job_rows, message_rows, waiting_rows
from engine.store.message_rows import StoredMessage
from engine.store.rows import Correlation
from engine.store.states import ENDED_STATES, CaseState, InstanceState, JobState, MessageState, SubscriptionKind
from engine.store.waiting_rows import Starting, Waiting

DELIVER_MESSAGE = "stegvis:deliver-message"
DELIVER_SIGNAL = "stegvis:deliver-signal"
START_BY_SIGNAL = "stegvis:start-by-signal"
ENGINE_JOBS = frozenset({DELIVER_MESSAGE, DELIVER_SIGNAL, START_BY_SIGNAL})
"""The job types the engine does itself."""

DELIVERY_ATTEMPTS = 5
DEFAULT_TIME_TO_LIVE = timedelta(hours=1)
"""How long a thrown message is kept where the diagram does not say: as long as Camunda's default."""


def correlate(
    context: Context, name: str, key: str, variables: Variables, message_id: str | None, ttl: timedelta | None
) -> Correlation:
    """Take a message from outside and deliver it at once, in this transaction."""
    if not name or not isinstance(key, str):
        raise InvalidInput("A message needs a name, and a key that is a text (an empty one where there is none).")
    if ttl is not None and ttl < timedelta(0):
        raise InvalidInput("A message cannot be kept for less than no time.")
    if message_id is not None:
        seen = message_rows.seen_before(context.uow, message_id)
        if seen is not None:
            instances = tuple(message_rows.deliveries(context.uow, seen).values())
            return Correlation(seen, instances, buffered=False, duplicate=True)
    case_id = key if key and case_rows.state_of(context.uow, key) is not None else None
    row = _insert(context, name, key, variables, case_id, None, message_id, ttl)
    return deliver(context, row)


def throw(context: Context, running: Running, effect: MessageThrown) -> None:
    """Write a thrown message and the job that delivers it after the commit."""
    ttl = DEFAULT_TIME_TO_LIVE if effect.time_to_live is None else effect.time_to_live
    row = _insert(context, effect.name, effect.key, effect.variables, running.case_id, running.id, None, ttl)
    _insert_job(context, DELIVER_MESSAGE, effect.name, {"message": row}, running.chain, running.case_id)
    context.note(
        running,
        EventKind.MESSAGE_SENT,
        element=effect.element_id,
        name=effect.name,
        payload={"key": effect.key, "message": row},
    )


def tell_task_ended(context: Context, running: Running, work_item_id: str) -> None:
    """Tell the escalation that waits for a late task, if any, that it is done or no longer needed."""
    if not waiting_rows.waiting_for(context.uow, SubscriptionKind.MESSAGE, TASK_ENDED, work_item_id):
        return
    row = _insert(context, TASK_ENDED, work_item_id, {}, running.case_id, running.id, None, None)
    _insert_job(context, DELIVER_MESSAGE, TASK_ENDED, {"message": row}, running.chain, running.case_id)


def deliver(context: Context, message_row: int) -> Correlation:
    """Deliver a message to every process that waits for it, else to its message start, else keep it.

    Within each process id the oldest waiting element takes it, and no process gets it twice, however often this runs.
    """
    message = message_rows.lock_message(context.uow, message_row)
    if message is None or message.state in (MessageState.EXPIRED, MessageState.DELIVERED):
        return Correlation(message_row, (), buffered=False)
    _hold_receivers(context, message)
    message_rows.serialise(context.uow, message.name, message.key)
    had = message_rows.deliveries(context.uow, message_row)
    taken: dict[str, tuple[str, str]] = {}
    held_up = False
    for waiting in waiting_rows.waiting_for(context.uow, SubscriptionKind.MESSAGE, message.name, message.key):
        if waiting.process_id in had or waiting.process_id in taken:
            continue
        if waiting.instance_state is InstanceState.SUSPENDED:
            held_up = True
        elif _hand_over(context, waiting, message):
            taken[waiting.process_id] = (waiting.instance_id, waiting.element_id)
    for starting in waiting_rows.started_by(context.uow, SubscriptionKind.MESSAGE, message.name):
        if starting.process_id not in had and starting.process_id not in taken:
            started = _start(context, starting, message)
            if started is not None:
                taken[starting.process_id] = (started, starting.element_id)
    context.deliveries.extend((message_row, process, *where) for process, where in taken.items())
    if message.state is MessageState.BUFFERED:
        context.heard.extend((instance, message.name, message.key) for instance, _ in taken.values())
    state, expires = _after_delivery(context.now, message, bool(had or taken), held_up)
    message_rows.set_state(context.uow, message_row, state, expires)
    if state is MessageState.BUFFERED and expires is not None:
        context.uow.note_alarm(expires)
    instances = tuple(instance for instance, _ in taken.values())
    return Correlation(message_row, instances, buffered=state is MessageState.BUFFERED)


def look_for_kept(context: Context, running: Running, name: str, key: str) -> None:
    """Have a kept message delivered to an element that has just begun to wait for it, or still waits."""
    message_rows.serialise(context.uow, name, key)
    process_id = running.deployed.definition.process_id
    row = message_rows.oldest_buffered(context.uow, name, key, process_id)
    if row is not None and (row, process_id) not in context.kept_on_the_way:
        context.kept_on_the_way.add((row, process_id))
        _insert_job(context, DELIVER_MESSAGE, name, {"message": row}, running.chain, running.case_id)


def throw_signal(context: Context, running: Running, effect: SignalThrown) -> None:
    """Write a job for each who waits for a signal now."""
    context.note(running, EventKind.SIGNAL_SENT, element=effect.element_id, name=effect.name)
    context.signals.append((effect.name, effect.variables))


def broadcast(context: Context, name: str, variables: Variables) -> int:
    """Write a job for each instance that waits for a signal and each process it starts; how many."""
    if not name:
        raise InvalidInput("A signal needs a name.")
    body = encode(variables).decode()
    waiting = waiting_rows.waiting_for(context.uow, SubscriptionKind.SIGNAL, name, "")
    for each in waiting:
        payload = {"wait": each.wait_id, "variables": body}
        _insert_signal_job(context, DELIVER_SIGNAL, name, payload, each)
    starting = waiting_rows.started_by(context.uow, SubscriptionKind.SIGNAL, name)
    for start in starting:
        payload = {"process": start.process_id, "element": start.element_id, "variables": body}
        _insert_job(context, START_BY_SIGNAL, name, payload, f"start:{start.process_id}", None)
    return len(waiting) + len(starting)


def deliver_signal(context: Context, instance_id: str, payload: dict[str, Any]) -> None:
    """Deliver a signal to one waiting element, if it still waits."""
    running = context.take(instance_id)
    wait = running.waiting().get(payload["wait"])
    if wait is None:
        return
    running = context.take_active(instance_id)
    context.note(running, EventKind.MESSAGE_RECEIVED, element=wait.element_id, name=wait.name)
    running.execution.deliver(wait.id, decode(payload["variables"].encode()))


def start_by_signal(context: Context, payload: dict[str, Any]) -> None:
    """Start the latest version of a process at its signal start event."""
    deployed = context.rooms.definitions.latest(context.uow, payload["process"])
    variables = decode(payload["variables"].encode())
    context.begin(deployed, {}, case_id=None, start=payload["element"], payload=variables)


def expire(context: Context) -> int:
    """Let go of kept messages whose time has run out; how many."""
    return message_rows.expire(context.uow)


def _hold_receivers(context: Context, message: StoredMessage) -> None:
    """Lock who may take a message before its name and key: in that order their own commands lock (PostgreSQL)."""
    if context.uow.is_sqlite:
        return
    if message.key:
        case_rows.lock_state(context.uow, message.key)
    waiting = waiting_rows.waiting_for(context.uow, SubscriptionKind.MESSAGE, message.name, message.key)
    for instance_id in sorted({each.instance_id for each in waiting}):
        instance_rows.hold(context.uow, instance_id)


def _hand_over(context: Context, waiting: Waiting, message: StoredMessage) -> bool:
    running = context.take(waiting.instance_id)
    wait = running.waiting().get(waiting.wait_id)
    if wait is None or running.state in ENDED_STATES:
        return False
    running = context.take_active(waiting.instance_id)
    context.note(
        running,
        EventKind.MESSAGE_RECEIVED,
        element=wait.element_id,
        name=message.name,
        payload={"message": message.id},
    )
    running.execution.deliver(wait.id, decode(message.variables))
    return True


def _start(context: Context, starting: Starting, message: StoredMessage) -> str | None:
    state = case_rows.state_of(context.uow, message.key) if message.key else None
    if state is CaseState.CLOSED:
        return None
    deployed = context.rooms.definitions.latest(context.uow, starting.process_id)
    running = context.begin(
        deployed,
        {},
        case_id=None if state is None else message.key,
        start=starting.element_id,
        payload=decode(message.variables),
    )
    return running.id


def _after_delivery(
    now: datetime, message: StoredMessage, somebody_took_it: bool, held_up: bool
) -> tuple[MessageState, datetime | None]:
    if held_up:
        return MessageState.BUFFERED, None  # it waits as long as the suspended instance does
    if message.expires_at is not None and message.expires_at > now:
        return MessageState.BUFFERED, message.expires_at  # other processes may still come to wait for it
    return (MessageState.DELIVERED if somebody_took_it else MessageState.EXPIRED), message.expires_at


def _insert(
    context: Context,
    name: str,
    key: str,
    variables: Variables,
    case_id: str | None,
    instance_id: str | None,
    message_id: str | None,
    ttl: timedelta | None,
) -> int:
    return message_rows.insert_message(
        context.uow,
        {
            "message_id": message_id,
            "name": name,
            "key": key,
            "case_id": case_id,
            "instance_id": instance_id,
            "variables": encode(variables),
            "actor": context.actor.id,
            "created_at": context.now,
            "expires_at": context.now + (ttl or timedelta(0)),
            "state": MessageState.PENDING.value,
        },
    )


def _insert_signal_job(context: Context, job_type: str, name: str, payload: dict[str, Any], waiting: Waiting) -> None:
    suspended = waiting.instance_state is InstanceState.SUSPENDED
    _insert_job(
        context,
        job_type,
        name,
        payload,
        waiting.instance_id,
        None,
        instance_id=waiting.instance_id,
        state=JobState.SUSPENDED if suspended else JobState.READY,
    )


def _insert_job(
    context: Context,
    job_type: str,
    name: str,
    payload: dict[str, Any],
    line: str,
    case_id: str | None,
    *,
    instance_id: str | None = None,
    state: JobState = JobState.READY,
) -> None:
    job_rows.insert_job(
        context.uow,
        {
            "type": job_type,
            "instance_id": instance_id,
            "case_id": case_id,
            "line": line,
            "name": name,
            "payload": orjson.dumps(payload),
            "state": state.value,
            "retries": DELIVERY_ATTEMPTS,
            "attempts": 0,
            "urgency": context.urgency.value,
            "due_at": context.now,
            "created_at": context.now,
        },
    )
