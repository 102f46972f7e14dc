"""Functions that make one value of many: least, greatest, sums and averages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from engine.feel.arithmetic import Number, calculate
from engine.feel.builtins.numeric import total
from engine.feel.comparison import less
from engine.feel.errors import EvaluationProblem
from engine.feel.functions import built_in
from engine.feel.numbers import CONTEXT, is_number
from engine.feel.runtime import Evaluation
from engine.feel.types import type_name


def spread(name: str, parameter: str = "list") -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Declares a function that takes one list or its items one by one."""

    def declare(call: Callable[..., object]) -> Callable[..., object]:
        def of_items(run: Evaluation, first: object, *rest: object) -> object:
            return call(run, [first, *rest])

        built_in(name, f"{parameter}: list")(call)
        # A single null is no list, and no item either.
        built_in(name, "item: any, other: any, others...?: any")(of_items)
        return call

    return declare


def _numbers(name: str, items: list[object]) -> list[Number]:
    for item in items:
        if not is_number(item):
            kind = "null" if item is None else f"a {type_name(item)}"
            raise EvaluationProblem(f"{name}: the list has {kind} among its numbers", "TYPE_MISMATCH")
    return items  # type: ignore[return-value]


def _some(name: str, items: list[object]) -> list[object]:
    if not items:
        raise EvaluationProblem(f"{name}: the list is empty", "EMPTY_LIST")
    return items


def _extreme(run: Evaluation, name: str, items: list[object], *, greatest: bool) -> object:
    run.charge(2 * len(items))
    best, *rest = _some(name, items)
    if not rest:
        less(best, best)
    for item in rest:
        if less(best, item) if greatest else less(item, best):
            best = item
    return best


@spread("min")
def minimum(run: Evaluation, items: list[object]) -> object:
    """The least item, null for none."""
    return _extreme(run, "min", items, greatest=False)


@spread("max")
def maximum(run: Evaluation, items: list[object]) -> object:
    """The greatest item, null for none."""
    return _extreme(run, "max", items, greatest=True)


@spread("sum")
def summed(run: Evaluation, items: list[object]) -> object:
    """The sum, null for none."""
    run.charge(len(items))
    return total(run, _numbers("sum", _some("sum", items)))


@spread("product")
def product(run: Evaluation, items: list[object]) -> object:
    """The product, null for none."""
    run.charge(4 * len(items))
    result: object = 1
    for item in _numbers("product", _some("product", items)):
        result = calculate(run, "*", result, item)
    return result


@spread("mean")
def mean(run: Evaluation, items: list[object]) -> object:
    """The average, null for none."""
    run.charge(len(items))
    return calculate(run, "/", total(run, _numbers("mean", _some("mean", items))), len(items))


@spread("median")
def median(run: Evaluation, items: list[object]) -> object:
    """The middle of the sorted numbers, or the average of the two in the middle; null for none."""
    run.charge(2 * len(items))
    ordered = sorted(_numbers("median", _some("median", items)))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return calculate(run, "/", total(run, ordered[middle - 1 : middle + 1]), 2)


@spread("stddev")
def standard_deviation(run: Evaluation, items: list[object]) -> object:
    """The sample standard deviation, null for fewer than two numbers."""
    run.charge(8 * len(items))
    if len(items) < 2:
        raise EvaluationProblem("stddev: a deviation needs at least two numbers", "EMPTY_LIST")
    values = _numbers("stddev", items)
    average = calculate(run, "/", total(run, values), len(values))
    squares: list[Number] = []
    for value in values:
        apart = calculate(run, "-", value, average)
        squares.append(calculate(run, "*", apart, apart))  # type: ignore[arg-type]
    return CONTEXT.sqrt(Decimal(calculate(run, "/", total(run, squares), len(values) - 1)))  # type: ignore[arg-type]


@spread("mode")
def mode(run: Evaluation, items: list[object]) -> object:
    """The most frequent numbers, ascending; an empty list for none."""
    run.charge(2 * len(items))
    counts = Counter(_numbers("mode", items))
    most = max(counts.values(), default=0)
    return sorted(value for value, count in counts.items() if count == most)


def _decide(run: Evaluation, items: list[object], *, decisive: bool) -> bool | None:
    run.charge(len(items))
    if any(item is decisive for item in items):
        return decisive
    for item in items:
        if type(item) is not bool:
            kind = "null" if item is None else f"a {type_name(item)}"
            raise EvaluationProblem(f"the list has {kind} among its truth values", "TYPE_MISMATCH")
    return not decisive


@spread("all")
def all_true(run: Evaluation, items: list[object]) -> object:
    """False when one item is false, true when all are true or there are none, else null."""
    return _decide(run, items, decisive=False)


@spread("any")
def any_true(run: Evaluation, items: list[object]) -> object:
    """True when one item is true, false when all are false or there are none, else null."""
    return _decide(run, items, decisive=True)
