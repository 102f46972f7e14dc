"""The only place that reads the wall clock; everything else is given a Clock."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Europe/Stockholm")


class Clock(Protocol):
    """Tells the time: aware, in UTC."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told to; drives tests, scenarios, seeding and simulation."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, which must be aware."""
        self._lock = threading.Lock()
        self._now = _in_utc(start)

    def now(self) -> datetime:
        """The moment the clock was last set to, in UTC."""
        with self._lock:
            return self._now

    def set(self, moment: datetime) -> None:
        """Jump to `moment` (aware), forwards or backwards."""
        with self._lock:
            self._now = _in_utc(moment)

    def advance(self, step: timedelta) -> None:
        """Move by `step` of elapsed time."""
        with self._lock:
            self._now += step


def local_date(moment: datetime) -> date:
    """The calendar date of `moment` in Europe/Stockholm."""
    return moment.astimezone(LOCAL_ZONE).date()


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a clock needs an aware datetime")
    return moment.astimezone(UTC)
