"""The working calendar: which days and hours count, in the municipality, an organisation or a unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from engine.errors import NotFound
from engine.working_time import OFFICE_HOURS, CalendarBook, Closure, WeekHours
from timers.working_days import WorkingDays
from timers.working_hours import WorkingHours

_STATUTORY = WorkingDays()


class UnknownPlace(NotFound):
    """No organisation or unit has this name."""

    code = "UNKNOWN_PLACE"


class WorkingCalendar:
    """Fulfils the engine's Calendar protocol; `unit` may name an organisation too.

    A unit has the municipality's closed days, its organisation's and its own; the working hours are the unit's own,
    else its organisation's, else the municipality's. Without a unit only what holds everywhere counts.
    """

    def __init__(self, book: CalendarBook | None = None) -> None:
        """`book`: closed days and hours (calendar.toml); without it nobody closes, and hours are 08:00 to 17:00."""
        self._book = book or CalendarBook()
        self._days = lru_cache(maxsize=None)(self._days_of)
        self._hours = lru_cache(maxsize=None)(self._hours_of)

    def is_working_day(self, day: date, unit: str | None = None) -> bool:
        """Whether people work on `day`."""
        return self._days(unit).is_working_day(day)

    def add_working_days(self, day: date, count: int, unit: str | None = None) -> date:
        """The `count`-th working day after `day` (before it, when `count` is negative).

        `count` 0 gives `day` itself when it is a working day, otherwise the next one, so that a deadline never
        falls on a day when nobody works. Raises InvalidInput beyond 100 000 working days or the years 1900-2200,
        UnknownPlace for a unit that there is not.
        """
        return self._days(unit).add(day, count)

    def working_days_between(self, start: date, end: date, unit: str | None = None) -> int:
        """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
        return self._days(unit).between(start, end)

    def add_working_time(self, moment: datetime, duration: timedelta, unit: str | None = None) -> datetime:
        """The moment (aware, UTC) so much working time after `moment`; see WorkingHours.add."""
        return self._hours(unit).add(moment, duration)

    def working_time_between(self, start: datetime, end: datetime, unit: str | None = None) -> timedelta:
        """How much working time lies between two moments; negative when `end` is earlier."""
        return self._hours(unit).between(start, end)

    def closing(self, day: date, unit: str | None = None) -> datetime:
        """When people go home on `day`, or on the next working day where nobody works then (aware, UTC)."""
        return self._hours(unit).closing(day)

    def statutory_day(self, day: date) -> date:
        """The day on which a time set by law ends that would end on `day`: that day, or the next weekday.

        No office's own closed day counts here. Source: lag (1930:173) om beräkning av lagstadgad tid, 2 §: Saturdays,
        Sundays, public holidays, midsummer's, Christmas and New Year's eve move to the next weekday.
        """
        return _STATUTORY.add(day, 0)

    def _days_of(self, unit: str | None) -> WorkingDays:
        scopes = self._scopes(unit)
        closed = [day for closure in self._book.closures if closure.of in scopes for day in _days(closure)]
        return WorkingDays(closed) if closed else _STATUTORY

    def _hours_of(self, unit: str | None) -> WorkingHours:
        known: dict[str | None, WeekHours] = {hours.of: hours for hours in self._book.hours}
        chosen = next((known[scope] for scope in self._scopes(unit) if scope in known), OFFICE_HOURS)
        return WorkingHours(self._days(unit), chosen)

    def _scopes(self, unit: str | None) -> tuple[str | None, ...]:
        """Where to look, nearest first."""
        if unit is None or not self._book.belongs:
            return (None,)
        if unit not in self._book.belongs:
            raise UnknownPlace(f"Det finns ingen enhet eller organisation '{unit}'.")
        return (unit, self._book.belongs[unit], None)


def _days(closure: Closure) -> Iterator[date]:
    for number in range((closure.last - closure.first).days + 1):
        yield closure.first + timedelta(days=number)
