"""Which reads are drawn for review: the same again, by rule first, and never more than asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.access import Viewer
from engine.engine import Engine
from engine.protocols import Actor
from engine.store.case_queries import log_read
from processes.aktivitetskrav.records.log_reviews import DrawnBecause, Read, draw, reads_between

READ = Read(1, "hanna", "", "AK-1", datetime(2026, 11, 3, 10, tzinfo=UTC), protected=False, person_name="Okänd")


@pytest.fixture
def case(engine: Engine) -> str:
    """A case that Hanna has opened and nobody else has touched."""
    return engine.open_case("aktivitetskrav", "AK-1", actor=Actor("hanna", "Hanna"))


def drawn(engine: Engine, reads: list[Read], *, sample: int = 0, most: int = 10) -> dict[int, DrawnBecause]:
    with engine.database.reading() as reader:
        return dict(draw(reader, reads, seed="2026-11", sample=sample, most=most, staff_names=["Vera Holst"]))


def test_who_has_worked_in_the_case_is_not_pointed_at(engine: Engine, case: str) -> None:
    assert drawn(engine, [replace(READ, case_id=case)]) == {}


def test_who_has_done_nothing_in_the_case_is(engine: Engine, case: str) -> None:
    assert drawn(engine, [replace(READ, case_id=case, viewer="vera")]) == {1: DrawnBecause.NO_RELATION}


def test_a_protected_person_and_a_colleague_are_reviewed_whoever_read(engine: Engine, case: str) -> None:
    reads = [
        replace(READ, case_id=case, protected=True),
        replace(READ, id=2, case_id=case, viewer="vera", person_name="vera holst"),
    ]
    assert drawn(engine, reads) == {1: DrawnBecause.PROTECTED, 2: DrawnBecause.COLLEAGUE}


def test_a_days_reads_of_one_case_by_one_person_count_once(engine: Engine, case: str) -> None:
    reads = [replace(READ, id=number, case_id=case, viewer="vera") for number in range(1, 9)]
    assert drawn(engine, reads) == {1: DrawnBecause.NO_RELATION}


def test_no_more_is_pointed_at_than_asked_for_and_what_weighs_most_comes_first(engine: Engine, case: str) -> None:
    reads = [replace(READ, id=number, case_id=case, viewer=f"v{number}") for number in range(1, 9)]
    reads.append(replace(READ, id=9, case_id=case, viewer="v9", protected=True))
    assert drawn(engine, reads, most=2) == {9: DrawnBecause.PROTECTED, 1: DrawnBecause.NO_RELATION}


def test_the_sample_is_the_same_however_often_it_is_drawn_and_in_whatever_order(engine: Engine, case: str) -> None:
    reads = [replace(READ, id=number, case_id=case) for number in range(1, 101)]
    first = drawn(engine, reads, sample=10)
    assert len(first) == 10
    assert set(first.values()) == {DrawnBecause.SAMPLE}
    assert drawn(engine, reads[::-1], sample=10) == first


def test_a_sample_larger_than_what_there_is_takes_all(engine: Engine, case: str) -> None:
    assert len(drawn(engine, [replace(READ, case_id=case)], sample=10)) == 1


def test_the_months_reads_are_those_within_it(engine: Engine, case: str) -> None:
    with engine.database.transaction(engine.clock) as uow:
        log_read(uow, Viewer("vera", "Vera", "socialtjanst"), case, "case")
    now = engine.clock.now()
    with engine.database.reading() as reader:
        assert [each.viewer for each in reads_between(reader, now, now.replace(year=2030))] == ["vera"]
        assert reads_between(reader, now.replace(year=2030), now.replace(year=2031)) == []
        assert reads_between(reader, now.replace(year=2020), now) == []
