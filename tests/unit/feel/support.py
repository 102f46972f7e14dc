"""What the tests of FEEL share: an environment with a clock, and expressions told as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from engine.feel import Environment, Result, evaluate, to_text

ENVIRONMENT = Environment(now=lambda: datetime(2026, 3, 4, 22, 30, tzinfo=UTC))


def result(text: str, scope: Mapping[str, object] | None = None) -> Result:
    """The result in an environment whose clock shows 2026-03-04 23:30 in Sweden."""
    return evaluate(text, scope or {}, ENVIRONMENT)


def said(text: str, scope: Mapping[str, object] | None = None) -> str:
    """The FEEL text of the value, `null` for null."""
    return to_text(result(text, scope).value)


def codes(text: str, scope: Mapping[str, object] | None = None) -> list[str]:
    """The codes of the warnings."""
    return [warning.code for warning in result(text, scope).warnings]
