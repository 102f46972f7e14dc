"""Disposal (gallring): which closed cases have passed their time, and taking away what the registers hold of them.

What stays is the case's row, its parties, who read it, and the history's lines without their contents, so that the
chain still verifies. Retention and exceptions are parameters: the new act's rules have not been read (GK).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update

from engine.clock import local_date
from engine.errors import NotFound
from engine.store.schema import case_
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.oversight_tables import disposal, disposal_row
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import client, household, metadata, person

KEPT_FOR_RESEARCH = "urval"
_ABOUT_DISPOSAL = (disposal_row,)
"""Tables that name cases in order to say that they have been disposed of."""


@dataclass(frozen=True)
class Due:
    """A closed case that has passed its time."""

    case_id: str
    reference: str
    last_entry_on: date
    kept_because: str | None


def due_cases(reader: Reader, family: str, before: datetime, kept_birth_days: Iterable[int]) -> list[Due]:
    """Cases closed before a moment that still hold something, oldest first.

    kept_birth_days: days of the month; a person born on one of them is kept.
    """
    kept = frozenset(kept_birth_days)
    gone = select(disposal_row.c.case_id).where(disposal_row.c.disposed_at.is_not(None))
    rows = reader.query(
        select(case_.c.id, case_.c.reference, case_.c.closed_at, person.c.born)
        .outerjoin(client, client.c.case_id == case_.c.id)
        .outerjoin(person, person.c.id == client.c.person_id)
        .where(case_.c.family == family, case_.c.closed_at < before, case_.c.id.not_in(gone))
        .order_by(case_.c.closed_at, case_.c.id)
    )
    return [
        Due(
            row.id,
            row.reference,
            local_date(row.closed_at),
            KEPT_FOR_RESEARCH if row.born is not None and row.born.day in kept else None,
        )
        for row in rows
    ]


def keep_list(uow: UnitOfWork, instance_id: str, on: date, cases: Iterable[Due]) -> int:
    """Keep a list of what is due on the local date `on`; its id."""
    made = add_row(uow, disposal, instance_id=instance_id, listed_on=on)
    for each in cases:
        add_row(
            uow,
            disposal_row,
            disposal_id=made,
            case_id=each.case_id,
            last_entry_on=each.last_entry_on,
            kept_because=each.kept_because,
        )
    return made


def approve_list(uow: UnitOfWork, disposal_id: int, by: str) -> None:
    """Note who approved a list; raises NotFound."""
    if not uow.write(update(disposal).where(disposal.c.id == disposal_id).values(approved_by=by)):
        raise NotFound(f"Det finns ingen gallringslista {disposal_id}.")


def approved_cases(reader: Reader, disposal_id: int) -> list[str]:
    """The cases of an approved list that are to be disposed of and have not been; none where nobody has approved it."""
    query = (
        select(disposal_row.c.case_id)
        .join(disposal, disposal.c.id == disposal_row.c.disposal_id)
        .where(
            disposal.c.id == disposal_id,
            disposal.c.approved_by.is_not(None),
            disposal_row.c.kept_because.is_(None),
            disposal_row.c.disposed_at.is_(None),
        )
        .order_by(disposal_row.c.id)
    )
    return [str(row.case_id) for row in reader.query(query)]


def empty_registers(uow: UnitOfWork, disposal_id: int, case_id: str) -> int:
    """Delete every register row of a case, and the person's where no other case has them; how many rows."""
    found = uow.query_first(select(client.c.person_id, client.c.household_id).where(client.c.case_id == case_id))
    deleted = 0
    for table in reversed(metadata.sorted_tables):
        if "case_id" in table.c and table not in _ABOUT_DISPOSAL:
            deleted += uow.write(delete(table).where(table.c.case_id == case_id))
    if found is not None:
        deleted += _forget_person(uow, found.person_id, found.household_id)
    done = disposal_row.c.disposal_id == disposal_id, disposal_row.c.case_id == case_id
    uow.send(update(disposal_row).where(*done).values(disposed_at=uow.now))
    uow.send(update(disposal).where(disposal.c.id == disposal_id).values(disposed_at=uow.now))
    return deleted


def _forget_person(uow: UnitOfWork, person_id: int, household_id: int) -> int:
    """With a person's last case goes what is kept by person, and the household once it is empty; how many rows."""
    if uow.query_first(select(client.c.case_id).where(client.c.person_id == person_id).limit(1)) is not None:
        return 0
    deleted = 0
    for table in reversed(metadata.sorted_tables):
        for column in table.c:
            if any(key.references(person) for key in column.foreign_keys) and table is not client:
                deleted += uow.write(delete(table).where(column == person_id))
    deleted += uow.write(delete(person).where(person.c.id == person_id))
    others = uow.query_first(select(client.c.case_id).where(client.c.household_id == household_id).limit(1))
    if others is None:
        deleted += uow.write(delete(household).where(household.c.id == household_id))
    return deleted
