"""Quarters: written, parsed, counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from processes.aktivitetskrav.quarter import Quarter


@pytest.mark.parametrize("day", [date(2027, 1, 1) + timedelta(days=each) for each in range(0, 730, 13)])
def test_a_day_lies_in_its_quarter_and_the_quarters_leave_no_gap(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.before.last_day == quarter.first_day - timedelta(days=1)
    assert Quarter.parse(str(quarter)) == quarter


@pytest.mark.parametrize("text", ["", "2027", "2027-K0", "2027-K5", "2027-Q1", "0000-K1", "2027-K1 "])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a quarter"):
        Quarter.parse(text)
