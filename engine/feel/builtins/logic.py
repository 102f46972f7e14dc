"""`not`, `is`, and what Camunda adds to ask and demand."""

from __future__ import annotations

from engine.feel.comparison import same
from engine.feel.errors import EvaluationProblem
from engine.feel.functions import built_in
from engine.feel.runtime import Evaluation
from engine.feel.types import type_name
from engine.feel.values import FeelDateTime, FeelTime


@built_in("not", "negand: any")
def negation(run: Evaluation, negand: object) -> bool | None:
    """True for false, false for true, null for anything else."""
    if type(negand) is list and len(negand) == 1:
        negand = negand[0]
    if negand is None:
        return None
    if type(negand) is not bool:
        raise EvaluationProblem(f"not: a {type_name(negand)} is neither true nor false", "TYPE_MISMATCH")
    return not negand


def _identity(value: object) -> object:
    if isinstance(value, FeelTime):
        return value.nanosecond_of_day, value.offset, value.zone
    if isinstance(value, FeelDateTime):
        return value.local_nanoseconds, value.time.offset, value.time.zone
    return None


@built_in("is", "value1: any, value2: any")
def is_same(run: Evaluation, value1: object, value2: object) -> bool:
    """Whether two values are the same element: of one type, and for times also with the same zone."""
    if type_name(value1) != type_name(value2):
        return False
    if isinstance(value1, FeelTime | FeelDateTime):
        return _identity(value1) == _identity(value2)
    return same(run, value1, value2)


@built_in("is defined", "value: any")
def is_defined(run: Evaluation, value: object) -> bool:
    """Whether the value is there and not null."""
    return value is not None


@built_in("get or else", "value: any, default: any")
def get_or_else(run: Evaluation, value: object, default: object) -> object:
    """The value, or the default when it is null."""
    return default if value is None else value


@built_in("assert", "value: any, condition: any, cause?: string|null")
def demand(run: Evaluation, value: object, condition: object, cause: str | None = None) -> object:
    """The value when the condition is true; otherwise null with a warning that says the cause."""
    if condition is True:
        return value
    raise EvaluationProblem(cause or "the asserted condition does not hold", "ASSERTION_FAILED")
