"""Sample decisions: deterministic, readable by the importer, about nobody living."""

from __future__ import annotations

import io
from collections import Counter

import pytest

from engine.errors import InvalidInput
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import DECIDED_OUTCOMES, Hindrance
from processes.aktivitetskrav.decision_file import DecisionRow, parse_row, read_layout, read_lines
from processes.aktivitetskrav.identity import IdentityKind
from processes.aktivitetskrav.sample import sample_decisions, sample_rows

UNITS = ["norr", "syd"]


def read(text: str) -> list[DecisionRow]:
    lines = read_lines(io.BytesIO(text.encode()))
    layout = read_layout(next(lines, None))
    rows = [parse_row(line, layout, lambda unit: unit if unit in UNITS else None) for line in lines]
    return [row for row in rows if row is not None]


def test_the_same_arguments_give_the_same_text_and_another_seed_another() -> None:
    first = "".join(sample_decisions(40, 8, 1, UNITS))

    assert first == "".join(sample_decisions(40, 8, 1, UNITS))
    assert first != "".join(sample_decisions(40, 8, 2, UNITS))


def test_the_text_is_a_decision_file_with_the_same_rows() -> None:
    rows = read("".join(sample_decisions(40, 8, 1, UNITS)))

    assert rows == list(sample_rows(40, 8, 1, UNITS))


def test_nobody_in_it_can_be_living_and_ages_still_make_sense() -> None:
    rows = list(sample_rows(500, 3, 1, UNITS))

    assert all(row.identity.kind is IdentityKind.PERSONAL for row in rows)
    assert all(1842 <= row.identity.born.year <= 1888 for row in rows)
    assert all(row.born is not None and 1962 <= row.born.year <= 2008 for row in rows)
    assert len({row.identity.number for row in rows}) == len({row.name and row.identity.number for row in rows})


def test_it_has_what_the_journey_must_handle() -> None:
    rows = list(sample_rows(2000, 8, 1, UNITS))

    per_person = Counter(row.identity.number for row in rows)
    assert set(Counter(row.outcome for row in rows)) == set(DECIDED_OUTCOMES)
    assert set(Counter(row.hindrance for row in rows)) == set(Hindrance)
    assert 0.4 < Counter(row.hindrance for row in rows)[Hindrance.UNEMPLOYED] / len(rows) < 0.6
    assert min(per_person.values()) < 8
    assert any(row.protected for row in rows)
    households = {row.household for row in rows}
    assert len(households) < len(per_person)  # some share one
    corrected = Counter((row.identity.number, row.month) for row in rows)
    assert max(corrected.values()) == 2
    assert len({row.reference for row in rows}) == len(rows)
    assert {row.month for row in rows} == {Month(2026, 7).plus(step) for step in range(8)}


def test_a_full_day_of_births_overflows_into_the_next() -> None:
    numbers = {row.identity.number for row in sample_rows(20_000, 1, 1, UNITS)}

    assert len(numbers) > 15_000


@pytest.mark.parametrize(("persons", "months"), [(0, 1), (1, 0), (2_000_000, 1), (1, 601)])
def test_impossible_numbers_are_refused(persons: int, months: int) -> None:
    with pytest.raises(InvalidInput, match="personer"):
        list(sample_rows(persons, months, 1, UNITS))


def test_without_units_it_says_so() -> None:
    with pytest.raises(InvalidInput, match=r"roles\.toml"):
        list(sample_rows(1, 1, 1, []))
