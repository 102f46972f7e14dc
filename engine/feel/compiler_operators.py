"""From the syntax tree to closures: arithmetic, comparison, logic, ranges, tests and types."""

from __future__ import annotations

from typing import TypeGuard

from engine.feel import nodes as n
from engine.feel.arithmetic import calculate, negate
from engine.feel.comparison import compare, equal, in_range, less, same
from engine.feel.compiler import compile_node, compiles
from engine.feel.errors import EvaluationProblem
from engine.feel.numbers import is_number
from engine.feel.runtime import Code, Evaluation, Frame
from engine.feel.types import NULL, has_type, is_known, type_name
from engine.feel.values import FeelRange, RangeForm

_PROBLEM_COST = 5


@compiles(n.Chain)
def _chain(node: n.Chain) -> Code:
    first = compile_node(node.first)
    if len(node.rest) == 1:
        operator, operand = node.rest[0]
        second = compile_node(operand)

        def once(frame: Frame) -> object:
            try:
                return calculate(frame.run, operator, first(frame), second(frame))
            except EvaluationProblem as problem:
                frame.run.warn(problem.code, problem.message, node.start, node.end)
                return None

        return once
    rest = tuple((operator, compile_node(operand), operand.end) for operator, operand in node.rest)

    def several(frame: Frame) -> object:
        run, value = frame.run, first(frame)
        for operator, operand, end in rest:
            right = operand(frame)
            try:
                value = calculate(run, operator, value, right)
            except EvaluationProblem as problem:
                run.warn(problem.code, problem.message, node.start, end)
                return None
        return value

    return several


@compiles(n.Negation)
def _negation(node: n.Negation) -> Code:
    operand = compile_node(node.operand)
    if isinstance(node.operand, n.Literal) and type(node.operand.value) is int:
        constant = -node.operand.value
        return lambda frame: constant

    def minus(frame: Frame) -> object:
        try:
            return negate(operand(frame))
        except EvaluationProblem as problem:
            frame.run.warn(problem.code, problem.message, node.start, node.end)
            return None

    return minus


def _is_number(node: n.Node) -> TypeGuard[n.Literal]:
    return isinstance(node, n.Literal) and is_number(node.value)


