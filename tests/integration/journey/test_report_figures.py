"""What reports count: people, not rows, within the period, by hindrance; and what is doubtful beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from engine.engine import Engine
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.aktivitetskrav.quarter import Quarter
from processes.aktivitetskrav.records import key_figures, report_figures
from processes.aktivitetskrav.records.decisions import (
    DeviationOutcome,
    DeviationReport,
    MadeDecision,
    add_decision,
    add_deviation,
    set_deviation_outcome,
)
from processes.aktivitetskrav.records.reports import Figure, Section
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import client, placement
from tests.integration.journey.conftest import Town, row, write

Q4 = Quarter(2026, 4)


@pytest.fixture
def cases(engine: Engine, town: Town, tmp_path: Path) -> list[str]:
    """The cases of three people whom the requirement holds for; the third one's hindrance is another."""
    path = write(tmp_path / "beslut.csv", *(row(each, "2026-07") for each in (1, 2, 3)))
    import_decisions(engine, path, town.families.roles)
    engine.run_until_idle()
    found = case_ids(engine)
    with engine.database.transaction(engine.clock) as uow:
        uow.write(update(client).values(status="galler"))
        uow.write(update(client).where(client.c.case_id == found[2]).values(hindrance="annat"))
    return found


def case_ids(engine: Engine) -> list[str]:
    with engine.database.reading() as reader:
        return sorted(str(each.case_id) for each in reader.query(client.select()))


def place(engine: Engine, case_id: str, on: date) -> None:
    with engine.database.transaction(engine.clock) as uow:
        add_row(
            uow,
            placement,
            case_id=case_id,
            activity_id="jobbsokarverkstad",
            starts_on=on,
            hours=Decimal(20),
            status="anvisad",
            assigned_on=on,
        )


def decide(engine: Engine, case_id: str, outcome: str, on: date) -> None:
    nothing = DeviationReport(*[None] * 10)
    with engine.database.transaction(engine.clock) as uow:
        made = add_decision(uow, case_id, MadeDecision("avvikelse", outcome, None, None, "birgitta", on), "i")
        deviation = add_deviation(uow, case_id, nothing)
        set_deviation_outcome(uow, case_id, deviation, DeviationOutcome(outcome, None, None, "birgitta", made))


def quarter(engine: Engine, which: Quarter = Q4) -> dict[tuple[str, str], int]:
    with engine.database.reading() as reader:
        figures = report_figures.quarter_figures(reader, which.first_day, which.last_day)
    return {(each.code, each.measure): each.number for each in figures}


def test_people_are_counted_once_and_only_within_the_quarter(engine: Engine, cases: list[str]) -> None:
    # given: two assignments of one person, one on the last day; another's the day after the quarter
    place(engine, cases[0], date(2026, 10, 1))
    place(engine, cases[0], date(2026, 12, 31))
    place(engine, cases[1], date(2027, 1, 1))
    place(engine, cases[2], date(2026, 11, 5))
    # then
    found = quarter(engine)
    assert found["arbetslos", "anvisade"] == 1
    assert found["annat", "anvisade"] == 1
    assert quarter(engine, Quarter(2027, 1))["arbetslos", "anvisade"] == 1
    assert quarter(engine, Quarter(2026, 3))["arbetslos", "anvisade"] == 0


def test_refused_and_reduced_are_apart_and_accepted_reasons_are_neither(engine: Engine, cases: list[str]) -> None:
    decide(engine, cases[0], "nedsatt", date(2026, 10, 20))
    decide(engine, cases[0], "nedsatt", date(2026, 11, 20))
    decide(engine, cases[1], "neka", date(2026, 12, 1))
    decide(engine, cases[2], "godtagbart", date(2026, 12, 1))
    found = quarter(engine)
    assert (found["arbetslos", "nedsatta"], found["arbetslos", "nekade"]) == (1, 1)
    assert (found["annat", "nedsatta"], found["annat", "nekade"]) == (0, 0)


def test_every_hindrance_has_its_row_even_where_nobody_is(engine: Engine, cases: list[str]) -> None:
    assert sum(measure == "anvisade" for _, measure in quarter(engine)) == 10


def test_what_is_missing_in_the_basis_is_told_beside_the_figures(engine: Engine, cases: list[str]) -> None:
    place(engine, cases[0], date(2026, 10, 1))
    found = quarter(engine)
    assert found["ej_angivet", "antal"] == 3  # nobody has been surveyed
    assert found["hinder_annat", "antal"] == 1
    assert found["krav_utan_anvisning", "antal"] == 2
    assert found["plan_har_gatt_ut", "antal"] == 0


def test_a_month_counts_the_latest_decision_of_each_person(
    engine: Engine, town: Town, cases: list[str], tmp_path: Path
) -> None:
    # given: the first one's support is taken back by a later decision
    corrected = write(tmp_path / "rattat.csv", row(1, "2026-07", "avslag", "EB-1-rattat"))
    import_decisions(engine, corrected, town.families.roles)
    # then
    with engine.database.reading() as reader:
        figures = report_figures.month_figures(reader, Month(2026, 7))
        none = report_figures.month_figures(reader, Month(2026, 6))
    supported = {each.code: each.number for each in figures if each.measure == report_figures.SUPPORTED}
    assert supported["arbetslos"] == 2
    assert report_figures.total(none, report_figures.SUPPORTED) == 0
    assert Figure(Section.QUALITY, "hinder_annat", "antal", 0) in figures


def test_key_figures_are_shares_and_medians_or_nothing(engine: Engine, cases: list[str]) -> None:
    with engine.database.reading() as reader:
        before = key_figures.key_figures(reader, date(2026, 10, 1))
    assert before["med_krav"] == 3
    assert before["nekat_eller_nedsatt_procent"] is None
    assert before["ledtid_mottagande_dagar"] is None
    decide(engine, cases[0], "nedsatt", date(2026, 10, 20))
    decide(engine, cases[1], "godtagbart", date(2026, 10, 20))
    with engine.database.reading() as reader:
        after = key_figures.key_figures(reader, date(2026, 10, 30))
    assert after["provade_avvikelser"] == 2
    assert after["nekat_eller_nedsatt_procent"] == 50
    assert after["med_gallande_plan_procent"] == 0
