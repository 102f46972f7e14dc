"""How variables are stored: FEEL values as JSON bytes, by engine.feel.codec's table."""

from __future__ import annotations

from typing import Any

from engine.feel import codec
from engine.protocols import Variables

EMPTY = b"{}"


def encode(variables: Variables) -> bytes:
    """Variables as bytes to store."""
    return codec.dumps(dict(variables))[0] if variables else EMPTY


def decode(stored: bytes) -> dict[str, Any]:
    """Variables as they were before they were stored."""
    if stored == EMPTY:
        return {}
    values = codec.loads(stored)
    assert isinstance(values, dict)
    return values
