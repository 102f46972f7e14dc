"""The FEEL functions for working days and parameters."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from engine.clock import ManualClock
from engine.errors import NotFound
from engine.feel import Environment, FeelDate, evaluate
from engine.functions import FUNCTION_NAMES, host_functions
from engine.working_time import CalendarBook, Closure, Span, WeekHours
from timers.calendar import WorkingCalendar


class OneParameter:
    def value(self, name, on, unit=None):
        if name != "mottagande_arbetsdagar":
            raise NotFound(f"Parametern '{name}' finns inte.")
        assert on == date(2026, 11, 21)  # 23:30 UTC on the 20th is the 21st in Sweden
        return Decimal(3) if unit == "sof-norra" else Decimal(5)


CLOCK = ManualClock(datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
NORTH = CalendarBook(
    closures=(Closure(date(2027, 1, 4), date(2027, 1, 4), "Planering", "norr"),),
    hours=(WeekHours((*((Span(time(8), time(16)),),) * 4, (Span(time(8), time(12)),)), "norr"),),
    belongs={"norr": None},
)
ENVIRONMENT = Environment(now=CLOCK.now, functions=host_functions(WorkingCalendar(NORTH), OneParameter(), CLOCK))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('add working days(date("2026-12-22"), 5)', FeelDate(2027, 1, 4)),
        ("add working days(today(), -1)", FeelDate(2026, 11, 20)),
        ('add working days(date and time("2026-11-20T10:00:00"), 1)', FeelDate(2026, 11, 23)),
        ('add working days(today(), parameter("mottagande_arbetsdagar"))', FeelDate(2026, 11, 27)),
        ('parameter("mottagande_arbetsdagar", "sof-norra")', 3),
        ('working days between(date("2026-12-22"), date("2027-01-04"))', 5),
        ('is working day(date("2026-06-19"))', False),
        ('add working days(date("2026-12-22"), 5, "norr")', FeelDate(2027, 1, 5)),
        ('working days between(date("2026-12-22"), date("2027-01-08"), "norr")', 7),
        ('is working day(date("2027-01-04"), "norr")', False),
        ('is working day(date("2027-01-04"), null)', True),
        ('is working day(date and time("2026-11-20T23:30:00Z"))', False),  # Saturday already in Sweden
        ('next statutory day(date("2026-12-24"))', FeelDate(2026, 12, 28)),
        ('string(add working hours(date and time("2026-11-20T15:00:00"), 3))', "2026-11-23T09:00:00@Europe/Stockholm"),
        ('string(add working hours(now(), duration("PT90M")))', "2026-11-23T09:30:00@Europe/Stockholm"),
        ('string(add working hours(date("2026-11-20"), 0.5))', "2026-11-20T08:30:00@Europe/Stockholm"),
        ('working hours between(date("2026-11-20"), date("2026-11-24"))', 18),
        ('working hours between(date("2026-11-20"), date and time("2026-11-20T08:15:00"))', Decimal("0.25")),
        ("string(end of working day(today()))", "2026-11-23T17:00:00@Europe/Stockholm"),
        ('string(end of working day(date("2027-07-02"), "norr"))', "2027-07-02T12:00:00@Europe/Stockholm"),
    ],
)
def test_functions_answer_by_the_calendar_and_the_clock(text, value):
    result = evaluate(text, {}, ENVIRONMENT)
    assert (result.value, result.warnings) == (value, ())


@pytest.mark.parametrize(
    "text",
    [
        "add working days(null, 1)",
        'add working days("2026-01-01", 1)',
        "add working days(today(), 1.5)",
        "add working days(today(), 1000000)",
        'add working days(date("-0044-03-15"), 1)',
        'parameter("okand")',
        "parameter(1)",
        'parameter("mottagande_arbetsdagar", 1)',
        'working days between(today(), "x")',
        'add working days(today(), 1, "nowhere")',
        "is working day(today(), 1)",
        'add working hours("2026-01-01", 1)',
        'add working hours(now(), "PT1H")',
        "add working hours(now(), true)",
        "add working hours(now(), 100000)",
        "add working hours(now(), 10000000)",
        'add working hours(now(), duration("P1M"))',
        'end of working day(date("2300-01-01"))',
        "next statutory day(null)",
    ],
)
def test_bad_arguments_give_null_with_a_warning(text):
    result = evaluate(text, {}, ENVIRONMENT)
    assert result.value is None
    assert len(result.warnings) == 1


def test_every_function_is_known_to_the_linter():
    assert ENVIRONMENT.functions.keys() == FUNCTION_NAMES
