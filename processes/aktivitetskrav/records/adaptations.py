"""Exemptions and adaptations of the requirement, and the certificates that others are to give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import bindparam, select, update

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import adaptation, certificate
from processes.aktivitetskrav.states import ActivityMeasure, AdaptationKind

SICKNESS = "sjukdom"
"""The reason whose periods are counted in a row."""

_OF_CASE = adaptation.c.case_id == bindparam("case")
_END = (
    update(adaptation)
    .where(_OF_CASE, adaptation.c.ended_on.is_(None))
    .values(ended_on=bindparam("on"), end_reason=bindparam("why"))
)
_END_ONE = _END.where(adaptation.c.id == bindparam("of"))
_COORDINATE = (
    update(adaptation)
    .where(_OF_CASE, adaptation.c.id == bindparam("of"))
    .values(lead_actor=bindparam("actor"), lead_contact=bindparam("contact"), lock_in_risk=bindparam("risk"))
)
_SICK_PERIODS = (
    select(adaptation.c.first_day, adaptation.c.last_day, adaptation.c.ended_on)
    .where(_OF_CASE, adaptation.c.reason == bindparam("why"))
    .order_by(adaptation.c.first_day.desc(), adaptation.c.id.desc())
)
_RECEIVE = (
    update(certificate)
    .where(
        certificate.c.case_id == bindparam("case"),
        certificate.c.kind == bindparam("what"),
        certificate.c.received_on.is_(None),
    )
    .values(received_on=bindparam("on"), valid_until=bindparam("until"))
)
_AWAITED = (
    select(certificate.c.kind)
    .where(
        certificate.c.case_id == bindparam("case"),
        certificate.c.adaptation_id == bindparam("of"),
        certificate.c.received_on.is_(None),
    )
    .order_by(certificate.c.id)
)


@dataclass(frozen=True)
class Adaptation:
    """An exemption or adaptation as decided; hours per week, sick_grade in per cent."""

    kind: AdaptationKind
    reason: str
    claim: str | None
    evidence: str | None
    hours: Decimal | None
    first_day: date
    last_day: date
    activities: ActivityMeasure
    voluntary: str | None
    sick_grade: Decimal | None
    certificate_until: date | None
    without_sickness_benefit: bool | None
    decision_id: int


def add_adaptation(uow: UnitOfWork, case_id: str, made: Adaptation, awaited: Sequence[str], on: date) -> int:
    """Register on the local date `on` an adaptation and the certificates that it awaits; its id.

    What held before ends when it begins: there is no gap, and not two at once.
    """
    uow.send(_END, {"case": case_id, "on": max(on, made.first_day), "why": "ersatt"})
    values = asdict(made) | {"kind": made.kind.value, "activities": made.activities.value}
    new = add_row(uow, adaptation, case_id=case_id, registered_at=uow.now, **values)
    for kind in dict.fromkeys(awaited):
        add_row(uow, certificate, case_id=case_id, adaptation_id=new, kind=kind, awaited_since=on)
    return new


def end_adaptation(uow: UnitOfWork, case_id: str, adaptation_id: int, on: date, reason: str | None) -> bool:
    """Let an adaptation not hold from the local date `on`; whether it held until then."""
    return bool(uow.write(_END_ONE, {"case": case_id, "of": adaptation_id, "on": on, "why": reason}))


@dataclass(frozen=True)
class Coordination:
    """Who answers for a person's rehabilitation, by name, and whether they risk to be left without a plan."""

    actor: str
    contact: str
    lock_in_risk: bool


def coordinate(uow: UnitOfWork, case_id: str, adaptation_id: int, found: Coordination) -> None:
    """Register the coordination; raises NotFound where the case has no such adaptation."""
    told = {"actor": found.actor, "contact": found.contact, "risk": found.lock_in_risk}
    if not uow.write(_COORDINATE, {"case": case_id, "of": adaptation_id, **told}):
        raise NotFound(f"Ärendet har ingen anpassning {adaptation_id}.")


def sick_since(reader: Reader, case_id: str, first_day: date) -> date:
    """The first day of the periods of sickness that hang together with one that begins on `first_day`."""
    begin = first_day
    for row in reader.rows(_SICK_PERIODS, {"case": case_id, "why": SICKNESS}):
        last = row.last_day if row.ended_on is None else min(row.last_day, row.ended_on - timedelta(days=1))
        if row.first_day < begin <= last + timedelta(days=1):
            begin = row.first_day
    return begin


def receive_certificate(uow: UnitOfWork, case_id: str, kind: str, on: date, valid_until: date | None) -> int:
    """Note that a certificate has come on the local date `on`; how many awaited it."""
    return uow.write(_RECEIVE, {"case": case_id, "what": kind, "on": on, "until": valid_until})


def awaited_certificates(reader: Reader, case_id: str, adaptation_id: int) -> list[str]:
    """The kinds of the certificates that an adaptation still awaits, oldest first."""
    return [row.kind for row in reader.rows(_AWAITED, {"case": case_id, "of": adaptation_id})]
