"""`+ - * / **` on numbers, texts, dates, times and durations (DMN 1.5, tables 56 to 62)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal, DecimalException, DivisionByZero, localcontext

from engine.feel import numbers
from engine.feel.errors import EvaluationProblem
from engine.feel.numbers import CONTEXT, INT_LIMIT
from engine.feel.runtime import Evaluation
from engine.feel.types import type_name
from engine.feel.values import (
    MIDNIGHT_UTC,
    NANOS_PER_DAY,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)

Number = int | Decimal
MAX_EXPONENT = 999_999_999
_POWER_COST, _TEMPORAL_COST, _ZONED_COST = 400, 8, 60
"""What the slower operations are charged, measured against a simple one."""

_VERBS = {"+": "added to", "-": "reduced by", "*": "multiplied by", "/": "divided by", "**": "raised to"}


def calculate(run: Evaluation, operator: str, left: object, right: object) -> object:
    """`left operator right`.

    Raises EvaluationProblem when the operands do not fit or the result is out of range.
    """
    first, second = type(left), type(right)
    if first is int and second is int:
        if operator == "**":
            run.charge(_POWER_COST)
        return _integers(operator, left, right)  # type: ignore[arg-type]
    if (first is int or first is Decimal) and (second is int or second is Decimal):
        if operator == "**":
            run.charge(_POWER_COST)
        return _decimals(operator, left, right)  # type: ignore[arg-type]
    if first is str and second is str and operator == "+":
        run.check_text(len(left) + len(right))  # type: ignore[arg-type]
        return left + right  # type: ignore[operator]
    if left is None or right is None:
        known = type_name(right if left is None else left)
        raise EvaluationProblem(f"`{operator}` with null and a {known}", "NULL_OPERAND")
    run.charge(_ZONED_COST if _is_zoned(left) or _is_zoned(right) else _TEMPORAL_COST)
    try:
        result = _temporal(operator, left, right)
    except (ValueError, OverflowError, DecimalException) as problem:
        raise EvaluationProblem(f"the result of `{operator}` is out of range", "OUT_OF_RANGE") from problem
    if result is None:
        message = f"a {type_name(left)} cannot be {_VERBS[operator]} a {type_name(right)}"
        raise EvaluationProblem(message, "TYPE_MISMATCH")
    return result


def _is_zoned(value: object) -> bool:
    return isinstance(value, FeelDateTime) and value.time.zone is not None


def _integers(operator: str, left: int, right: int) -> Number:
    if operator == "+":
        result = left + right
    elif operator == "-":
        result = left - right
    elif operator == "*" and abs(left) < INT_LIMIT and abs(right) < INT_LIMIT:
        result = left * right
    elif operator == "/" and right and left % right == 0:
        result = left // right
    else:
        return _decimals(operator, left, right)
    return result if -INT_LIMIT < result < INT_LIMIT else _settled(result, operator)


def _settled(value: Number, operator: str) -> Number:
    result = numbers.settle(value)
    if result is None:
        raise EvaluationProblem(f"the result of `{operator}` is out of range", "OUT_OF_RANGE")
    return result


_OPERATIONS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
}


def _decimals(operator: str, left: Number, right: Number) -> Number:
    if operator == "**":
        return _power(left, right)
    if operator == "/" and not right:
        raise EvaluationProblem("division by zero", "DIVISION_BY_ZERO")
    first, second = _settled(left, operator), _settled(right, operator)
    try:
        return _OPERATIONS[operator](Decimal(first), Decimal(second))
    except DecimalException as problem:
        raise EvaluationProblem(f"the result of `{operator}` is out of range", "OUT_OF_RANGE") from problem


def _power(base: Number, exponent: Number) -> Number:
    if not -MAX_EXPONENT <= exponent <= MAX_EXPONENT:
        raise EvaluationProblem(f"the exponent is beyond {MAX_EXPONENT}", "OUT_OF_RANGE")
    if exponent == 0:
        return 1
    try:
        result = CONTEXT.power(Decimal(_settled(base, "**")), Decimal(exponent))
    except DivisionByZero as problem:
        raise EvaluationProblem("zero has no negative power", "DIVISION_BY_ZERO") from problem
    except DecimalException as problem:
        raise EvaluationProblem("the result of `**` is out of range or not a real number", "OUT_OF_RANGE") from problem
    if not result.is_finite():
        raise EvaluationProblem("zero has no negative power", "DIVISION_BY_ZERO")
    return result


def _temporal(operator: str, left: object, right: object) -> object:
    if operator == "+":
        return _plus(left, right)
    if operator == "-":
        return _minus(left, right)
    if operator == "*":
        return _times(left, right)
    return _divide(left, right) if operator == "/" else None


def _plus(left: object, right: object) -> object:
    match left, right:
        case (DaysTimeDuration(), DaysTimeDuration()):
            return DaysTimeDuration(left.nanoseconds + right.nanoseconds)
        case (YearsMonthsDuration(), YearsMonthsDuration()):
            return YearsMonthsDuration(left.months + right.months)
        case (FeelDate() | FeelDateTime() | FeelTime(), DaysTimeDuration() | YearsMonthsDuration()):
            return shift(left, right)
        case (DaysTimeDuration() | YearsMonthsDuration(), FeelDate() | FeelDateTime() | FeelTime()):
            return shift(right, left)
    return None


def _minus(left: object, right: object) -> object:
    match left, right:
        case (DaysTimeDuration(), DaysTimeDuration()):
            return DaysTimeDuration(left.nanoseconds - right.nanoseconds)
        case (YearsMonthsDuration(), YearsMonthsDuration()):
            return YearsMonthsDuration(left.months - right.months)
        case (_, DaysTimeDuration()):
            return shift(left, DaysTimeDuration(-right.nanoseconds))
        case (_, YearsMonthsDuration()):
            return shift(left, YearsMonthsDuration(-right.months))
        case (FeelDate(), FeelDate()):
            return DaysTimeDuration((left.days - right.days) * NANOS_PER_DAY)
        case (FeelDate() | FeelDateTime(), FeelDate() | FeelDateTime()):
            return _moment_difference(as_date_time(left), as_date_time(right))
        case (FeelTime(), FeelTime()) if left.is_local == right.is_local:
            apart = (left.effective_offset or 0) - (right.effective_offset or 0)
            return DaysTimeDuration(left.nanosecond_of_day - right.nanosecond_of_day - apart * 1_000_000_000)
    return None


def as_date_time(value: FeelDate | FeelDateTime) -> FeelDateTime:
    """A date as its midnight in UTC, which is what the standard makes of it."""
    return FeelDateTime(value, MIDNIGHT_UTC) if isinstance(value, FeelDate) else value


def _moment_difference(left: FeelDateTime, right: FeelDateTime) -> DaysTimeDuration:
    if left.is_local != right.is_local:
        raise EvaluationProblem("only one of the two moments has a time zone", "TYPE_MISMATCH")
    return DaysTimeDuration(left.nanoseconds - right.nanoseconds)


def shift(moment: object, by: DaysTimeDuration | YearsMonthsDuration) -> object:
    """A date, time or moment moved by a duration; None for what cannot be moved so.

    Raises ValueError when the result is out of range.
    """
    if isinstance(by, YearsMonthsDuration):
        if isinstance(moment, FeelDateTime):
            return FeelDateTime(moment.date.plus_months(by.months), moment.time)
        return moment.plus_months(by.months) if isinstance(moment, FeelDate) else None
    if isinstance(moment, FeelTime):
        return FeelTime.of_nanoseconds(moment.nanosecond_of_day + by.nanoseconds, moment.offset, moment.zone)
    if isinstance(moment, FeelDate):
        return FeelDate.of_days((moment.days * NANOS_PER_DAY + by.nanoseconds) // NANOS_PER_DAY)
    if isinstance(moment, FeelDateTime):
        return FeelDateTime.of_utc(moment.nanoseconds + by.nanoseconds, moment.time.offset, moment.time.zone)
    return None


def _times(left: object, right: object) -> object:
    match left, right:
        case (DaysTimeDuration(), int() | Decimal()) if type(right) is not bool:
            return DaysTimeDuration(_whole(_product(left.nanoseconds, Decimal(right))))
        case (YearsMonthsDuration(), int() | Decimal()) if type(right) is not bool:
            return YearsMonthsDuration(int(_product(left.months, Decimal(right))))
        case (int() | Decimal(), DaysTimeDuration() | YearsMonthsDuration()):
            return _times(right, left)
    return None


def _divide(left: object, right: object) -> object:
    match left, right:
        case (DaysTimeDuration(), int() | Decimal()) if type(right) is not bool:
            return DaysTimeDuration(_whole(_quotient(left.nanoseconds, Decimal(right))))
        case (YearsMonthsDuration(), int() | Decimal()) if type(right) is not bool:
            return YearsMonthsDuration(int(_quotient(left.months, Decimal(right))))
        case (DaysTimeDuration(), DaysTimeDuration()):
            return _quotient(left.nanoseconds, Decimal(right.nanoseconds))
        case (YearsMonthsDuration(), YearsMonthsDuration()):
            return _quotient(left.months, Decimal(right.months))
    return None


def _product(left: int, right: Decimal) -> Decimal:
    result = CONTEXT.multiply(Decimal(left), right)
    if result.adjusted() > 40:
        raise OverflowError
    return result


def _quotient(left: int, right: Decimal) -> Decimal:
    if not right:
        raise EvaluationProblem("division by zero", "DIVISION_BY_ZERO")
    result = CONTEXT.divide(Decimal(left), right)
    if result.adjusted() > 40:
        raise OverflowError
    return result


def _whole(result: Decimal) -> int:
    with localcontext(CONTEXT) as context:
        context.prec = 60
        return int(result.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def negate(value: object) -> object:
    """`-value` of a number or a duration. Raises EvaluationProblem for anything else."""
    match value:
        case bool():
            pass
        case int():
            return -value
        case Decimal():
            return value.copy_negate() if value else 0
        case DaysTimeDuration():
            return DaysTimeDuration(-value.nanoseconds)
        case YearsMonthsDuration():
            return YearsMonthsDuration(-value.months)
        case None:
            raise EvaluationProblem("null has no negative", "NULL_OPERAND")
    raise EvaluationProblem(f"a {type_name(value)} has no negative", "TYPE_MISMATCH")
