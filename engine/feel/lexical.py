"""From the texts of dates, times, durations and numbers to values; None for a text that is none."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.feel import numbers
from engine.feel.calendar import NANOSECONDS
from engine.feel.values import (
    MIDNIGHT,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)

_DATE = r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_ZONE = r"(?:([zZ])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?:\[([A-Za-z0-9_+/-]+)\])?|@([A-Za-z0-9_+/-]+))?"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,18}))?" + _ZONE
_DATE_PATTERN = re.compile(_DATE, re.ASCII)
_TIME_PATTERN = re.compile("T?" + _TIME, re.ASCII)
_DATE_TIME_PATTERN = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
_MONTHS_PATTERN = re.compile(r"(-)?P(?=[0-9])(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?", re.ASCII)
_DAYS_PATTERN = re.compile(
    r"(-)?P(?=[0-9T])(?:([0-9]{1,18})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]{0,18}))?S)?)?",
    re.ASCII,
)
_NUMBER_PATTERN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?", re.ASCII)


def parse_date(text: str) -> FeelDate | None:
    """`2026-01-31`."""
    match = _DATE_PATTERN.fullmatch(text)
    if match is None:
        return None
    try:
        return FeelDate(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _nanoseconds(fraction: str | None) -> int:
    return int((fraction or "").ljust(9, "0")[:9])


def _time_of(groups: tuple[str | None, ...]) -> FeelTime:
    hour, minute, second, fraction, utc, sign, east_hours, east_minutes, east_seconds, bracket, zone = groups
    offset: int | None = 0 if utc else None
    if sign:
        if int(east_minutes or 0) > 59 or int(east_seconds or 0) > 59:
            raise ValueError("the offset is wrong")
        offset = int(east_hours or 0) * 3600 + int(east_minutes or 0) * 60 + int(east_seconds or 0)
        offset = -offset if sign == "-" else offset
    if bracket:
        offset, zone = None, bracket
    return FeelTime(int(hour or 0), int(minute or 0), int(second or 0), _nanoseconds(fraction), offset, zone)


def parse_time(text: str) -> FeelTime | None:
    """`10:30:00`, with a fraction, `Z`, `+01:00` or `@Europe/Stockholm` when wanted."""
    match = _TIME_PATTERN.fullmatch(text)
    if match is None:
        return None
    try:
        return _time_of(match.groups())
    except ValueError:
        return None


def parse_date_time(text: str) -> FeelDateTime | None:
    """`2026-01-31T10:30:00`, its time as in `parse_time`; a date alone is its midnight."""
    match = _DATE_TIME_PATTERN.fullmatch(text)
    if match is None:
        date = parse_date(text)
        return FeelDateTime(date, MIDNIGHT) if date is not None else None
    groups = match.groups()
    try:
        return FeelDateTime(FeelDate(int(groups[0]), int(groups[1]), int(groups[2])), _time_of(groups[3:]))
    except ValueError:
        return None


def parse_duration(text: str) -> DaysTimeDuration | YearsMonthsDuration | None:
    """`P1Y2M` or `P1DT2H3M4.5S`, with a leading minus when wanted."""
    try:
        if match := _MONTHS_PATTERN.fullmatch(text):
            months = int(match[2] or 0) * 12 + int(match[3] or 0)
            return YearsMonthsDuration(-months if match[1] else months)
        if match := _DAYS_PATTERN.fullmatch(text):
            seconds = ((int(match[2] or 0) * 24 + int(match[3] or 0)) * 60 + int(match[4] or 0)) * 60
            nanoseconds = (seconds + int(match[5] or 0)) * NANOSECONDS + _nanoseconds(match[6])
            return DaysTimeDuration(-nanoseconds if match[1] else nanoseconds)
    except ValueError:
        return None
    return None


def parse_temporal(text: str) -> object:
    """What `@"..."` says: a date, a date and time, a time or a duration; None when it is none of them."""
    for parse in (parse_date, parse_time, parse_duration, parse_date_time):
        value = parse(text)
        if value is not None:
            return value
    return None


def parse_number(text: str) -> int | Decimal | None:
    """A decimal number with `.` and perhaps an exponent, rounded to 34 digits; None when out of range."""
    return numbers.from_text(text) if _NUMBER_PATTERN.fullmatch(text) else None
