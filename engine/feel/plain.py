"""Values as readable JSON for people and APIs, where types are told by the reader's knowledge."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import numbers
from engine.feel.errors import FeelLimitError
from engine.feel.text import to_text

_MAX_DEPTH = 200


def _plain_number(value: int | Decimal) -> int | float | str:
    if type(value) is int:
        return value
    decimal = Decimal(value)
    if decimal == decimal.to_integral_value() and decimal.adjusted() < 34:
        return int(decimal)
    as_float = float(decimal)
    # A float that would say another number than the decimal is told as text instead.
    return as_float if numbers.from_float(as_float) == decimal else numbers.to_text(decimal)


def to_plain(value: object, depth: int = 0) -> object:
    """JSON-ready: dates, times, durations, ranges and functions as their FEEL texts, numbers as exact numbers.

    A decimal that no float says exactly becomes text. Raises FeelLimitError for values nested too deeply.
    """
    if depth > _MAX_DEPTH:
        raise FeelLimitError(f"a value may be nested {_MAX_DEPTH} deep")
    match value:
        case None | bool() | str():
            return value
        case int() | Decimal():
            return _plain_number(value)
        case list():
            return [to_plain(item, depth + 1) for item in value]
        case dict():
            return {key: to_plain(item, depth + 1) for key, item in value.items()}
    return to_text(value)
