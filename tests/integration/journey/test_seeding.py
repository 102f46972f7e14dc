"""The autopilot: the same seed lives the same months, on the real engine, and leaves a sound and living database."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.clock import LOCAL_ZONE, ManualClock
from engine.errors import Conflict, InvalidInput
from engine.feel import DEFAULT, FeelDate
from processes.aktivitetskrav.autopilot import seeding
from processes.aktivitetskrav.autopilot.dice import dice
from processes.aktivitetskrav.autopilot.form_answers import answer_form, fields_of
from processes.aktivitetskrav.autopilot.seeding import SeedProgress, SeedResult, seed
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.records.tables import activity
from processes.roles import RoleBook
from tests.integration.journey.conftest import Town

_ELSEWHERE = textwrap.dedent("""
    import sys
    from processes.aktivitetskrav.autopilot.seeding import seed
    from processes.family import find_families
    from tests.integration.journey.conftest import Town
    from timers.calendar import WorkingCalendar

    families, calendar = find_families(), WorkingCalendar()
    town = Town(sys.argv[1], families, calendar)
    print(seed(town.open, families.roles, calendar, cases=5, months=4, seed=2))
""")


def live(town: Town, **options: object) -> SeedResult:
    return seed(town.open, town.families.roles, town.calendar, **options)  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_counts_in_another_process(town: Town, published: Path, tmp_path: Path) -> None:
    here = live(town, cases=5, months=4, seed=2)

    (tmp_path / "other.sqlite").write_bytes(published.read_bytes())
    there = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, f"sqlite:///{tmp_path / 'other.sqlite'}"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONHASHSEED": "7"},
    )

    assert there.stdout.strip() == str(here)


@pytest.mark.slow
def test_months_of_work_leave_a_sound_and_living_database(town: Town) -> None:
    told: list[SeedProgress] = []
    until = datetime(2026, 11, 20, 10, 0, tzinfo=LOCAL_ZONE)

    result = live(town, cases=8, months=5, seed=1, until=until, progress=told.append)

    assert result.first_month == Month(2026, 7)
    assert told[-1].day == date(2026, 11, 20)
    assert told[-1].done == told[-1].total
    assert result.counts.cases == 8
    assert result.counts.incidents == 0
    assert result.tasks_completed == result.counts.tasks["completed"] > 20
    assert result.counts.tasks["open"] > 0
    assert result.timers_fired > 0
    with town.open(ManualClock(until)) as engine:
        assert engine.verify() == []
        assert engine.due_jobs() == []


@pytest.mark.parametrize(("persons", "times"), [(4, 1), (5, 1), (6, 2)])
def test_a_larger_town_has_as_many_times_the_places(
    town: Town, monkeypatch: pytest.MonkeyPatch, persons: int, times: int
) -> None:
    monkeypatch.setattr(seeding, "PERSONS_A_CATALOGUE", 5)
    places = select(func.sum(activity.c.capacity))
    with town.open(ManualClock(datetime(2026, 7, 1, tzinfo=LOCAL_ZONE))) as engine, engine.database.reading() as reader:
        before = reader.query_scalar(places)

    result = live(town, cases=persons, months=1, seed=1)

    assert result.counts.cases <= persons
    with town.open(ManualClock(result.until)) as engine, engine.database.reading() as reader:
        assert reader.query_scalar(places) == times * before


def test_a_database_with_cases_is_not_seeded(town: Town) -> None:
    live(town, cases=1, months=1)

    with pytest.raises(Conflict, match="tom databas"):
        live(town, cases=1, months=1)


def test_without_staff_nobody_can_play(town: Town) -> None:
    roles = town.families.roles

    with pytest.raises(InvalidInput, match="demoanvändare"):
        seed(town.open, RoleBook(roles.organisations, roles.units, roles.roles, {}), town.calendar, cases=1, months=1)


FORM = {
    "components": [
        {"type": "text", "text": "Rubrik"},
        {
            "type": "group",
            "components": [
                {
                    "type": "radio",
                    "key": "svar",
                    "values": [{"value": "ja", "label": "Ja"}, {"value": "nej", "label": "Nej"}],
                    "validate": {"required": True},
                }
            ],
        },
        {
            "type": "textarea",
            "key": "varfor",
            "validate": {"required": True, "minLength": 200, "maxLength": 300},
            "conditional": {"hide": '=svar = "ja"'},
        },
        {"type": "number", "key": "timmar", "validate": {"required": True, "min": 5, "max": 9}},
        {"type": "datetime", "subtype": "date", "key": "dag", "validate": {"required": True}},
        {"type": "select", "key": "plats", "valuesExpression": "=platser", "validate": {"required": True}},
    ]
}


def test_answers_fit_the_form_and_hidden_fields_get_none() -> None:
    places = {"platser": [{"value": "p1", "label": "Plats 1"}]}

    for number in range(30):
        answers = answer_form(FORM, {}, places, date(2026, 10, 1), dice("test", number), DEFAULT)

        assert answers["svar"] in ("ja", "nej")
        assert ("varfor" in answers) == (answers["svar"] == "nej")
        assert 200 <= len(answers.get("varfor", "x" * 200)) <= 300
        assert 5 <= answers["timmar"] <= 9
        assert isinstance(answers["dag"], FeelDate)
        assert answers["plats"] == "p1"


def test_what_staff_choose_goes_before_chance() -> None:
    answers = answer_form(FORM, {"svar": "ja", "timmar": 7}, {}, date(2026, 10, 1), dice("x"), DEFAULT)

    assert (answers["svar"], answers["timmar"], answers["plats"]) == ("ja", 7, None)
    assert [field["key"] for field in fields_of(FORM)] == ["svar", "varfor", "timmar", "dag", "plats"]


def test_chance_is_the_same_for_the_same_subject() -> None:
    assert dice(1, "AK-1", "x").random() == dice(1, "AK-1", "x").random() != dice(2, "AK-1", "x").random()
