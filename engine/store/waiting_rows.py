"""The rows of timers and subscriptions: what instances wait for besides people and handlers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from engine.store import instance_rows
from engine.store.schema import process_instance, start_subscription, subscription, timer
from engine.store.states import InstanceState, SubscriptionKind, TimerState
from engine.store.unit_of_work import Reader, UnitOfWork

_INSERT_TIMER = insert(timer)
_DELETE_TIMER = delete(timer).where(timer.c.id == bindparam("timer_id"))
_CHANGE_TIMER = (
    update(timer).where(timer.c.id == bindparam("timer_id")).values(due_at=bindparam("due"), turn=bindparam("new_turn"))
)
_TIMERS = select(
    timer.c.id,
    timer.c.instance_id,
    timer.c.case_id,
    timer.c.definition_id,
    timer.c.element_id,
    timer.c.due_at,
    timer.c.anchor,
    timer.c.turn,
    timer.c.attached_to,
    timer.c.interrupting,
    timer.c.state,
)
_GET_TIMER = _TIMERS.where(timer.c.id == bindparam("timer_id"))
_CLAIM = (
    _TIMERS.where(timer.c.state == TimerState.ACTIVE.value, timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
)
_HOLD_CASE, _HOLD_ALONE = instance_rows.holders_of(
    select(timer.c.instance_id).where(timer.c.id == bindparam("timer_id")).scalar_subquery()
)
_LOCK_TIMER = _GET_TIMER.with_for_update(key_share=True)
_DUE = (
    select(timer.c.id)
    .where(timer.c.state == TimerState.ACTIVE.value, timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("limit"))
)
_NEXT = select(func.min(timer.c.due_at)).where(timer.c.state == TimerState.ACTIVE.value)
_TIMER_STATE = (
    update(timer)
    .where(timer.c.instance_id == bindparam("of_instance"), timer.c.state != TimerState.DEAD.value)
    .values(state=bindparam("new_state"))
)
_ONE_TIMER_STATE = update(timer).where(timer.c.id == bindparam("timer_id")).values(state=bindparam("new_state"))
_START_TIMERS = select(timer.c.id).where(timer.c.instance_id.is_(None), timer.c.id.like(bindparam("prefix")))

_INSERT_SUBSCRIPTION = insert(subscription)
_DELETE_SUBSCRIPTION = delete(subscription).where(subscription.c.id == bindparam("wait_id"))
_WAITING_FOR = (
    select(
        subscription.c.id,
        subscription.c.instance_id,
        subscription.c.process_id,
        subscription.c.element_id,
        process_instance.c.state.label("instance_state"),
    )
    .where(
        subscription.c.kind == bindparam("kind"),
        subscription.c.name == bindparam("name"),
        subscription.c.key == bindparam("key"),
        process_instance.c.id == subscription.c.instance_id,
    )
    .order_by(subscription.c.seq)
)
_GET_SUBSCRIPTION = select(
    subscription.c.id, subscription.c.instance_id, subscription.c.name, subscription.c.key, subscription.c.process_id
).where(subscription.c.id == bindparam("wait_id"))
_OF_INSTANCE = select(subscription.c.name, subscription.c.key, subscription.c.process_id).where(
    subscription.c.instance_id == bindparam("instance_id"),
    subscription.c.kind == SubscriptionKind.MESSAGE.value,
)
_STARTED_BY = (
    select(start_subscription.c.process_id, start_subscription.c.element_id, start_subscription.c.definition_id)
    .where(start_subscription.c.kind == bindparam("kind"), start_subscription.c.name == bindparam("name"))
    .order_by(start_subscription.c.process_id, start_subscription.c.id)
)
_INSERT_START = insert(start_subscription)
_DELETE_START = delete(start_subscription).where(start_subscription.c.process_id == bindparam("of_process"))


@dataclass(frozen=True)
class StoredTimer:
    """One timer as its row says."""

    id: str
    instance_id: str | None
    case_id: str | None
    definition_id: int
    element_id: str
    due_at: datetime
    anchor: datetime | None
    turn: int
    attached_to: str | None
    interrupting: bool
    state: TimerState


@dataclass(frozen=True)
class Waiting:
    """One waiting element: its wait, its instance and that instance's process."""

    wait_id: str
    instance_id: str
    process_id: str
    element_id: str
    instance_state: InstanceState


@dataclass(frozen=True)
class Starting:
    """One start event that a message or signal starts."""

    process_id: str
    element_id: str
    definition_id: int


