"""Persons, households and the case each person has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, delete, func, insert, select, update

from engine.errors import NotFound
from engine.store.schema import case_
from engine.store.states import CaseState
from engine.store.unit_of_work import AnyRow, Reader, UnitOfWork
from processes.aktivitetskrav.codes import Hindrance
from processes.aktivitetskrav.identity import Identity
from processes.aktivitetskrav.records.change_tables import former_identity, unit_change
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
    deceased_on: date | None = None


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


_PERSON = select(person.c.id, person.c.name, person.c.born, person.c.protected, person.c.deceased_on)
_PERSON_OF_NUMBER = _PERSON.where(person.c.number == bindparam("number"))
_PERSON_OF_CASE = _PERSON.join(client, client.c.person_id == person.c.id).where(client.c.case_id == bindparam("case"))
_PERSON_OF_FORMER = _PERSON.join(former_identity, former_identity.c.person_id == person.c.id).where(
    former_identity.c.number == bindparam("number")
)
_IDENTITY = select(person.c.number, person.c.kind).where(person.c.id == bindparam("of"))
_RENUMBER = (
    update(person)
    .where(person.c.id == bindparam("of"))
    .values(number=bindparam("new_number"), kind=bindparam("new_kind"), born=bindparam("new_born"))
)
_FORGET_FORMER = delete(former_identity).where(former_identity.c.number == bindparam("of_number"))
_KEEP_FORMER = insert(former_identity)
_PROTECT = update(person).where(person.c.id == bindparam("of")).values(protected=True)
_HOUSEHOLD = select(household.c.id).where(household.c.reference == bindparam("reference"))
_CLIENT = select(
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
).where(client.c.case_id == bindparam("case"))
_CASE_OF_PERSON = (
    select(client.c.case_id)
    .join(case_, case_.c.id == client.c.case_id)
    # Told so that the index on the state is not taken, which has every open case.
    .where(client.c.person_id == bindparam("person"), func.coalesce(case_.c.state, "") == CaseState.OPEN.value)
)
_CASES_OF_PERSON = select(func.count()).select_from(client).where(client.c.person_id == bindparam("person"))
_DECEASE = update(person).where(person.c.id == bindparam("of")).values(deceased_on=bindparam("on"))
_ADD_CLIENT = insert(client)
_CHANGE_CLIENT = update(client).where(client.c.case_id == bindparam("of"))
_FOLLOW = _CHANGE_CLIENT.values(
    household_id=bindparam("household"), unit=bindparam("new_unit"), hindrance=bindparam("why")
)
_MOVE = _CHANGE_CLIENT.values(unit=bindparam("new_unit"))
_SET_STATUS = _CHANGE_CLIENT.values(
    status=bindparam("now"), required_from=bindparam("since"), status_reason=bindparam("reason")
)
_SET_EXTENT = _CHANGE_CLIENT.values(
    hours=func.coalesce(bindparam("per_week", type_=client.c.hours.type), client.c.hours),
    jobcentre_registered=func.coalesce(
        bindparam("registered", type_=client.c.jobcentre_registered.type), client.c.jobcentre_registered
    ),
)
_SET_ADVISER = _CHANGE_CLIENT.values(adviser=bindparam("adviser"))


def find_person(reader: Reader, identity: Identity) -> Person | None:
    """The registered person who has this number, or had it before, or None."""
    number = {"number": identity.number}
    row = reader.first(_PERSON_OF_NUMBER, number) or reader.first(_PERSON_OF_FORMER, number)
    return _person(row) if row else None


def renumber_person(uow: UnitOfWork, person_id: int, identity: Identity, *, born: date) -> str:
    """Give a person another number; the old one still leads to them. The kind of the old number."""
    old = uow.first(_IDENTITY, {"of": person_id})
    if old is None:
        raise NotFound("Personen finns inte i registret.")
    uow.send(_FORGET_FORMER, {"of_number": identity.number})
    told = {"new_number": identity.number, "new_kind": identity.kind.value, "new_born": born}
    uow.send(_RENUMBER, {"of": person_id, **told})
    uow.send(_KEEP_FORMER, {"number": old.number, "kind": old.kind, "person_id": person_id, "until": uow.now})
    return str(old.kind)


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
    uow.send(_PROTECT, {"of": person_id})


def set_deceased(uow: UnitOfWork, person_id: int, on: date) -> None:
    """Note the day on which a person died: no letter is written to them from now on."""
    uow.send(_DECEASE, {"of": person_id, "on": on})


def person_of_case(reader: Reader, case_id: str) -> Person:
    """The person whose case this is; raises NotFound."""
    row = reader.first(_PERSON_OF_CASE, {"case": case_id})
    if row is None:
        raise NotFound("Ärendet har ingen person i registret.")
    return _person(row)


def household_id(uow: UnitOfWork, reference: str) -> int:
    """The id of the household with this reference, registered now if it was not."""
    found = uow.scalar(_HOUSEHOLD, {"reference": reference})
    if found is not None:
        return int(found)
    return add_row(uow, household, reference=reference)


def add_client(
    uow: UnitOfWork, case_id: str, person_id: int, household: int, *, unit: str, hindrance: Hindrance
) -> None:
    """Register that `case_id` is this person's case."""
    uow.send(
        _ADD_CLIENT,
        {
            "case_id": case_id,
            "person_id": person_id,
            "household_id": household,
            "unit": unit,
            "hindrance": hindrance.value,
            "status": RequirementStatus.NOT_ENTERED.value,
        },
    )


