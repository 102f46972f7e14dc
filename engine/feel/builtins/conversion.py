"""Functions that make values of other values."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from engine.feel import lexical, numbers
from engine.feel.arithmetic import Number
from engine.feel.calendar import NANOSECONDS
from engine.feel.convert import adopt
from engine.feel.errors import EvaluationProblem
from engine.feel.functions import built_in
from engine.feel.plain import to_plain
from engine.feel.runtime import Evaluation
from engine.feel.scanner import join_surrogates
from engine.feel.text import to_text
from engine.feel.values import (
    MIDNIGHT,
    MIDNIGHT_UTC,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)

_CHARACTER_COST = 2
_PLAIN_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?", re.ASCII)


@built_in("string", "from: any")
def string(run: Evaluation, value: object) -> str:
    """The text of a value."""
    if value is None:
        raise EvaluationProblem("null has no text", "NULL_ARGUMENT")
    run.charge(6)
    text = to_text(value, run.limits.text_length) if type(value) not in (list, dict) else _inner_text(run, value)
    run.check_text(len(text))
    return text


def _inner_text(run: Evaluation, value: object) -> str:
    """The text of a list or context, written no further than the budget goes."""
    text = to_text(value, min(run.limits.text_length, run.steps // _CHARACTER_COST))
    run.charge(_CHARACTER_COST * len(text))
    return text


@built_in("number", "from: string")
def number(run: Evaluation, text: str) -> Number:
    """The number that a text says."""
    return _number(text)


def _number(text: str) -> Number:
    value = numbers.from_text(text) if _PLAIN_NUMBER.fullmatch(text) and len(text) < 1000 else None
    if value is None:
        raise EvaluationProblem(f"{text[:60]!r} is not a number", "INVALID_ARGUMENT")
    return value


@built_in("number", "from: number")
def number_of_number(run: Evaluation, value: Number) -> Number:
    """The number itself."""
    return value


@built_in("number", "from: string, grouping separator: string|null")
def number_grouped(run: Evaluation, text: str, grouping: str | None) -> Number:
    """The number that a text says, with spaces, commas or periods between its groups."""
    return number_separated(run, text, grouping, None)


@built_in("number", "from: string, grouping separator: string|null, decimal separator: string|null")
def number_separated(run: Evaluation, text: str, grouping: str | None, decimal: str | None) -> Number:
    """The number that a text says, with these separators."""
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", "."):
        raise EvaluationProblem("groups are separated by ' ', ',' or '.', decimals by ',' or '.'")
    if grouping is not None and grouping == decimal:
        raise EvaluationProblem("groups and decimals have the same separator")
    if grouping is not None:
        text = text.replace(grouping, "")
    if decimal == ",":
        if "." in text:
            raise EvaluationProblem(f"{text[:60]!r} is not a number")
        text = text.replace(",", ".")
    return _number(text)


def _bad(text: str, what: str) -> EvaluationProblem:
    return EvaluationProblem(f"{text[:60]!r} is not {what}", "INVALID_ARGUMENT")


@built_in("date", "from: string")
def date(run: Evaluation, text: str) -> FeelDate:
    """The date that a text says."""
    value = lexical.parse_date(text)
    if value is None:
        raise _bad(text, "a date as 2026-01-31")
    return value


@built_in("date", "from: date|date and time")
def date_of(run: Evaluation, value: FeelDate | FeelDateTime) -> FeelDate:
    """The date of a date and time."""
    return value.date if isinstance(value, FeelDateTime) else value


def _whole(value: Number, what: str) -> int:
    whole = numbers.to_int(value)
    if whole is None or whole != value:
        raise EvaluationProblem(f"the {what} must be a whole number", "INVALID_ARGUMENT")
    return whole


@built_in("date", "year: number, month: number, day: number")
def date_from(run: Evaluation, year: Number, month: Number, day: Number) -> FeelDate:
    """The date of these three."""
    try:
        return FeelDate(_whole(year, "year"), _whole(month, "month"), _whole(day, "day"))
    except ValueError as problem:
        raise EvaluationProblem("there is no such date", "OUT_OF_RANGE") from problem


@built_in("time", "from: string")
def time(run: Evaluation, text: str) -> FeelTime:
    """The time of day that a text says."""
    value = lexical.parse_time(text)
    if value is None:
        raise _bad(text, "a time as 10:30:00")
    return value


@built_in("time", "from: time|date and time|date")
def time_of(run: Evaluation, value: FeelTime | FeelDateTime | FeelDate) -> FeelTime:
    """The time of day of a date and time; a date is its midnight in UTC."""
    if isinstance(value, FeelTime):
        return value
    return value.time if isinstance(value, FeelDateTime) else MIDNIGHT_UTC


@built_in("time", "hour: number, minute: number, second: number, offset?: days and time duration|null")
def time_from(
    run: Evaluation, hour: Number, minute: Number, second: Number, offset: DaysTimeDuration | None = None
) -> FeelTime:
    """The time of day of these numbers; the second may have decimals."""
    return _time(hour, minute, second, offset, None)


def _time(hour: Number, minute: Number, second: Number, offset: DaysTimeDuration | None, zone: str | None) -> FeelTime:
    if not 0 <= second < 60:
        raise EvaluationProblem("there is no such time", "OUT_OF_RANGE")
    nanoseconds = int(Decimal(second).scaleb(9))
    east = None if offset is None else offset.nanoseconds // NANOSECONDS
    whole, fraction = divmod(nanoseconds, NANOSECONDS)
    try:
        return FeelTime(_whole(hour, "hour"), _whole(minute, "minute"), whole, fraction, east, zone)
    except ValueError as problem:
        raise EvaluationProblem("there is no such time", "OUT_OF_RANGE") from problem


@built_in("date and time", "from: string")
def date_and_time(run: Evaluation, text: str) -> FeelDateTime:
    """The moment that a text says."""
    run.charge(12)
    value = lexical.parse_date_time(text)
    if value is None:
        raise _bad(text, "a date and time as 2026-01-31T10:30:00")
    return value


@built_in("date and time", "from: date|date and time")
def date_and_time_of(run: Evaluation, value: FeelDate | FeelDateTime) -> FeelDateTime:
    """A date's midnight, or the moment itself."""
    return FeelDateTime(value, MIDNIGHT) if isinstance(value, FeelDate) else value


