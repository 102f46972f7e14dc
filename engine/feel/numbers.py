"""Decimal numbers of 34 digits, rounding half to even, with the exponents of IEEE decimal128."""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
INT_LIMIT = 10**34
"""Integers below this are exact in 34 digits; beyond it they become rounded Decimals."""

MAX_PLAIN_EXPONENT = 34


def settle(value: int | Decimal) -> int | Decimal | None:
    """The number within 34 digits and the exponent range, None when it is too large or not a number."""
    if type(value) is int:
        if -INT_LIMIT < value < INT_LIMIT:
            return value
        if value.bit_length() > 21_000:
            return None
        value = Decimal(value)
    try:
        result = CONTEXT.plus(value)
    except DecimalException:
        return None
    return result if result.is_finite() else None


def from_text(text: str) -> int | Decimal | None:
    """A number from its digits, already known to be well formed."""
    if len(text) <= 34 and text.isascii() and text.isdigit():
        return int(text)
    try:
        return settle(CONTEXT.create_decimal(text))
    except DecimalException:
        return None


def from_float(value: float) -> int | Decimal | None:
    """A Python float by its shortest text, so that 0.1 is 0.1; None for what is not finite."""
    try:
        return settle(CONTEXT.create_decimal(repr(value)))
    except DecimalException:
        return None


def is_number(value: object) -> bool:
    """Whether it is a FEEL number; a bool is none."""
    return type(value) is int or type(value) is Decimal


def to_int(value: object) -> int | None:
    """The number without its fraction, when it is a number of a size that an index can have."""
    if type(value) is int:
        return value
    if type(value) is Decimal and value.adjusted() <= MAX_PLAIN_EXPONENT:
        return int(value)
    return None


def to_text(value: int | Decimal) -> str:
    """Digits without an exponent, without trailing zeros; an exponent only beyond 34 digits."""
    if type(value) is int:
        return str(value)
    decimal = Decimal(value)
    if not decimal:
        return "0"
    normal = decimal.normalize(CONTEXT)
    if -MAX_PLAIN_EXPONENT * 2 < normal.adjusted() <= MAX_PLAIN_EXPONENT:
        return format(normal, "f")
    return str(normal)
