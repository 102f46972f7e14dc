"""What can go wrong with an expression, besides null with a warning."""

from __future__ import annotations

from engine.errors import StegvisError


class FeelSyntaxError(StegvisError):
    """The text is not a FEEL expression."""

    code = "FEEL_SYNTAX"

    def __init__(self, message: str, *, line: int, column: int, length: int = 1, element: str | None = None) -> None:
        """`line` and `column` count from 1, in code points; `length` is how much of the text is meant."""
        super().__init__(f"{message} (line {line}, column {column})", element=element)
        self.line = line
        self.column = column
        self.length = length


class FeelLimitError(StegvisError):
    """The evaluation asked for more than it may use: steps, depth, list length or text length."""

    code = "FEEL_LIMIT"


class EvaluationProblem(Exception):
    """Raised in a function to say that its result is null, and why; becomes a warning at the call."""

    def __init__(self, message: str, code: str = "INVALID_ARGUMENT") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
