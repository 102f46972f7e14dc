"""Persons, households and the case each person has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, insert, select, update

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.codes import Hindrance
from processes.aktivitetskrav.identity import Identity
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import client, household, person
from processes.aktivitetskrav.states import RequirementStatus


@dataclass(frozen=True)
class Person:
    """A person as registered; the number stays in the register."""

    id: int
    name: str | None
    born: date
    protected: bool


@dataclass(frozen=True)
class Client:
    """What holds for a case now."""

    case_id: str
    person_id: int
    household_id: int
    unit: str
    hindrance: Hindrance
    status: RequirementStatus
    required_from: date | None
    hours: Decimal | None  # required per week
    adviser: str | None
    jobcentre_registered: bool | None


def find_person(reader: Reader, identity: Identity) -> Person | None:
    """The registered person with this number, or None."""
    row = reader.first(
        select(person.c.id, person.c.name, person.c.born, person.c.protected).where(person.c.number == identity.number)
    )
    return _person(row) if row else None


def add_person(uow: UnitOfWork, identity: Identity, *, name: str | None, born: date, protected: bool) -> Person:
    """Register a person who is not registered yet."""
    new = add_row(
        uow,
        person,
        number=identity.number,
        kind=identity.kind.value,
        name=name,
        born=born,
        protected=protected,
        created_at=uow.now,
    )
    return Person(new, name, born, protected)


def protect_person(uow: UnitOfWork, person_id: int) -> None:
    """Note that a person's identity is protected from now on; lifting the protection is for people to do."""
    uow.write(update(person).where(person.c.id == person_id).values(protected=True))


def person_of_case(reader: Reader, case_id: str) -> Person:
    """The person whose case this is; raises NotFound."""
    row = reader.first(
        select(person.c.id, person.c.name, person.c.born, person.c.protected)
        .join(client, client.c.person_id == person.c.id)
        .where(client.c.case_id == case_id)
    )
    if row is None:
        raise NotFound("Ärendet har ingen person i registret.")
    return _person(row)


def household_id(uow: UnitOfWork, reference: str) -> int:
    """The id of the household with this reference, registered now if it was not."""
    found = uow.scalar(select(household.c.id).where(household.c.reference == reference))
    if found is not None:
        return int(found)
    return add_row(uow, household, reference=reference)


def add_client(
    uow: UnitOfWork, case_id: str, person_id: int, household: int, *, unit: str, hindrance: Hindrance
) -> None:
    """Register that `case_id` is this person's case."""
    uow.write(
        insert(client).values(
            case_id=case_id,
            person_id=person_id,
            household_id=household,
            unit=unit,
            hindrance=hindrance.value,
            status=RequirementStatus.NOT_ENTERED.value,
        )
    )


def case_of_person(reader: Reader, person_id: int) -> str | None:
    """The id of the person's case, or None."""
    found = reader.scalar(select(client.c.case_id).where(client.c.person_id == person_id))
    return None if found is None else str(found)


def find_client(reader: Reader, case_id: str) -> Client:
    """What holds for a case now; raises NotFound."""
    row = reader.first(
        select(
            client.c.case_id,
            client.c.person_id,
            client.c.household_id,
            client.c.unit,
            client.c.hindrance,
            client.c.status,
            client.c.required_from,
            client.c.hours,
            client.c.adviser,
            client.c.jobcentre_registered,
        ).where(client.c.case_id == case_id)
    )
    if row is None:
        raise NotFound("Ärendet finns inte i registret.")
    return Client(
        case_id=row.case_id,
        person_id=row.person_id,
        household_id=row.household_id,
        unit=row.unit,
        hindrance=Hindrance(row.hindrance),
        status=RequirementStatus(row.status),
        required_from=row.required_from,
        hours=row.hours,
        adviser=row.adviser,
        jobcentre_registered=row.jobcentre_registered,
    )


def note_circumstances(uow: UnitOfWork, case_id: str, *, household: int, unit: str, hindrance: Hindrance) -> None:
    """Take over household, unit and hindrance from the latest decision."""
    uow.write(
        update(client)
        .where(client.c.case_id == case_id)
        .values(household_id=household, unit=unit, hindrance=hindrance.value)
    )


def set_status(
    uow: UnitOfWork, case_id: str, status: RequirementStatus, *, required_from: date | None, reason: str | None
) -> None:
    """Set whether the requirement holds, from when and why."""
    uow.write(
        update(client)
        .where(client.c.case_id == case_id)
        .values(status=status.value, required_from=required_from, status_reason=reason)
    )


def set_extent(uow: UnitOfWork, case_id: str, hours: Decimal | None, jobcentre_registered: bool | None) -> None:
    """Set the required hours per week; None leaves what is registered."""
    values = {"hours": hours, "jobcentre_registered": jobcentre_registered}
    known = {name: value for name, value in values.items() if value is not None}
    if known:
        uow.write(update(client).where(client.c.case_id == case_id).values(**known))


def set_adviser(uow: UnitOfWork, case_id: str, adviser: str | None) -> None:
    """Set the responsible adviser at the labour-market side."""
    uow.write(update(client).where(client.c.case_id == case_id).values(adviser=adviser))


def _person(row: Row[Any]) -> Person:
    return Person(row.id, row.name, row.born, row.protected)
