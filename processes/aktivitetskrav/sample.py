"""Fictitious monthly decisions for demonstrations and tests.

Numbers cannot belong to anyone living: they are well-formed personnummer of people born 1842-1888, 120 years before the
birth date that the sample gives in its own column (so that rules on age work). Names are drawn from common lists.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from engine.errors import InvalidInput
from processes.aktivitetskrav.calendar_month import Month, months_from
from processes.aktivitetskrav.codes import Hindrance, Outcome
from processes.aktivitetskrav.decision_file import OPTIONAL, REQUIRED, DecisionRow
from processes.aktivitetskrav.identity import check_digit, parse_identity

FIRST_MONTH = Month(2026, 7)
_YEARS_BACK = 120  # keeps leap years: 1842-1888 against 1962-2008
_MAX_PERSONS = 1_000_000
_COUPLES = 0.18  # share of persons who share a household with the next one
_CORRECTIONS = 0.005  # share of rows that a later row corrects
_PROTECTED = "77"  # the end of the numbers that get a protected identity: one in a hundred
_HINDRANCES = {  # S4:116: half unemployed, 18 % social reasons, 14 % sick with certificate; the rest our guess
    Hindrance.UNEMPLOYED: 50,
    Hindrance.SOCIAL_REASONS: 18,
    Hindrance.SICK: 14,
    Hindrance.LANGUAGE: 6,
    Hindrance.PART_TIME: 5,
    Hindrance.PARENTAL_LEAVE: 2,
    Hindrance.NO_CHILDCARE: 1,
    Hindrance.SICKNESS_COMPENSATION: 2,
    Hindrance.NONE: 1,
    Hindrance.OTHER: 1,
}
_GIVEN = (
    "Ahmed",
    "Aisha",
    "Alma",
    "Amina",
    "Anders",
    "Anna",
    "Arvid",
    "Astrid",
    "Axel",
    "Birgitta",
    "Carina",
    "David",
    "Elin",
    "Elsa",
    "Emil",
    "Erik",
    "Eva",
    "Fatima",
    "Filip",
    "Gunnar",
    "Hanna",
    "Hassan",
    "Ibrahim",
    "Ingrid",
    "Jamila",
    "Johan",
    "Karin",
    "Khadija",
    "Lars",
    "Leila",
    "Lena",
    "Linnea",
    "Maria",
    "Martin",
    "Mikael",
    "Mohamed",
    "Nadia",
    "Nils",
    "Olga",
    "Oskar",
    "Per",
    "Petra",
    "Rosa",
    "Samir",
    "Sara",
    "Sofia",
    "Stefan",
    "Tove",
    "Ulla",
    "Viktor",
    "Yasmin",
    "Yusuf",
    "Zahra",
)
_FAMILY = (
    "Abdi",
    "Ahlberg",
    "Ali",
    "Andersson",
    "Berg",
    "Bergström",
    "Björk",
    "Dahl",
    "Ek",
    "Eriksson",
    "Forsberg",
    "Gustafsson",
    "Hassan",
    "Hedlund",
    "Holm",
    "Ismail",
    "Jansson",
    "Johansson",
    "Karlsson",
    "Kovac",
    "Larsson",
    "Lind",
    "Lindqvist",
    "Lund",
    "Magnusson",
    "Nguyen",
    "Nilsson",
    "Nordin",
    "Olsson",
    "Omar",
    "Persson",
    "Petrovic",
    "Rahimi",
    "Sandberg",
    "Sjöberg",
    "Ström",
    "Svensson",
    "Tesfaye",
    "Wallin",
    "Yilmaz",
    "Åberg",
    "Åström",
    "Öberg",
    "Östlund",
)


@dataclass(frozen=True, slots=True)
class _Person:
    number: str
    name: str
    born: date
    household: str
    unit: str
    hindrance: Hindrance
    outcomes: dict[Month, Outcome]


def sample_rows(
    persons: int, months: int, seed: int, units: Sequence[str], first: Month = FIRST_MONTH
) -> Iterator[DecisionRow]:
    """Decisions for `persons` people over `months` months from `first`, month by month; same arguments, same rows.

    Raises InvalidInput for impossible numbers.
    """
    if not (1 <= persons <= _MAX_PERSONS and 1 <= months <= 600):
        raise InvalidInput(f"Ange 1-{_MAX_PERSONS} personer och 1-600 månader.")
    if not units:
        raise InvalidInput("roles.toml har ingen enhet som kan äga ärenden.")
    random = Random(f"{seed}/{persons}/{months}/{first}")  # noqa: S311 - fiction, not secrets
    people = _people(persons, list(months_from(first, months)), random, units)
    decisions = 0
    for month in months_from(first, months):
        corrected: list[DecisionRow] = []
        for person in people:
            if month in person.outcomes:
                decisions += 1
                row = _row(person, month, f"EB-{month.year}-{decisions:07d}", random)
                yield row
                if random.random() < _CORRECTIONS:
                    corrected.append(row)
        for row in corrected:
            decisions += 1
            yield _correction(row, f"EB-{month.year}-{decisions:07d}")


def sample_decisions(
    persons: int, months: int, seed: int, units: Sequence[str], first: Month = FIRST_MONTH
) -> Iterator[str]:
    """The lines of a CSV file with `sample_rows`, header first, in the format of docs/import.md."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    writer.writerow(REQUIRED + OPTIONAL)
    for row in sample_rows(persons, months, seed, units, first):
        yield _drain(buffer)
        writer.writerow(_texts(row))
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _texts(row: DecisionRow) -> tuple[str, ...]:
    return (
        row.identity.number,
        row.household,
        row.unit,
        str(row.month),
        row.outcome.value,
        row.hindrance.value,
        row.decided_on.isoformat(),
        row.reference,
        row.name or "",
        row.born.isoformat() if row.born else "",
        "ja" if row.protected else "nej",
        row.former.number if row.former else "",
    )


