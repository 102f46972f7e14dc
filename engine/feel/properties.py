"""`value.name`: entries of contexts and the properties of dates, times, durations and ranges (tables 64 to 67)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine.feel.calendar import NANOSECONDS
from engine.feel.errors import EvaluationProblem
from engine.feel.types import type_name
from engine.feel.values import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelRange,
    FeelTime,
    YearsMonthsDuration,
)


def _sign(value: int) -> int:
    return -1 if value < 0 else 1


def _seconds(whole: int, nanosecond: int) -> int | Decimal:
    return whole if not nanosecond else Decimal(whole * NANOSECONDS + nanosecond).scaleb(-9)


def _offset(seconds: int | None) -> DaysTimeDuration | None:
    return None if seconds is None else DaysTimeDuration.of_seconds(seconds)


def _duration_second(value: DaysTimeDuration) -> int | Decimal:
    seconds, fraction = divmod(abs(value.nanoseconds), NANOSECONDS)
    return _seconds(seconds % 60, fraction) * _sign(value.nanoseconds)


def _part(value: DaysTimeDuration, unit: int, within: int | None) -> int:
    amount: int = abs(value.nanoseconds) // NANOSECONDS // unit
    return (amount if within is None else amount % within) * _sign(value.nanoseconds)


_PROPERTIES: dict[type, dict[str, Callable[..., object]]] = {
    FeelDate: {
        "year": lambda value: value.year,
        "month": lambda value: value.month,
        "day": lambda value: value.day,
        "weekday": lambda value: value.weekday,
    },
    FeelTime: {
        "hour": lambda value: value.hour,
        "minute": lambda value: value.minute,
        "second": lambda value: _seconds(value.second, value.nanosecond),
        "time offset": lambda value: _offset(value.effective_offset),
        "timezone": lambda value: value.zone,
    },
    FeelDateTime: {
        "year": lambda value: value.date.year,
        "month": lambda value: value.date.month,
        "day": lambda value: value.date.day,
        "weekday": lambda value: value.date.weekday,
        "hour": lambda value: value.time.hour,
        "minute": lambda value: value.time.minute,
        "second": lambda value: _seconds(value.time.second, value.time.nanosecond),
        "time offset": lambda value: _offset(value.offset),
        "timezone": lambda value: value.time.zone,
    },
    YearsMonthsDuration: {
        "years": lambda value: abs(value.months) // 12 * _sign(value.months),
        "months": lambda value: abs(value.months) % 12 * _sign(value.months),
    },
    DaysTimeDuration: {
        "days": lambda value: _part(value, 86_400, None),
        "hours": lambda value: _part(value, 3_600, 24),
        "minutes": lambda value: _part(value, 60, 60),
        "seconds": _duration_second,
    },
    FeelRange: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}


def property_of(value: object, name: str) -> object:
    """The entry or property of that name. Raises EvaluationProblem when there is none."""
    if type(value) is dict:
        if name in value:
            return value[name]
        raise EvaluationProblem(f"the context has no entry {name!r}")
    if value is None:
        raise EvaluationProblem(f"null has no entry {name!r}")
    getter = _PROPERTIES.get(type(value), {}).get(name)
    if getter is None:
        raise EvaluationProblem(f"a {type_name(value)} has no property {name!r}", "UNKNOWN_PROPERTY")
    return getter(value)
