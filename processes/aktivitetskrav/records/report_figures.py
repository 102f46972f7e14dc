"""The numbers that reports are made of, counted from the registers: never anything that names a person.

Sources: L16 (each quarter to IVO, per försörjningshinder), HSLF-FS 2015:30 (each month to Socialstyrelsen), S1:84-87.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, distinct, func, or_, select

from engine.clock import LOCAL_ZONE
from engine.store.unit_of_work import Reader
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Hindrance, Outcome
from processes.aktivitetskrav.records.reports import Figure, Section
from processes.aktivitetskrav.records.tables import (
    activity,
    client,
    decision,
    delivery_deviation,
    deviation,
    placement,
    plan,
    requirement,
    support_decision,
)
from processes.aktivitetskrav.states import RequirementStatus

ASSIGNED, REFUSED, REDUCED = "anvisade", "nekade", "nedsatta"
"""What IVO is told of each hindrance."""
SUPPORTED, IN_ACTIVITY = "mottagare", "deltagare"
PEOPLE = "antal"
_SUPPORT = (Outcome.GRANTED.value, Outcome.REDUCED.value)


def quarter_figures(reader: Reader, first: date, last: date) -> list[Figure]:
    """Of a period (both days included): assigned, refused and reduced people by hindrance, and what is doubtful."""
    counted: Counter[tuple[str, str]] = Counter()
    for measure, query in (
        (ASSIGNED, _assigned(first, last)),
        (REFUSED, _decided("neka", first, last)),
        (REDUCED, _decided("nedsatt", first, last)),
    ):
        counted.update({(row.hindrance, measure): row.people for row in reader.query(query)})
    figures = [
        Figure(Section.HINDRANCE, code.value, measure, counted[code.value, measure])
        for code in Hindrance
        for measure in (ASSIGNED, REFUSED, REDUCED)
    ]
    return [*figures, *_quality(reader, first, last)]


def month_figures(reader: Reader, month: Month) -> list[Figure]:
    """Of a month: people with support by hindrance, and people in activities by type."""
    latest = (
        select(func.max(support_decision.c.id).label("id"))
        .where(support_decision.c.month == month)
        .group_by(support_decision.c.person_id)
        .subquery()
    )
    supported = (
        select(support_decision.c.hindrance.label("code"), func.count().label("people"))
        .join(latest, latest.c.id == support_decision.c.id)
        .where(support_decision.c.outcome.in_(_SUPPORT))
        .group_by(support_decision.c.hindrance)
    )
    until = month.plus(1).first_day - timedelta(days=1)
    active = (
        select(activity.c.kind.label("code"), func.count(distinct(placement.c.case_id)).label("people"))
        .join(activity, activity.c.id == placement.c.activity_id)
        .where(
            placement.c.assigned_on.is_not(None),
            placement.c.starts_on <= until,
            or_(placement.c.ended_on.is_(None), placement.c.ended_on >= month.first_day),
        )
        .group_by(activity.c.kind)
    )
    by_hindrance = {row.code: row.people for row in reader.query(supported)}
    return [
        *(Figure(Section.HINDRANCE, code.value, SUPPORTED, by_hindrance.get(code.value, 0)) for code in Hindrance),
        *(Figure(Section.MEASURE, row.code, IN_ACTIVITY, row.people) for row in reader.query(active)),
        _doubtful("hinder_annat", by_hindrance.get(Hindrance.OTHER.value, 0)),
    ]


def total(figures: Iterable[Figure], measure: str) -> int:
    """The sum of one measure."""
    return sum(figure.number for figure in figures if figure.measure == measure)


def _assigned(first: date, last: date) -> Select[str, int]:
    return (
        select(client.c.hindrance, func.count(distinct(placement.c.case_id)).label("people"))
        .join(placement, placement.c.case_id == client.c.case_id)
        .where(placement.c.assigned_on.between(first, last))
        .group_by(client.c.hindrance)
    )


def _decided(outcome: str, first: date, last: date) -> Select[str, int]:
    return (
        select(client.c.hindrance, func.count(distinct(deviation.c.case_id)).label("people"))
        .join(deviation, deviation.c.case_id == client.c.case_id)
        .join(decision, decision.c.id == deviation.c.decision_id)
        .where(deviation.c.outcome == outcome, decision.c.decided_on.between(first, last))
        .group_by(client.c.hindrance)
    )


def _quality(reader: Reader, first: date, last: date) -> list[Figure]:
    """What a reviewer should look at before the figures leave (S1:84-87: early warning of systematic shortcomings)."""
    applies = client.c.status == RequirementStatus.APPLIES.value
    surveyed = select(requirement.c.case_id)
    assigned = select(placement.c.case_id).where(placement.c.assigned_on.is_not(None), placement.c.assigned_on <= last)
    latest = select(func.max(plan.c.id)).group_by(plan.c.case_id)
    begun, over = (datetime.combine(day, time(), LOCAL_ZONE) for day in (first, last + timedelta(days=1)))
    deliveries = delivery_deviation.c.registered_at
    failed = select(func.count(delivery_deviation.c.id)).where(deliveries >= begun, deliveries < over)
    overdue = select(plan.c.case_id).where(plan.c.id.in_(latest), plan.c.until < last)
    return [
        _doubtful("ej_angivet", _people(reader, and_(applies, client.c.case_id.not_in(surveyed)))),
        _doubtful("hinder_annat", _people(reader, and_(applies, client.c.hindrance == Hindrance.OTHER.value))),
        _doubtful("krav_utan_anvisning", _people(reader, and_(applies, client.c.case_id.not_in(assigned)))),
        _doubtful("plan_har_gatt_ut", _people(reader, and_(applies, client.c.case_id.in_(overdue)))),
        _doubtful("leveransavvikelser", int(reader.query_scalar(failed))),
    ]


def _people(reader: Reader, condition: ColumnElement[bool]) -> int:
    return int(reader.query_scalar(select(func.count()).select_from(client).where(condition)))


def _doubtful(code: str, number: int) -> Figure:
    return Figure(Section.QUALITY, code, PEOPLE, number)
