"""The catalogue of activities, placements in them, and the queue for places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Text, bindparam, func, insert, literal_column, or_, select, update

from engine.errors import Conflict, NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import activity, place_queue, placement
from processes.aktivitetskrav.states import PlacementStatus


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
    times: tuple[str, ...] = ()  # each week, as "mån 09:00-12:00"; empty: agreed with each participant


@dataclass(frozen=True)
class FreePlace:
    """An activity with room."""

    activity: Activity
    free: int


@dataclass(frozen=True)
class Placement:
    """One person's place in one activity."""

    id: int
    activity_id: str
    activity_name: str
    kind: str
    starts_on: date
    hours: Decimal
    status: PlacementStatus
    times: tuple[str, ...] = ()


_HOLDS_PLACE = placement.c.status != PlacementStatus.ENDED.value
_IDS = select(activity.c.id)
_ADD_ACTIVITY = insert(activity)
_TAKEN = select(func.count()).where(placement.c.activity_id == activity.c.id, _HOLDS_PLACE).scalar_subquery()
_TIMES = select(activity.c.times).where(activity.c.id == bindparam("of"))
_FREE = (
    select(
        activity.c.id,
        activity.c.name,
        activity.c.kind,
        activity.c.provider,
        activity.c.capacity,
        activity.c.hours,
        activity.c.starts_on,
        (activity.c.capacity - _TAKEN).label("free"),
    )
    .where(
        activity.c.active,
        activity.c.capacity > _TAKEN,
        or_(bindparam("kind", type_=Text).is_(None), activity.c.kind == bindparam("kind")),
    )
    .order_by(activity.c.starts_on.is_not(None), activity.c.starts_on, activity.c.id)
    .limit(bindparam("most"))
)
_ACTIVITY = (
    select(activity.c.capacity, activity.c.hours, activity.c.name, _TAKEN.label("taken"))
    .where(activity.c.id == bindparam("activity"))
    .with_for_update(of=activity)
)
_CURRENT = (
    select(
        placement.c.id,
        placement.c.activity_id,
        activity.c.name,
        activity.c.kind,
        placement.c.starts_on,
        placement.c.hours,
        placement.c.status,
        activity.c.times,
    )
    .join(activity, activity.c.id == placement.c.activity_id)
    .where(placement.c.case_id == bindparam("case"), _HOLDS_PLACE)
    .order_by(placement.c.id)
)
_CHANGE = update(placement).where(placement.c.case_id == bindparam("case"))
_IS_ASSIGNED = placement.c.status == PlacementStatus.ASSIGNED.value
_ASSIGN = _CHANGE.where(placement.c.status == PlacementStatus.PROPOSED.value).values(
    status=PlacementStatus.ASSIGNED.value,
    plan_id=bindparam("plan"),
    assigned_on=bindparam("on"),
    starts_on=func.coalesce(bindparam("start", type_=placement.c.starts_on.type), placement.c.starts_on),
)
_NOTE_JOBCENTRE = _CHANGE.where(_IS_ASSIGNED, placement.c.jobcentre_on.is_(None)).values(jobcentre_on=bindparam("on"))
_PAUSE = _CHANGE.where(_IS_ASSIGNED).values(status=PlacementStatus.PAUSED.value)
_RESUME = _CHANGE.where(placement.c.status == PlacementStatus.PAUSED.value).values(
    status=PlacementStatus.ASSIGNED.value
)
_RELEASE = _CHANGE.where(placement.c.status == PlacementStatus.PROPOSED.value).values(
    status=PlacementStatus.ENDED.value, ended_on=bindparam("on"), end_reason=bindparam("why")
)
_END = _CHANGE.where(_HOLDS_PLACE).values(
    status=PlacementStatus.ENDED.value, ended_on=bindparam("on"), end_reason=bindparam("why")
)
_LEAVE_QUEUE = (
    update(place_queue)
    .where(place_queue.c.case_id == bindparam("case"), place_queue.c.left_at.is_(None))
    .values(left_at=bindparam("at"))
)
_QUEUE = (
    select(place_queue.c.case_id)
    .where(place_queue.c.kind == bindparam("wanted"), place_queue.c.left_at.is_(None))
    .order_by(place_queue.c.id)
)
_WIDEN = update(activity).values(capacity=activity.c.capacity * bindparam("by"))
_FIRST_IN_QUEUE = _QUEUE.limit(literal_column("1"))


def widen_activities(uow: UnitOfWork, times: int) -> None:
    """Give every activity so many times the places."""
    uow.send(_WIDEN, {"by": times})


