"""Support months: the decisions that came in, and what holds for each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import bindparam, insert, select, update

from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Hindrance, Outcome
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import support_decision, support_month
from processes.aktivitetskrav.states import RequirementStatus


@dataclass(frozen=True)
class Decision:
    """One decision on one person's month."""

    person_id: int
    month: Month
    reference: str
    outcome: Outcome
    hindrance: Hindrance
    decided_on: date


class Receipt(Enum):
    """What became of a decision that came in."""

    NEW = "new"
    KNOWN = "known"  # the same row again
    REUSED = "reused"  # the reference stands for other content already


_OF_PERSON = support_decision.c.person_id == bindparam("person")
_KNOWN = select(support_decision.c.outcome, support_decision.c.hindrance, support_decision.c.decided_on).where(
    _OF_PERSON,
    support_decision.c.month == bindparam("month"),
    support_decision.c.reference == bindparam("reference"),
)
_OTHERS = (
    select(support_decision.c.month)
    .distinct()
    .where(_OF_PERSON, support_decision.c.reference != bindparam("reference"))
)
_MONTH = select(support_month.c.outcome, support_month.c.reference, support_month.c.status_then).where(
    support_month.c.person_id == bindparam("person"), support_month.c.month == bindparam("month")
)
_OUTCOMES = select(support_month.c.month, support_month.c.outcome).where(
    support_month.c.person_id == bindparam("person")
)
_CHANGE_MONTH = (
    update(support_month)
    .where(support_month.c.person_id == bindparam("person"), support_month.c.month == bindparam("of"))
    .values(
        outcome=bindparam("new_outcome"),
        reference=bindparam("new_reference"),
        status_then=bindparam("then"),
        registered_at=bindparam("at"),
    )
)
_ADD_MONTH = insert(support_month)


def receive(uow: UnitOfWork, decision: Decision) -> Receipt:
    """Add a decision to the register, once per person, month and reference."""
    known = uow.first(_KNOWN, {"person": decision.person_id, "month": decision.month, "reference": decision.reference})
    if known is not None:
        same = (decision.outcome.value, decision.hindrance.value, decision.decided_on)
        return Receipt.KNOWN if tuple(known) == same else Receipt.REUSED
    add_row(
        uow,
        support_decision,
        person_id=decision.person_id,
        month=decision.month,
        reference=decision.reference,
        outcome=decision.outcome.value,
        hindrance=decision.hindrance.value,
        decided_on=decision.decided_on,
        received_at=uow.now,
    )
    return Receipt.NEW


def decided_months(reader: Reader, decision: Decision) -> set[Month]:
    """The months of the same person that came in with another reference than `decision`'s."""
    rows = reader.rows(_OTHERS, {"person": decision.person_id, "reference": decision.reference})
    return {row.month for row in rows}


@dataclass(frozen=True)
class RegisteredMonth:
    """What holds for one month now."""

    outcome: Outcome
    reference: str | None
    status_then: RequirementStatus


def find_month(reader: Reader, person_id: int, month: Month) -> RegisteredMonth | None:
    """What is registered for a month, or None."""
    row = reader.first(_MONTH, {"person": person_id, "month": month})
    return RegisteredMonth(Outcome(row.outcome), row.reference, RequirementStatus(row.status_then)) if row else None


def set_month(
    uow: UnitOfWork,
    person_id: int,
    month: Month,
    outcome: Outcome,
    reference: str | None,
    status_then: RequirementStatus,
) -> None:
    """Register what holds for a month, in place of what held before."""
    values = {
        "outcome": outcome.value,
        "reference": reference,
        "status_then": status_then.value,
        "registered_at": uow.now,
    }
    told = {"new_outcome": outcome.value, "new_reference": reference, "then": status_then.value, "at": uow.now}
    if not uow.write(_CHANGE_MONTH, {"person": person_id, "of": month, **told}):
        uow.send(_ADD_MONTH, {"person_id": person_id, "month": month, **values})


def outcomes_of(reader: Reader, person_id: int) -> dict[Month, Outcome]:
    """The outcome that holds for each registered month."""
    rows = reader.rows(_OUTCOMES, {"person": person_id})
    return {row.month: Outcome(row.outcome) for row in rows}
