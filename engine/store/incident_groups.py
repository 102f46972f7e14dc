"""Open incidents by their cause, and the rows of trying a whole cause again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, insert, literal_column, select, update

from engine.store.rows import COUNT_BOUND, Page, Paging
from engine.store.schema import bulk_retry, bulk_retry_outcome, incident
from engine.store.states import BulkOutcomeState, IncidentState
from engine.store.unit_of_work import AnyRow, Reader, UnitOfWork


class GroupSort(StrEnum):
    """How causes are sorted."""

    COUNT = "count"  # most incidents first
    OLDEST = "oldest"  # the longest open first
    LATEST = "latest"  # the newest first
    ELEMENT = "element"  # by process and element


@dataclass(frozen=True)
class IncidentGroup:
    """All open incidents of one cause."""

    cause: str
    process_id: str | None
    element_id: str | None
    name: str
    code: str
    pattern: str
    """The message without the values that differ."""
    count: int
    cases: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Trouble:
    """One incident as operators see it: nothing of the case but ids."""

    id: str
    cause: str
    instance_id: str | None
    case_id: str | None
    process_id: str | None
    job_id: int | None
    wait_id: str | None
    element_id: str | None
    name: str
    code: str
    pattern: str
    message: str
    """As it was; it may say something of the case: only for those who may see that."""
    state: IncidentState
    created_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


@dataclass(frozen=True)
class BulkRetry:
    """That all open incidents of a cause be tried again, and how far that has come."""

    id: str
    cause: str
    process_id: str | None
    element_id: str | None
    code: str
    pattern: str
    actor: str
    actor_name: str
    reason: str
    total: int
    created_at: datetime
    finished_at: datetime | None
    retried: int = 0
    refused: int = 0

    @property
    def done(self) -> int:
        """How many incidents have been come to."""
        return self.retried + self.refused


_OPEN = IncidentState.OPEN.value
_COUNT = func.count().label("count")
_GROUPS = (
    select(
        incident.c.cause,
        func.min(incident.c.process_id).label("process_id"),
        func.min(incident.c.element_id).label("element_id"),
        func.min(incident.c.name).label("name"),
        func.min(incident.c.code).label("code"),
        func.min(incident.c.pattern).label("pattern"),
        _COUNT,
        func.count(incident.c.case_id.distinct()).label("cases"),
        func.min(incident.c.created_at).label("first_at"),
        func.max(incident.c.created_at).label("last_at"),
    )
    .where(incident.c.state == _OPEN)
    .group_by(incident.c.cause)
)
_ORDERS: dict[GroupSort, tuple[Any, ...]] = {
    GroupSort.COUNT: (literal_column("count").desc(), incident.c.cause),
    GroupSort.OLDEST: (literal_column("first_at"), incident.c.cause),
    GroupSort.LATEST: (literal_column("last_at").desc(), incident.c.cause),
    GroupSort.ELEMENT: (literal_column("process_id"), literal_column("element_id"), incident.c.cause),
}
_TROUBLE = select(*(incident.c[name] for name in Trouble.__dataclass_fields__))
_BULK = tuple(bulk_retry.c[name] for name in BulkRetry.__dataclass_fields__ if name in bulk_retry.c)
_row = bulk_retry_outcome.c
_OUTCOMES = (
    select(_row.state, _row.code, func.count())
    .where(_row.bulk_retry == bindparam("of"))
    .group_by(_row.state, _row.code)
)
_REMAINING = (
    select(_row.incident_id)
    .where(_row.bulk_retry == bindparam("of"), _row.state == BulkOutcomeState.PENDING.value)
    .order_by(_row.incident_id)
    .limit(bindparam("most"))
)
_AGAIN = select(func.count()).where(
    incident.c.state == _OPEN,
    incident.c.cause == bindparam("why"),
    ~exists().where(_row.bulk_retry == bindparam("of"), _row.incident_id == incident.c.id),
)
_INSERT = insert(bulk_retry)
_TAKE = insert(bulk_retry_outcome).from_select(
    ["bulk_retry", "incident_id", "state"],
    select(bindparam("of"), incident.c.id, bindparam("pending")).where(
        incident.c.state == _OPEN, incident.c.cause == bindparam("why")
    ),
)
_NOTE = (
    update(bulk_retry_outcome)
    .where(
        _row.bulk_retry == bindparam("of"),
        _row.incident_id == bindparam("which"),
        _row.state == BulkOutcomeState.PENDING.value,
    )
    .values(state=bindparam("became"), code=bindparam("why"), at=bindparam("when"))
)
_FINISH = (
    update(bulk_retry)
    .where(bulk_retry.c.id == bindparam("of"), bulk_retry.c.finished_at.is_(None))
    .values(finished_at=bindparam("at"))
)


def groups(reader: Reader, sort: GroupSort, paging: Paging) -> Page[IncidentGroup]:
    """The causes of open incidents."""
    found = _GROUPS.order_by(*_ORDERS[sort]).limit(paging.size).offset(paging.offset)
    total = int(reader.query_scalar(select(func.count()).select_from(_GROUPS.limit(COUNT_BOUND + 1).subquery())))
    items = tuple(IncidentGroup(**row._mapping) for row in reader.query(found))
    return Page(items, paging, min(total, COUNT_BOUND), total <= COUNT_BOUND)


def group(reader: Reader, cause: str) -> IncidentGroup | None:
    """The open incidents of one cause; None where there are none."""
    row = reader.query_first(_GROUPS.where(incident.c.cause == cause))
    return None if row is None else IncidentGroup(**row._mapping)


def of_cause(reader: Reader, cause: str, paging: Paging, *, newest_first: bool) -> Page[Trouble]:
    """The open incidents of one cause."""
    wanted = _TROUBLE.where(incident.c.state == _OPEN, incident.c.cause == cause)
    order = (incident.c.created_at, incident.c.id)
    if newest_first:
        order = (incident.c.created_at.desc(), incident.c.id.desc())  # type: ignore[assignment]
    return _page(reader, wanted, order, paging)


def of_instance(reader: Reader, instance_id: str, paging: Paging) -> Page[Trouble]:
    """All incidents of one instance, open or not, newest first."""
    wanted = _TROUBLE.where(incident.c.instance_id == instance_id)
    return _page(reader, wanted, (incident.c.created_at.desc(), incident.c.id), paging)


def trouble(reader: Reader, incident_id: str) -> Trouble | None:
    """One incident, open or resolved."""
    row = reader.query_first(_TROUBLE.where(incident.c.id == incident_id))
    return None if row is None else _trouble(row)


def insert_bulk(uow: UnitOfWork, values: dict[str, Any]) -> int:
    """Write that a cause is to be tried again, and which incidents that means; how many."""
    uow.send(_INSERT, {**values, "total": 0})
    taken = {"of": values["id"], "why": values["cause"], "pending": BulkOutcomeState.PENDING.value}
    uow.connection.execute(_TAKE, taken)
    counted = select(func.count()).where(_row.bulk_retry == values["id"])
    total = int(uow.query_scalar(counted))
    uow.connection.execute(update(bulk_retry).where(bulk_retry.c.id == values["id"]).values(total=total))
    return total


def note_outcome(
    uow: UnitOfWork, bulk_id: str, incident_id: str, state: BulkOutcomeState, code: str | None = None
) -> bool:
    """Write what became of one incident; False where somebody else has come to it before."""
    values = {"of": bulk_id, "which": incident_id, "became": state.value, "why": code, "when": uow.now}
    return uow.connection.execute(_NOTE, values).rowcount == 1


def finish_bulk(uow: UnitOfWork, bulk_id: str) -> None:
    """Write that every incident has been come to."""
    uow.send(_FINISH, {"of": bulk_id, "at": uow.now})


def remaining(reader: Reader, bulk_id: str, most: int) -> list[str]:
    """The ids of incidents that have not been come to."""
    return [row[0] for row in reader.rows(_REMAINING, {"of": bulk_id, "most": most})]


def come_again(reader: Reader, bulk: BulkRetry) -> int:
    """How many incidents of the same cause have been opened since the bulk began, and are open."""
    return int(reader.scalar(_AGAIN, {"why": bulk.cause, "of": bulk.id}))


def bulk(reader: Reader, bulk_id: str) -> BulkRetry | None:
    """One bulk with how far it has come."""
    row = reader.query_first(select(*_BULK).where(bulk_retry.c.id == bulk_id))
    return None if row is None else _bulk(reader, row)


def bulks(reader: Reader, *, only_unfinished: bool, most: int = 20) -> list[BulkRetry]:
    """The latest bulks, latest first."""
    found = select(*_BULK).order_by(bulk_retry.c.created_at.desc(), bulk_retry.c.id).limit(most)
    if only_unfinished:
        found = found.where(bulk_retry.c.finished_at.is_(None))
    return [_bulk(reader, row) for row in reader.query(found)]


def refusals(reader: Reader, bulk_id: str) -> dict[str, int]:
    """Why incidents were refused: how many by code."""
    refused = BulkOutcomeState.REFUSED.value
    return {row[1]: int(row[2]) for row in reader.rows(_OUTCOMES, {"of": bulk_id}) if row[0] == refused}


def refused(reader: Reader, bulk_id: str, most: int) -> list[Trouble]:
    """Incidents that a bulk could not try again."""
    among = select(_row.incident_id).where(_row.bulk_retry == bulk_id, _row.state == BulkOutcomeState.REFUSED.value)
    return [_trouble(row) for row in reader.query(_TROUBLE.where(incident.c.id.in_(among)).limit(most))]


def _bulk(reader: Reader, row: AnyRow) -> BulkRetry:
    counts = dict.fromkeys(BulkOutcomeState, 0)
    for state, _code, count in reader.rows(_OUTCOMES, {"of": row.id}):
        counts[BulkOutcomeState(state)] += int(count)
    return BulkRetry(**row._mapping, retried=counts[BulkOutcomeState.RETRIED], refused=counts[BulkOutcomeState.REFUSED])


def _page(reader: Reader, wanted: Select[Any], order: tuple[Any, ...], paging: Paging) -> Page[Trouble]:
    rows = reader.query(wanted.order_by(*order).limit(paging.size).offset(paging.offset))
    total = int(reader.query_scalar(select(func.count()).select_from(wanted.limit(COUNT_BOUND + 1).subquery())))
    return Page(tuple(_trouble(row) for row in rows), paging, min(total, COUNT_BOUND), total <= COUNT_BOUND)


def _trouble(row: AnyRow) -> Trouble:
    return Trouble(**{**row._mapping, "state": IncidentState(row.state)})
