"""What people decided on a case: extent, decisions, plans, deviations, appeals."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, update

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import (
    appeal,
    decision,
    delivery_deviation,
    deviation,
    plan,
    requirement,
)

_LATEST_SURVEY = (
    select(requirement.c.survey)
    .where(requirement.c.case_id == bindparam("case"))
    .order_by(requirement.c.id.desc())
    .limit(literal_column("1"))
)
_LATEST_VERSION = select(func.coalesce(func.max(plan.c.version), literal_column("0"))).where(
    plan.c.case_id == bindparam("case")
)
_PLAN_UNTIL = (
    select(plan.c.until)
    .where(plan.c.case_id == bindparam("case"))
    .order_by(plan.c.version.desc())
    .limit(literal_column("1"))
)
_PROLONG = (
    update(plan)
    .where(plan.c.id == select(func.max(plan.c.id)).where(plan.c.case_id == bindparam("case")).scalar_subquery())
    .values(until=bindparam("new_until"))
)
_SET_OUTCOME = (
    update(deviation)
    .where(deviation.c.id == bindparam("of"), deviation.c.case_id == bindparam("case"))
    .values(
        outcome=bindparam("found"),
        outcome_motivation=bindparam("why"),
        reduction_percent=bindparam("percent"),
        decided_by=bindparam("who"),
        decision_id=bindparam("decision"),
    )
)

_REPORTER = select(deviation.c.reported_by).where(
    deviation.c.id == bindparam("of"), deviation.c.case_id == bindparam("case")
)


@dataclass(frozen=True)
class Extent:
    """How far the requirement reaches, as decided."""

    hours: Decimal | None  # per week
    proposed_hours: Decimal | None  # what the table proposed
    required_from: date | None
    exemption: str | None
    exemption_reason: str | None
    exemption_until: date | None
    motivation: str | None


def add_requirement(uow: UnitOfWork, case_id: str, extent: Extent, survey: dict[str, Any]) -> int:
    """Register an extent with the survey behind it (JSON values); its id."""
    return add_row(uow, requirement, case_id=case_id, survey=survey, registered_at=uow.now, **asdict(extent))


def latest_survey(reader: Reader, case_id: str) -> dict[str, Any]:
    """The survey behind the latest extent (JSON values), or an empty one."""
    found = reader.scalar(_LATEST_SURVEY, {"case": case_id})
    return dict(found or {})


@dataclass(frozen=True)
class MadeDecision:
    """A decision that a person made."""

    kind: str
    outcome: str | None
    motivation: str | None
    valid_until: date | None
    decided_by: str
    decided_on: date


def add_decision(uow: UnitOfWork, case_id: str, made: MadeDecision, instance_id: str) -> int:
    """Register a decision; its id."""
    return add_row(uow, decision, case_id=case_id, instance_id=instance_id, **asdict(made))


@dataclass(frozen=True)
class PlanText:
    """What an individual plan says."""

    goal: str | None
    short_goal: str | None
    until: date | None
    participants_view: str | None
    childcare_from: date | None
    jobcentre_answer: str | None
    sip_responsible: str | None
    ramp_up: str | None


def add_plan(uow: UnitOfWork, case_id: str, text: PlanText, decision_id: int) -> int:
    """Register the next version of a case's plan; its id."""
    version = uow.scalar(_LATEST_VERSION, {"case": case_id})
    return add_row(uow, plan, case_id=case_id, version=version + 1, decision_id=decision_id, **asdict(text))


def prolong_plan(uow: UnitOfWork, case_id: str, until: date) -> None:
    """Let the latest version of a case's plan hold until another day."""
    uow.send(_PROLONG, {"case": case_id, "new_until": until})


def plan_until(reader: Reader, case_id: str) -> date | None:
    """Until when the latest version of a case's plan holds."""
    found: date | None = reader.scalar(_PLAN_UNTIL, {"case": case_id})
    return found


@dataclass(frozen=True)
class DeviationReport:
    """What an adviser reports about an individual's deviation: facts, not a judgement."""

    kind: str | None
    first_day: date | None
    last_day: date | None
    hours: Decimal | None
    month: Month | None
    description: str | None
    contact_attempts: str | None
    explanation: str | None
    reason_category: str | None
    reported_by: str | None


def add_deviation(uow: UnitOfWork, case_id: str, report: DeviationReport) -> int:
    """Register an individual's deviation; its id."""
    return add_row(
        uow, deviation, case_id=case_id, reported_at=uow.now, **vars(report)
    )  # asdict would take months apart


def reporter_of(reader: Reader, case_id: str, deviation_id: int) -> str | None:
    """Who reported a deviation, or None."""
    found: str | None = reader.scalar(_REPORTER, {"of": deviation_id, "case": case_id})
    return found


@dataclass(frozen=True)
class DeviationOutcome:
    """What the decision-maker found about a deviation."""

    outcome: str
    outcome_motivation: str | None
    reduction_percent: Decimal | None
    decided_by: str | None
    decision_id: int | None


def set_deviation_outcome(uow: UnitOfWork, case_id: str, deviation_id: int, outcome: DeviationOutcome) -> None:
    """Register what became of a deviation; raises NotFound where the case has none of that id."""
    changed = uow.write(
        _SET_OUTCOME,
        {
            "of": deviation_id,
            "case": case_id,
            "found": outcome.outcome,
            "why": outcome.outcome_motivation,
            "percent": outcome.reduction_percent,
            "who": outcome.decided_by,
            "decision": outcome.decision_id,
        },
    )
    if not changed:
        raise NotFound(f"Ärendet har ingen avvikelse {deviation_id}.")


def add_delivery_deviation(
    uow: UnitOfWork,
    case_id: str | None,
    *,
    kind: str | None,
    description: str | None,
    month: Month | None,
    cause: str | None,
    severity: str | None,
    measure: str | None,
) -> int:
    """Register a deviation of the organiser's; its id."""
    return add_row(
        uow,
        delivery_deviation,
        case_id=case_id,
        kind=kind,
        description=description,
        month=month,
        cause=cause,
        severity=severity,
        measure=measure,
        registered_at=uow.now,
    )


def add_appeal(
    uow: UnitOfWork,
    case_id: str,
    *,
    decision_id: int | None,
    received_on: date | None,
    in_time: str | None,
    outcome: str | None,
) -> int:
    """Register an appeal; its id."""
    return add_row(
        uow,
        appeal,
        case_id=case_id,
        decision_id=decision_id,
        received_on=received_on,
        in_time=in_time,
        outcome=outcome,
        registered_at=uow.now,
    )
