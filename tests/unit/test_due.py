"""Due times: the Swedish calendar, clamped months, clock changes, cycles counted from their anchor."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.due import (
    InvalidTimer,
    Period,
    Schedule,
    TimerForm,
    add,
    deadline_of,
    in_utc,
    moment_of,
    period_of,
    schedule,
)
from engine.feel import DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration

DAY = 86_400 * 10**9


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "duration", "due"),
    [
        ("2026-01-31T08:00", "P1M", "2026-02-28T08:00"),
        ("2028-01-31T08:00", "P1M", "2028-02-29T08:00"),
        ("2026-01-31T08:00", "P2M", "2026-03-31T07:00"),  # 09:00 in Stockholm before and after the spring change
        ("2026-01-15T08:00", "P3M", "2026-04-15T07:00"),
        ("2026-03-28T08:00", "P1D", "2026-03-29T07:00"),
        ("2026-03-28T08:00", "PT24H", "2026-03-29T08:00"),
        ("2026-10-24T07:00", "P1D", "2026-10-25T08:00"),
        ("2026-10-24T07:00", "PT24H", "2026-10-25T07:00"),
        ("2028-02-29T08:00", "P1Y", "2029-02-28T08:00"),
        ("2026-01-01T08:00", "P2W", "2026-01-15T08:00"),
        ("2026-01-01T08:00", "P1Y2M10DT2H30M5.25S", "2027-03-11T10:30:05.250"),
        ("2026-03-31T07:00", "-P1M", "2026-02-28T08:00"),
        ("2026-01-01T08:00", "PT0S", "2026-01-01T08:00"),
        (
            "2026-03-28T01:30",
            "P1D",
            "2026-03-29T01:00",
        ),  # 02:30 does not exist that day: the first moment after the gap
        ("2026-10-24T00:30", "P1D", "2026-10-25T00:30"),  # 02:30 exists twice: the first
    ],
)
def test_a_duration_counts_on_the_swedish_calendar(now: str, duration: str, due: str) -> None:
    assert schedule(TimerForm.DURATION, duration, at(now)) == Schedule(at(due))


@pytest.mark.parametrize(
    ("value", "due"),
    [
        (YearsMonthsDuration(1), "2026-02-28T08:00"),
        (DaysTimeDuration(60 * DAY), "2026-04-01T07:00"),
        (DaysTimeDuration(60 * DAY + 3_600 * 10**9), "2026-04-01T08:00"),
        (DaysTimeDuration(-DAY), "2026-01-30T08:00"),
    ],
)
def test_feel_durations_count_whole_days_on_the_calendar(value: object, due: str) -> None:
    assert schedule(TimerForm.DURATION, value, at("2026-01-31T08:00")).due == at(due)


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("2026-06-01", "2026-05-31T22:00"),
        ("2026-06-01T12:00", "2026-06-01T10:00"),
        ("2026-06-01T12:00:30.5", "2026-06-01T10:00:30.500"),
        ("2026-06-01T12:00Z", "2026-06-01T12:00"),
        ("2026-06-01T12:00:00+05:30", "2026-06-01T06:30"),
        ("2026-06-01T12:00:00+0530", "2026-06-01T06:30"),
        ("2026-06-01T12:00:00[Europe/London]", "2026-06-01T11:00"),
        ("2026-06-01T12:00:00+02:00[Europe/Stockholm]", "2026-06-01T10:00"),
        ("2026-03-29T02:15", "2026-03-29T01:00"),
        ("2026-10-25T02:15", "2026-10-25T00:15"),
        (FeelDate(2026, 6, 1), "2026-05-31T22:00"),
        (FeelDateTime(FeelDate(2026, 6, 1), FeelTime(12, 0, 0)), "2026-06-01T10:00"),
        (FeelDateTime(FeelDate(2026, 6, 1), FeelTime(12, 0, 0, 0, 3600)), "2026-06-01T11:00"),
        (FeelDateTime(FeelDate(2026, 6, 1), FeelTime(12, 0, 0, 0, None, "Europe/London")), "2026-06-01T11:00"),
    ],
)
def test_a_date_is_read_with_its_zone_or_the_swedish(value: object, due: str) -> None:
    assert schedule(TimerForm.DATE, value, at("2026-01-01T00:00")).due == at(due)
    assert moment_of(value) == at(due)


def turns(value: object, now: str, count: int) -> list[datetime]:
    """The first turns, each fired on time."""
    found = []
    turn: Schedule | None = schedule(TimerForm.CYCLE, value, at(now))
    while turn is not None and len(found) < count:
        found.append(turn.due)
        turn = turn.next_after(turn.due)
    return found


@pytest.mark.parametrize(
    ("cycle", "due"),
    [
        ("R3/PT1H", ["2026-01-31T09:00", "2026-01-31T10:00", "2026-01-31T11:00"]),
        ("R1/PT1H", ["2026-01-31T09:00"]),
        ("R/P1M", ["2026-02-28T08:00", "2026-03-31T07:00", "2026-04-30T07:00", "2026-05-31T07:00"]),
        ("R/2026-01-31T09:00/P1M", ["2026-01-31T08:00", "2026-02-28T08:00", "2026-03-31T07:00", "2026-04-30T07:00"]),
        ("R2/2026-02-10/P1D", ["2026-02-09T23:00", "2026-02-10T23:00"]),
        ("R/P1D/2026-02-02T09:00", ["2026-02-01T08:00", "2026-02-02T08:00"]),
        (
            "R/2026-01-31T09:00/2026-01-31T11:00",
            ["2026-01-31T08:00", "2026-01-31T10:00", "2026-01-31T12:00", "2026-01-31T14:00"],
        ),
        (YearsMonthsDuration(12), ["2027-01-31T08:00", "2028-01-31T08:00", "2029-01-31T08:00", "2030-01-31T08:00"]),
    ],
)
def test_a_cycle_counts_each_turn_from_its_anchor(cycle: object, due: list[str]) -> None:
    assert turns(cycle, "2026-01-31T08:00", 4) == [at(text) for text in due]


@pytest.mark.parametrize(
    ("fired", "turn", "due"),
    [
        ("2026-02-28T08:00", 2, "2026-03-31T07:00"),
        ("2026-03-31T06:59", 2, "2026-03-31T07:00"),
        ("2026-03-31T07:00", 3, "2026-04-30T07:00"),
        ("2026-12-24T07:00", 11, "2026-12-31T08:00"),
        ("2026-02-01T07:00", 2, "2026-03-31T07:00"),  # fired by hand before its time
    ],
)
def test_missed_turns_are_one_and_the_next_lies_after_now(fired: str, turn: int, due: str) -> None:
    following = schedule(TimerForm.CYCLE, "R/P1M", at("2026-01-31T08:00")).next_after(at(fired))
    assert following is not None
    assert (following.turn, following.due) == (turn, at(due))


def test_missed_turns_count_as_done() -> None:
    assert schedule(TimerForm.CYCLE, "R3/P1D", at("2026-01-31T08:00")).next_after(at("2026-02-10T08:00")) is None


def test_a_long_downtime_of_a_short_cycle_is_found_at_once() -> None:
    following = schedule(TimerForm.CYCLE, "R/PT1S", at("2026-01-01T00:00")).next_after(at("2036-01-01T00:00"))
    assert following is not None
    assert following.due == at("2036-01-01T00:00:01")


def test_a_single_time_has_no_next_turn() -> None:
    assert schedule(TimerForm.DURATION, "P1D", at("2026-01-31T08:00")).next_after(at("2026-03-01T08:00")) is None


@pytest.mark.parametrize(
    ("form", "value"),
    [
        *(
            (TimerForm.DURATION, value)
            for value in ("", "P", "PT", "1D", "P1H", "P-1D", "P1.5D", None, 5, True, [], {})
        ),
        *((TimerForm.DURATION, value) for value in (FeelDate(2026, 1, 1), "P9999999D", "2026-01-01", "R/P1D")),
        *(
            (TimerForm.DATE, value)
            for value in ("", "i dag", "2026-13-01", "2026-02-30", "2026-01-01T25:00", "P1D", None, 1)
        ),
        *(
            (TimerForm.DATE, value)
            for value in ("2026-01-01T10:00[Mars/Olympus]", "2026-01-01T10:00+99:00", "20260101")
        ),
        *((TimerForm.DATE, value) for value in (YearsMonthsDuration(1), FeelDate(10_000, 1, 1), FeelDate(-1, 1, 1))),
        *(
            (TimerForm.CYCLE, value)
            for value in ("", "R", "R/", "P1D", "R0/P1D", "R-1/P1D", "R/PT0S", "R/-P1D", None, 3)
        ),
        *((TimerForm.CYCLE, value) for value in ("0 9 * * 1", "0 0 9 * * *", "@daily", "R/2026-01-02/2026-01-01")),
        *((TimerForm.CYCLE, value) for value in (DaysTimeDuration(0), DaysTimeDuration(-DAY), "R/P1D/2020-01-01")),
    ],
)
def test_anything_else_is_an_invalid_timer(form: TimerForm, value: object) -> None:
    with pytest.raises(InvalidTimer) as caught:
        schedule(form, value, at("2026-01-31T08:00"))
    assert caught.value.code == "INVALID_TIMER"
    assert caught.value.message


def test_cron_is_refused_by_name() -> None:
    with pytest.raises(InvalidTimer, match="cron"):
        schedule(TimerForm.CYCLE, "0 9 * * 1", at("2026-01-31T08:00"))


def test_every_local_minute_of_the_year_becomes_a_moment_that_shows_it_or_follows_a_gap() -> None:
    previous = None
    local = datetime(2026, 3, 29, 0, 0)  # noqa: DTZ001
    while local < datetime(2026, 3, 29, 5, 0):  # noqa: DTZ001
        moment = in_utc(local)
        assert previous is None or moment >= previous
        previous = moment
        local += timedelta(minutes=1)


def test_a_period_adds_months_before_days() -> None:
    assert add(at("2026-01-31T08:00"), Period(1, 1, 0)) == at("2026-03-01T08:00")
    assert period_of("P1Y1M1W1DT1H1M1.5S") == Period(13, 8, 3_661_500_000)


def test_a_deadline_on_a_date_is_kept_until_the_day_ends_whatever_the_clocks_do():
    assert deadline_of(FeelDate(2026, 10, 25)) == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)
    assert deadline_of("2026-03-29") == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert deadline_of("2026-03-29T12:00") == datetime(2026, 3, 29, 10, 0, tzinfo=UTC)
