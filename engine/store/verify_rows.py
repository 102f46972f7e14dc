"""What `verify` reads: chains in order, and the rows that stand for waiting elements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, and_, bindparam, literal, select, union_all

from engine.store.schema import (
    case_,
    event,
    incident,
    job,
    payload,
    process_instance,
    subscription,
    timer,
    work_item,
)
from engine.store.states import IncidentState, WorkItemState
from engine.store.unit_of_work import Reader

_EVENTS = (
    select(event, payload.c.salt, payload.c.body)
    .select_from(event.outerjoin(payload, and_(payload.c.chain == event.c.chain, payload.c.seq == event.c.seq)))
    .order_by(event.c.chain, event.c.seq)
    .execution_options(yield_per=2000)
)
_CASE_HEADS = select(case_.c.id, case_.c.history_seq, case_.c.history_hash)
_INSTANCE_HEADS = select(process_instance.c.id, process_instance.c.history_seq, process_instance.c.history_hash).where(
    process_instance.c.case_id.is_(None)
)
_OF: BindParameter[str] = bindparam("instance_id")
_WAITING = union_all(
    select(literal("work_item"), work_item.c.id).where(
        work_item.c.instance_id == _OF, work_item.c.state == WorkItemState.OPEN.value
    ),
    select(literal("timer"), timer.c.id).where(timer.c.instance_id == _OF),
    select(literal("subscription"), subscription.c.id).where(subscription.c.instance_id == _OF),
    select(literal("job"), job.c.wait_id).where(job.c.instance_id == _OF, job.c.wait_id.is_not(None)),
)
_DUES = select(timer.c.id, timer.c.due_at).where(timer.c.instance_id == _OF)
_child = process_instance.alias("child")
_CALLED = select(_child.c.parent_wait).where(_child.c.parent_id == _OF, _child.c.ended_at.is_(None))
_INCIDENTS = select(incident.c.wait_id).where(
    incident.c.instance_id == _OF, incident.c.state == IncidentState.OPEN.value, incident.c.wait_id.is_not(None)
)
_ENDED = process_instance.c.ended_at.is_not(None)
_LEFT_OVER = union_all(
    select(literal("work_item"), work_item.c.id)
    .join_from(work_item, process_instance, work_item.c.instance_id == process_instance.c.id)
    .where(_ENDED, work_item.c.state == WorkItemState.OPEN.value),
    select(literal("timer"), timer.c.id)
    .join_from(timer, process_instance, timer.c.instance_id == process_instance.c.id)
    .where(_ENDED),
    select(literal("subscription"), subscription.c.id)
    .join_from(subscription, process_instance, subscription.c.instance_id == process_instance.c.id)
    .where(_ENDED),
    select(literal("job"), job.c.wait_id)
    .join_from(job, process_instance, job.c.instance_id == process_instance.c.id)
    .where(_ENDED, job.c.wait_id.is_not(None)),
    select(literal("process_instance"), _child.c.id)
    .join_from(_child, process_instance, _child.c.parent_id == process_instance.c.id)
    .where(_ENDED, _child.c.ended_at.is_(None)),
)


@dataclass(frozen=True)
class StoredEvent:
    """One line of the history with its payload, if that is still there."""

    chain: str
    seq: int
    at: datetime
    actor: str
    actor_name: str
    kind: str
    instance_id: str | None
    element: str | None
    name: str | None
    payload_digest: bytes | None
    previous: bytes | None
    hash: bytes
    salt: bytes
    body: bytes | None


def events(reader: Reader) -> Iterator[StoredEvent]:
    """Every line of every chain, in order."""
    for row in reader.connection.execute(_EVENTS):
        yield StoredEvent(**row._mapping)


def heads(reader: Reader) -> dict[str, tuple[int, bytes | None]]:
    """Where each chain ends, by its owner's row."""
    rows = [*reader.rows(_CASE_HEADS), *reader.rows(_INSTANCE_HEADS)]
    return {row[0]: (row[1], row[2]) for row in rows}


def waiting_rows_of(reader: Reader, instance_id: str) -> set[tuple[str, str]]:
    """The rows that say an element of an instance waits: table and wait id."""
    return {(row[0], row[1]) for row in reader.rows(_WAITING, {"instance_id": instance_id})}


def timer_dues(reader: Reader, instance_id: str) -> dict[str, datetime]:
    """When an instance's timers are due."""
    return {row[0]: row[1] for row in reader.rows(_DUES, {"instance_id": instance_id})}


def called_waits(reader: Reader, instance_id: str) -> set[str]:
    """The waits of an instance for which a called instance runs."""
    return {row[0] for row in reader.rows(_CALLED, {"instance_id": instance_id})}


def open_incidents(reader: Reader, instance_id: str) -> set[str]:
    """The waits of an instance that an open incident concerns."""
    return {row[0] for row in reader.rows(_INCIDENTS, {"instance_id": instance_id})}


def rows_of_ended_instances(reader: Reader) -> list[tuple[str, str]]:
    """Rows that still wait although their instance has ended: table and id."""
    return [(row[0], row[1]) for row in reader.rows(_LEFT_OVER)]
