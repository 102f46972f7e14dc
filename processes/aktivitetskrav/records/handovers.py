"""Hand-overs between the boards: what was disclosed on which ground, who took it, when it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Update, bindparam, select, update

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import handover

_ONE = update(handover).where(handover.c.id == bindparam("of"), handover.c.case_id == bindparam("case"))
_COMPLEMENT = _ONE.values(legal_basis=bindparam("basis"), fields=bindparam("what"), motivation=bindparam("why"))
_ACCEPT = _ONE.values(accepted_on=bindparam("on"), adviser=bindparam("who"))
_END = (
    update(handover)
    .where(handover.c.case_id == bindparam("case"), handover.c.ended_on.is_(None))
    .values(ended_on=bindparam("on"), end_reason=bindparam("why"))
)
_FIELDS = select(handover.c.fields).where(handover.c.id == bindparam("of"))

_CURRENT = (
    select(handover.c.legal_basis, handover.c.fields, handover.c.motivation)
    .where(handover.c.case_id == bindparam("case"), handover.c.ended_on.is_(None))
    .order_by(handover.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Disclosure:
    """What is handed over, and why it may be."""

    legal_basis: str | None
    fields: Sequence[str]
    motivation: str | None


def add_handover(uow: UnitOfWork, case_id: str, organisation: str, disclosure: Disclosure, on: date) -> int:
    """Register a hand-over on the local date `on`; its id."""
    return add_row(
        uow,
        handover,
        case_id=case_id,
        organisation=organisation,
        legal_basis=disclosure.legal_basis,
        fields=list(disclosure.fields),
        motivation=disclosure.motivation,
        handed_over_on=on,
    )


def complement_handover(uow: UnitOfWork, case_id: str, handover_id: int, disclosure: Disclosure) -> None:
    """Register that more (or less) is handed over; raises NotFound where the case has no such hand-over."""
    told = {"basis": disclosure.legal_basis, "what": list(disclosure.fields), "why": disclosure.motivation}
    _change(uow, _COMPLEMENT, case_id, handover_id, told)


def accept_handover(uow: UnitOfWork, case_id: str, handover_id: int, adviser: str | None, on: date) -> None:
    """Register who has taken a hand-over; raises NotFound where the case has no such hand-over."""
    _change(uow, _ACCEPT, case_id, handover_id, {"on": on, "who": adviser})


def end_handovers(uow: UnitOfWork, case_id: str, reason: str | None, on: date) -> int:
    """End every hand-over of a case that has not ended; how many."""
    return uow.write(_END, {"case": case_id, "on": on, "why": reason})


def disclosed_fields(reader: Reader, handover_id: int) -> list[str]:
    """The field codes that a hand-over discloses."""
    return list(reader.scalar(_FIELDS, {"of": handover_id}) or [])


def current_disclosure(reader: Reader, case_id: str) -> Disclosure | None:
    """What the hand-over of a case that holds now discloses, or None."""
    row = reader.first(_CURRENT, {"case": case_id})
    return None if row is None else Disclosure(row.legal_basis, tuple(row.fields), row.motivation)


def _change(uow: UnitOfWork, statement: Update, case_id: str, handover_id: int, values: Mapping[str, object]) -> None:
    if not uow.write(statement, {"of": handover_id, "case": case_id, **values}):
        raise NotFound(f"Ärendet har ingen överlämning {handover_id}.")