@built_in("date and time", "date: date|date and time, time: time")
def date_and_time_from(run: Evaluation, day: FeelDate | FeelDateTime, clock: FeelTime) -> FeelDateTime:
    """A date with a time of day."""
    return FeelDateTime(day.date if isinstance(day, FeelDateTime) else day, clock)


@built_in("date and time", "date: date and time, timezone: string")
def date_and_time_at(run: Evaluation, moment: FeelDateTime, timezone: str) -> FeelDateTime:
    """The same moment in another zone; a local one is in the environment's zone."""
    target = lexical.parse_time("00:00:00" + (timezone if timezone in ("Z", "z") else ""))
    if timezone not in ("Z", "z"):
        marked = timezone if timezone[:1] in "+-" else "@" + timezone
        target = lexical.parse_time("00:00:00" + marked) if timezone else None
    if target is None:
        raise _bad(timezone, "a time zone as Europe/Stockholm, +01:00 or Z")
    if moment.is_local:
        clock = moment.time
        local = FeelTime(clock.hour, clock.minute, clock.second, clock.nanosecond, None, run.environment.zone)
        moment = FeelDateTime(moment.date, local)
    try:
        return FeelDateTime.of_utc(moment.nanoseconds, target.offset, target.zone)
    except ValueError as problem:
        raise EvaluationProblem("the moment is out of range", "OUT_OF_RANGE") from problem


_SIX = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@built_in("date and time", f"{_SIX}, offset?: days and time duration|null")
def date_and_time_of_numbers(
    run: Evaluation,
    year: Number,
    month: Number,
    day: Number,
    hour: Number,
    minute: Number,
    second: Number,
    offset: DaysTimeDuration | None = None,
) -> FeelDateTime:
    """The moment of these numbers, local or with an offset."""
    day_of = date_from(run, year, month, day)
    return FeelDateTime(day_of, _time(hour, minute, second, offset, None))


@built_in("date and time", f"{_SIX}, timezone: string")
def date_and_time_of_numbers_in(
    run: Evaluation, year: Number, month: Number, day: Number, hour: Number, minute: Number, second: Number, zone: str
) -> FeelDateTime:
    """The moment of these numbers in a named zone."""
    day_of = date_from(run, year, month, day)
    return FeelDateTime(day_of, _time(hour, minute, second, None, zone))


@built_in("duration", "from: string")
def duration(run: Evaluation, text: str) -> DaysTimeDuration | YearsMonthsDuration:
    """The duration that a text says."""
    run.charge(6)
    value = lexical.parse_duration(text)
    if value is None:
        raise _bad(text, "a duration as P1DT2H or P1Y2M")
    return value


@built_in("duration", "from: duration")
def duration_of(run: Evaluation, value: object) -> object:
    """The duration itself."""
    return value


@built_in("years and months duration", "from: date|date and time, to: date|date and time")
def years_and_months_duration(
    run: Evaluation, start: FeelDate | FeelDateTime, end: FeelDate | FeelDateTime
) -> YearsMonthsDuration:
    """The whole months between two dates, negative when the second is earlier."""
    first = start.date if isinstance(start, FeelDateTime) else start
    last = end.date if isinstance(end, FeelDateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonthsDuration(months)


@built_in("from json", "value: string")
def from_json(run: Evaluation, text: str) -> object:
    """The value that a JSON text says."""
    run.check_text(len(text))
    run.charge(10 + len(text) // 4)
    try:
        value = json.loads(text, parse_float=Decimal, parse_int=_json_integer, parse_constant=_no_constant)
        return _joined(adopt(value))
    except (ValueError, RecursionError) as problem:
        raise EvaluationProblem("the text is not JSON", "INVALID_ARGUMENT") from problem


def _json_integer(text: str) -> Number:
    value = numbers.from_text(text) if len(text) < 7000 else None
    if value is None:
        raise ValueError("the number is too large")
    return value


def _no_constant(text: str) -> object:
    raise ValueError(f"JSON has no {text}")


def _joined(value: object) -> object:
    if isinstance(value, str):
        return join_surrogates(value)
    if type(value) is list:
        return [_joined(item) for item in value]
    if type(value) is dict:
        return {join_surrogates(key): _joined(item) for key, item in value.items()}
    return value


@built_in("to json", "value: any")
def to_json(run: Evaluation, value: object) -> str:
    """The value as JSON text; dates, times and durations as their texts."""
    if type(value) in (list, dict):
        _inner_text(run, value)
    text = json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))
    run.check_text(len(text))
    return text
