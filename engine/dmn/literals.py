"""FEEL texts of a model, compiled once: expressions, and the unary tests of cells and constraints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from engine.dmn.model import Literal, TypeConstraint
from engine.dmn.run import Run
from engine.dmn.types import Constraint, Type
from engine.feel import Expression, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.errors import FeelSyntaxError

Scope = dict[str, object]
Logic = Callable[[Scope, Run], object]
"""An expression ready to be evaluated in a scope."""

ANY_NAME = "*"
"""Among the names in scope: there may be others that nobody knows before the evaluation."""


class Role(Enum):
    """Where in a model a text stands."""

    EXPRESSION = "expression"
    INPUT = "input expression of a table"
    CELL = "cell of a table"
    OUTPUT = "output of a table"


@dataclass(frozen=True, slots=True)
class Use:
    """A text that parses, and what it reads: for the linter."""

    owner: str
    element: str | None
    role: Role
    text: str
    names: frozenset[str]
    free_names: frozenset[str]
    called_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A text that does not parse, kept so that the model runs without it and says so when it is asked."""

    owner: str
    element: str | None
    text: str
    error: FeelSyntaxError


class Texts:
    """Compiles the texts of one model and remembers what they read, and those that do not parse."""

    def __init__(self, namespace: str, component_names: frozenset[str] = frozenset()) -> None:
        """`namespace` is the model's: its types are those that the texts may name.

        `component_names` may stand after a dot anywhere.
        """
        self.namespace = namespace
        self._component_names = component_names
        self.owner = ""
        self.broken: list[Broken] = []
        self.uses: list[Use] = []

    def expression(self, literal: Literal, names: frozenset[str], role: Role = Role.EXPRESSION) -> Logic:
        """A literal expression; an empty one is null, one that does not parse is null with a warning."""
        element = literal.id
        if literal.language is not None:
            return nothing("UNKNOWN_LANGUAGE", f"the expression language {literal.language!r} is not FEEL", element)
        if not literal.text:
            return null
        try:
            compiled = compile_expression(literal.text, self.readable(names))
        except FeelSyntaxError as error:
            self.broken.append(Broken(self.owner, element, literal.text, error))
            return nothing("DOES_NOT_PARSE", error.message, element)
        self._note(element, role, compiled, names)
        evaluate, namespace = compiled.evaluate, self.namespace

        def logic(scope: Scope, run: Run) -> object:
            run.step(element)
            result = evaluate(scope, run.environments[namespace])
            if result.warnings:
                run.warn_all(result.warnings, element)
            return result.value

        return logic

    def tests(self, text: str, names: frozenset[str], element: str | None) -> UnaryTests | None:
        """Unary tests, None when they do not parse."""
        try:
            compiled = compile_unary_tests(text, self.readable(names))
        except FeelSyntaxError as error:
            self.broken.append(Broken(self.owner, element, text, error))
            return None
        self._note(element, Role.CELL, compiled, names)
        return compiled

    def constraint(self, constraint: TypeConstraint) -> Constraint | None:
        """The allowed values of a type, None when they do not parse."""
        tests = self.tests(constraint.text, frozenset(), constraint.element)
        return None if tests is None else Constraint(constraint.text, tests)

    def readable(self, names: frozenset[str]) -> frozenset[str]:
        """The names that the parser has to know to read a text: those in scope, and those after dots."""
        return names | self._component_names if self._component_names else names

    def _note(self, element: str | None, role: Role, compiled: Expression | UnaryTests, names: frozenset[str]) -> None:
        if compiled.free_names or compiled.called_names:
            self.uses.append(
                Use(self.owner, element, role, compiled.text, names, compiled.free_names, compiled.called_names)
            )


def null(scope: Scope, run: Run) -> object:
    """An expression left empty."""
    return None


def nothing(code: str, message: str, element: str | None) -> Logic:
    """An expression that cannot be evaluated: null with a warning."""

    def logic(scope: Scope, run: Run) -> object:
        run.warn(code, message, element)
        return None

    return logic


def typed(logic: Logic, wanted: Type, element: str | None) -> Logic:
    """The expression's value as the wanted type, or null with a warning."""

    def converting(scope: Scope, run: Run) -> object:
        return run.convert(logic(scope, run), wanted, element)

    return converting
