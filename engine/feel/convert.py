"""From Python's values to FEEL's and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel import numbers
from engine.feel.calendar import NANOSECONDS
from engine.feel.errors import FeelLimitError
from engine.feel.values import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelFunction,
    FeelRange,
    FeelTime,
    YearsMonthsDuration,
)

ATOMS: frozenset[type] = frozenset(
    {
        type(None),
        bool,
        int,
        str,
        FeelDate,
        FeelTime,
        FeelDateTime,
        DaysTimeDuration,
        YearsMonthsDuration,
        FeelRange,
        FeelFunction,
    }
)
"""Types whose values need no conversion."""

MAX_VALUE_DEPTH = 200


def adopt(value: object) -> object:
    """The FEEL value for a Python value; lists and contexts that need no change are the same objects.

    Raises FeelLimitError for values nested too deeply, TypeError for what FEEL has no value for.
    """
    return _adopt(value, 0)


from_python = adopt


def _adopt(value: object, depth: int) -> object:
    kind = type(value)
    if kind in ATOMS:
        return value
    if depth > MAX_VALUE_DEPTH:
        raise FeelLimitError(f"a value may be nested {MAX_VALUE_DEPTH} deep")
    if kind is list:
        assert isinstance(value, list)
        items = [_adopt(item, depth + 1) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if kind is dict:
        assert isinstance(value, dict)
        entries = {str(key): _adopt(item, depth + 1) for key, item in value.items()}
        same = all(type(key) is str and entries[key] is item for key, item in value.items())
        return value if same else entries
    return _adopt_other(value, depth)


def _adopt_other(value: object, depth: int) -> object:
    match value:
        case Decimal():
            if not value.is_finite():
                return None
            settled = numbers.settle(value)
            return value if settled == value and len(value.as_tuple().digits) <= 34 else settled
        case bool() | None:
            return value
        case int():
            return int(value)
        case float():
            return numbers.from_float(value)
        case str():
            return str(value)
        case tuple():
            return [_adopt(item, depth + 1) for item in value]
        case Mapping():
            return {str(key): _adopt(item, depth + 1) for key, item in value.items()}
        case FeelFunction():
            return value
        case dt.datetime() | dt.date() | dt.time() | dt.timedelta():
            return _adopt_temporal(value)
    raise TypeError(f"FEEL has no value for a {type(value).__name__}")


def _zone_of(zone: dt.tzinfo | None, offset: dt.timedelta | None) -> tuple[int | None, str | None]:
    if zone is None:
        return None, None
    key = getattr(zone, "key", None)
    if isinstance(key, str) and key != "UTC":
        return None, key
    return round((offset or dt.timedelta(0)).total_seconds()), None


def _adopt_temporal(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> object:
    if isinstance(value, dt.datetime):
        offset, zone = _zone_of(value.tzinfo, value.utcoffset())
        time = FeelTime(value.hour, value.minute, value.second, value.microsecond * 1000, offset, zone)
        return FeelDateTime(FeelDate(value.year, value.month, value.day), time)
    if isinstance(value, dt.date):
        return FeelDate(value.year, value.month, value.day)
    if isinstance(value, dt.time):
        offset, zone = _zone_of(value.tzinfo, value.utcoffset())
        return FeelTime(value.hour, value.minute, value.second, value.microsecond * 1000, offset, zone)
    microseconds = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    return DaysTimeDuration(microseconds * 1000)


def _tzinfo(offset: int | None, zone: str | None) -> dt.tzinfo | None:
    if zone is not None:
        return ZoneInfo(zone)
    return None if offset is None else dt.timezone(dt.timedelta(seconds=offset))


def to_python(value: object) -> object:
    """The nearest value of Python's own: `datetime` types with microseconds, lists and dicts converted within.

    Years-and-months durations, ranges and functions stay FEEL's, as Python has none.
    Raises ValueError for a year that `datetime` cannot hold.
    """
    match value:
        case FeelDate():
            return dt.date(value.year, value.month, value.day)
        case FeelTime():
            zone = _tzinfo(value.offset, value.zone)
            return dt.time(value.hour, value.minute, value.second, value.nanosecond // 1000, zone)
        case FeelDateTime():
            day, time = value.date, value.time
            zone = _tzinfo(time.offset, time.zone)
            return dt.datetime(
                day.year, day.month, day.day, time.hour, time.minute, time.second, time.nanosecond // 1000, zone
            )
        case DaysTimeDuration():
            seconds, rest = divmod(value.nanoseconds, NANOSECONDS)
            return dt.timedelta(seconds=seconds, microseconds=rest // 1000)
        case list():
            return [to_python(item) for item in value]
        case dict():
            return {key: to_python(item) for key, item in value.items()}
    return value
