"""Offsets of named time zones, for any year."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_GREGORIAN_CYCLE = 400


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=256)
def find_zone(name: str) -> ZoneInfo | None:
    """The zone of that IANA name, or None when there is none."""
    if len(name) > 64 or name not in _names():
        return None
    return ZoneInfo(name)


def _whole_seconds(offset: timedelta | None) -> int:
    return round(offset.total_seconds()) if offset is not None else 0


def _representative_year(year: int) -> int:
    # datetime knows years 1 to 9999; the calendar and the zone rules repeat every 400 years.
    if 2 <= year <= 9998:
        return year
    return 2000 + (year - 2000) % _GREGORIAN_CYCLE if year > 9998 else 2


@lru_cache(maxsize=4_096)
def offset_at_local(name: str, year: int, month: int, day: int, second_of_day: int) -> int:
    """Seconds east of UTC at a local moment (in a fold: the first; in a gap: the offset before it)."""
    zone = find_zone(name)
    if zone is None:
        return 0
    mapped = _representative_year(year)
    safe_day = min(day, 28) if mapped == 2 else day
    local = datetime(mapped, month, safe_day, tzinfo=zone) + timedelta(seconds=second_of_day)
    return _whole_seconds(local.utcoffset())


@lru_cache(maxsize=4_096)
def offset_at_utc(name: str, year: int, month: int, day: int, second_of_day: int) -> int:
    """Seconds east of UTC at a moment given in UTC."""
    zone = find_zone(name)
    if zone is None:
        return 0
    mapped = _representative_year(year)
    safe_day = min(day, 28) if mapped == 2 else day
    moment = datetime(mapped, month, safe_day, tzinfo=ZoneInfo("UTC")) + timedelta(seconds=second_of_day)
    return _whole_seconds(moment.astimezone(zone).utcoffset())


@lru_cache(maxsize=256)
def standard_offset(name: str) -> int:
    """Seconds east of UTC in the zone's standard time: what a time of day without a date is read in."""
    zone = find_zone(name)
    if zone is None:
        return 0
    january = datetime(2000, 1, 1, tzinfo=zone)
    # Ireland's winter time is, to the zone data, a summer time of less than nothing.
    dst = max(january.dst() or timedelta(0), timedelta(0))
    return _whole_seconds((january.utcoffset() or timedelta(0)) - dst)