def open_case_of_person(reader: Reader, person_id: int) -> str | None:
    """The id of the person's case that is not closed for the archive, or None."""
    found = reader.scalar(_CASE_OF_PERSON, {"person": person_id})
    return None if found is None else str(found)


def count_cases(reader: Reader, person_id: int) -> int:
    """How many cases the person has had, closed ones too."""
    return int(reader.scalar(_CASES_OF_PERSON, {"person": person_id}))


def find_client(reader: Reader, case_id: str) -> Client:
    """What holds for a case now; raises NotFound."""
    row = reader.first(_CLIENT, {"case": case_id})
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
    uow.send(_FOLLOW, {"of": case_id, "household": household, "new_unit": unit, "why": hindrance.value})


def move_client(uow: UnitOfWork, case_id: str, unit: str) -> None:
    """Note that another unit has the case now."""
    uow.send(_MOVE, {"of": case_id, "new_unit": unit})


def note_move(uow: UnitOfWork, case_id: str, *, from_unit: str, to_unit: str, on: date, reason: str | None) -> int:
    """Register that a case moved between districts on the local date `on`; the id of the note."""
    told = {"from_unit": from_unit, "to_unit": to_unit, "moved_on": on, "reason": reason}
    return add_row(uow, unit_change, case_id=case_id, registered_at=uow.now, **told)


def set_status(
    uow: UnitOfWork, case_id: str, status: RequirementStatus, *, required_from: date | None, reason: str | None
) -> None:
    """Set whether the requirement holds, from when and why."""
    uow.send(_SET_STATUS, {"of": case_id, "now": status.value, "since": required_from, "reason": reason})


def set_extent(uow: UnitOfWork, case_id: str, hours: Decimal | None, jobcentre_registered: bool | None) -> None:
    """Set the required hours per week and whether Arbetsförmedlingen knows the person; None leaves what is there."""
    uow.send(_SET_EXTENT, {"of": case_id, "per_week": hours, "registered": jobcentre_registered})


def set_adviser(uow: UnitOfWork, case_id: str, adviser: str | None) -> None:
    """Set the responsible adviser at the labour-market side."""
    uow.send(_SET_ADVISER, {"of": case_id, "adviser": adviser})


def _person(row: AnyRow) -> Person:
    return Person(row.id, row.name, row.born, row.protected, row.deceased_on)
