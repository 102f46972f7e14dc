"""What the autopilot and the seed's report read: open tasks and waiting messages of all cases, and counts.

People's lists never come from here: they pass the access policy in the engine's queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select

from engine.store.schema import case_, event, incident, process_definition, process_instance, subscription, work_item
from engine.store.unit_of_work import Reader
from processes.aktivitetskrav.records.tables import decision, deviation, support_decision


@dataclass(frozen=True)
class OpenItem:
    """One open task."""

    id: str
    case_id: str | None
    instance_id: str
    release: int
    process_id: str
    element_id: str
    form_id: str | None
    role: str | None
    unit: str | None
    created_at: datetime
    due_at: datetime | None


_OPEN_ITEMS = (
    select(
        work_item.c.id,
        work_item.c.case_id,
        work_item.c.instance_id,
        process_instance.c.release,
        process_definition.c.process_id,
        work_item.c.element_id,
        work_item.c.form_id,
        work_item.c.role,
        work_item.c.unit,
        work_item.c.created_at,
        work_item.c.due_at,
    )
    .join(process_instance, process_instance.c.id == work_item.c.instance_id)
    .join(process_definition, process_definition.c.id == work_item.c.definition_id)
    .where(work_item.c.state == "open")
)


def open_items(reader: Reader) -> list[OpenItem]:
    """Every open task, of cases and of processes that stand alone."""
    rows = reader.rows(_OPEN_ITEMS)
    return [OpenItem(**row._mapping) for row in rows]


@dataclass(frozen=True)
class AwaitedMessage:
    """One element of a case that waits for a message."""

    id: str
    case_id: str
    name: str
    created_at: datetime


def awaited_messages(reader: Reader, names: frozenset[str]) -> list[AwaitedMessage]:
    """Every element of a case that waits for a message of one of `names`, oldest first."""
    rows = reader.query(
        select(subscription.c.id, subscription.c.case_id, subscription.c.name, subscription.c.created_at)
        .where(
            subscription.c.kind == "message",
            subscription.c.name.in_(sorted(names)),
            subscription.c.case_id.is_not(None),
        )
        .order_by(subscription.c.seq)
    )
    return [AwaitedMessage(**row._mapping) for row in rows]


def case_references(reader: Reader, family: str) -> dict[str, str]:
    """The reference of every case of a family, by the case's id."""
    return {
        row.id: row.reference
        for row in reader.query(select(case_.c.id, case_.c.reference).where(case_.c.family == family))
    }


def open_case_references(reader: Reader, family: str) -> dict[str, str]:
    """The reference of every open case of a family, by the case's id."""
    query = select(case_.c.id, case_.c.reference).where(case_.c.family == family, case_.c.state == "open")
    return {row.id: row.reference for row in reader.query(query)}


def count_open_items(reader: Reader, case_id: str) -> int:
    """How many open tasks a case has."""
    return int(
        reader.query_scalar(
            select(func.count())
            .select_from(work_item)
            .where(work_item.c.case_id == case_id, work_item.c.state == "open")
        )
    )


def has_cases(reader: Reader) -> bool:
    """Whether there is any case."""
    return reader.query_first(select(case_.c.id).limit(1)) is not None


@dataclass(frozen=True)
class Counts:
    """How much there is in a database, by kind."""

    cases: int
    instances: dict[str, dict[str, int]]  # process id to state to how many
    tasks: dict[str, int]  # state to how many
    overdue: int  # open tasks whose due time has passed
    escalations: int  # tasks made because another one was late
    deviations: int
    support_decisions: int
    decisions: int  # made by people
    incidents: int  # that are open
    events: dict[str, int]  # history lines by kind


def count_everything(reader: Reader, now: datetime) -> Counts:
    """The counts at the moment `now`."""
    instances: dict[str, dict[str, int]] = {}
    for row in reader.query(
        select(process_definition.c.process_id, process_instance.c.state, func.count().label("number"))
        .join(process_definition, process_definition.c.id == process_instance.c.definition_id)
        .group_by(process_definition.c.process_id, process_instance.c.state)
        .order_by(process_definition.c.process_id, process_instance.c.state)
    ):
        instances.setdefault(row.process_id, {})[row.state] = row.number
    tasks = reader.query(
        select(work_item.c.state, func.count().label("number")).group_by(work_item.c.state).order_by(work_item.c.state)
    )
    events = reader.query(
        select(event.c.kind, func.count().label("number")).group_by(event.c.kind).order_by(event.c.kind)
    )
    overdue = select(func.count()).select_from(work_item).where(work_item.c.state == "open", work_item.c.due_at < now)
    escalations = select(func.count()).select_from(work_item).where(work_item.c.escalates.is_not(None))
    incidents = select(func.count()).select_from(incident).where(incident.c.state == "open")
    return Counts(
        cases=_size(reader, case_),
        instances=instances,
        tasks={row.state: row.number for row in tasks},
        overdue=int(reader.query_scalar(overdue)),
        escalations=int(reader.query_scalar(escalations)),
        deviations=_size(reader, deviation),
        support_decisions=_size(reader, support_decision),
        decisions=_size(reader, decision),
        incidents=int(reader.query_scalar(incidents)),
        events={row.kind: row.number for row in events},
    )


def _size(reader: Reader, table: Table) -> int:
    return int(reader.query_scalar(select(func.count()).select_from(table)))
