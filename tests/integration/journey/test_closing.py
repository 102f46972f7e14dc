"""Closing on the real engine: nothing is left behind, and who comes back late has a new case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.clock import ManualClock
from engine.engine import Engine
from engine.feel import FeelDate
from processes.aktivitetskrav.decisions_import import import_decisions
from tests.integration.journey.conftest import Town, row, write
from tests.integration.journey.test_paths import Way, to_matching


@pytest.fixture
def supported(engine: Engine, town: Town, clock: ManualClock, tmp_path: Path) -> Way:
    """A person whose requirement applies and who waits for an activity."""
    path = Way(engine, town, clock, tmp_path)
    path.months("2026-07", "2026-08", "2026-09")
    path.do("Kartlägg situationen", sjukskriven="nej", barnUnderAldersgrans=False)
    to_matching(path)
    return path


def closes(path: Way, ground: str) -> None:
    day = FeelDate(2026, 7, 1)
    path.tell("AvslutBegart", avslutsgrund=ground, avslutsdatum=day, deltidTimmar=None, avslutAnteckning="-")


def rows(path: Way, statement: str) -> list[tuple[Any, ...]]:
    with path.engine.database.reading() as reader:
        return [tuple(each) for each in reader.rows(text(statement))]


def test_a_decision_that_comes_after_a_death_leaves_a_note_and_no_letter(supported: Way) -> None:
    # given
    closes(supported, "avliden")
    written = supported.letters()
    # when: a month's decision that was on its way, in a case of its own since the first is closed
    supported.months("2026-10", "2026-11", "2026-12")
    supported.pass_time("P240D")
    # then
    assert supported.letters() == written
    assert rows(supported, "SELECT state, count(*) FROM case_ GROUP BY state ORDER BY state") == [
        ("closed", 1),
        ("open", 1),
    ]
    assert rows(supported, "SELECT kind FROM ak_journal WHERE kind = 'brev_skickas_inte'") != []


def test_who_comes_back_after_the_case_was_closed_for_the_archive_has_a_new_case(
    supported: Way, tmp_path: Path
) -> None:
    # given
    closes(supported, "flytt")
    supported.do("Håll avslutssamtal", samtalHallet="ej_nadd")
    supported.pass_time("P300D")
    assert supported.tasks() == []
    assert rows(supported, "SELECT state FROM case_") == [("closed",)]
    assert rows(supported, "SELECT count(*) FROM process_instance WHERE case_id IS NOT NULL AND ended_at IS NULL") == [
        (0,)
    ]
    # when
    result = import_decisions(
        supported.engine, write(tmp_path / "b.csv", row(1, "2027-06")), supported.town.families.roles
    )
    supported.settle()
    # then: the person is the same
    assert result.cases_opened == 1
    assert rows(supported, "SELECT reference FROM case_ ORDER BY created_at") == [("AK-000001",), ("AK-000001-2",)]
    assert rows(supported, "SELECT DISTINCT person_id FROM ak_client") == [(1,)]
    # and when: months come in as before
    for month in ("2027-07", "2027-08"):
        path = write(tmp_path / "b.csv", row(1, month))
        import_decisions(supported.engine, path, supported.town.families.roles)
        supported.settle()
    # then: the new case has the requirement, and the closed one is as it was
    (new_case,) = rows(supported, "SELECT id FROM case_ WHERE reference = 'AK-000001-2'")[0]
    assert [item.name for item in supported.engine.queries.open_items(case_id=new_case)] == ["Kartlägg situationen"]
    assert supported.engine.verify() == []


def test_a_closing_stops_what_goes_on_and_the_queue_gets_the_place(supported: Way) -> None:
    # given
    supported.do("Välj aktivitetstyp", aktivitetstyp="sprak", aktivitetTimmar=20, upptrappning=False)
    supported.do("Välj plats", platsval="placera", timmarPerVecka=20)
    # when
    closes(supported, "studier")
    supported.do("Håll avslutssamtal", samtalHallet="hallet", samtalDatum=FeelDate(2026, 7, 1))
    # then
    assert rows(supported, "SELECT DISTINCT status FROM ak_placement") == [("avslutad",)]
    running = "SELECT d.process_id FROM process_instance i JOIN process_definition d ON d.id = i.definition_id"
    left = {each[0] for each in rows(supported, f"{running} WHERE i.ended_at IS NULL")}
    assert left == {"manadsbeslut", "utfallsuppfoljning"}
    assert rows(
        supported, "SELECT count(*) FROM case_party WHERE organisation = 'arbetsmarknad' AND until IS NULL"
    ) == [(0,)]
