"""Ramp-up step by step: what a plan says, which step runs, and what the coming sessions ask for meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import bindparam, func, literal_column, select, update

from engine.store.unit_of_work import AnyRow, Reader, UnitOfWork
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import plan, session
from processes.aktivitetskrav.records.time_tables import ramp_step


@dataclass(frozen=True)
class RampStep:
    """One step: so many hours a week for so many weeks."""

    number: int
    hours: Decimal
    weeks: int
    begun_on: date | None = None

    @property
    def until(self) -> date | None:
        """The first day after the step, where it has begun."""
        return None if self.begun_on is None else self.begun_on + timedelta(weeks=self.weeks)


_LATEST_PLAN = select(func.max(plan.c.id)).where(plan.c.case_id == bindparam("case")).correlate(None).scalar_subquery()
_STEPS = (
    select(ramp_step.c.id, ramp_step.c.number, ramp_step.c.hours, ramp_step.c.weeks, ramp_step.c.begun_on)
    .where(ramp_step.c.plan_id == _LATEST_PLAN, ramp_step.c.ended_on.is_(None))
    .order_by(ramp_step.c.number)
)
_RUNNING = _STEPS.where(ramp_step.c.begun_on.is_not(None)).limit(literal_column("1"))
_NEXT = _STEPS.where(ramp_step.c.begun_on.is_(None)).limit(literal_column("1"))
_ONE = update(ramp_step).where(ramp_step.c.id == bindparam("of"))
_BEGIN = _ONE.values(begun_on=bindparam("on"))
_END = _ONE.values(ended_on=bindparam("on"))
_HOLD = _ONE.values(weeks=ramp_step.c.weeks + bindparam("more"), held_because=bindparam("why"))
_PLAN_SESSIONS = (
    update(session)
    .where(
        session.c.placement_id == bindparam("of_placement"),
        session.c.day >= bindparam("from_day"),
        session.c.outcome.is_(None),
    )
    .values(planned_hours=bindparam("each"))
)


def add_steps(uow: UnitOfWork, case_id: str, plan_id: int, steps: Sequence[RampStep]) -> None:
    """Register the steps of a plan's ramp-up."""
    for step in steps:
        told = {"number": step.number, "hours": step.hours, "weeks": step.weeks}
        add_row(uow, ramp_step, case_id=case_id, plan_id=plan_id, **told)


def begin_next(uow: UnitOfWork, case_id: str, on: date) -> RampStep | None:
    """End the step that runs and begin the latest plan's next one on the local date `on`; None after the last."""
    running = uow.first(_RUNNING, {"case": case_id})
    if running is not None:
        uow.send(_END, {"of": running.id, "on": on})
    row = uow.first(_NEXT, {"case": case_id})
    if row is None:
        return None
    uow.send(_BEGIN, {"of": row.id, "on": on})
    return RampStep(row.number, row.hours, row.weeks, on)


def hold_step(uow: UnitOfWork, case_id: str, weeks: int, why: str | None) -> RampStep | None:
    """Let the step that runs last `weeks` longer; the step, or None where none runs."""
    row = uow.first(_RUNNING, {"case": case_id})
    if row is None:
        return None
    uow.send(_HOLD, {"of": row.id, "more": weeks, "why": why})
    return _step(uow.first(_RUNNING, {"case": case_id}) or row)


def running_step(reader: Reader, case_id: str) -> RampStep | None:
    """The step that runs, or None."""
    row = reader.first(_RUNNING, {"case": case_id})
    return None if row is None else _step(row)


def plan_sessions(uow: UnitOfWork, placement_id: int, hours_each: Decimal, from_day: date) -> int:
    """Let a placement's sessions that are still to come ask for so many hours each; how many there are."""
    return uow.write(_PLAN_SESSIONS, {"of_placement": placement_id, "each": hours_each, "from_day": from_day})


def _step(row: AnyRow) -> RampStep:
    return RampStep(row.number, row.hours, row.weeks, row.begun_on)
