"""The FEEL functions that Stegvis adds to diagrams, tables and forms: working days and hours, and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.clock import LOCAL_ZONE, Clock, local_date
from engine.due import moment_of
from engine.errors import StegvisError
from engine.feel import DaysTimeDuration, EvaluationProblem, FeelDate, FeelDateTime, HostFunction
from engine.protocols import Calendar, Parameters

TYPE_MISMATCH = "TYPE_MISMATCH"
_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_PER_HOUR = 3_600_000_000
_MOST_HOURS = 1_000_000

FUNCTION_NAMES = frozenset(
    {
        "add working days",
        "working days between",
        "is working day",
        "next statutory day",
        "add working hours",
        "working hours between",
        "end of working day",
        "parameter",
    }
)
"""The names of the functions, for those who check diagrams without running them."""


def host_functions(calendar: Calendar, parameters: Parameters, clock: Clock) -> Mapping[str, HostFunction]:
    """The functions by name; a `unit` (or organisation) may always be left out, docs/timers.md tells all of them.

    Of the working calendar: `add working days(date, days, unit)`, `working days between(from, to, unit)`,
    `is working day(date, unit)`, `add working hours(moment, hours, unit)`, `working hours between(from, to, unit)`,
    `end of working day(date, unit)`, `next statutory day(date)`.
    `parameter(name, unit)`: the value valid today in Sweden, the unit's own where it has one.
    """

    def parameter(name: Any, unit: Any) -> Any:
        if not isinstance(name, str):
            raise EvaluationProblem("parameter() takes the name of a parameter as a text", TYPE_MISMATCH)
        return _guarded(parameters.value, name, local_date(clock.now()), _unit(unit))

    functions = (*_of_days(calendar), *_of_hours(calendar), HostFunction("parameter", ("name", "unit"), parameter))
    return {function.name: function for function in functions}


def _of_days(calendar: Calendar) -> Iterator[HostFunction]:
    def add_working_days(day: Any, days: Any, unit: Any) -> FeelDate:
        return _feel_date(_guarded(calendar.add_working_days, _python_date(day), _whole(days), _unit(unit)))

    def working_days_between(start: Any, end: Any, unit: Any) -> int:
        return int(_guarded(calendar.working_days_between, _python_date(start), _python_date(end), _unit(unit)))

    def is_working_day(day: Any, unit: Any) -> bool:
        return bool(_guarded(calendar.is_working_day, _python_date(day), _unit(unit)))

    def next_statutory_day(day: Any) -> FeelDate:
        return _feel_date(_guarded(calendar.statutory_day, _python_date(day)))

    yield HostFunction("add working days", ("date", "days", "unit"), add_working_days)
    yield HostFunction("working days between", ("from", "to", "unit"), working_days_between)
    yield HostFunction("is working day", ("date", "unit"), is_working_day)
    yield HostFunction("next statutory day", ("date",), next_statutory_day)


def _of_hours(calendar: Calendar) -> Iterator[HostFunction]:
    def add_working_hours(moment: Any, hours: Any, unit: Any) -> datetime:
        found = _guarded(calendar.add_working_time, _moment(moment), _duration(hours), _unit(unit))
        return found.astimezone(LOCAL_ZONE)  # type: ignore[no-any-return]

    def working_hours_between(start: Any, end: Any, unit: Any) -> Decimal:
        found = _guarded(calendar.working_time_between, _moment(start), _moment(end), _unit(unit))
        return Decimal(found // _MICROSECOND) / _MICROSECONDS_PER_HOUR

    def end_of_working_day(day: Any, unit: Any) -> datetime:
        return _guarded(calendar.closing, _python_date(day), _unit(unit)).astimezone(LOCAL_ZONE)  # type: ignore[no-any-return]

    yield HostFunction("add working hours", ("moment", "hours", "unit"), add_working_hours)
    yield HostFunction("working hours between", ("from", "to", "unit"), working_hours_between)
    yield HostFunction("end of working day", ("date", "unit"), end_of_working_day)


def _guarded(call: Any, *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except StegvisError as error:
        raise EvaluationProblem(error.message) from error


def _python_date(value: Any) -> date:
    if isinstance(value, FeelDateTime):
        return local_date(_moment(value))
    if not isinstance(value, FeelDate):
        raise EvaluationProblem("a date is needed", TYPE_MISMATCH)
    try:
        return date(value.year, value.month, value.day)
    except ValueError as error:
        raise EvaluationProblem(f"the year {value.year} lies outside the calendar") from error


def _unit(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise EvaluationProblem("the unit is a text", TYPE_MISMATCH)
    return value


def _moment(value: Any) -> datetime:
    if not isinstance(value, FeelDate | FeelDateTime):
        raise EvaluationProblem("a date or a date and time is needed", TYPE_MISMATCH)
    return _guarded(moment_of, value)  # type: ignore[no-any-return]


def _duration(value: Any) -> timedelta:
    if isinstance(value, DaysTimeDuration):
        hours = Decimal(value.nanoseconds) / (_MICROSECONDS_PER_HOUR * 1000)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        hours = Decimal(value)
    else:
        raise EvaluationProblem("a number of hours, or a duration as PT36H, is needed", TYPE_MISMATCH)
    if abs(hours) > _MOST_HOURS:
        raise EvaluationProblem(f"more than {_MOST_HOURS} working hours")
    return int(hours * _MICROSECONDS_PER_HOUR) * _MICROSECOND


def _feel_date(day: date) -> FeelDate:
    return FeelDate(day.year, day.month, day.day)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise EvaluationProblem("a whole number of days is needed", TYPE_MISMATCH)
    return int(value)
