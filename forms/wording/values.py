"""Values of variables as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel import Environment
from forms.schema.engine_feel import EngineFeel

MAX_VALUE = 400
_PLAIN = EngineFeel(Environment())


def value_words(value: object) -> str:
    """A value as a person reads it; a dash for nothing, long ones cut."""
    if isinstance(value, Mapping):
        text = "; ".join(f"{name}: {value_words(inner)}" for name, inner in value.items())
    elif isinstance(value, (list, tuple)):
        text = ", ".join(value_words(inner) for inner in value)
    else:
        text = _PLAIN.shown(value)
    text = text or "–"
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + " …"
