"""What `string()` says of a value."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.feel import numbers
from engine.feel.calendar import NANOSECONDS
from engine.feel.errors import FeelLimitError
from engine.feel.names import is_simple
from engine.feel.values import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelFunction,
    FeelRange,
    FeelTime,
    RangeForm,
    YearsMonthsDuration,
)

MAX_TEXT = 1_000_000
_MAX_DEPTH = 200
_QUOTED = re.compile(r'["\\]')


def to_text(value: object, limit: int = MAX_TEXT) -> str:
    """The FEEL text of a value; `null` for null, as inside lists.

    Raises FeelLimitError when the text would be longer than `limit` characters or the value is nested too deeply.
    """
    writer = _Writer(limit)
    writer.write(value, 0, is_inner=False)
    return "".join(writer.parts)


def date_text(value: FeelDate) -> str:
    """`2026-01-31`."""
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def offset_text(offset: int) -> str:
    """`Z`, `+01:00`, or with seconds where there are any."""
    if offset == 0:
        return "Z"
    hours, rest = divmod(abs(offset), 3600)
    minutes, seconds = divmod(rest, 60)
    tail = f":{seconds:02d}" if seconds else ""
    return f"{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}{tail}"


def time_text(value: FeelTime) -> str:
    """`10:30:00`, then the fraction, offset or zone it has."""
    text = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}"
    if value.nanosecond:
        text += f".{value.nanosecond:09d}".rstrip("0")
    if value.zone is not None:
        return f"{text}@{value.zone}"
    return text if value.offset is None else text + offset_text(value.offset)


def days_time_text(value: DaysTimeDuration) -> str:
    """`P1DT2H3M4.5S`, normalised; `PT0S` for none."""
    total = abs(value.nanoseconds)
    seconds, fraction = divmod(total, NANOSECONDS)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    tail = f".{fraction:09d}".rstrip("0") if fraction else ""
    time = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "")
    time += f"{second}{tail}S" if second or fraction else ""
    body = (f"{days}D" if days else "") + (f"T{time}" if time else "")
    return ("-" if value.nanoseconds < 0 else "") + "P" + (body or "T0S")


def years_months_text(value: YearsMonthsDuration) -> str:
    """`P1Y2M`, normalised; `P0M` for none."""
    years, months = divmod(abs(value.months), 12)
    body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.months < 0 else "") + "P" + (body or "0M")


class _Writer:
    def __init__(self, limit: int) -> None:
        self.parts: list[str] = []
        self._left = limit

    def put(self, text: str) -> None:
        self._left -= len(text)
        if self._left < 0:
            raise FeelLimitError("the text of the value is too long")
        self.parts.append(text)

    def write(self, value: object, depth: int, *, is_inner: bool) -> None:
        if depth > _MAX_DEPTH:
            raise FeelLimitError(f"a value may be nested {_MAX_DEPTH} deep")
        match value:
            case str():
                self.put('"' + _QUOTED.sub(r"\\\g<0>", value) + '"' if is_inner else value)
            case list():
                self._write_list(value, depth)
            case dict():
                self._write_context(value, depth)
            case FeelRange():
                self._write_range(value, depth)
            case _:
                self.put(_atom(value))

    def _write_list(self, value: list[object], depth: int) -> None:
        self.put("[")
        for index, item in enumerate(value):
            self.put(", " if index else "")
            self.write(item, depth + 1, is_inner=True)
        self.put("]")

    def _write_context(self, value: dict[str, object], depth: int) -> None:
        self.put("{")
        for index, (key, item) in enumerate(value.items()):
            name = key if is_simple(key.replace(" ", "_")) else '"' + _QUOTED.sub(r"\\\g<0>", key) + '"'
            self.put((", " if index else "") + name + ": ")
            self.write(item, depth + 1, is_inner=True)
        self.put("}")

    def _write_range(self, value: FeelRange, depth: int) -> None:
        if value.form is not RangeForm.INTERVAL:
            self.put(f"({value.form.value} " if value.form is RangeForm.NOT_EQUAL else f"({value.form.value}")
            self.write(value.end if value.end is not None else value.start, depth + 1, is_inner=True)
            self.put(")")
            return
        self.put("[" if value.start_included else "(")
        self.write(value.start, depth + 1, is_inner=True)
        self.put("..")
        self.write(value.end, depth + 1, is_inner=True)
        self.put("]" if value.end_included else ")")


def _atom(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return numbers.to_text(value)
        case FeelDate():
            return date_text(value)
        case FeelTime():
            return time_text(value)
        case FeelDateTime():
            return f"{date_text(value.date)}T{time_text(value.time)}"
        case DaysTimeDuration():
            return days_time_text(value)
        case YearsMonthsDuration():
            return years_months_text(value)
        case FeelFunction():
            return f"function({', '.join(value.parameter_names)})"
    raise TypeError(f"FEEL has no text for a {type(value).__name__}")
