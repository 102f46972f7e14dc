"""Values that come from outside: Python's and JSON's, as FEEL values of the types that a model declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from engine.dmn.namespaces import name_of
from engine.dmn.types import ANY_TYPE, Collection, Restricted, Simple, Structure, Type
from engine.errors import InvalidInput
from engine.feel import FeelLimitError, from_python
from engine.feel.codec import TAG, from_json
from engine.feel.lexical import parse_date, parse_date_time, parse_duration, parse_time

_TEMPORAL: Mapping[str, Callable[[str], object]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}


def adopted(inputs: Mapping[str, object]) -> dict[str, object]:
    """The inputs as FEEL values.

    Raises InvalidInput for what FEEL has no value for, or what is nested too deeply.
    """
    found: dict[str, object] = {}
    for name, value in inputs.items():
        try:
            found[name_of(name)] = from_python(value)
        except (TypeError, ValueError, FeelLimitError) as error:
            raise InvalidInput(f"the input {name!r} cannot be used: {error}") from error
    return found


def of_json(data: object, wanted: Type) -> object:
    """A JSON value as the wanted type reads it: texts become dates, times and durations where those are wanted.

    Values that `engine.feel.codec` has tagged are taken as they say. What does not fit stays as it is: the
    evaluation reports it.
    """
    kind = wanted.resolved()
    while isinstance(kind, Restricted):
        kind = kind.base.resolved()
    if isinstance(data, float):
        return Decimal(repr(data))
    if isinstance(data, dict) and TAG in data:
        return from_json(data)
    if isinstance(data, dict):
        parts = kind.components if isinstance(kind, Structure) else {}
        return {key: of_json(value, parts[key]) if key in parts else of_json(value, ANY_TYPE)
                for key, value in data.items()}  # fmt: skip
    if isinstance(data, list):
        return [of_json(item, kind.item if isinstance(kind, Collection) else kind) for item in data]
    if isinstance(data, str) and isinstance(kind, Simple) and kind.name in _TEMPORAL:
        value = _TEMPORAL[kind.name](data)
        return data if value is None else value
    return data
