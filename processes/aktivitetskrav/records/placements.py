"""The catalogue of activities, placements in them, and the queue for places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, insert, select, update

from engine.errors import Conflict, NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import activity, place_queue, placement
from processes.aktivitetskrav.states import PlacementStatus

_HOLDS_PLACE = (PlacementStatus.PROPOSED.value, PlacementStatus.ASSIGNED.value, PlacementStatus.PAUSED.value)


@dataclass(frozen=True)
class Activity:
    """One activity that people can be placed in."""

    id: str
    name: str
    kind: str  # motiverande, sprak, jobbsokar, arbetsplats
    provider: str
    capacity: int  # places
    hours: Decimal  # per week
    starts_on: date | None  # None: at any time
    active: bool = True


@dataclass(frozen=True)
class FreePlace:
    """An activity with room."""

    activity: Activity
    free: int


@dataclass(frozen=True)
class Placement:
    """One person's place in one activity."""

    id: int
    activity_name: str
    kind: str
    starts_on: date
    hours: Decimal
    status: PlacementStatus


def put_activities(uow: UnitOfWork, activities: Iterable[Activity]) -> int:
    """Add the activities that the catalogue does not have; those it has stay as they are. How many were added."""
    known = {row[0] for row in uow.rows(select(activity.c.id))}
    new = [asdict(item) for item in activities if item.id not in known]
    uow.write_many(insert(activity), new)
    return len(new)


def free_places(reader: Reader, kind: str | None, limit: int) -> list[FreePlace]:
    """Activities of `kind` (any, where None) with room: those that start at any time first, then by start day."""
    taken = (
        select(func.count())
        .where(placement.c.activity_id == activity.c.id, placement.c.status.in_(_HOLDS_PLACE))
        .scalar_subquery()
    )
    conditions: list[ColumnElement[bool]] = [activity.c.active, taken < activity.c.capacity]
    if kind is not None:
        conditions.append(activity.c.kind == kind)
    rows = reader.rows(
        select(*_ACTIVITY, (activity.c.capacity - taken).label("free"))
        .where(*conditions)
        .order_by(activity.c.starts_on.is_not(None), activity.c.starts_on, activity.c.id)
        .limit(limit)
    )
    return [
        FreePlace(Activity(row.id, row.name, row.kind, row.provider, row.capacity, row.hours, row.starts_on), row.free)
        for row in rows
    ]


_ACTIVITY = (
    activity.c.id,
    activity.c.name,
    activity.c.kind,
    activity.c.provider,
    activity.c.capacity,
    activity.c.hours,
    activity.c.starts_on,
)


def propose_placement(uow: UnitOfWork, case_id: str, activity_id: str, starts_on: date, hours: Decimal | None) -> int:
    """Take a place; its id. NotFound where there is no such activity, Conflict where it is full."""
    row = uow.first(
        select(activity.c.capacity, activity.c.hours, activity.c.name)
        .where(activity.c.id == activity_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound(f"Aktiviteten '{activity_id}' finns inte i katalogen.")
    taken = uow.scalar(
        select(func.count()).where(placement.c.activity_id == activity_id, placement.c.status.in_(_HOLDS_PLACE))
    )
    if taken >= row.capacity:
        raise Conflict(f"Aktiviteten '{row.name}' har ingen ledig plats längre. Välj en annan plats.")
    uow.write(
        update(place_queue)
        .where(place_queue.c.case_id == case_id, place_queue.c.left_at.is_(None))
        .values(left_at=uow.now)
    )
    return add_row(
        uow,
        placement,
        case_id=case_id,
        activity_id=activity_id,
        starts_on=starts_on,
        hours=row.hours if hours is None else hours,
        status=PlacementStatus.PROPOSED.value,
    )


def current_placements(reader: Reader, case_id: str) -> list[Placement]:
    """A case's placements that have not ended, oldest first."""
    rows = reader.rows(
        select(
            placement.c.id,
            activity.c.name,
            activity.c.kind,
            placement.c.starts_on,
            placement.c.hours,
            placement.c.status,
        )
        .join(activity, activity.c.id == placement.c.activity_id)
        .where(placement.c.case_id == case_id, placement.c.status.in_(_HOLDS_PLACE))
        .order_by(placement.c.id)
    )
    return [
        Placement(row.id, row.name, row.kind, row.starts_on, row.hours, PlacementStatus(row.status)) for row in rows
    ]


def assign_placements(uow: UnitOfWork, case_id: str, plan_id: int | None, starts_on: date | None, on: date) -> int:
    """Turn a case's proposed placements into assigned ones on the local date `on`; how many."""
    values: dict[str, object] = {"status": PlacementStatus.ASSIGNED.value, "plan_id": plan_id, "assigned_on": on}
    if starts_on is not None:
        values["starts_on"] = starts_on
    return uow.write(
        update(placement)
        .where(placement.c.case_id == case_id, placement.c.status == PlacementStatus.PROPOSED.value)
        .values(**values)
    )


def note_jobcentre(uow: UnitOfWork, case_id: str, on: date) -> None:
    """Note that a case's assigned placements were registered with Arbetsförmedlingen on the local date `on`."""
    uow.write(
        update(placement)
        .where(
            placement.c.case_id == case_id,
            placement.c.status == PlacementStatus.ASSIGNED.value,
            placement.c.jobcentre_on.is_(None),
        )
        .values(jobcentre_on=on)
    )


def pause_placements(uow: UnitOfWork, case_id: str) -> int:
    """Pause a case's placements; how many."""
    return uow.write(
        update(placement)
        .where(placement.c.case_id == case_id, placement.c.status == PlacementStatus.ASSIGNED.value)
        .values(status=PlacementStatus.PAUSED.value)
    )


def end_placements(uow: UnitOfWork, case_id: str, reason: str | None, on: date) -> int:
    """End a case's placements, its place in the queue too, and free their places; how many placements ended."""
    uow.write(
        update(place_queue)
        .where(place_queue.c.case_id == case_id, place_queue.c.left_at.is_(None))
        .values(left_at=uow.now)
    )
    return uow.write(
        update(placement)
        .where(placement.c.case_id == case_id, placement.c.status.in_(_HOLDS_PLACE))
        .values(status=PlacementStatus.ENDED.value, ended_on=on, end_reason=reason)
    )


def join_queue(uow: UnitOfWork, case_id: str, kind: str) -> int:
    """Queue a case for a place in activities of `kind`; the id of its place in the queue."""
    return add_row(uow, place_queue, case_id=case_id, kind=kind, queued_at=uow.now)


def first_in_queue(reader: Reader, kind: str) -> str | None:
    """The case that has waited longest for a place in activities of `kind`, or None."""
    found = reader.scalar(
        select(place_queue.c.case_id)
        .where(place_queue.c.kind == kind, place_queue.c.left_at.is_(None))
        .order_by(place_queue.c.id)
        .limit(1)
    )
    return None if found is None else str(found)
