"""Decisions that were wrong: which there are, and what took their place. The old row is never changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import bindparam, select

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.records.change_tables import decision_change
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import decision, deviation


@dataclass(frozen=True)
class KnownDecision:
    """A decision of a case."""

    id: int
    kind: str
    outcome: str | None
    decided_on: date
    valid_until: date | None
    decided_by: str


@dataclass(frozen=True)
class DecidedDeviation:
    """The deviation that a decision was about."""

    id: int
    month: Month | None
    reported_by: str | None


@dataclass(frozen=True)
class Change:
    """What took the place of a decision, and on which ground."""

    decision_id: int
    new_decision_id: int
    kind: str
    direction: str | None
    ground: str | None
    ground_text: str | None
    text: str


_OF_CASE = select(
    *(decision.c[name] for name in ("id", "kind", "outcome", "decided_on", "valid_until", "decided_by"))
).where(decision.c.case_id == bindparam("case"))
_ALL = _OF_CASE.order_by(decision.c.id.desc())
_ONE = _OF_CASE.where(decision.c.id == bindparam("of"))
_DEVIATION = select(deviation.c.id, deviation.c.month, deviation.c.reported_by).where(
    deviation.c.case_id == bindparam("case"), deviation.c.decision_id == bindparam("of")
)


def decisions_of(reader: Reader, case_id: str) -> list[KnownDecision]:
    """Every decision of a case, latest first."""
    return [KnownDecision(**row._mapping) for row in reader.rows(_ALL, {"case": case_id})]


def find_decision(reader: Reader, case_id: str, decision_id: int) -> KnownDecision:
    """One decision of a case; raises NotFound where the case has none of that id."""
    row = reader.first(_ONE, {"case": case_id, "of": decision_id})
    if row is None:
        raise NotFound(f"Ärendet har inget beslut {decision_id}.")
    return KnownDecision(**row._mapping)


def deviation_of(reader: Reader, case_id: str, decision_id: int) -> DecidedDeviation | None:
    """The deviation that a decision was about, or None."""
    row = reader.first(_DEVIATION, {"case": case_id, "of": decision_id})
    return None if row is None else DecidedDeviation(**row._mapping)


def add_change(uow: UnitOfWork, case_id: str, change: Change) -> int:
    """Register that one decision took another's place; the id of the note."""
    return add_row(uow, decision_change, case_id=case_id, registered_at=uow.now, **asdict(change))
