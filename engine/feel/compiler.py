"""From the syntax tree to Python closures: values, names, paths, filters, calls.

Each node becomes a function of a frame. Loops charge the run for each turn by the size of their body, so that the
budget of an evaluation bounds its time without a check at every operation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes as n
from engine.feel.convert import ATOMS
from engine.feel.errors import EvaluationProblem
from engine.feel.function_types import built_in_value
from engine.feel.functions import BUILT_INS, call_built_in, closure, host_value, invoke
from engine.feel.lexical import parse_temporal
from engine.feel.numbers import is_number, to_int
from engine.feel.properties import property_of
from engine.feel.runtime import MISSING_ENTRY, MISSING_VARIABLE, Code, Frame
from engine.feel.types import type_name
from engine.feel.values import FeelFunction

Compile = Callable[[Any], Code]
COMPILERS: dict[type[n.Node], Compile] = {}
"""How each kind of node is compiled; `compiler_operators` and `compiler_loops` add theirs."""

_BUILT_IN_COST = 6
_FORGIVING = frozenset({"is defined", "get or else"})
"""Functions that exist to ask for what may be missing."""


def compiles(kind: type[n.Node]) -> Callable[[Compile], Compile]:
    """Declares how a kind of node is compiled."""

    def declare(compile_node: Compile) -> Compile:
        COMPILERS[kind] = compile_node
        return compile_node

    return declare


def compile_node(node: n.Node) -> Code:
    """The closure for a node."""
    return COMPILERS[type(node)](node)


@compiles(n.Literal)
def _literal(node: n.Literal) -> Code:
    value = node.value
    return lambda frame: value


@compiles(n.AtLiteral)
def _at_literal(node: n.AtLiteral) -> Code:
    value = parse_temporal(node.text)
    if value is not None:
        return lambda frame: value

    def wrong(frame: Frame) -> object:
        frame.run.warn("INVALID_LITERAL", f"{node.text!r} is no date, time or duration", node.start, node.end)
        return None

    return wrong


def find_function(frame: Frame, name: str) -> FeelFunction | None:
    """The function of that name: a variable that is one, else the environment's, else the built-in."""
    scope: Frame | None = frame
    while scope is not None:
        value = scope.names.get(name)
        if isinstance(value, FeelFunction):
            return value
        scope = scope.parent
    host = frame.run.environment.functions.get(name)
    if host is not None:
        return host_value(host)
    return built_in_value(name) if name in BUILT_INS else None


@compiles(n.Name)
def _name(node: n.Name) -> Code:
    name = node.name

    def read(frame: Frame) -> object:
        scope: Frame | None = frame
        while scope is not None:
            if name in scope.names:
                value = scope.names[name]
                # Only what comes from outside may be something that FEEL does not know.
                if scope.parent is None and type(value) not in ATOMS:
                    return frame.run.adopt(value)
                return value
            scope = scope.parent
        function = find_function(frame, name)
        if function is None:
            frame.run.warn(MISSING_VARIABLE, f"there is no variable {name!r}", node.start, node.end)
        return function

    return read


@compiles(n.Path)
def _path(node: n.Path) -> Code:
    target, name = compile_node(node.target), node.name

    def step(frame: Frame) -> object:
        value = target(frame)
        if type(value) is dict and name in value:
            return value[name]
        return _select(frame, value, node)

    root, keys = _names_of(node)
    return step if root is None else _path_from_outside(root, keys, step)


def _names_of(node: n.Node) -> tuple[str | None, tuple[str, ...]]:
    """The variable that a path begins with and the names after it, when it has nothing but names."""
    keys: list[str] = []
    while isinstance(node, n.Path):
        keys.append(node.name)
        node = node.target
    return (node.name if isinstance(node, n.Name) else None), tuple(reversed(keys))


def _path_from_outside(root: str, keys: tuple[str, ...], step: Code) -> Code:
    """Goes down a variable of the scope without looking at the rest of it, which may be large."""

    def descend(frame: Frame) -> object:
        scope = frame
        while scope.parent is not None:
            if root in scope.names:
                return step(frame)
            scope = scope.parent
        value = scope.names.get(root)
        for key in keys:
            if type(value) is not dict or key not in value:
                return step(frame)
            value = value[key]
        return value if type(value) in ATOMS else frame.run.adopt(value)

    return descend


def _select(frame: Frame, value: object, node: n.Path) -> object:
    if type(value) is list:
        frame.run.check_length(len(value))
        frame.run.charge(2 + len(value))
        return [
            item[node.name] if type(item) is dict and node.name in item else _select_one(frame, item, node)
            for item in value
        ]
    return _select_one(frame, value, node)


def _select_one(frame: Frame, value: object, node: n.Path) -> object:
    if type(value) is list:
        frame.run.charge(2)
        return _select(frame, value, node)
    try:
        return property_of(value, node.name)
    except EvaluationProblem as problem:
        code = MISSING_ENTRY if value is None or type(value) is dict else problem.code
        frame.run.warn(code, problem.message, node.start, node.end)
        return None


