"""The person's week: times that clash, and days on which nobody works."""

from __future__ import annotations

from datetime import date

import pytest

from processes.aktivitetskrav.weekly import Occupied, Slot, clashes, days_lost
from timers.calendar import WorkingCalendar


@pytest.mark.parametrize("text", ["mån 09:00-12:00", "sön 00:00-23:59"])
def test_a_time_is_read_as_it_is_written(text: str) -> None:
    assert str(Slot.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "mån", "mon 09:00-12:00", "mån 9-12", "mån 12:00-12:00", "mån 13:00-12:00", "mån 24:00-25:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|ends"):
        Slot.parse(text)


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("mån 09:00-12:00", "mån 11:00-13:00", True),
        ("mån 09:00-12:00", "mån 12:00-13:00", False),
        ("mån 09:00-12:00", "tis 09:00-12:00", False),
        ("mån 09:00-12:00", "mån 10:00-11:00", True),
    ],
)
def test_two_times_clash_when_they_share_time_on_a_weekday(one: str, other: str, clash: bool) -> None:
    assert Slot.parse(one).clashes_with(Slot.parse(other)) is clash
    assert Slot.parse(other).clashes_with(Slot.parse(one)) is clash


def test_clashes_are_told_in_words() -> None:
    week = [Occupied("Språkkafé", [Slot.parse("tis 09:00-10:00")]), Occupied("Utan tider", [])]
    assert list(clashes([Slot.parse("tis 09:30-12:00"), Slot.parse("ons 09:00-10:00")], week)) == [
        "tis 09:30-12:00 krockar med Språkkafé (tis 09:00-10:00)"
    ]


def test_holidays_on_which_a_time_falls_are_lost_and_weekends_only_where_it_falls_on_them() -> None:
    slots = [Slot.parse("tor 09:00-12:00"), Slot.parse("fre 09:00-12:00")]
    assert days_lost(slots, date(2026, 12, 21), 2, WorkingCalendar()) == [
        *(date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31), date(2027, 1, 1)),
    ]