def insert_timers(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Write new timers."""
    uow.write_many(_INSERT_TIMER, rows)


def delete_timers(uow: UnitOfWork, timer_ids: Iterable[str]) -> None:
    """Take away timers that fired or that nothing waits for any more."""
    uow.write_many(_DELETE_TIMER, [{"timer_id": timer_id} for timer_id in timer_ids])


def change_timer(uow: UnitOfWork, timer_id: str, due: datetime, turn: int) -> None:
    """Write a timer's next turn."""
    uow.send(_CHANGE_TIMER, {"timer_id": timer_id, "due": due, "new_turn": turn})


def lock_timer(uow: UnitOfWork, timer_id: str) -> StoredTimer | None:
    """Read one timer and keep others from firing it."""
    instance_rows.hold_found(uow, (_HOLD_CASE, _HOLD_ALONE), {"timer_id": timer_id})
    found = _stored(uow.first(_LOCK_TIMER, {"timer_id": timer_id}))
    if found is not None and found.instance_id is not None:
        uow.note_held(found.instance_id)
    return found


def read_timer(reader: Reader, timer_id: str) -> StoredTimer | None:
    """Read one timer without locking it."""
    return _stored(reader.first(_GET_TIMER, {"timer_id": timer_id}))


def due_timers(reader: Reader, now: datetime, limit: int) -> list[str]:
    """The ids of active timers that are due, oldest first."""
    return [row[0] for row in reader.rows(_DUE, {"now": now, "limit": limit})]


def claim_due(uow: UnitOfWork, limit: int) -> list[StoredTimer]:
    """Active timers that are due, oldest first, kept from others; those that others are at are left out."""
    rows = uow.rows(_CLAIM, {"now": uow.now, "limit": limit})
    return [stored for row in rows if (stored := _stored(row)) is not None]


def next_due(reader: Reader) -> datetime | None:
    """The earliest due time of an active timer."""
    found = reader.scalar(_NEXT)
    assert found is None or isinstance(found, datetime)
    return found


def set_timer_state(uow: UnitOfWork, instance_id: str, state: TimerState) -> None:
    """Suspend or resume an instance's timers."""
    uow.send(_TIMER_STATE, {"of_instance": instance_id, "new_state": state.value})


def set_aside(uow: UnitOfWork, timer_id: str) -> None:
    """Let a timer that cannot fire wait for a person."""
    uow.send(_ONE_TIMER_STATE, {"timer_id": timer_id, "new_state": TimerState.DEAD.value})


def revive(uow: UnitOfWork, timer_id: str) -> None:
    """Let a timer that was set aside fire again."""
    uow.send(_ONE_TIMER_STATE, {"timer_id": timer_id, "new_state": TimerState.ACTIVE.value})


def start_timers(uow: UnitOfWork, process_id: str) -> list[str]:
    """The ids of the timers of a process' start events."""
    prefix = f"start:{process_id}:"
    return [row[0] for row in uow.rows(_START_TIMERS, {"prefix": prefix + "%"}) if row[0].startswith(prefix)]


def insert_subscriptions(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Write new subscriptions."""
    uow.write_many(_INSERT_SUBSCRIPTION, rows)


def delete_subscriptions(uow: UnitOfWork, wait_ids: Iterable[str]) -> None:
    """Take away subscriptions of waits that have ended."""
    uow.write_many(_DELETE_SUBSCRIPTION, [{"wait_id": wait_id} for wait_id in wait_ids])


def waiting_for(reader: Reader, kind: SubscriptionKind, name: str, key: str) -> list[Waiting]:
    """Who waits for a message or signal, oldest first."""
    rows = reader.rows(_WAITING_FOR, {"kind": kind.value, "name": name, "key": key})
    return [Waiting(row[0], row[1], row[2], row[3], InstanceState(row[4])) for row in rows]


def is_waiting(reader: Reader, wait_id: str) -> bool:
    """Whether a subscription is still there."""
    return reader.first(_GET_SUBSCRIPTION, {"wait_id": wait_id}) is not None


def messages_awaited(reader: Reader, instance_id: str) -> list[tuple[str, str, str]]:
    """What messages an instance waits for: name, key, process id."""
    return [(row[0], row[1], row[2]) for row in reader.rows(_OF_INSTANCE, {"instance_id": instance_id})]


def started_by(reader: Reader, kind: SubscriptionKind, name: str) -> list[Starting]:
    """Which start events of the latest versions a message or signal starts."""
    rows = reader.rows(_STARTED_BY, {"kind": kind.value, "name": name})
    return [Starting(row[0], row[1], row[2]) for row in rows]


def replace_start_subscriptions(uow: UnitOfWork, process_id: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write which start events the latest version of a process has, in place of its earlier version's."""
    uow.send(_DELETE_START, {"of_process": process_id})
    uow.write_many(_INSERT_START, rows)


def _stored(row: Any) -> StoredTimer | None:
    if row is None:
        return None
    values = row._mapping
    return StoredTimer(**{**values, "state": TimerState(values["state"])})
