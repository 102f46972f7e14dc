"""The working calendar against facts of the almanac and against a slow oracle."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from timers.calendar import WorkingCalendar

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))
CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2025, 6, 6),
        date(2026, 6, 19),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2026, 11, 21),
        date(2026, 11, 22),
    ],
)
def test_holidays_eves_and_weekends_are_not_working_days(day):
    assert not CALENDAR.is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 4, 2), date(2026, 5, 15), date(2026, 10, 30), date(2026, 12, 23)])
def test_half_days_and_squeeze_days_are_working_days(day):
    assert CALENDAR.is_working_day(day)


def test_an_organisations_own_closed_day_does_not_count():
    calendar = WorkingCalendar(closed=[date(2026, 5, 15)])
    assert not calendar.is_working_day(date(2026, 5, 15))
    assert calendar.add_working_days(date(2026, 5, 13), 1) == date(2026, 5, 18)


def test_five_working_days_over_christmas():
    assert CALENDAR.add_working_days(date(2026, 12, 22), 5) == date(2027, 1, 4)


def test_zero_working_days_moves_a_closed_day_to_the_next_open_one():
    assert CALENDAR.add_working_days(date(2026, 11, 20), 0) == date(2026, 11, 20)
    assert CALENDAR.add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 23)


def _slow_add(day: date, count: int) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= CALENDAR.is_working_day(day)
    return day


@given(DAYS, st.integers(min_value=-400, max_value=400).filter(bool))
def test_adding_agrees_with_counting_day_by_day(day, count):
    assert CALENDAR.add_working_days(day, count) == _slow_add(day, count)


@given(DAYS, st.integers(min_value=-900, max_value=900))
def test_between_agrees_with_counting_day_by_day(start, span):
    end = start + timedelta(days=span)
    low, high = min(start, end), max(start, end)
    slow = sum(CALENDAR.is_working_day(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    assert CALENDAR.working_days_between(start, end) == (slow if end >= start else -slow)


@given(DAYS, st.integers(min_value=1, max_value=400))
def test_adding_then_measuring_gives_the_same_number(day, count):
    assert CALENDAR.working_days_between(day, CALENDAR.add_working_days(day, count)) == count


@pytest.mark.parametrize("count", [100_001, -100_001])
def test_an_absurd_number_of_days_is_refused(count):
    with pytest.raises(InvalidInput, match="limit"):
        CALENDAR.add_working_days(date(2026, 1, 1), count)


def test_years_outside_the_calendar_are_refused():
    with pytest.raises(InvalidInput, match="1900"):
        CALENDAR.is_working_day(date(1400, 1, 1))
    with pytest.raises(InvalidInput, match="2200"):
        CALENDAR.add_working_days(date(2200, 12, 1), 400)
