"""How variables are stored: FEEL values as JSON bytes, by engine.feel.codec's table."""

from __future__ import annotations

from typing import Any

import orjson

from engine.feel.codec import from_json, to_json
from engine.protocols import Variables

EMPTY = b"{}"


def encode(variables: Variables) -> bytes:
    """Variables as bytes to store."""
    return orjson.dumps(to_json(dict(variables))) if variables else EMPTY


def decode(stored: bytes) -> dict[str, Any]:
    """Variables as they were before they were stored."""
    if stored == EMPTY:
        return {}
    values = from_json(orjson.loads(stored))
    assert isinstance(values, dict)
    return values
