"""Hand-overs between the boards: what was disclosed on which ground, who took it, when it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import handover


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
    _change(
        uow,
        case_id,
        handover_id,
        legal_basis=disclosure.legal_basis,
        fields=list(disclosure.fields),
        motivation=disclosure.motivation,
    )


def accept_handover(uow: UnitOfWork, case_id: str, handover_id: int, adviser: str | None, on: date) -> None:
    """Register who has taken a hand-over; raises NotFound where the case has no such hand-over."""
    _change(uow, case_id, handover_id, accepted_on=on, adviser=adviser)


def end_handovers(uow: UnitOfWork, case_id: str, reason: str | None, on: date) -> int:
    """End every hand-over of a case that has not ended; how many."""
    return uow.write(
        update(handover)
        .where(handover.c.case_id == case_id, handover.c.ended_on.is_(None))
        .values(ended_on=on, end_reason=reason)
    )


def disclosed_fields(reader: Reader, handover_id: int) -> list[str]:
    """The field codes that a hand-over discloses."""
    return list(reader.scalar(select(handover.c.fields).where(handover.c.id == handover_id)) or [])


def _change(uow: UnitOfWork, case_id: str, handover_id: int, **values: object) -> None:
    changed = uow.write(
        update(handover).where(handover.c.id == handover_id, handover.c.case_id == case_id).values(**values)
    )
    if not changed:
        raise NotFound(f"Ärendet har ingen överlämning {handover_id}.")
