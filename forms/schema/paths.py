"""Reading and writing values deep in variables, without changing what was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""Names and list positions from the outside in."""


def get(values: object, place: Place) -> object:
    """The value there, None when there is none."""
    for step in place:
        if isinstance(step, int):
            if not isinstance(values, (list, tuple)) or not 0 <= step < len(values):
                return None
            values = values[step]
        elif isinstance(values, Mapping):
            values = values.get(step)
        else:
            return None
    return values


def put(values: object, place: Place, value: object) -> object:
    """A copy of `values` with `value` there; what stands in the way is replaced."""
    if not place:
        return value
    step, rest = place[0], place[1:]
    if isinstance(step, int):
        items = list(values) if isinstance(values, (list, tuple)) else []
        items.extend({} for _ in range(step + 1 - len(items)))
        items[step] = put(items[step], rest, value)
        return items
    names = dict(values) if isinstance(values, Mapping) else {}
    names[step] = put(names.get(step), rest, value)
    return names
