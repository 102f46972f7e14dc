"""What leaves the house (letters, messages to the case system) and the journal's notes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import journal, letter, outgoing


def add_letter(uow: UnitOfWork, case_id: str, job_id: int, template: str, text: str) -> int:
    """Put a letter out for sending; `job_id` is the idempotency key towards whoever sends it. Its id."""
    return add_row(uow, letter, case_id=case_id, job_id=job_id, template=template, text=text, created_at=uow.now)


def add_outgoing(
    uow: UnitOfWork, case_id: str, job_id: int, kind: str, decision_id: int | None, body: dict[str, Any]
) -> int:
    """Put a message to the case system out for sending (JSON values); its id."""
    return add_row(
        uow,
        outgoing,
        case_id=case_id,
        job_id=job_id,
        kind=kind,
        decision_id=decision_id,
        body=body,
        created_at=uow.now,
    )


def add_note(uow: UnitOfWork, case_id: str, kind: str, body: dict[str, Any]) -> int:
    """Write a note (JSON values) into the case's journal; its id."""
    return add_row(uow, journal, case_id=case_id, kind=kind, body=body, at=uow.now)


def latest_note(reader: Reader, case_id: str, kind: str) -> dict[str, Any]:
    """The latest note of that kind in the case's journal (JSON values), or an empty one."""
    found = reader.scalar(
        select(journal.c.body)
        .where(journal.c.case_id == case_id, journal.c.kind == kind)
        .order_by(journal.c.id.desc())
        .limit(1)
    )
    return dict(found or {})
