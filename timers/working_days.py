"""Working days by the Swedish almanac, less the days on which a place is closed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

from engine.errors import InvalidInput

MAX_WORKING_DAYS = 100_000
FIRST_YEAR, LAST_YEAR = 1900, 2200
_SATURDAY = 5


class WorkingDays:
    """Monday to Friday, less Swedish public holidays, the de facto eves and further closed days.

    Source: lag (1989:253) om allmänna helgdagar through the `holidays` library (categories public and de facto:
    midsummer's, Christmas and New Year's eve).
    """

    def __init__(self, closed: Iterable[date] = ()) -> None:
        """`closed`: further dates on which nobody works here."""
        self._closed = frozenset(closed)
        self._days = lru_cache(maxsize=512)(self._days_of)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` counts as a working day."""
        days = self._days(_checked(day).year)
        position = bisect_left(days, day)
        return position < len(days) and days[position] == day

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, when `count` is negative).

        `count` 0 gives `day` itself when it is a working day, otherwise the next one, so that a deadline never
        falls on a day when nobody works. Raises InvalidInput beyond 100 000 working days or the years 1900-2200.
        """
        if abs(count) > MAX_WORKING_DAYS:
            raise InvalidInput(f"{count} working days is more than the limit of {MAX_WORKING_DAYS}.")
        if count == 0:
            return day if self.is_working_day(day) else self.add(day, 1)
        return self._forward(day, count) if count > 0 else self._backward(day, -count)

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        total = 0
        _checked(end)
        for year in range(_checked(start).year, end.year + 1):
            days = self._days(year)
            low = bisect_right(days, start) if year == start.year else 0
            high = bisect_right(days, end) if year == end.year else len(days)
            total += high - low
        return total

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

    def _days_of(self, year: int) -> tuple[date, ...]:
        days = _almanac(year)
        return tuple(day for day in days if day not in self._closed) if self._closed else days


@lru_cache(maxsize=512)
def _almanac(year: int) -> tuple[date, ...]:
    off = holidays.country_holidays("SE", years=year, categories=("public", "de_facto"))
    first, length = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    every_day = (first + timedelta(days=n) for n in range(length))
    return tuple(day for day in every_day if day.weekday() < _SATURDAY and day not in off)


def _checked(day: date) -> date:
    _checked_year(day.year)
    return day


def _checked_year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput(f"The working calendar covers the years {FIRST_YEAR} to {LAST_YEAR}, not {year}.")
    return year
