"""Calendar months: written form, order, arithmetic."""

from __future__ import annotations

from datetime import date

import pytest

from processes.aktivitetskrav.calendar_month import Month, months_from


def test_a_month_is_read_and_written_alike() -> None:
    assert str(Month.parse("2026-07")) == "2026-07"
    assert Month.of(date(2026, 7, 31)) == Month(2026, 7)
    assert Month(2026, 7).first_day == date(2026, 7, 1)


@pytest.mark.parametrize("text", ["2026-7", "2026-13", "2026-00", "0000-01", "202607", "2026-07-01", "", "٢٠٢٦-07"])
def test_anything_else_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        Month.parse(text)


def test_months_step_over_new_year_and_are_ordered() -> None:
    assert Month(2026, 12).plus(1) == Month(2027, 1)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert Month(2026, 12) < Month(2027, 1)
    assert [str(month) for month in months_from(Month(2026, 11), 3)] == ["2026-11", "2026-12", "2027-01"]
