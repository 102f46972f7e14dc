"""The FEEL functions that diagrams, tables and letters have besides the built-ins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from engine.clock import Clock, local_date
from engine.errors import StegvisError
from engine.feel import EvaluationProblem, FeelDate, FeelDateTime, HostFunction
from engine.protocols import Calendar, Parameters

_Value = TypeVar("_Value")


def host_functions(calendar: Calendar, parameters: Parameters, clock: Clock) -> Mapping[str, HostFunction]:
    """`add working days(date, n)`, `working days between(a, b)` and `parameter(name, unit)` (unit may be left out).

    What cannot be computed is null with a warning, which a diagram turns into an incident at its element.
    """

    def add_working_days(day: Any, count: Any) -> FeelDate:
        return _guarded(lambda: _feel(calendar.add_working_days(_day("date", day), _whole("n", count))))

    def working_days_between(start: Any, end: Any) -> int:
        return _guarded(lambda: calendar.working_days_between(_day("a", start), _day("b", end)))

    def parameter(name: Any, unit: Any) -> Any:
        if not isinstance(name, str):
            raise EvaluationProblem("parameter(name): the name must be a text")
        if unit is not None and not isinstance(unit, str):
            raise EvaluationProblem("parameter(name, unit): the unit must be a text")
        return _guarded(lambda: parameters.value(name, local_date(clock.now()), unit))

    functions = (
        HostFunction("add working days", ("date", "n"), add_working_days),
        HostFunction("working days between", ("a", "b"), working_days_between),
        HostFunction("parameter", ("name", "unit"), parameter),
    )
    return {function.name: function for function in functions}


def _guarded(compute: Callable[[], _Value]) -> _Value:
    try:
        return compute()
    except StegvisError as error:
        raise EvaluationProblem(error.message) from error


def _day(name: str, value: Any) -> date:
    if isinstance(value, FeelDateTime):
        value = value.date
    if isinstance(value, FeelDate) and 1 <= value.year <= 9999:
        return date(value.year, value.month, value.day)
    raise EvaluationProblem(f"'{name}' must be a date")


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise EvaluationProblem(f"'{name}' must be a whole number")
    return int(value)


def _feel(day: date) -> FeelDate:
    return FeelDate(day.year, day.month, day.day)