def _is_null(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and node.value is None


def _null_check(node: n.Comparison) -> Code:
    operand = compile_node(node.left if _is_null(node.right) else node.right)
    wanted = node.operator == "="

    def check(frame: Frame) -> object:
        run = frame.run
        since = len(run.warnings)
        value = operand(frame)
        if len(run.warnings) > since:
            run.recode_missing(since)
        return (value is None) is wanted

    return check


@compiles(n.Comparison)
def _comparison(node: n.Comparison) -> Code:
    operator = node.operator
    if operator in ("=", "!=") and (_is_null(node.right) or _is_null(node.left)):
        return _null_check(node)
    left, right = compile_node(node.left), compile_node(node.right)
    if operator in ("=", "!="):
        wanted = operator == "="

        def equality(frame: Frame) -> object:
            first, second = left(frame), right(frame)
            kind = type(first)
            if kind is type(second) and (kind is str or kind is int):
                return (first == second) is wanted
            try:
                return equal(frame.run, first, second) is wanted
            except EvaluationProblem as problem:
                frame.run.warn(problem.code, problem.message, node.start, node.end)
                return None

        return equality
    return _order(node, left, right)


def _order(node: n.Comparison, left: Code, right: Code) -> Code:
    swapped = node.operator in (">", "<=")
    negated = node.operator in ("<=", ">=")

    def order(frame: Frame) -> object:
        first, second = left(frame), right(frame)
        if swapped:
            first, second = second, first
        if type(first) is int and type(second) is int:
            return (first < second) is not negated
        try:
            return less(first, second) is not negated
        except EvaluationProblem as problem:
            frame.run.warn(problem.code, problem.message, node.start, node.end)
            return None

    return order


@compiles(n.Between)
def _between(node: n.Between) -> Code:
    value, low, high = compile_node(node.value), compile_node(node.low), compile_node(node.high)

    def between(frame: Frame) -> object:
        inner, first, last = value(frame), low(frame), high(frame)
        unknown: EvaluationProblem | None = None
        # A conjunction: one end that excludes the value decides, even when the other end is null.
        for smaller, greater in ((inner, first), (last, inner)):
            try:
                if less(smaller, greater):
                    return False
            except EvaluationProblem as problem:
                unknown = unknown or problem
        if unknown is None:
            return True
        frame.run.warn(unknown.code, unknown.message, node.start, node.end)
        return None

    return between


def _logic(node: n.Conjunction | n.Disjunction, decisive: bool) -> Code:
    items = tuple((compile_node(item), item) for item in node.items)

    def combine(frame: Frame) -> object:
        unknown = False
        for code, item in items:
            value = code(frame)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                unknown = True
                if value is not None:
                    message = f"`and` and `or` join conditions, not a {type_name(value)}"
                    frame.run.warn("TYPE_MISMATCH", message, item.start, item.end)
        return None if unknown else not decisive

    return combine


@compiles(n.Conjunction)
def _conjunction(node: n.Conjunction) -> Code:
    return _logic(node, decisive=False)


@compiles(n.Disjunction)
def _disjunction(node: n.Disjunction) -> Code:
    return _logic(node, decisive=True)


@compiles(n.Conditional)
def _conditional(node: n.Conditional) -> Code:
    branches = tuple((compile_node(condition), compile_node(result), condition) for condition, result in node.branches)
    otherwise = compile_node(node.otherwise)

    def choose(frame: Frame) -> object:
        for condition, result, source in branches:
            verdict = condition(frame)
            if verdict is True:
                return result(frame)
            if verdict is not False and verdict is not None:
                message = f"the condition is a {type_name(verdict)}, not true or false"
                frame.run.warn("TYPE_MISMATCH", message, source.start, source.end)
        return otherwise(frame)

    return choose


@compiles(n.InstanceOf)
def _instance_of(node: n.InstanceOf) -> Code:
    value, wanted = compile_node(node.value), node.type

    def check(frame: Frame) -> object:
        run, found = frame.run, value(frame)
        if not is_known(wanted, run.environment.types):
            run.warn("UNKNOWN_TYPE", f"there is no type {wanted.name!r}", node.start, node.end)
            return None
        if found is None:
            return wanted == NULL
        if type(found) in (list, dict):
            run.charge(len(found))  # type: ignore[arg-type]
        return has_type(found, wanted, run.environment.types)

    return check


@compiles(n.ListLiteral)
def _list(node: n.ListLiteral) -> Code:
    items = tuple(compile_node(item) for item in node.items)
    return lambda frame: [item(frame) for item in items]


@compiles(n.ContextLiteral)
def _context(node: n.ContextLiteral) -> Code:
    entries = tuple((key, compile_node(value)) for key, value in node.entries)

    def build(frame: Frame) -> object:
        result: dict[str, object] = {}
        inner = Frame(result, frame, frame.run)
        for key, value in entries:
            result[key] = value(inner)
        return result

    return build


@compiles(n.RangeLiteral)
def _range(node: n.RangeLiteral) -> Code:
    low, high = compile_node(node.low), compile_node(node.high)
    if _is_number(node.low) and _is_number(node.high):
        constant = FeelRange(node.low.value, node.low_included, node.high.value, node.high_included)
        return lambda frame: constant

    def build(frame: Frame) -> object:
        return make_range(frame, low(frame), node.low_included, high(frame), node.high_included, node)

    return build


def make_range(
    frame: Frame, low: object, low_included: bool, high: object, high_included: bool, node: n.Node
) -> FeelRange | None:
    """A range of two ends, null with a warning when they cannot be compared."""
    if low is not None and high is not None:
        try:
            less(low, high)
        except EvaluationProblem as problem:
            frame.run.warn(problem.code, problem.message, node.start, node.end)
            return None
    return FeelRange(low, low_included and low is not None, high, high_included and high is not None)


@compiles(n.OperatorRange)
def _operator_range(node: n.OperatorRange) -> Code:
    operand, form = compile_node(node.operand), RangeForm(node.operator)

    def build(frame: Frame) -> object:
        value = operand(frame)
        if form in (RangeForm.EQUAL, RangeForm.NOT_EQUAL):
            return FeelRange(value, form is RangeForm.EQUAL, value, form is RangeForm.EQUAL, form)
        if form in (RangeForm.LESS, RangeForm.LESS_OR_EQUAL):
            return FeelRange(None, False, value, form is RangeForm.LESS_OR_EQUAL, form)
        return FeelRange(value, form is RangeForm.GREATER_OR_EQUAL, None, False, form)

    return build


@compiles(n.In)
def _in(node: n.In) -> Code:
    value, tests = compile_node(node.value), compile_tests(node.tests)

    def check(frame: Frame) -> object:
        return tests(Frame({"?": value(frame)}, frame, frame.run))

    return check


def compile_tests(node: n.Tests) -> Code:
    """The closure for unary tests, in a frame where `?` is the tested value: true, false or null."""
    if node.is_any:
        return lambda frame: True
    tests = tuple(_test(test) for test in node.tests)
    negated = node.is_negated

    def check(frame: Frame) -> object:
        unknown = False
        for test in tests:
            verdict = test(frame)
            if verdict is True:
                return not negated
            unknown = unknown or verdict is None
        return None if unknown else negated

    return check


def _test(node: n.ComparisonTest | n.ExpressionTest) -> Code:
    if isinstance(node, n.ComparisonTest):
        operand, operator = compile_node(node.operand), node.operator

        def compared(frame: Frame) -> object:
            try:
                return compare(frame.run, operator, frame.names["?"], operand(frame))
            except EvaluationProblem as problem:
                frame.run.warn(problem.code, problem.message, node.start, node.end)
                return None

        return compared
    expression, reads_input = compile_node(node.expression), node.reads_input

    def satisfied(frame: Frame) -> object:
        tested, value = frame.names["?"], expression(frame)
        if type(value) is bool and (reads_input or type(tested) is not bool):
            return value
        if type(tested) is type(value) is str:
            return tested == value
        try:
            if type(value) is FeelRange and type(tested) is not FeelRange:
                return in_range(frame.run, tested, value)
            return matches(frame, tested, value)
        except EvaluationProblem as problem:
            frame.run.warn(problem.code, problem.message, node.start, node.end)
            return None

    return satisfied


def matches(frame: Frame, tested: object, wanted: object) -> bool:
    """Whether the value is equal to what is wanted, in the range, or one of the list.

    Raises EvaluationProblem when that cannot be known.
    """
    run = frame.run
    if type(wanted) is FeelRange:
        return equal(run, tested, wanted) if type(tested) is FeelRange else in_range(run, tested, wanted)
    if type(wanted) is not list:
        return equal(run, tested, wanted)
    run.charge(1 + len(wanted))
    if type(tested) is list and equal(run, tested, wanted):
        return True
    # A list of mixed kinds is a plain list of values; only when nothing in it could be compared is it a mistake.
    if len(wanted) == 1:
        return matches(frame, tested, wanted[0]) if type(wanted[0]) is FeelRange else equal(run, tested, wanted[0])
    return any(_lies_in(run, tested, item) if type(item) is FeelRange else same(run, tested, item) for item in wanted)


def _lies_in(run: Evaluation, tested: object, wanted: FeelRange) -> bool:
    """Whether the value is in a range of a list, or that range; what cannot be compared is not."""
    try:
        return same(run, tested, wanted) if type(tested) is FeelRange else in_range(run, tested, wanted)
    except EvaluationProblem:
        run.charge(_PROBLEM_COST)
        return False
