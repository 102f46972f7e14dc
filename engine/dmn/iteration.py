"""What a boxed loop runs over."""

from __future__ import annotations

from engine.dmn.run import Run
from engine.feel import compile_expression
from engine.feel.values import FeelRange

_EXPANDED = compile_expression("for i in domain return i", ["domain"])


def items_of(value: object, run: Run, element: str | None) -> list[object] | None:
    """The items of a list or range; any other value is a list of itself, null is none with a warning."""
    if type(value) is list:
        return value
    if value is None:
        run.warn("NOT_A_LIST", "there is no list to go through", element)
        return None
    if isinstance(value, FeelRange):
        result = _EXPANDED.evaluate({"domain": value}, run.environment)
        run.warn_all(result.warnings, element)
        return result.value if type(result.value) is list else None
    return [value]
