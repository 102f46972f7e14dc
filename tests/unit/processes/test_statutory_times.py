"""Reply and appeal times are moved by the law's days alone, never by days on which an office is closed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.clock import ManualClock
from engine.feel import Environment, FeelDate, evaluate
from engine.functions import host_functions
from engine.working_time import CalendarBook, Closure
from processes.family import find_families
from timers.calendar import WorkingCalendar

FOLDER = Path(__file__).parents[3] / "processes" / "aktivitetskrav"
B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
MOVED = 'parameter("frist_flyttas_till_vardag")'
CLOCK = ManualClock(datetime(2026, 9, 1, 8, tzinfo=UTC))
CLOSED = CalendarBook(closures=(Closure(date(2026, 10, 1), date(2026, 12, 31), "Stängt"),))
LETTERS = [date(2026, 9, 10) + timedelta(days=each) for each in range(40)]


def statutory_times() -> dict[str, str]:
    """The timers whose last day the law moves: element to expression."""
    found = {}
    for path in FOLDER.glob("*.bpmn"):
        for event in ET.parse(path).iter(B + "intermediateCatchEvent"):
            for due in event.iter(B + "timeDate"):
                text = "".join(due.itertext())
                if MOVED in text:
                    found[f"{path.stem}#{event.get('id')}"] = text.removeprefix("=")
    return found


def last_moment(expression: str, letter: date, calendar: WorkingCalendar) -> object:
    functions = host_functions(calendar, find_families().parameters, CLOCK)
    known = {"brevDatum": FeelDate(letter.year, letter.month, letter.day)}
    result = evaluate(expression, known, Environment(now=CLOCK.now, functions=functions))
    assert list(result.warnings) == []
    return result.value


def test_replies_to_a_deviation_and_to_a_correction_and_appeals_are_among_them() -> None:
    assert {"avvikelse#svarstid_slut", "rattelse#svarstid_slut", "overklagande#overklagandetid_slut"} <= set(
        statutory_times()
    )


@pytest.mark.parametrize("event", sorted(statutory_times()))
def test_closed_offices_move_no_time_that_the_law_sets(event: str) -> None:
    # given letters whose time ends on every kind of day, and an office that is closed for months
    expression, open_office, closed = statutory_times()[event], WorkingCalendar(), WorkingCalendar(CLOSED)
    # when
    usual = [last_moment(expression, letter, open_office) for letter in LETTERS]
    # then
    assert [last_moment(expression, letter, closed) for letter in LETTERS] == usual
    assert len(set(usual)) < len(LETTERS)  # weekends moved some of them
