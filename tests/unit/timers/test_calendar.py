"""The working calendar against facts of the almanac and against a slow oracle."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput, NotFound
from engine.working_time import CalendarBook, Closure
from timers.calendar import WorkingCalendar

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))
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


BRIDGE = date(2026, 5, 15)  # the Friday after Ascension Day
PLACES = CalendarBook(
    closures=(
        Closure(BRIDGE, BRIDGE, "Klämdag", "norr"),
        Closure(date(2026, 5, 18), date(2026, 5, 19), "Planering", "kontoret"),
        Closure(date(2026, 5, 20), date(2026, 5, 20), "Flytt"),
    ),
    belongs={"kontoret": None, "norr": "kontoret", "soder": "kontoret", "annat": None},
)


@pytest.mark.parametrize(
    ("unit", "following"),
    [
        ("norr", date(2026, 5, 21)),  # closed itself, its organisation, and the municipality
        ("soder", BRIDGE),
        ("kontoret", BRIDGE),
        ("annat", BRIDGE),
        (None, BRIDGE),
    ],
)
def test_a_place_has_its_own_closed_days_and_those_of_what_it_belongs_to(unit, following):
    calendar = WorkingCalendar(PLACES)
    assert calendar.add_working_days(date(2026, 5, 13), 1, unit) == following
    assert calendar.is_working_day(BRIDGE, unit) is (unit != "norr")
    assert not calendar.is_working_day(date(2026, 5, 20), unit)


def test_working_days_between_leaves_out_what_is_closed():
    calendar = WorkingCalendar(PLACES)
    assert [
        calendar.working_days_between(date(2026, 5, 13), date(2026, 5, 22), unit) for unit in (None, "soder", "norr")
    ] == [5, 3, 2]


def test_a_place_that_there_is_not_is_refused_rather_than_taken_for_open():
    with pytest.raises(NotFound, match="nowhere"):
        WorkingCalendar(PLACES).is_working_day(BRIDGE, "nowhere")


@pytest.mark.parametrize(
    ("ends", "moved"),
    [
        (date(2026, 11, 21), date(2026, 11, 23)),  # Saturday
        (date(2026, 6, 19), date(2026, 6, 22)),  # midsummer's eve
        (date(2026, 12, 24), date(2026, 12, 28)),  # Christmas eve, a Thursday
        (date(2026, 5, 14), date(2026, 5, 15)),  # Ascension Day
        (date(2026, 5, 20), date(2026, 5, 20)),  # closed by the municipality: the law knows nothing of it
    ],
)
def test_a_time_set_by_law_moves_to_the_next_weekday_whatever_offices_do(ends, moved):
    assert WorkingCalendar(PLACES).statutory_day(ends) == moved


@given(DAYS, st.sampled_from([None, "norr", "soder", "annat"]), st.integers(-300, 300).filter(bool))
def test_places_agree_with_counting_day_by_day(day, unit, count):
    calendar = WorkingCalendar(PLACES)
    step, found, left = timedelta(days=1 if count > 0 else -1), day, abs(count)
    while left:
        found += step
        closed = any(
            closure.first <= found <= closure.last and closure.of in {None, unit, PLACES.belongs.get(unit)}
            for closure in PLACES.closures
        )
        left -= CALENDAR.is_working_day(found) and not closed
    assert calendar.add_working_days(day, count, unit) == found


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
