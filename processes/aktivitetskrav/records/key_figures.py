"""Key figures of the whole journey, without anything that names a person (S1:238-241, S1:275-276).

A figure is a number or None where nothing is there to count; lead times are medians in calendar days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median

from sqlalchemy import ColumnElement, Table, and_, func, select

from engine.store.unit_of_work import Reader
from processes.aktivitetskrav.records.tables import (
    appeal,
    client,
    delivery_deviation,
    deviation,
    follow_up,
    handover,
    placement,
    plan,
)
from processes.aktivitetskrav.states import RequirementStatus

Figures = dict[str, int | None]


def key_figures(reader: Reader, today: date) -> Figures:
    """The figures as the registers stand on the local date `today`, by code, in the order they are shown."""
    applies = client.c.status == RequirementStatus.APPLIES.value
    required = _number(reader, client, applies)
    valid = select(plan.c.case_id).where(plan.c.until >= today)
    planned = _number(reader, client, and_(applies, client.c.case_id.in_(valid)))
    decided = _number(reader, deviation, deviation.c.outcome.is_not(None))
    against = _number(reader, deviation, deviation.c.outcome.in_(("neka", "nedsatt")))
    followed = _number(reader, follow_up, None)
    forward = _number(reader, follow_up, follow_up.c.progression == "framat")
    return {
        "med_krav": required,
        "med_gallande_plan_procent": _share(planned, required),
        "ledtid_mottagande_dagar": _lead_time(
            reader, select(handover.c.handed_over_on, handover.c.accepted_on).where(handover.c.accepted_on.is_not(None))
        ),
        "ledtid_anvisning_dagar": _lead_time(
            reader,
            select(handover.c.handed_over_on, func.min(placement.c.assigned_on))
            .join(placement, placement.c.case_id == handover.c.case_id)
            .where(placement.c.assigned_on >= handover.c.handed_over_on)
            .group_by(handover.c.id, handover.c.handed_over_on),
        ),
        "framsteg_procent": _share(forward, followed),
        "provade_avvikelser": decided,
        "nekat_eller_nedsatt_procent": _share(against, decided),
        "leveransavvikelser": _number(reader, delivery_deviation, None),
        "overklaganden": _number(reader, appeal, None),
        "andrade_efter_overklagande": _number(reader, appeal, appeal.c.outcome == "andras"),
    }


def _number(reader: Reader, table: Table, condition: ColumnElement[bool] | None) -> int:
    query = select(func.count()).select_from(table)
    return int(reader.query_scalar(query if condition is None else query.where(condition)))


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _lead_time(reader: Reader, query: object) -> int | None:
    rows: Sequence[tuple[date, date]] = [tuple(row) for row in reader.query(query)]  # type: ignore[arg-type]
    return round(median((end - begin).days for begin, end in rows)) if rows else None
