"""Working hours: elapsed time within the hours of working days, over changes of the clocks too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from engine.clock import local_date
from engine.due import in_utc
from engine.errors import InvalidInput
from engine.working_time import Span, WeekHours
from timers.working_days import WorkingDays

MAX_WORKING_TIME = timedelta(hours=50_000)
_DAY, _NOTHING = timedelta(days=1), timedelta(0)
Interval = tuple[datetime, datetime]


class WorkingHours:
    """The moments (UTC) at which people of one place work: its working days, and the hours of each weekday."""

    def __init__(self, days: WorkingDays, week: WeekHours) -> None:
        """`week` has at least one span on one day."""
        self._days = days
        self._week = week

    def add(self, moment: datetime, duration: timedelta) -> datetime:
        """The moment (aware, UTC) `duration` of working time after `moment`, before it where negative.

        Nothing at all gives `moment` itself within working time, otherwise the next opening. A duration that fills a
        day to its last minute ends at its closing, not at the next opening. Raises InvalidInput for more than 50 000
        hours, or beyond the years of the calendar.
        """
        if abs(duration) > MAX_WORKING_TIME:
            raise InvalidInput(f"{duration} is more working time than the limit of {MAX_WORKING_TIME}.")
        moment = moment.astimezone(UTC)
        return self._back(moment, -duration) if duration < _NOTHING else self._ahead(moment, duration)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        total, day = _NOTHING, local_date(start)
        while day <= local_date(end):
            for opened, closed in self._intervals(day):
                total += max(_NOTHING, min(closed, end) - max(opened, start))
            day = self._days.add(day, 1)
        return total

    def closing(self, day: date) -> datetime:
        """When people go home on `day`, or on the next working day where nobody works then (aware, UTC)."""
        intervals: list[Interval] = []
        day = self._days.add(day, 0)
        while not intervals:
            intervals = list(self._intervals(day))
            day = self._days.add(day, 1)
        return intervals[-1][1]

    def _ahead(self, moment: datetime, left: timedelta) -> datetime:
        day = local_date(moment)
        while True:
            for opened, closed in self._intervals(day):
                start = max(opened, moment)
                if start < closed and (left <= closed - start):
                    return start + left
                left -= max(_NOTHING, closed - start)
            day = self._days.add(day, 1)

    def _back(self, moment: datetime, left: timedelta) -> datetime:
        day = local_date(moment)
        while True:
            for opened, closed in reversed(list(self._intervals(day))):
                end = min(closed, moment)
                if opened < end and (left <= end - opened):
                    return end - left
                left -= max(_NOTHING, end - opened)
            day = self._days.add(day, -1)

    def _intervals(self, day: date) -> Iterator[Interval]:
        if not self._days.is_working_day(day):
            return
        for span in self._week.days[day.weekday()]:
            yield _interval(day, span)


def _interval(day: date, span: Span) -> Interval:
    end = datetime.combine(day + _DAY, time()) if span.end is None else datetime.combine(day, span.end)
    return in_utc(datetime.combine(day, span.start)), in_utc(end)
