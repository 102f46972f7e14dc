"""Attendance: planned sessions, how each went, what a month came to. Sessions are rows, never process instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, exists, insert, or_, select, update

from engine.errors import Conflict
from engine.protocols import Actor
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import adaptation, follow_up, month_basis, placement, session
from processes.aktivitetskrav.states import ActivityMeasure, PlacementStatus, SessionOutcome


@dataclass(frozen=True)
class PlannedSession:
    """One day that a placement asks for."""

    placement_id: int
    case_id: str
    day: date
    hours: Decimal


_ADD_SESSION = insert(session)
_NOT_REQUIRED = exists().where(  # the person was exempted that day: nothing was asked of them
    adaptation.c.case_id == session.c.case_id,
    adaptation.c.activities.in_([ActivityMeasure.PAUSED.value, ActivityMeasure.VOLUNTARY.value]),
    adaptation.c.first_day <= session.c.day,
    adaptation.c.last_day >= session.c.day,
    or_(adaptation.c.ended_on.is_(None), adaptation.c.ended_on > session.c.day),
)
_UNJUDGED = (
    select(session.c.id, session.c.placement_id, session.c.case_id, session.c.day, session.c.planned_hours)
    .join(placement, placement.c.id == session.c.placement_id)
    .where(
        session.c.day <= bindparam("day"),
        session.c.outcome.is_(None),
        placement.c.status == PlacementStatus.ASSIGNED.value,
        ~_NOT_REQUIRED,
    )
    .order_by(session.c.day, session.c.id)
)
_JUDGE = (
    update(session)
    .where(session.c.id == bindparam("of"))
    .values(
        outcome=bindparam("how"), hours=bindparam("taken"), recorded_by=bindparam("who"), recorded_at=bindparam("at")
    )
)
_MONTH = (
    select(session.c.planned_hours, session.c.outcome, session.c.hours)
    .join(placement, placement.c.id == session.c.placement_id)
    .where(
        session.c.case_id == bindparam("case"),
        session.c.day >= bindparam("first"),
        session.c.day < bindparam("following"),
        # what was planned after a placement had ended never took place
        or_(session.c.outcome.is_not(None), placement.c.ended_on.is_(None), session.c.day < placement.c.ended_on),
        ~_NOT_REQUIRED,
    )
)
_PROGRESSIONS = select(follow_up.c.progression).where(follow_up.c.case_id == bindparam("case")).order_by(follow_up.c.id)


def add_sessions(uow: UnitOfWork, sessions: Sequence[PlannedSession]) -> None:
    """Plan sessions; their days must be new to their placement."""
    uow.write_many(
        _ADD_SESSION,
        [
            {
                "placement_id": planned.placement_id,
                "case_id": planned.case_id,
                "day": planned.day,
                "planned_hours": planned.hours,
            }
            for planned in sessions
        ],
    )


def unjudged_sessions(reader: Reader, up_to: date) -> list[tuple[int, PlannedSession]]:
    """Sessions up to and including a day that nobody has judged, with their ids, of placements that still run."""
    rows = reader.rows(_UNJUDGED, {"day": up_to})
    return [(row.id, PlannedSession(row.placement_id, row.case_id, row.day, row.planned_hours)) for row in rows]


def record_outcomes(
    uow: UnitOfWork, outcomes: Mapping[int, tuple[SessionOutcome, Decimal]], recorded_by: Actor
) -> None:
    """Record how sessions went, by their ids, with the hours taken part in."""
    for session_id, (outcome, hours) in outcomes.items():
        told = {"how": outcome.value, "taken": hours, "who": recorded_by.id, "at": uow.now}
        if not uow.write(_JUDGE, {"of": session_id, **told}):
            raise Conflict("Ett av passen finns inte längre.")


@dataclass(frozen=True)
class MonthFigures:
    """A month's attendance in hours; sessions nobody has judged are counted apart, never as absence."""

    planned: Decimal
    present: Decimal
    excused: Decimal
    unexcused: Decimal
    cancelled: Decimal
    unjudged_sessions: int


def month_figures(reader: Reader, case_id: str, month: Month) -> MonthFigures:
    """What a case's sessions of one calendar month come to."""
    rows = reader.rows(_MONTH, {"case": case_id, "first": month.first_day, "following": month.plus(1).first_day})
    planned = sum((row.planned_hours for row in rows), Decimal(0))
    missed = {outcome: Decimal(0) for outcome in SessionOutcome}
    present = Decimal(0)
    for row in rows:
        if row.outcome is not None:
            taken = row.hours or Decimal(0)
            present += taken
            missed[SessionOutcome(row.outcome)] += row.planned_hours - taken
    return MonthFigures(
        planned=planned,
        present=present,
        excused=missed[SessionOutcome.EXCUSED] + missed[SessionOutcome.PARTLY],
        unexcused=missed[SessionOutcome.UNEXCUSED],
        cancelled=missed[SessionOutcome.CANCELLED],
        unjudged_sessions=sum(row.outcome is None for row in rows),
    )


def hand_in_month(uow: UnitOfWork, case_id: str, month: Month, figures: Mapping[str, object]) -> int:
    """Hand a month's figures (JSON values) to the authority; the id of the basis."""
    return add_row(uow, month_basis, case_id=case_id, month=month, figures=dict(figures), handed_at=uow.now)


def add_follow_up(uow: UnitOfWork, case_id: str, progression: str, note: str | None) -> int:
    """Register a follow-up; how many in a row, this one included, saw no progress."""
    add_row(uow, follow_up, case_id=case_id, progression=progression, note=note, at=uow.now)
    rows = uow.rows(_PROGRESSIONS, {"case": case_id})
    without = 0
    for (seen,) in rows:
        without = 0 if seen == "framat" else without + 1
    return without
