"""FEEL texts of a model, compiled once: expressions, and the unary tests of cells and constraints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.dmn.model import Literal, TypeConstraint
from engine.dmn.run import Run
from engine.dmn.types import Constraint, Type
from engine.feel import UnaryTests, compile_expression, compile_unary_tests
from engine.feel.errors import FeelSyntaxError

Scope = dict[str, object]
Logic = Callable[[Scope, Run], object]
"""An expression ready to be evaluated in a scope."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A text that does not parse, kept so that the model runs without it and says so when it is asked."""

    element: str | None
    text: str
    error: FeelSyntaxError


class Texts:
    """Compiles the texts of one model and remembers those that do not parse."""

    def __init__(self, namespace: str) -> None:
        """`namespace` is the model's: its types are those that the texts may name."""
        self._namespace = namespace
        self.broken: list[Broken] = []

    def expression(self, literal: Literal, names: Iterable[str]) -> Logic:
        """A literal expression; an empty one is null, one that does not parse is null with a warning."""
        element = literal.id
        if literal.language is not None:
            return nothing("UNKNOWN_LANGUAGE", f"the expression language {literal.language!r} is not FEEL", element)
        if not literal.text:
            return null
        try:
            compiled = compile_expression(literal.text, names)
        except FeelSyntaxError as error:
            self.broken.append(Broken(element, literal.text, error))
            return nothing("DOES_NOT_PARSE", error.message, element)
        evaluate, namespace = compiled.evaluate, self._namespace

        def logic(scope: Scope, run: Run) -> object:
            result = evaluate(scope, run.environments[namespace])
            if result.warnings:
                run.warn_all(result.warnings, element)
            return result.value

        return logic

    def tests(self, text: str, names: Iterable[str], element: str | None) -> UnaryTests | None:
        """Unary tests, None when they do not parse."""
        try:
            return compile_unary_tests(text, names)
        except FeelSyntaxError as error:
            self.broken.append(Broken(element, text, error))
            return None

    def constraint(self, constraint: TypeConstraint) -> Constraint | None:
        """The allowed values of a type, None when they do not parse."""
        tests = self.tests(constraint.text, (), constraint.element)
        return None if tests is None else Constraint(constraint.text, tests)


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
