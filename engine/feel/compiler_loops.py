"""From the syntax tree to closures: `for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.feel import nodes as n
from engine.feel.compiler import children, compile_node, compiles, size
from engine.feel.errors import EvaluationProblem
from engine.feel.numbers import is_number
from engine.feel.runtime import Code, Evaluation, Frame
from engine.feel.types import type_name
from engine.feel.values import FeelDate, FeelRange

Domain = Callable[[Frame], Iterable[object]]
_INNER_LOOP_COST = 4


def _integer_span(run: Evaluation, first: object, last: object) -> Iterable[object] | None:
    if type(first) is int and type(last) is int:
        step = 1 if last >= first else -1
        run.check_length(abs(last - first) + 1)
        return range(first, last + step, step)
    if type(first) is FeelDate and type(last) is FeelDate:
        low, high = first.days, last.days
        step = 1 if high >= low else -1
        run.check_length(abs(high - low) + 1)
        return map(FeelDate.of_days, range(low, high + step, step))
    return None


def _whole(value: object) -> object:
    return int(value) if is_number(value) and value == int(value) and abs(value) < 10**18 else value  # type: ignore


def span(run: Evaluation, first: object, last: object) -> Iterable[object]:
    """The whole numbers or dates from first to last, both included, upwards or downwards.

    Raises EvaluationProblem for ends that cannot be counted between.
    """
    items = _integer_span(run, _whole(first), _whole(last))
    if items is None:
        message = f"one cannot count from a {type_name(first)} to a {type_name(last)}"
        raise EvaluationProblem(message, "NULL_OPERAND" if first is None or last is None else "TYPE_MISMATCH")
    return items


def items_of_range(run: Evaluation, wanted: FeelRange) -> Iterable[object]:
    """The whole numbers or dates in a range. Raises EvaluationProblem when they cannot be counted."""
    first, last = _whole(wanted.start), _whole(wanted.end)
    step = 1
    if type(first) is FeelDate and type(last) is FeelDate:
        if first > last:
            raise EvaluationProblem("the range ends before it starts", "OUT_OF_RANGE")
        low = first.days + (not wanted.start_included)
        high = last.days - (not wanted.end_included)
        run.check_length(max(0, high - low + 1))
        return map(FeelDate.of_days, range(low, high + step))
    if type(first) is int and type(last) is int:
        if first > last:
            raise EvaluationProblem("the range ends before it starts", "OUT_OF_RANGE")
        low, high = first + (not wanted.start_included), last - (not wanted.end_included)
        run.check_length(max(0, high - low + 1))
        return range(low, high + step)
    raise EvaluationProblem("only ranges of whole numbers and of dates can be counted through", "TYPE_MISMATCH")


def _domain(node: n.Iterator) -> Domain:
    domain = compile_node(node.domain)
    last = compile_node(node.last) if node.last is not None else None

    def items(frame: Frame) -> Iterable[object]:
        value = domain(frame)
        if last is not None:
            return span(frame.run, value, last(frame))
        if type(value) is list:
            return value
        if type(value) is FeelRange:
            return items_of_range(frame.run, value)
        if value is None:
            raise EvaluationProblem("null has no items to go through", "NULL_OPERAND")
        return [value]

    return items


Iterators = tuple[tuple[str, Domain], ...]


def _frames(iterators: Iterators, frame: Frame, cost: int) -> Iterator[Frame]:
    (name, domain), rest = iterators[0], iterators[1:]
    run = frame.run
    for value in domain(frame):
        run.charge(cost)
        inner = Frame({name: value}, frame, run)
        if rest:
            run.charge(_INNER_LOOP_COST)
            yield from _frames(rest, inner, cost + 1)
        else:
            yield inner


def _compile_iterators(nodes: tuple[n.Iterator, ...]) -> Iterators:
    return tuple((node.name, _domain(node)) for node in nodes)


def _keeps_partial(node: n.Node) -> bool:
    """Whether `partial` is used as a whole, so that each turn must see its own copy."""
    if isinstance(node, n.Name):
        return node.name == "partial"
    inner = children(node)
    if isinstance(node, n.Filter) and isinstance(node.target, n.Name):
        inner.remove(node.target)
    return any(_keeps_partial(child) for child in inner)


@compiles(n.For)
def _for(node: n.For) -> Code:
    iterators, body = _compile_iterators(node.iterators), compile_node(node.body)
    cost = 3 + size(node.body)
    copies = _keeps_partial(node.body)

    def loop(frame: Frame) -> object:
        run = frame.run
        results: list[object] = []
        limit = run.limits.list_length
        outer = Frame({"partial": results}, frame, run)
        try:
            for turn in _frames(iterators, outer, cost):
                if copies:
                    run.charge(len(results) // 16)
                    turn = Frame({"partial": list(results)}, turn, run)
                results.append(body(turn))
                if len(results) > limit:
                    run.check_length(len(results))
        except EvaluationProblem as problem:
            run.warn(problem.code, problem.message, node.start, node.end)
            return None
        return results

    return loop


def _quantified(node: n.Some | n.Every, decisive: bool) -> Code:
    iterators, condition = _compile_iterators(node.iterators), compile_node(node.condition)
    cost = 3 + size(node.condition)

    def check(frame: Frame) -> object:
        unknown = False
        try:
            for turn in _frames(iterators, frame, cost):
                verdict = condition(turn)
                if verdict is decisive:
                    return decisive
                if verdict is not (not decisive):
                    unknown = True
                    if verdict is not None:
                        message = f"the condition is a {type_name(verdict)}, not true or false"
                        frame.run.warn("TYPE_MISMATCH", message, node.condition.start, node.condition.end)
        except EvaluationProblem as problem:
            frame.run.warn(problem.code, problem.message, node.start, node.end)
            return None
        return None if unknown else not decisive

    return check


@compiles(n.Some)
def _some(node: n.Some) -> Code:
    return _quantified(node, decisive=True)


@compiles(n.Every)
def _every(node: n.Every) -> Code:
    return _quantified(node, decisive=False)
