"""The Swedish working calendar: which dates count when a deadline is given in working days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

from engine.errors import InvalidInput

MAX_WORKING_DAYS = 100_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_SATURDAY = 5


class WorkingCalendar:
    """Monday to Friday, less Swedish public holidays, the de facto eves and the organisation's own closed days.

    Source: lag (1989:253) om allmänna helgdagar through the `holidays` library (categories public and de facto:
    midsummer's, Christmas and New Year's eve); own closed days are given by whoever configures the organisation.
    """

    def __init__(self, closed: Iterable[date] = ()) -> None:
        """`closed`: further dates on which this organisation does not work."""
        self._closed = frozenset(closed)
        self._days = lru_cache(maxsize=512)(self._working_days_of)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` counts as a working day."""
        days = self._days(_checked(day).year)
        position = bisect_left(days, day)
        return position < len(days) and days[position] == day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, when `count` is negative).

        `count` 0 gives `day` itself when it is a working day, otherwise the next one, so that a deadline never
        falls on a day when nobody works. Raises InvalidInput beyond 100 000 working days or the years 1900-2200.
        """
        if abs(count) > MAX_WORKING_DAYS:
            raise InvalidInput(f"{count} working days is more than the limit of {MAX_WORKING_DAYS}.")
        if count == 0:
            return day if self.is_working_day(day) else self.add_working_days(day, 1)
        return self._forward(day, count) if count > 0 else self._backward(day, -count)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        total = 0
        for year in range(_checked(start).year, _checked(end).year + 1):
            days = self._days(year)
            low = bisect_right(days, start) if year == start.year else 0
            high = bisect_right(days, end) if year == end.year else len(days)
            total += high - low
        return total

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is a working day, otherwise the first one after it."""
        return self.add_working_days(day, 0)

    def _forward(self, day: date, count: int) -> date:
        year = _checked(day).year
        days = self._days(year)
        position = bisect_right(days, day) + count - 1
        while position >= len(days):
            position -= len(days)
            year += 1
            days = self._days(_checked_year(year))
        return days[position]

    def _backward(self, day: date, count: int) -> date:
        year = _checked(day).year
        days = self._days(year)
        position = bisect_left(days, day) - count
        while position < 0:
            year -= 1
            days = self._days(_checked_year(year))
            position += len(days)
        return days[position]

    def _working_days_of(self, year: int) -> tuple[date, ...]:
        off = holidays.country_holidays("SE", years=year, categories=("public", "de_facto"))
        first, length = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
        every_day = (first + timedelta(days=n) for n in range(length))
        return tuple(d for d in every_day if d.weekday() < _SATURDAY and d not in off and d not in self._closed)


def _checked(day: date) -> date:
    _checked_year(day.year)
    return day


def _checked_year(year: int) -> int:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise InvalidInput(f"The working calendar covers the years {_FIRST_YEAR} to {_LAST_YEAR}, not {year}.")
    return year
