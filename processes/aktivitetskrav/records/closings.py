"""Closings of cases, how people live some time after, and who came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, select, update

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import closing, later_outcome

_ONE = update(closing).where(closing.c.case_id == bindparam("case"), closing.c.id == bindparam("of"))
_REENTER = _ONE.values(reentered_on=bindparam("on"), dispose_on=None)
_ARCHIVE = _ONE.values(archived_on=bindparam("on"), dispose_on=bindparam("until"))
_STANDING = (
    select(func.count())
    .select_from(closing)
    .where(closing.c.case_id == bindparam("case"), closing.c.reentered_on.is_(None))
)


@dataclass(frozen=True)
class Closing:
    """Why and from when a case is closed."""

    ground: str
    outcome_code: str
    closed_on: date
    note: str | None
    dispose_on: date


def add_closing(uow: UnitOfWork, case_id: str, made: Closing) -> int:
    """Register a closing; its id."""
    return add_row(
        uow,
        closing,
        case_id=case_id,
        ground=made.ground,
        outcome_code=made.outcome_code,
        closed_on=made.closed_on,
        note=made.note,
        dispose_on=made.dispose_on,
        registered_at=uow.now,
    )


def is_closed(reader: Reader, case_id: str) -> bool:
    """Whether a case is closed and its person has not come back."""
    return bool(reader.scalar(_STANDING, {"case": case_id}))


def reenter(uow: UnitOfWork, case_id: str, closing_id: int, on: date) -> None:
    """Note that the person came back on the local date `on`; the case is not to be disposed of then."""
    _change(uow, case_id, closing_id, uow.write(_REENTER, {"case": case_id, "of": closing_id, "on": on}))


def archive(uow: UnitOfWork, case_id: str, closing_id: int, on: date, dispose_on: date) -> None:
    """Mark a closed case for the archive on the local date `on`."""
    values = {"case": case_id, "of": closing_id, "on": on, "until": dispose_on}
    _change(uow, case_id, closing_id, uow.write(_ARCHIVE, values))


@dataclass(frozen=True)
class LaterOutcome:
    """How a person lives some days after the closing."""

    days_after: int
    income: str
    self_supporting: str  # ja, delvis, nej, okant
    note: str | None


def add_outcome(uow: UnitOfWork, case_id: str, closing_id: int, seen: LaterOutcome) -> int:
    """Register an outcome; its id."""
    return add_row(
        uow,
        later_outcome,
        case_id=case_id,
        closing_id=closing_id,
        days_after=seen.days_after,
        income=seen.income,
        self_supporting=seen.self_supporting,
        note=seen.note,
        at=uow.now,
    )


def _change(uow: UnitOfWork, case_id: str, closing_id: int, changed: int) -> None:
    if not changed:
        raise NotFound(f"Ärendet har inget avslut {closing_id}.")
