"""Support months: the decisions that came in, and what holds for each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import insert, select, update

from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Hindrance, Outcome
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


def receive(uow: UnitOfWork, decision: Decision) -> Receipt:
    """Add a decision to the register, once per person, month and reference."""
    table = support_decision
    known = uow.first(
        select(table.c.outcome, table.c.hindrance, table.c.decided_on).where(
            table.c.person_id == decision.person_id,
            table.c.month == decision.month,
            table.c.reference == decision.reference,
        )
    )
    if known is not None:
        same = (decision.outcome.value, decision.hindrance.value, decision.decided_on)
        return Receipt.KNOWN if tuple(known) == same else Receipt.REUSED
    uow.write(
        insert(table).values(
            person_id=decision.person_id,
            month=decision.month,
            reference=decision.reference,
            outcome=decision.outcome.value,
            hindrance=decision.hindrance.value,
            decided_on=decision.decided_on,
            received_at=uow.now,
        )
    )
    return Receipt.NEW


def decided_months(reader: Reader, decision: Decision) -> set[Month]:
    """The months of the same person that came in with another reference than `decision`'s."""
    table = support_decision
    rows = reader.rows(
        select(table.c.month)
        .distinct()
        .where(table.c.person_id == decision.person_id, table.c.reference != decision.reference)
    )
    return {row.month for row in rows}


@dataclass(frozen=True)
class RegisteredMonth:
    """What holds for one month now."""

    outcome: Outcome
    reference: str | None
    status_then: RequirementStatus


def find_month(reader: Reader, person_id: int, month: Month) -> RegisteredMonth | None:
    """What is registered for a month, or None."""
    table = support_month
    row = reader.first(
        select(table.c.outcome, table.c.reference, table.c.status_then).where(
            table.c.person_id == person_id, table.c.month == month
        )
    )
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
    table = support_month
    values = {
        "outcome": outcome.value,
        "reference": reference,
        "status_then": status_then.value,
        "registered_at": uow.now,
    }
    changed = uow.write(update(table).where(table.c.person_id == person_id, table.c.month == month).values(**values))
    if not changed:
        uow.write(insert(table).values(person_id=person_id, month=month, **values))


def outcomes_of(reader: Reader, person_id: int) -> dict[Month, Outcome]:
    """The outcome that holds for each registered month."""
    table = support_month
    rows = reader.rows(select(table.c.month, table.c.outcome).where(table.c.person_id == person_id))
    return {row.month: Outcome(row.outcome) for row in rows}
