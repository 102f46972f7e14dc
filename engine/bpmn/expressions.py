"""FEEL as diagrams use it: compiled once when the file is read, evaluated strictly while it runs.

In a diagram a null that comes with a warning is not an answer. The one exception is a missing variable compared with
null, which is how a diagram asks whether something is known yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.errors import StegvisError
from engine.feel import Environment, compile_expression

ACCEPTED_WARNINGS: Final = frozenset({"MISSING_VARIABLE_COMPARED_WITH_NULL"})
_NOT_YET: Final = ACCEPTED_WARNINGS | {"MISSING_VARIABLE", "MISSING_ENTRY", "NULL_OPERAND"}


class Problem(Exception):
    """Something at one element that a person has to look at; becomes an incident there."""

    def __init__(self, code: str, message: str) -> None:
        """`code` is stable, `message` is for a person."""
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Expression:
    """A FEEL expression of a diagram and what it is compiled to."""

    text: str
    compiled: Any

    @classmethod
    def compile(cls, text: str, names: frozenset[str]) -> Expression:
        """Compile `text`, with or without its leading `=`.

        Raises:
            FeelSyntaxError: the text is not FEEL.
        """
        text = text.strip().removeprefix("=").strip()
        return cls(text, compile_expression(text, names))

    def value(self, variables: Mapping[str, Any], environment: Environment) -> Any:
        """The value of the expression.

        Raises:
            Problem: it cannot be evaluated, or gives a warning.
        """
        return self._evaluate(variables, environment, ACCEPTED_WARNINGS)

    def truth(self, variables: Mapping[str, Any], environment: Environment) -> bool:
        """Whether the condition holds.

        Raises:
            Problem: it is neither true nor false, or gives a warning.
        """
        value = self.value(variables, environment)
        if value is True or value is False:
            return bool(value)
        raise Problem("CONDITION_NOT_BOOLEAN", f"{self.text!r} is neither true nor false but {_shown(value)}")

    def truth_so_far(self, variables: Mapping[str, Any], environment: Environment) -> bool:
        """Whether a condition that is waited for holds yet; what it names may still be missing.

        Raises:
            Problem: it gives another warning, or something that is neither true, false nor null.
        """
        value = self._evaluate(variables, environment, _NOT_YET)
        if value is True or value is False or value is None:
            return value is True
        raise Problem("CONDITION_NOT_BOOLEAN", f"{self.text!r} is neither true nor false but {_shown(value)}")

    def _evaluate(self, variables: Mapping[str, Any], environment: Environment, accepted: frozenset[str]) -> Any:
        try:
            result = self.compiled.evaluate(variables, environment)
        except StegvisError as error:
            raise Problem(error.code, f"{self.text!r}: {error.message}") from error
        for warning in result.warnings:
            if warning.code not in accepted:
                raise Problem("EXPRESSION_FAILED", f"{self.text!r}: {warning.message}")
        return result.value


@dataclass(frozen=True)
class Value:
    """A field of a diagram that is either a text as it stands or, marked by `=`, FEEL."""

    literal: str | None
    expression: Expression | None = None

    @classmethod
    def compile(cls, text: str, names: frozenset[str]) -> Value:
        """Read the field; a leading `=` marks FEEL.

        Raises:
            FeelSyntaxError: the text after `=` is not FEEL.
        """
        if text.lstrip().startswith("="):
            return cls(None, Expression.compile(text, names))
        return cls(text.strip())

    def value(self, variables: Mapping[str, Any], environment: Environment) -> Any:
        """The text, or the value of the expression.

        Raises:
            Problem: the expression cannot be evaluated.
        """
        if self.expression is None:
            return self.literal
        return self.expression.value(variables, environment)

    def text(self, variables: Mapping[str, Any], environment: Environment, what: str) -> str:
        """The value as a text that is not empty; `what` says in messages which field it is.

        Raises:
            Problem: it is not a text.
        """
        value = self.value(variables, environment)
        if isinstance(value, str) and value:
            return value
        raise Problem("WRONG_TYPE", f"{what} must be a text, but {self.shown} gives {_shown(value)}")

    @property
    def shown(self) -> str:
        """The field as it is written."""
        return repr(self.literal) if self.expression is None else repr("=" + self.expression.text)


def _shown(value: Any) -> str:
    text = "null" if value is None else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
