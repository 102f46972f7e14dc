"""Functions of numbers."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
)

from engine.feel import numbers
from engine.feel.arithmetic import Number, calculate
from engine.feel.errors import EvaluationProblem
from engine.feel.functions import built_in
from engine.feel.numbers import CONTEXT
from engine.feel.runtime import Evaluation
from engine.feel.values import DaysTimeDuration, YearsMonthsDuration

MIN_SCALE, MAX_SCALE = -6111, 6176
_SERIES_COST, _ROUND_COST = 100, 10
_WIDE = Context(prec=80, Emin=-7000, Emax=7000)


def _round(run: Evaluation, value: Number, scale: Number, mode: str) -> Number:
    run.charge(_ROUND_COST)
    places = numbers.to_int(scale)
    if places is None or not MIN_SCALE <= places <= MAX_SCALE:
        raise EvaluationProblem(f"the scale must lie between {MIN_SCALE} and {MAX_SCALE}", "OUT_OF_RANGE")
    decimal = Decimal(value)
    exponent = decimal.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return value
    if decimal and decimal.adjusted() + places < -1:
        # Everything but the sign is rounded away; quantize would count digits that are not there.
        decimal = Decimal(1).scaleb(-places - 2).copy_sign(decimal)
    try:
        result = numbers.settle(decimal.quantize(Decimal(1).scaleb(-places, _WIDE), rounding=mode, context=_WIDE))
    except DecimalException as problem:
        raise EvaluationProblem("the rounded number is out of range", "OUT_OF_RANGE") from problem
    if result is None:
        raise EvaluationProblem("the rounded number is out of range", "OUT_OF_RANGE")
    return result or 0


@built_in("decimal", "n: number, scale: number")
def decimal(run: Evaluation, n: Number, scale: Number) -> Number:
    """The number with so many decimals, half to even."""
    return _round(run, n, scale, ROUND_HALF_EVEN)


@built_in("floor", "n: number, scale?: number")
def floor(run: Evaluation, n: Number, scale: Number = 0) -> Number:
    """The greatest number of the scale that is not above."""
    return _round(run, n, scale, ROUND_FLOOR)


@built_in("ceiling", "n: number, scale?: number")
def ceiling(run: Evaluation, n: Number, scale: Number = 0) -> Number:
    """The least number of the scale that is not below."""
    return _round(run, n, scale, ROUND_CEILING)


@built_in("round up", "n: number, scale: number")
def round_up(run: Evaluation, n: Number, scale: Number) -> Number:
    """Rounded away from zero."""
    return _round(run, n, scale, ROUND_UP)


@built_in("round down", "n: number, scale: number")
def round_down(run: Evaluation, n: Number, scale: Number) -> Number:
    """Rounded towards zero."""
    return _round(run, n, scale, ROUND_DOWN)


@built_in("round half up", "n: number, scale: number")
def round_half_up(run: Evaluation, n: Number, scale: Number) -> Number:
    """Rounded to the nearest, halves away from zero."""
    return _round(run, n, scale, ROUND_HALF_UP)


@built_in("round half down", "n: number, scale: number")
def round_half_down(run: Evaluation, n: Number, scale: Number) -> Number:
    """Rounded to the nearest, halves towards zero."""
    return _round(run, n, scale, ROUND_HALF_DOWN)


@built_in("abs", "n: number|duration")
def absolute(run: Evaluation, n: object) -> object:
    """The number or duration without its sign."""
    match n:
        case DaysTimeDuration():
            return DaysTimeDuration(abs(n.nanoseconds))
        case YearsMonthsDuration():
            return YearsMonthsDuration(abs(n.months))
        case Decimal():
            return n.copy_abs()
        case int():
            return abs(n)
    return n


@built_in("modulo", "dividend: number, divisor: number")
def modulo(run: Evaluation, dividend: Number, divisor: Number) -> Number:
    """The remainder, with the sign of the divisor."""
    if not divisor:
        raise EvaluationProblem("modulo by zero", "DIVISION_BY_ZERO")
    run.charge(_ROUND_COST)
    first, second = Decimal(dividend), Decimal(divisor)
    if abs(first.adjusted() - second.adjusted()) > 68:
        raise EvaluationProblem("dividend and divisor are too far apart", "OUT_OF_RANGE")
    with_room = Context(prec=120, Emin=-7000, Emax=7000)
    remainder = with_room.remainder(first, second)
    if remainder and (remainder < 0) != (second < 0):
        remainder = with_room.add(remainder, second)
    return numbers.settle(remainder) or 0


def _positive(name: str, value: Number) -> Decimal:
    if value <= 0:
        raise EvaluationProblem(f"{name} takes a number above zero", "OUT_OF_RANGE")
    return Decimal(value)


@built_in("sqrt", "number: number")
def square_root(run: Evaluation, number: Number) -> Number:
    """The square root."""
    run.charge(_SERIES_COST)
    if number < 0:
        raise EvaluationProblem("a negative number has no square root", "OUT_OF_RANGE")
    return CONTEXT.sqrt(Decimal(number))


@built_in("log", "number: number")
def logarithm(run: Evaluation, number: Number) -> Number:
    """The natural logarithm."""
    run.charge(_SERIES_COST)
    return CONTEXT.ln(_positive("log", number))


@built_in("exp", "number: number")
def exponential(run: Evaluation, number: Number) -> Number:
    """e to the power of the number."""
    run.charge(_SERIES_COST)
    try:
        return CONTEXT.exp(Decimal(number))
    except DecimalException as problem:
        raise EvaluationProblem("the result of exp is out of range", "OUT_OF_RANGE") from problem


def _parity(number: Number) -> int | None:
    if number != int(number):
        return None
    return int(number) % 2


@built_in("odd", "number: number")
def odd(run: Evaluation, number: Number) -> bool:
    """Whether the number is whole and odd."""
    return _parity(number) == 1


@built_in("even", "number: number")
def even(run: Evaluation, number: Number) -> bool:
    """Whether the number is whole and even."""
    return _parity(number) == 0


def total(run: Evaluation, items: list[Number]) -> Number:
    """The sum of numbers. Raises EvaluationProblem when it is out of range."""
    result: object = 0
    for item in items:
        result = calculate(run, "+", result, item)
    return result  # type: ignore[return-value]