def put_activities(uow: UnitOfWork, activities: Iterable[Activity]) -> int:
    """Add the activities that the catalogue does not have; those it has stay as they are. How many were added."""
    known = {row[0] for row in uow.rows(_IDS)}
    new = [{**asdict(item), "times": list(item.times)} for item in activities if item.id not in known]
    uow.write_many(_ADD_ACTIVITY, new)
    return len(new)


def free_places(reader: Reader, kind: str | None, limit: int) -> list[FreePlace]:
    """Activities of `kind` (any, where None) with room: those that start at any time first, then by start day."""
    return [
        FreePlace(Activity(row.id, row.name, row.kind, row.provider, row.capacity, row.hours, row.starts_on), row.free)
        for row in reader.rows(_FREE, {"kind": kind, "most": limit})
    ]


def times_of(reader: Reader, activity_id: str) -> tuple[str, ...]:
    """When an activity takes place each week; empty where that is agreed with each participant."""
    return tuple(reader.scalar(_TIMES, {"of": activity_id}) or ())


class PlaceTaken(Conflict):
    """The place that was chosen has been taken by somebody else meanwhile."""

    code = "PLACE_TAKEN"


def propose_placement(uow: UnitOfWork, case_id: str, activity_id: str, starts_on: date, hours: Decimal | None) -> int:
    """Take a place; its id. NotFound where there is no such activity, PlaceTaken where it is full."""
    row = uow.first(_ACTIVITY, {"activity": activity_id})
    if row is None:
        raise NotFound(f"Aktiviteten '{activity_id}' finns inte i katalogen.")
    if row.taken >= row.capacity:
        raise PlaceTaken(f"Aktiviteten '{row.name}' har ingen ledig plats längre. Välj en annan plats.")
    uow.send(_LEAVE_QUEUE, {"case": case_id, "at": uow.now})
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
    return [
        Placement(
            row.id,
            row.activity_id,
            row.name,
            row.kind,
            row.starts_on,
            row.hours,
            PlacementStatus(row.status),
            tuple(row.times or ()),
        )
        for row in reader.rows(_CURRENT, {"case": case_id})
    ]


def assign_placements(uow: UnitOfWork, case_id: str, plan_id: int | None, starts_on: date | None, on: date) -> int:
    """Turn a case's proposed placements into assigned ones on the local date `on`; how many."""
    return uow.write(_ASSIGN, {"case": case_id, "plan": plan_id, "start": starts_on, "on": on})


def note_jobcentre(uow: UnitOfWork, case_id: str, on: date) -> None:
    """Note that a case's assigned placements were registered with Arbetsförmedlingen on the local date `on`."""
    uow.send(_NOTE_JOBCENTRE, {"case": case_id, "on": on})


def pause_placements(uow: UnitOfWork, case_id: str) -> int:
    """Pause a case's assigned placements; how many."""
    return uow.write(_PAUSE, {"case": case_id})


def resume_placements(uow: UnitOfWork, case_id: str) -> int:
    """Let a case's paused placements go on; how many."""
    return uow.write(_RESUME, {"case": case_id})


def release_proposed(uow: UnitOfWork, case_id: str, reason: str | None, on: date) -> int:
    """End the placements of a case that were only proposed, and its place in the queue; how many ended."""
    uow.send(_LEAVE_QUEUE, {"case": case_id, "at": uow.now})
    return uow.write(_RELEASE, {"case": case_id, "on": on, "why": reason})


def end_placements(uow: UnitOfWork, case_id: str, reason: str | None, on: date) -> int:
    """End a case's placements, its place in the queue too, and free their places; how many placements ended."""
    uow.send(_LEAVE_QUEUE, {"case": case_id, "at": uow.now})
    return uow.write(_END, {"case": case_id, "on": on, "why": reason})


def join_queue(uow: UnitOfWork, case_id: str, kind: str) -> int:
    """Queue a case for a place in activities of `kind`; the id of its place in the queue."""
    return add_row(uow, place_queue, case_id=case_id, kind=kind, queued_at=uow.now)


def first_in_queue(reader: Reader, kind: str) -> str | None:
    """The case that has waited longest for a place in activities of `kind`, or None."""
    found = reader.scalar(_FIRST_IN_QUEUE, {"wanted": kind})
    return None if found is None else str(found)


def queue_for(reader: Reader, kind: str) -> list[str]:
    """The cases that wait for a place in activities of `kind`, longest first; each once."""
    return list(dict.fromkeys(str(row.case_id) for row in reader.rows(_QUEUE, {"wanted": kind})))
