"""Equality, order and membership, in three-valued logic.

Times and moments are compared in whole seconds, as the conformance suite has it. When only one of two has an offset,
the other is read with the same offset (DMN 1.5, table 54).
"""

from __future__ import annotations

from decimal import Decimal

from engine.feel.calendar import NANOSECONDS, SECONDS_PER_DAY
from engine.feel.errors import EvaluationProblem
from engine.feel.runtime import Evaluation
from engine.feel.text import to_text
from engine.feel.types import type_name
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

_NUMBERS = frozenset({int, Decimal})
_ORDERED = (str, FeelDate, DaysTimeDuration, YearsMonthsDuration)


def time_keys(left: FeelTime, right: FeelTime) -> tuple[int, int]:
    """Two times as whole seconds that can be compared."""
    if left.is_local or right.is_local:
        return left.second_of_day, right.second_of_day
    first = left.second_of_day - (left.effective_offset or 0)
    second = right.second_of_day - (right.effective_offset or 0)
    return first % SECONDS_PER_DAY, second % SECONDS_PER_DAY


def date_time_keys(left: FeelDateTime, right: FeelDateTime) -> tuple[int, int]:
    """Two moments as whole seconds that can be compared."""
    if left.is_local or right.is_local:
        return left.local_nanoseconds // NANOSECONDS, right.local_nanoseconds // NANOSECONDS
    return left.nanoseconds // NANOSECONDS, right.nanoseconds // NANOSECONDS


def _mismatch(left: object, right: object, verb: str) -> EvaluationProblem:
    if left is None or right is None:
        known = type_name(right if left is None else left)
        return EvaluationProblem(f"null cannot be {verb} a {known}", "NULL_OPERAND")
    return EvaluationProblem(f"a {type_name(left)} cannot be {verb} a {type_name(right)}", "TYPE_MISMATCH")


def equal(run: Evaluation, left: object, right: object) -> bool:
    """Whether two values are equal; null equals only null.

    Raises EvaluationProblem when they are of different kinds.
    """
    kind = type(left)
    if kind is type(right) and (kind is str or kind is int or kind is bool):
        return left == right
    if left is None or right is None:
        return left is right
    match left, right:
        case (bool(), bool()):
            return left is right
        case (bool(), _) | (_, bool()):
            raise _mismatch(left, right, "compared with")
        case ((int() | Decimal()), (int() | Decimal())):
            return left == right
        case (FeelTime(), FeelTime()):
            first, second = time_keys(left, right)
            return first == second
        case (FeelDateTime(), FeelDateTime()):
            first, second = date_time_keys(left, right)
            return first == second
        case (list(), list()):
            run.charge(3 + 3 * min(len(left), len(right)))
            return len(left) == len(right) and all(map(lambda a, b: same(run, a, b), left, right))
        case (dict(), dict()):
            run.charge(3 + 3 * min(len(left), len(right)))
            return left.keys() == right.keys() and all(same(run, left[key], right[key]) for key in left)
        case (FeelRange(), FeelRange()):
            return _same_range(run, left, right)
        case (FeelFunction(), FeelFunction()):
            return left is right
    if isinstance(left, _ORDERED) and type(left) is type(right):
        return left == right
    raise _mismatch(left, right, "compared with")


def same(run: Evaluation, left: object, right: object) -> bool:
    """Whether two values are equal, values of different kinds being different."""
    first, second = type(left), type(right)
    if first is not second and not (first in _NUMBERS and second in _NUMBERS):
        return False
    try:
        return equal(run, left, right)
    except EvaluationProblem:
        return False


def _same_range(run: Evaluation, left: FeelRange, right: FeelRange) -> bool:
    flags = (left.form, left.start_included, left.end_included)
    return (
        flags == (right.form, right.start_included, right.end_included)
        and same(run, left.start, right.start)
        and same(run, left.end, right.end)
    )


def less(left: object, right: object) -> bool:
    """Whether `left < right`. Raises EvaluationProblem when the two have no order."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return left < right  # type: ignore[operator,no-any-return]
    match left, right:
        case (bool(), _) | (_, bool()):
            raise _mismatch(left, right, "ordered with")
        case (str(), str()) | (FeelDate(), FeelDate()) | (DaysTimeDuration(), DaysTimeDuration()):
            return bool(left < right)  # type: ignore[operator]
        case (YearsMonthsDuration(), YearsMonthsDuration()):
            return left < right
        case (FeelTime(), FeelTime()):
            first, second = time_keys(left, right)
            return first < second
        case (FeelDateTime(), FeelDateTime()):
            first, second = date_time_keys(left, right)
            return first < second
    raise _mismatch(left, right, "ordered with")


def compare(run: Evaluation, operator: str, left: object, right: object) -> bool:
    """`left operator right`. Raises EvaluationProblem for what cannot be compared."""
    if operator == "=":
        return equal(run, left, right)
    if operator == "!=":
        return not equal(run, left, right)
    if operator == "<":
        return less(left, right)
    if operator == ">":
        return less(right, left)
    if operator == "<=":
        return not less(right, left)
    return not less(left, right)


def in_range(run: Evaluation, value: object, wanted: FeelRange) -> bool:
    """Whether a value lies in a range. Raises EvaluationProblem when it cannot be compared with the ends."""
    if wanted.form is RangeForm.EQUAL:
        return equal(run, value, wanted.start)
    if wanted.form is RangeForm.NOT_EQUAL:
        return not equal(run, value, wanted.start)
    if wanted.start is None and wanted.end is None:
        raise EvaluationProblem("a range with two ends of null holds nothing that can be known", "NULL_OPERAND")
    inside = True
    if wanted.start is not None:
        inside = not less(value, wanted.start) if wanted.start_included else less(wanted.start, value)
    if inside and wanted.end is not None:
        inside = not less(wanted.end, value) if wanted.end_included else less(value, wanted.end)
    elif wanted.end is not None:
        less(value, wanted.end)
    return inside


def key_of(run: Evaluation, value: object) -> object:
    """Something hashable that is the same for equal values, to find duplicates in linear time."""
    match value:
        case bool() | None:
            return (type_name(value), value)
        case int() | Decimal():
            return ("number", value)
        case list():
            run.charge(4 + 3 * len(value))
            return ("list", tuple(key_of(run, item) for item in value))
        case dict():
            run.charge(4 + 3 * len(value))
            return ("context", frozenset((key, key_of(run, item)) for key, item in value.items()))
        case FeelTime():
            offset = value.effective_offset
            return ("time", offset is None, (value.second_of_day - (offset or 0)) % SECONDS_PER_DAY)
        case FeelDateTime():
            return ("date and time", value.is_local, value.nanoseconds // NANOSECONDS)
        case FeelRange():
            return ("range", to_text(value))
    return (type_name(value), value)