def _people(persons: int, months: list[Month], random: Random, units: Sequence[str]) -> list[_Person]:
    people: list[_Person] = []
    taken: set[str] = set()
    share_next = False
    for number in range(1, persons + 1):
        partner = people[-1] if share_next and people else None
        born = date(1962, 1, 1) + timedelta(days=random.randrange((date(2008, 6, 30) - date(1962, 1, 1)).days))
        family = partner.name.split()[-1] if partner else random.choice(_FAMILY)
        people.append(
            _Person(
                number=_number(born, taken, random),
                name=f"{random.choice(_GIVEN)} {family}",
                born=born,
                household=partner.household if partner else f"H{number:06d}",
                unit=partner.unit if partner else random.choice(units),
                hindrance=random.choices(list(_HINDRANCES), list(_HINDRANCES.values()))[0],
                outcomes=_outcomes(months, random),
            )
        )
        share_next = partner is None and random.random() < _COUPLES
    return people


def _number(born: date, taken: set[str], random: Random) -> str:
    """A personnummer that nobody has had yet; on a full day the next day is taken."""
    birth = born.replace(year=born.year - _YEARS_BACK)
    while True:
        for _attempt in range(50):
            nine = f"{birth:%y%m%d}{random.randrange(1, 1000):03d}"
            number = f"{birth.year}{nine[2:]}{check_digit(nine)}"
            if number not in taken:
                taken.add(number)
                return number
        birth += timedelta(days=1)


def _outcomes(months: list[Month], random: Random) -> dict[Month, Outcome]:
    """One person's months: most have support all along; some come late, leave, pause, are rejected or sanctioned."""
    kind = random.random()
    start, end = 0, len(months)
    if kind < 0.20:
        start = random.randrange(len(months))
    elif kind < 0.30:
        end = random.randrange(1, len(months) + 1)
    outcomes = dict.fromkeys(months[start:end], Outcome.GRANTED)
    if 0.30 <= kind < 0.36:
        outcomes.pop(random.choice(months))
    elif 0.36 <= kind < 0.42:
        outcomes[random.choice(months)] = Outcome.REJECTED
    for month in months[start + 3 : end]:
        if month in outcomes and random.random() < 0.015:
            outcomes[month] = random.choice((Outcome.REDUCED, Outcome.REFUSED))
    return outcomes


def _row(person: _Person, month: Month, reference: str, random: Random) -> DecisionRow:
    return DecisionRow(
        identity=parse_identity(person.number),
        household=person.household,
        unit=person.unit,
        month=month,
        outcome=person.outcomes[month],
        hindrance=person.hindrance,
        decided_on=month.first_day + timedelta(days=random.randrange(0, 14)),
        reference=reference,
        name=person.name,
        born=person.born,
        protected=person.number.endswith(_PROTECTED),
    )


def _correction(row: DecisionRow, reference: str) -> DecisionRow:
    changed = Outcome.REJECTED if row.outcome is Outcome.GRANTED else Outcome.GRANTED
    return replace(row, outcome=changed, decided_on=row.decided_on + timedelta(days=10), reference=reference)
