"""How much one evaluation may use, so that no diagram can stop the engine."""

from __future__ import annotations

from dataclasses import dataclass

MAX_SOURCE_LENGTH = 50_000
"""Characters in one expression; longer texts are refused before they are scanned."""

MAX_NESTING = 48
"""Parentheses, lists, contexts, conditionals and functions inside one another, in the text."""

MAX_NODES = 10_000
"""Operations in one expression."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The budget of one evaluation.

    A step is about one operation of the expression. Work on lists and texts is charged by their length, which
    is why `steps` bounds time and memory together.
    """

    steps: int = 200_000
    call_depth: int = 64
    list_length: int = 50_000
    text_length: int = 200_000
    pattern_length: int = 1_000
    regex_seconds: float = 0.04
    warnings: int = 50