@compiles(n.Filter)
def _filter(node: n.Filter) -> Code:
    target, condition = compile_node(node.target), compile_node(node.condition)
    cost = 2 + size(node.condition)
    if isinstance(node.condition, n.Literal) and is_number(node.condition.value):
        position = node.condition.value

        def pick(frame: Frame) -> object:
            return _item_at(frame, _as_items(target(frame)), position, node)

        return pick

    def choose(frame: Frame) -> object:
        items = _as_items(target(frame))
        if items is None:
            return _item_at(frame, None, None, node)
        run, chosen = frame.run, []
        if not items:
            since = len(run.warnings)
            first = condition(Frame({"item": None}, frame, run))
            run.warnings[since:] = []
            return _item_at(frame, items, first, node) if is_number(first) else []
        for item in items:
            run.charge(cost)
            local = Frame({"item": item}, frame, run)
            if type(item) is dict:
                local = Frame(item, local, run)
            verdict = condition(local)
            if verdict is True:
                chosen.append(item)
            elif verdict is not False and verdict is not None:
                if is_number(verdict):
                    return _item_at(frame, items, verdict, node)
                message = f"a filter is a condition or a position, not a {type_name(verdict)}"
                run.warn("TYPE_MISMATCH", message, node.condition.start, node.condition.end)
                return None
        run.check_length(len(chosen))
        return chosen

    return choose


def _as_items(value: object) -> list[object] | None:
    if type(value) is list:
        return value
    return None if value is None else [value]


def _item_at(frame: Frame, items: list[object] | None, position: object, node: n.Filter) -> object:
    if items is None:
        frame.run.warn("NULL_OPERAND", "null has no items", node.start, node.end)
        return None
    index = to_int(position)
    if index is None or index != position:
        frame.run.warn("INVALID_ARGUMENT", "a position is a whole number", node.start, node.end)
        return None
    if index == 0 or abs(index) > len(items):
        frame.run.warn("OUT_OF_RANGE", f"the list has no item {index}, it has {len(items)}", node.start, node.end)
        return None
    return items[index - 1 if index > 0 else index]


@compiles(n.Call)
def _call(node: n.Call) -> Code:
    arguments = tuple(compile_node(argument) for argument in node.arguments)
    if isinstance(node.function, n.Name):
        return _call_by_name(node, node.function.name, arguments)
    function = compile_node(node.function)

    def call(frame: Frame) -> object:
        found = function(frame)
        if not isinstance(found, FeelFunction):
            frame.run.warn("NOT_A_FUNCTION", f"a {type_name(found)} cannot be called", node.start, node.end)
            return None
        return _invoke(frame, found, [argument(frame) for argument in arguments], node)

    return call


def _call_by_name(node: n.Call, name: str, arguments: tuple[Code, ...]) -> Code:
    names = node.names
    forgiving = name in _FORGIVING
    known = name in BUILT_INS

    def call(frame: Frame) -> object:
        run = frame.run
        since = len(run.warnings)
        values = [argument(frame) for argument in arguments]
        if forgiving and len(run.warnings) > since:
            run.forgive_missing(since)
        scope: Frame | None = frame
        while scope is not None:
            if name in scope.names and isinstance(scope.names[name], FeelFunction):
                break
            scope = scope.parent
        if scope is None and known and name not in run.environment.functions:
            run.charge(_BUILT_IN_COST)
            try:
                return call_built_in(run, name, values, names)
            except EvaluationProblem as problem:
                run.warn(problem.code, problem.message, node.start, node.end)
                return None
        found = find_function(frame, name)
        if found is None:
            run.warn("UNKNOWN_FUNCTION", f"there is no function {name!r}", node.start, node.end)
            return None
        return _invoke(frame, found, values, node)

    return call


def _invoke(frame: Frame, function: FeelFunction, values: list[object], node: n.Call) -> object:
    run = frame.run
    since = len(run.warnings)
    try:
        result = invoke(run, function, values, node.names)
    except EvaluationProblem as problem:
        run.warn(problem.code, problem.message, node.start, node.end)
        return None
    if function.source is not None and function.source != run.source:
        run.move_warnings(since, node.start, node.end)
    return result


@compiles(n.FunctionLiteral)
def _function(node: n.FunctionLiteral) -> Code:
    names = tuple(parameter.name for parameter in node.parameters)
    types = tuple(parameter.type for parameter in node.parameters)
    if node.is_external:

        def external(frame: Frame) -> object:
            frame.run.warn("EXTERNAL_FUNCTION", "external functions are not run here", node.start, node.end)
            return None

        return external
    body = compile_node(node.body)
    cost = size(node.body)

    def charged(frame: Frame) -> object:
        frame.run.charge(cost)
        return body(frame)

    return lambda frame: closure(frame, names, types, charged, node.start, node.end)


def children(node: n.Node) -> list[n.Node]:
    """The nodes directly inside a node."""
    found: list[n.Node] = []
    for name in type(node).__dataclass_fields__:
        pending = [getattr(node, name)]
        while pending:
            value = pending.pop()
            if isinstance(value, n.Node):
                found.append(value)
            elif isinstance(value, tuple):
                pending.extend(value)
    return found


def size(node: n.Node) -> int:
    """How many operations the node is, itself included: what one turn of a loop over it is charged."""
    total, pending = 0, [node]
    while pending:
        current = pending.pop()
        total += 1
        pending.extend(children(current))
    return total
