"""The FEEL functions for working days and parameters."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.clock import ManualClock
from engine.errors import NotFound
from engine.feel import Environment, FeelDate, evaluate
from engine.functions import host_functions
from timers.calendar import WorkingCalendar


class OneParameter:
    def value(self, name, on, unit=None):
        if name != "mottagande_arbetsdagar":
            raise NotFound(f"Parametern '{name}' finns inte.")
        assert on == date(2026, 11, 21)  # 23:30 UTC on the 20th is the 21st in Sweden
        return Decimal(3) if unit == "sof-norra" else Decimal(5)


CLOCK = ManualClock(datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
ENVIRONMENT = Environment(now=CLOCK.now, functions=host_functions(WorkingCalendar(), OneParameter(), CLOCK))


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
    ],
)
def test_bad_arguments_give_null_with_a_warning(text):
    result = evaluate(text, {}, ENVIRONMENT)
    assert result.value is None
    assert len(result.warnings) == 1
