"""What `verify` reads: chains in order, and the rows that stand for waiting elements. All of it as it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, func, literal, or_, select, union_all

from engine.store.schema import (
    case_,
    event,
    incident,
    job,
    payload,
    process_definition,
    process_instance,
    start_subscription,
    subscription,
    timer,
    work_item,
    work_item_candidate,
)
from engine.store.states import IncidentState, JobState, TimerState, WorkItemState
from engine.store.unit_of_work import Reader

BATCH = 1_000
"""Rows in memory at a time."""

_EVENTS = (
    select(event, payload.c.salt, payload.c.body)
    .select_from(event.outerjoin(payload, and_(payload.c.chain == event.c.chain, payload.c.seq == event.c.seq)))
    .order_by(event.c.chain, event.c.seq)
    .execution_options(yield_per=BATCH)
)
_CHAINS: BindParameter[str] = bindparam("chains", expanding=True)
_CASE_HEADS = select(case_.c.id, case_.c.history_seq, case_.c.history_hash).where(case_.c.id.in_(_CHAINS))
_INSTANCE_HEADS = select(process_instance.c.id, process_instance.c.history_seq, process_instance.c.history_hash).where(
    process_instance.c.case_id.is_(None), process_instance.c.id.in_(_CHAINS)
)
_HEADS_WITHOUT_LINES = union_all(
    select(case_.c.id, case_.c.history_seq).where(
        case_.c.history_seq > 0, ~exists().where(event.c.chain == case_.c.id)
    ),
    select(process_instance.c.id, process_instance.c.history_seq).where(
        process_instance.c.case_id.is_(None),
        process_instance.c.history_seq > 0,
        ~exists().where(event.c.chain == process_instance.c.id),
    ),
).execution_options(yield_per=BATCH)
_PAYLOADS_WITHOUT_LINE = (
    select(payload.c.chain, payload.c.seq)
    .where(~exists().where(event.c.chain == payload.c.chain, event.c.seq == payload.c.seq))
    .order_by(payload.c.chain, payload.c.seq)
    .execution_options(yield_per=BATCH)
)

_ACTIVE_AFTER = (
    select(process_instance.c.id)
    .where(process_instance.c.ended_at.is_(None), process_instance.c.id > bindparam("after"))
    .order_by(process_instance.c.id)
    .limit(BATCH)
)
_BY_INSTANCE: Mapping[str, Select[Any]] = {
    "work_item": select(
        work_item.c.id,
        work_item.c.element_id,
        work_item.c.form_id,
        work_item.c.role,
        work_item.c.due_at,
        work_item.c.follow_up_at,
        work_item.c.state,
    ).where(work_item.c.instance_id == bindparam("instance_id"), work_item.c.state == WorkItemState.OPEN.value),
    "timer": select(
        timer.c.id,
        timer.c.element_id,
        timer.c.due_at,
        timer.c.attached_to,
        timer.c.interrupting,
        timer.c.state,
    ).where(timer.c.instance_id == bindparam("instance_id")),
    "subscription": select(
        subscription.c.id,
        subscription.c.element_id,
        subscription.c.kind,
        subscription.c.name,
        subscription.c.key,
    ).where(subscription.c.instance_id == bindparam("instance_id")),
    "job": select(
        job.c.wait_id.label("id"),
        job.c.element_id,
        job.c.type,
        job.c.state,
        job.c.lease_until,
        job.c.worker,
    ).where(job.c.instance_id == bindparam("instance_id"), job.c.wait_id.is_not(None)),
}
_CANDIDATES = (
    select(work_item_candidate.c.work_item_id, work_item_candidate.c.role)
    .join(work_item, work_item.c.id == work_item_candidate.c.work_item_id)
    .where(work_item.c.instance_id == bindparam("instance_id"), work_item.c.state == WorkItemState.OPEN.value)
    .order_by(work_item_candidate.c.work_item_id, work_item_candidate.c.role)
)
_child = process_instance.alias("child")
_CALLED = select(_child.c.parent_wait).where(
    _child.c.parent_id == bindparam("instance_id"), _child.c.ended_at.is_(None)
)
_INCIDENTS = select(incident.c.wait_id).where(
    incident.c.instance_id == bindparam("instance_id"),
    incident.c.state == IncidentState.OPEN.value,
    incident.c.wait_id.is_not(None),
)

_GONE = or_(process_instance.c.id.is_(None), process_instance.c.ended_at.is_not(None))
"""The instance has ended, or there is none (only where somebody has deleted it past the database's own rules)."""


def _left_over(table: Any, name: str, row_id: Any, *conditions: Any) -> Select[Any]:
    return (
        select(literal(name), row_id, table.c.instance_id)
        .select_from(table.outerjoin(process_instance, table.c.instance_id == process_instance.c.id))
        .where(table.c.instance_id.is_not(None), _GONE, *conditions)
    )


_LEFT_OVER = union_all(
    _left_over(work_item, "work_item", work_item.c.id, work_item.c.state == WorkItemState.OPEN.value),
    _left_over(timer, "timer", timer.c.id),
    _left_over(subscription, "subscription", subscription.c.id),
    _left_over(job, "job", job.c.wait_id, job.c.wait_id.is_not(None)),
).execution_options(yield_per=BATCH)
_CHILDREN_LEFT = (
    select(_child.c.id)
    .join_from(_child, process_instance, _child.c.parent_id == process_instance.c.id)
    .where(process_instance.c.ended_at.is_not(None), _child.c.ended_at.is_(None))
    .execution_options(yield_per=BATCH)
)
_LOOSE_JOBS = (
    select(job.c.id, job.c.type, job.c.state, job.c.lease_until, job.c.worker)
    .where(job.c.wait_id.is_(None))
    .order_by(job.c.id)
    .execution_options(yield_per=BATCH)
)
_JOB_INCIDENT = select(incident.c.id).where(
    incident.c.job_id == bindparam("job_id"), incident.c.state == IncidentState.OPEN.value
)
_OVERDUE = (
    select(timer.c.id, timer.c.due_at)
    .where(timer.c.state == TimerState.ACTIVE.value, timer.c.due_at < bindparam("before"))
    .order_by(timer.c.due_at, timer.c.id)
    .execution_options(yield_per=BATCH)
)
_LATEST = select(func.max(process_definition.c.id)).group_by(process_definition.c.process_id)
_DEFINITIONS = (
    select(process_definition.c.id, process_definition.c.process_id, process_definition.c.release)
    .where(process_definition.c.id.in_(_LATEST))
    .order_by(process_definition.c.process_id)
)
_STARTS = select(start_subscription.c.element_id, start_subscription.c.kind, start_subscription.c.name).where(
    start_subscription.c.process_id == bindparam("process_id")
)
_START_TIMERS = select(timer.c.id).where(timer.c.instance_id.is_(None)).execution_options(yield_per=BATCH)
_HAS_ENDED = process_instance.c.ended_at.is_not(None)
_GOING = process_instance.c.state.in_(bindparam("going", expanding=True))
_CONTRADICTING = (
    select(process_instance.c.id)
    .where(or_(and_(_HAS_ENDED, _GOING), and_(~_HAS_ENDED, ~_GOING)))
    .execution_options(yield_per=BATCH)
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


def heads(reader: Reader, chains: Sequence[str]) -> dict[str, tuple[int, bytes | None]]:
    """Where each of some chains ends, by its owner's row."""
    asked = {"chains": list(chains)}
    rows = [*reader.rows(_CASE_HEADS, asked), *reader.rows(_INSTANCE_HEADS, asked)]
    return {row[0]: (row[1], row[2]) for row in rows}


def heads_without_lines(reader: Reader) -> Iterator[tuple[str, int]]:
    """Chains that should have lines and have none: chain, and how many it should have."""
    for row in reader.connection.execute(_HEADS_WITHOUT_LINES):
        yield row[0], row[1]


def payloads_without_line(reader: Reader) -> Iterator[tuple[str, int]]:
    """Payloads whose line is gone: chain and number."""
    for row in reader.connection.execute(_PAYLOADS_WITHOUT_LINE):
        yield row[0], row[1]


def not_ended(reader: Reader, after: str) -> list[str]:
    """The ids of instances that have not ended, a batch at a time: those after an id, in order."""
    return [row[0] for row in reader.rows(_ACTIVE_AFTER, {"after": after})]


def states_that_contradict(reader: Reader, going: Sequence[str]) -> Iterator[str]:
    """Instances whose state says that they run although they have ended, or the other way round."""
    for row in reader.connection.execute(_CONTRADICTING, {"going": list(going)}):
        yield row[0]


def rows_of(reader: Reader, instance_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows that say an element of an instance waits: (table, wait id) to what they say."""
    asked = {"instance_id": instance_id}
    found = {
        (table, row[0]): dict(row._mapping)
        for table, statement in _BY_INSTANCE.items()
        for row in reader.rows(statement, asked)
    }
    for row in reader.rows(_CANDIDATES, asked):
        found["work_item", row[0]].setdefault("others", []).append(row[1])
    return found


def called_waits(reader: Reader, instance_id: str) -> set[str]:
    """The waits of an instance for which a called instance runs."""
    return {row[0] for row in reader.rows(_CALLED, {"instance_id": instance_id})}


def open_incidents(reader: Reader, instance_id: str) -> set[str]:
    """The waits of an instance that an open incident concerns."""
    return {row[0] for row in reader.rows(_INCIDENTS, {"instance_id": instance_id})}


def left_over(reader: Reader) -> Iterator[tuple[str, str, str]]:
    """Rows that still wait although their instance has ended or is gone: table, wait id, instance."""
    for row in reader.connection.execute(_LEFT_OVER):
        yield row[0], row[1], row[2]


def children_of_ended(reader: Reader) -> Iterator[str]:
    """Instances that run although the one that called them has ended."""
    for row in reader.connection.execute(_CHILDREN_LEFT):
        yield row[0]


@dataclass(frozen=True)
class LooseJob:
    """A job that no element waits for."""

    id: int
    type: str
    state: JobState
    lease_until: datetime | None
    worker: str | None


def loose_jobs(reader: Reader) -> Iterator[LooseJob]:
    """The engine's own jobs, and such as have no business here."""
    for row in reader.connection.execute(_LOOSE_JOBS):
        yield LooseJob(row[0], row[1], JobState(row[2]), row[3], row[4])


def has_incident(reader: Reader, job_id: int) -> bool:
    """Whether an open incident tells of a job."""
    return reader.first(_JOB_INCIDENT, {"job_id": job_id}) is not None


def overdue_timers(reader: Reader, before: datetime) -> Iterator[tuple[str, datetime]]:
    """Active timers that should have fired before a moment: id and due time, oldest first."""
    for row in reader.connection.execute(_OVERDUE, {"before": before}):
        yield row[0], row[1]


@dataclass(frozen=True)
class LatestDefinition:
    """The latest version of a process."""

    id: int
    process_id: str
    release: int


def latest_definitions(reader: Reader) -> list[LatestDefinition]:
    """The latest version of each process."""
    return [LatestDefinition(*row) for row in reader.rows(_DEFINITIONS)]


def start_rows(reader: Reader, process_id: str) -> set[tuple[str, str, str]]:
    """What starts a process from outside, by its rows: element, kind, name."""
    return {(row[0], row[1], row[2]) for row in reader.rows(_STARTS, {"process_id": process_id})}


def start_timer_ids(reader: Reader) -> Iterator[str]:
    """The timers that belong to no instance: those of start events."""
    for row in reader.connection.execute(_START_TIMERS):
        yield row[0]
