"""Working hours against an oracle that looks at every minute, over both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import LOCAL_ZONE
from engine.errors import InvalidInput
from engine.working_time import CalendarBook, Closure, Span, WeekHours
from timers.calendar import WorkingCalendar

MINUTE = timedelta(minutes=1)
OFFICE = (Span(time(8, 0), time(12, 0)), Span(time(13, 0), time(16, 30)))
SHORT = (Span(time(8, 0), time(11, 15)),)
BOOK = CalendarBook(
    closures=(Closure(date(2026, 3, 30), date(2026, 3, 30), "Planering", "norr"),),
    hours=(
        WeekHours((OFFICE, OFFICE, OFFICE, OFFICE, SHORT)),
        WeekHours(((), (Span(time(0), None),), (Span(time(22), None),), (Span(time(0), time(6)),), ()), "natt"),
    ),
    belongs={"norr": None, "natt": None},
)
CALENDAR = WorkingCalendar(BOOK)
WEEKS = {"natt": BOOK.hours[1]}
MOMENTS = st.one_of(
    st.integers(0, 60 * 24 * 20).map(lambda n: datetime(2026, 3, 20, tzinfo=UTC) + n * MINUTE),  # spring and Easter
    st.integers(0, 60 * 24 * 20).map(lambda n: datetime(2026, 10, 15, tzinfo=UTC) + n * MINUTE),  # autumn
    st.integers(0, 60 * 24 * 20).map(lambda n: datetime(2099, 12, 20, tzinfo=UTC) + n * MINUTE),
)
PLACES = st.sampled_from([None, "norr", "natt"])


def works(moment: datetime, unit: str | None) -> bool:
    """Whether the minute that begins at `moment` is working time: looked up, not computed."""
    local = moment.astimezone(LOCAL_ZONE)
    if not CALENDAR.is_working_day(local.date(), unit):
        return False
    spans = WEEKS.get(unit, BOOK.hours[0]).days[local.weekday()]
    return any(span.start <= local.time() and (span.end is None or local.time() < span.end) for span in spans)


def slow_add(moment: datetime, minutes: int, unit: str | None) -> datetime:
    if minutes == 0:
        while not works(moment, unit):
            moment += MINUTE
        return moment
    left = abs(minutes)
    while True:
        if minutes < 0:
            moment -= MINUTE
        left -= works(moment, unit)
        if minutes > 0:
            moment += MINUTE
        if not left:
            return moment


@settings(max_examples=60)
@given(MOMENTS, st.integers(-900, 900), PLACES)
def test_adding_agrees_with_counting_minute_by_minute(moment, minutes, unit):
    assert CALENDAR.add_working_time(moment, minutes * MINUTE, unit) == slow_add(moment, minutes, unit)


@settings(max_examples=40)
@given(MOMENTS, st.integers(-6_000, 6_000), PLACES)
def test_between_agrees_with_counting_minute_by_minute(start, span, unit):
    end = start + span * MINUTE
    low, high = min(start, end), max(start, end)
    slow = sum(works(low + n * MINUTE, unit) for n in range(abs(span)))
    assert CALENDAR.working_time_between(start, end, unit) == (slow if high == end else -slow) * MINUTE


@given(MOMENTS, st.integers(1, 100_000), PLACES)
def test_adding_then_measuring_gives_the_same_time(moment, minutes, unit):
    end = CALENDAR.add_working_time(moment, minutes * MINUTE, unit)
    assert CALENDAR.working_time_between(moment, end, unit) == minutes * MINUTE


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


def test_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer():
    night = (Span(time(0), None),)
    round_the_clock = WorkingCalendar(CalendarBook(hours=(WeekHours((night,) * 5),)))
    # The clocks change on Sundays, when nobody works; so working time is the same over the weekend.
    assert round_the_clock.working_time_between(at("2026-03-27"), at("2026-03-31")) == timedelta(hours=48)
    assert round_the_clock.working_time_between(at("2026-10-23"), at("2026-10-27")) == timedelta(hours=48)
    assert round_the_clock.add_working_time(at("2026-10-23T23:00"), timedelta(hours=2)) == at("2026-10-26T01:00")


def test_the_office_opens_at_the_same_time_by_the_local_clock_before_and_after_a_change():
    assert CALENDAR.add_working_time(at("2026-03-27T11:15"), MINUTE) == at("2026-03-30T08:01")
    assert CALENDAR.add_working_time(at("2026-10-23T11:15"), MINUTE) == at("2026-10-26T08:01")


def test_a_day_filled_to_its_last_minute_ends_when_it_closes():
    assert CALENDAR.add_working_time(at("2026-11-23T08:00"), timedelta(hours=7.5)) == at("2026-11-23T16:30")
    assert CALENDAR.add_working_time(at("2026-11-23T16:30"), timedelta(hours=-7.5)) == at("2026-11-23T08:00")


@pytest.mark.parametrize(
    ("day", "unit", "closing"),
    [
        (date(2026, 11, 23), None, "2026-11-23T16:30"),
        (date(2026, 11, 27), None, "2026-11-27T11:15"),
        (date(2026, 11, 28), None, "2026-11-30T16:30"),
        (date(2026, 3, 30), "norr", "2026-03-31T16:30"),
        (date(2026, 11, 26), "natt", "2026-11-26T06:00"),
        (date(2026, 11, 27), "natt", "2026-12-02T00:00"),  # Friday and Monday have no hours; Tuesday ends at midnight
    ],
)
def test_a_working_day_ends_when_people_go_home(day, unit, closing):
    assert CALENDAR.closing(day, unit) == at(closing)


def test_an_absurd_amount_of_time_is_refused():
    with pytest.raises(InvalidInput, match="limit"):
        CALENDAR.add_working_time(at("2026-01-01"), timedelta(hours=50_001))
