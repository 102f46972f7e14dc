"""The FEEL functions that Stegvis adds to diagrams, tables and forms: working days and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.clock import Clock, local_date
from engine.errors import StegvisError
from engine.feel import EvaluationProblem, FeelDate, FeelDateTime, HostFunction
from engine.protocols import Calendar, Parameters

TYPE_MISMATCH = "TYPE_MISMATCH"


def host_functions(calendar: Calendar, parameters: Parameters, clock: Clock) -> Mapping[str, HostFunction]:
    """The functions by name.

    `add working days(date, days)`: the date so many working days later (earlier when negative).
    `working days between(from, to)`: working days after `from` up to and including `to`.
    `is working day(date)`: whether people work on that date.
    `parameter(name, unit)`: the value valid today in Sweden, the unit's own where it has one.
    """

    def add_working_days(day: Any, days: Any) -> FeelDate:
        return _feel_date(_guarded(calendar.add_working_days, _python_date(day), _whole(days)))

    def working_days_between(start: Any, end: Any) -> int:
        return int(_guarded(calendar.working_days_between, _python_date(start), _python_date(end)))

    def is_working_day(day: Any) -> bool:
        return bool(_guarded(calendar.is_working_day, _python_date(day)))

    def parameter(name: Any, unit: Any) -> Any:
        if not isinstance(name, str):
            raise EvaluationProblem("parameter() takes the name of a parameter as a text", TYPE_MISMATCH)
        if unit is not None and not isinstance(unit, str):
            raise EvaluationProblem("the unit of parameter() is a text", TYPE_MISMATCH)
        return _guarded(parameters.value, name, local_date(clock.now()), unit)

    return {
        function.name: function
        for function in (
            HostFunction("add working days", ("date", "days"), add_working_days),
            HostFunction("working days between", ("from", "to"), working_days_between),
            HostFunction("is working day", ("date",), is_working_day),
            HostFunction("parameter", ("name", "unit"), parameter),
        )
    }


def _guarded(call: Any, *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except StegvisError as error:
        raise EvaluationProblem(error.message) from error


def _python_date(value: Any) -> date:
    if isinstance(value, FeelDateTime):
        value = value.date
    if not isinstance(value, FeelDate):
        raise EvaluationProblem("a date is needed", TYPE_MISMATCH)
    try:
        return date(value.year, value.month, value.day)
    except ValueError as error:
        raise EvaluationProblem(f"the year {value.year} lies outside the calendar") from error


def _feel_date(day: date) -> FeelDate:
    return FeelDate(day.year, day.month, day.day)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise EvaluationProblem("a whole number of days is needed", TYPE_MISMATCH)
    return int(value)
