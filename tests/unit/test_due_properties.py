"""Due-time arithmetic against an oracle that steps by day and looks at every minute, until the year 2100."""

import calendar
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import LOCAL_ZONE
from engine.due import Period, TimerForm, add, deadline_of, in_utc, schedule
from engine.feel import FeelDate

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DATES = st.one_of(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.sampled_from(  # where it goes wrong: changes of the clocks, ends of months, leap days
        [
            date(2026, 3, 28),
            date(2026, 3, 29),
            date(2026, 10, 24),
            date(2026, 10, 25),
            date(2026, 1, 31),
            date(2026, 12, 31),
            date(2028, 2, 29),
            date(2027, 12, 29),
            date(2100, 2, 28),
            date(2096, 2, 29),
        ]
    ),
)
FACES = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day) + minute * MINUTE,  # noqa: DTZ001 a clock's face
    DATES,
    st.one_of(st.integers(0, 24 * 60 - 1), st.integers(90, 210)),
)
MONTHS = st.integers(0, 40)


def slow_utc(face: datetime) -> datetime:
    """The first minute at which the Swedish clocks show `face`, or have gone past it."""
    moment = face.replace(tzinfo=UTC) - timedelta(hours=4)
    while moment.astimezone(LOCAL_ZONE).replace(tzinfo=None) < face:
        moment += MINUTE
    return moment


def slow_months(face: datetime, months: int) -> datetime:
    """So many months later, month by month from the same day, its last day where it is too short."""
    year, month = face.year, face.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return face.replace(year=year, month=month, day=min(face.day, calendar.monthrange(year, month)[1]))


def slow_add(face: datetime, months: int, days: int, minutes: int) -> datetime:
    moved = slow_months(face, months)
    for _ in range(days):
        moved += DAY
    return slow_utc(moved) + minutes * MINUTE


@given(FACES)
def test_a_local_time_is_the_first_moment_that_shows_it_or_follows_the_gap(face):
    assert in_utc(face) == slow_utc(face)


@given(FACES, MONTHS, st.integers(0, 400), st.integers(0, 100_000))
def test_adding_agrees_with_stepping_on_the_calendar(face, months, days, minutes):
    start = slow_utc(face)
    shown = start.astimezone(LOCAL_ZONE).replace(tzinfo=None)  # in a gap the clocks show something later
    assert add(start, Period(months, days, minutes * 60_000_000)) == slow_add(shown, months, days, minutes)


@given(DATES, MONTHS)
def test_months_keep_the_time_of_day_whatever_the_clocks_do(day, months):
    start = in_utc(datetime(day.year, day.month, day.day, 9))  # noqa: DTZ001 a clock's face
    due = schedule(TimerForm.DURATION, f"P{months}M", start).due.astimezone(LOCAL_ZONE)
    assert (due.hour, due.minute) == (9, 0)


@given(DATES)
def test_a_deadline_on_a_date_lasts_until_that_days_last_minute_and_no_longer(day):
    deadline = deadline_of(FeelDate(day.year, day.month, day.day))
    assert (deadline - MINUTE).astimezone(LOCAL_ZONE).date() == day
    assert deadline.astimezone(LOCAL_ZONE).date() == day + DAY


PERIODS = st.sampled_from([("P1M", 1, 0), ("P3M", 3, 0), ("P1Y", 12, 0), ("P1D", 0, 1), ("P2W", 0, 14)])


@settings(max_examples=40)
@given(FACES, PERIODS, st.integers(0, 1_500))
def test_the_next_turn_of_a_cycle_is_the_first_of_its_series_after_now(face, period, days):
    text, months, step = period
    anchor = slow_utc(face)
    shown = anchor.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    now = anchor + days * DAY
    first = schedule(TimerForm.CYCLE, f"R/{text}", anchor)
    turn, due = 1, slow_utc(slow_months(shown, months) + step * DAY)
    assert first.due == due
    while due <= max(now, first.due):
        turn += 1
        due = slow_utc(slow_months(shown, months * turn) + step * turn * DAY)
    following = first.next_after(now)
    assert following is not None
    assert (following.turn, following.due) == (turn, due)


@settings(max_examples=40)
@given(FACES, st.integers(1, 40), st.integers(0, 50))
def test_a_series_of_so_many_turns_has_exactly_those_each_from_its_anchor(face, turns, late):
    anchor = slow_utc(face)
    shown = anchor.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    found, turn = [], schedule(TimerForm.CYCLE, f"R{turns}/P1M", anchor)
    while turn is not None:
        found.append(turn.due)
        turn = turn.next_after(turn.due + late * MINUTE)  # fired a little late: nothing is skipped, nothing drifts
    assert found == [slow_utc(slow_months(shown, number + 1)) for number in range(turns)]
