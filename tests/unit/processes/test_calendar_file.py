"""calendar.toml: read as written, refused with every fault at once."""

from __future__ import annotations

from datetime import date, time

import pytest

from engine.working_time import CalendarBook, Closure, Span, WeekHours
from processes.calendar_file import joined_calendars, parse_calendar
from processes.configuration import InvalidConfiguration
from processes.family import find_families
from processes.roles import parse_roles
from timers.calendar import WorkingCalendar

ROLES = parse_roles(
    b"""
[[organisation]]
id = "am"
name_sv = "Arbetsmarknad"
name_en = "Labour market"

[[unit]]
id = "norr"
organisation = "am"
name_sv = "Norr"
name_en = "North"
"""
)
MORNING, AFTERNOON = Span(time(8), time(12)), Span(time(13), time(16, 30))


def test_hours_and_closed_days_are_read_for_whom_they_hold() -> None:
    book = parse_calendar(
        """
[[hours]]
weekdays = ["08:00-12:00", "13:00-16:30"]
friday = []

[[hours]]
unit = "norr"
monday = ["13:00-24:00"]

[[closed]]
from = 2026-12-28
until = 2026-12-30
reason = "Mellandagar"

[[closed]]
organisation = "am"
from = 2027-05-07
reason = "Klämdag"
""".encode(),
        ROLES,
    )

    assert book.closures == (
        Closure(date(2026, 12, 28), date(2026, 12, 30), "Mellandagar"),
        Closure(date(2027, 5, 7), date(2027, 5, 7), "Klämdag", "am"),
    )
    assert book.hours == (
        WeekHours((*((MORNING, AFTERNOON),) * 4, ())),
        WeekHours(((Span(time(13), None),), (), (), (), ()), "norr"),
    )
    assert book.belongs == {"am": None, "norr": "am"}


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(InvalidConfiguration) as refused:
        parse_calendar(
            """
oppet = true

[[hours]]
weekdays = ["8-16"]

[[hours]]
monday = ["13:00-12:00", "08:00-10:00", "09:00-11:00"]
lordag = ["08:00-12:00"]

[[hours]]
unit = "am"
weekdays = []

[[closed]]
from = "2026-12-28"
reason = ""

[[closed]]
from = 2026-12-28
until = 2026-12-24
reason = "Bakvänt"
unit = "norr"
organisation = "am"

[[closed]]
from = 2026-01-01
until = 2028-01-01
reason = "Länge"

[[closed]]
from = 2026-02-01
reason = "Inne i den förra"

[[closed]]
from = 1066-10-14
reason = "Hastings"
organisation = "norr"
""".encode(),
            ROLES,
        )

    problems = "\n".join(refused.value.problems)
    for part in (
        "okänd nyckel 'oppet'",
        "'8-16' ska skrivas som 08:00-16:30",
        "'13:00-12:00' slutar innan det börjar",
        "ska komma i ordning",
        "okänd nyckel 'lordag'",
        "okänd enhet 'am'",
        "ingen arbetar någon dag",
        "hela kommunen har arbetstider mer än en gång",
        "'from' ska vara ett datum",
        "'reason' ska vara en text",
        "'until' (2026-12-24) ligger före 'from' (2026-12-28)",
        "antingen 'unit' eller 'organisation'",
        "stängt i mer än 366 dagar",
        "både för 'Länge' och 'Inne i den förra'",
        "mellan åren 1990 och 2200, inte 1066",
        "okänd organisation 'norr'",
    ):
        assert part in problems, part


@pytest.mark.parametrize("text", ["closed = 1", "[closed]\nfrom = 2026-01-01", "hours = [1]"])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(InvalidConfiguration):
        parse_calendar(text.encode(), ROLES)


def test_families_may_repeat_hours_but_not_contradict_them() -> None:
    day = CalendarBook(hours=(WeekHours(((MORNING,),) * 5),))
    assert joined_calendars([day, day], ROLES).hours == day.hours
    with pytest.raises(InvalidConfiguration, match="annan processfamilj"):
        joined_calendars([day, CalendarBook(hours=(WeekHours(((AFTERNOON,),) * 5),))], ROLES)


def test_the_familys_own_calendar_closes_its_example_days() -> None:
    calendar = WorkingCalendar(find_families().calendar)
    assert not calendar.is_working_day(date(2027, 1, 4), "jobbtorg_city")
    assert calendar.is_working_day(date(2027, 1, 4), "sdf_norr")
