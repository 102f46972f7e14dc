"""Compiled expressions and unary tests, and the cache of them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from engine.feel import builtins as _builtins
from engine.feel import compiler_loops as _loops
from engine.feel import compiler_operators
from engine.feel.analysis import called_names, free_names
from engine.feel.compiler import compile_node
from engine.feel.convert import ATOMS, adopt
from engine.feel.errors import FeelLimitError
from engine.feel.functions import BUILT_INS
from engine.feel.names import complex_names, is_simple
from engine.feel.nodes import Node
from engine.feel.parser import Parser
from engine.feel.runtime import DEFAULT, Code, Environment, Evaluation, FeelWarning, Frame

DECLARED = (_builtins, _loops)
"""Modules whose import declares built-ins and how nodes are compiled."""

CACHE_SIZE = 4_096
_MAX_RESULT_NODES = 100_000
_MAX_RESULT_DEPTH = 180


@dataclass(frozen=True, slots=True)
class Result:
    """What an evaluation gave: a FEEL value, and why parts of it are null."""

    value: object
    warnings: tuple[FeelWarning, ...]


def _check_result(value: object) -> None:
    """Refuses a value whose parts, counted as often as they are referred to, are too many or too deep."""
    level, depth, left = [value], 0, _MAX_RESULT_NODES
    while level:
        left -= len(level)
        if left < 0 or depth > _MAX_RESULT_DEPTH:
            raise FeelLimitError("the result is too large or nested too deeply")
        inner: list[object] = []
        for current in level:
            kind = type(current)
            if kind is list:
                inner += current  # type: ignore[arg-type]
            elif kind is dict:
                inner += current.values()  # type: ignore[attr-defined]
            elif kind is str:
                left -= len(current) // 16  # type: ignore[arg-type]
            if len(inner) > left:
                raise FeelLimitError("the result is too large or nested too deeply")
        level, depth = inner, depth + 1


def _run(code: Code, source: str, names: Mapping[str, object], environment: Environment) -> Result:
    run = Evaluation(environment, source)
    try:
        value = code(Frame(names, None, run))
    except RecursionError as problem:
        raise FeelLimitError("the expression or its values are nested too deeply") from problem
    if type(value) is list or type(value) is dict:
        _check_result(value)
    return Result(value, run.told_warnings() if run.warnings else ())


class Expression:
    """A FEEL expression, ready to be evaluated in any scope, by any thread."""

    __slots__ = ("_code", "called_names", "free_names", "text")

    def __init__(self, text: str, tree: Node) -> None:
        self.text = text
        self._code = compile_node(tree)
        self.free_names = free_names(tree)
        self.called_names = called_names(tree)

    def evaluate(self, scope: Mapping[str, object], environment: Environment = DEFAULT) -> Result:
        """The value in a scope of Python or FEEL values; the scope is not changed, but results may share with it.

        Raises FeelLimitError when the budget of the environment is used up.
        """
        return _run(self._code, self.text, scope, environment)


class UnaryTests:
    """Tests of one value, as in a cell of a decision table."""

    __slots__ = ("_code", "called_names", "free_names", "text")

    def __init__(self, text: str, tree: Node) -> None:
        self.text = text
        code = compiler_operators.compile_tests(tree)  # type: ignore[arg-type]
        self._code: Code = code
        self.free_names = free_names(tree) - {"?"}
        self.called_names = called_names(tree)

    def evaluate(self, input_value: object, scope: Mapping[str, object], environment: Environment = DEFAULT) -> Result:
        """True, false or null for the tested value.

        Raises FeelLimitError when the budget of the environment is used up.
        """
        value = input_value if type(input_value) in ATOMS else adopt(input_value)
        code = self._code

        def within(frame: Frame) -> object:
            return code(Frame({"?": value}, frame, frame.run))

        return _run(within, self.text, scope, environment)


T = TypeVar("T")


class _Cache:
    """The latest compiled texts; safe for threads, each of which may compile a missing text at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[object, object] = OrderedDict()

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The entry, made when it is missing."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]  # type: ignore[return-value]
        made = make()
        with self._lock:
            self._entries[key] = made
            while len(self._entries) > CACHE_SIZE:
                self._entries.popitem(last=False)
        return made


_CACHE = _Cache()


def _complex(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if not is_simple(name))


def compile_expression(text: str, names: Iterable[str] = ()) -> Expression:
    """Compiles an expression.

    `names` are what may be in scope; only those with spaces, operators or keywords in them matter to the reading.
    Raises FeelSyntaxError.
    """
    known = _complex(names)
    return _CACHE.get(
        ("expression", text, known), lambda: Expression(text, Parser(text, known, BUILT_INS).expression())
    )


def compile_unary_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """Compiles unary tests: `> 3, 7`, `not("a")`, `[1..3]`, `-`, or a condition on `?`.

    Raises FeelSyntaxError.
    """
    known = _complex(names)
    return _CACHE.get(("tests", text, known), lambda: UnaryTests(text, Parser(text, known, BUILT_INS).unary_tests()))


def evaluate(text: str, scope: Mapping[str, object], environment: Environment = DEFAULT) -> Result:
    """Compiles with the names of the scope, of the contexts in it and of the environment's functions, and evaluates.

    Raises FeelSyntaxError and FeelLimitError.
    """
    names = [*complex_names(scope), *environment.functions]
    return compile_expression(text, names).evaluate(scope, environment)


def known_functions() -> frozenset[str]:
    """The names of all built-in functions."""
    return frozenset(BUILT_INS)
