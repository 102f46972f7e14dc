"""Values as JSON and back, exactly: what snapshots and the store keep. `docs/feel.md` has the table."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import orjson

from engine.errors import StegvisError
from engine.feel import lexical, numbers
from engine.feel.convert import ATOMS, adopt
from engine.feel.errors import FeelLimitError
from engine.feel.plain import to_plain
from engine.feel.text import date_text, days_time_text, time_text, to_text, years_months_text
from engine.feel.values import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelFunction,
    FeelRange,
    FeelTime,
    RangeForm,
    YearsMonthsDuration,
)

TAG = "$feel"
MAX_DEPTH = 200
_JSON_SAFE_INTEGER = 2**63
_AS_THEY_ARE = frozenset({str, bool, type(None)})
"""Most values are of these types, which JSON has too: they are asked for first, as it is the quickest."""
_READ_AS_THEY_ARE = _AS_THEY_ARE | {int}
_TAG_IN_JSON: Final = b'"$feel"'
# orjson would write FEEL's dates as if they were contexts; passed through, they come to us.
_OURS: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS


class FeelCodecError(StegvisError):
    """The value cannot be stored as JSON, or the JSON is none that a value was stored as."""

    code = "FEEL_CODEC"


def _tagged(kind: str, content: object) -> dict[str, object]:
    return {TAG: [kind, content]}


def to_json(value: object, depth: int = 0) -> object:
    """JSON-ready data for a FEEL or Python value; `from_json` is its exact inverse.

    Raises FeelCodecError for functions and for what FEEL has no value for, FeelLimitError for too deep values.
    """
    if depth > MAX_DEPTH:
        raise FeelLimitError(f"a value may be nested {MAX_DEPTH} deep")
    if type(value) in _AS_THEY_ARE:
        return value
    if type(value) not in ATOMS and not isinstance(value, list | dict | Decimal):
        try:
            value = adopt(value)
        except TypeError as problem:
            raise FeelCodecError(str(problem)) from problem
    match value:
        case None | bool() | str():
            return value
        case int():
            # JSON readers outside Python lose larger integers.
            return value if -_JSON_SAFE_INTEGER < value < _JSON_SAFE_INTEGER else _tagged("integer", str(value))
        case Decimal():
            return _tagged("number", str(value))
        case list():
            return [to_json(item, depth + 1) for item in value]
        case dict() if TAG in value:
            return _tagged("context", [[key, to_json(item, depth + 1)] for key, item in value.items()])
        case dict():
            return {key: to_json(item, depth + 1) for key, item in value.items()}
        case FeelRange():
            ends = [to_json(value.start, depth + 1), to_json(value.end, depth + 1)]
            return _tagged("range", [value.form.value, value.start_included, *ends, value.end_included])
        case FeelFunction():
            raise FeelCodecError("a function cannot be stored; call it and store its result")
    return _temporal_to_json(value)


def _temporal_to_json(value: object) -> object:
    match value:
        case FeelDate():
            return _tagged("date", date_text(value))
        case FeelTime():
            return _tagged("time", time_text(value))
        case FeelDateTime():
            return _tagged("date and time", to_text(value))
        case DaysTimeDuration():
            return _tagged("days and time duration", days_time_text(value))
        case YearsMonthsDuration():
            return _tagged("years and months duration", years_months_text(value))
    raise FeelCodecError(f"FEEL has no value for a {type(value).__name__}")


def dumps(value: object) -> tuple[bytes, bool]:
    """JSON bytes of `to_json`'s data, and whether anything in them has a tag; most of it is written by orjson itself.

    Raises as `to_json` does, and TypeError for a text with half a character in it or a key that is no text.
    """
    tagged = 0

    def shallow(item: object) -> object:
        nonlocal tagged
        given = _shallow(item)
        tagged += type(given) is dict and TAG in given
        return given

    try:
        raw = orjson.dumps(value, default=shallow, option=_OURS)
    except TypeError:  # a number too large for orjson, or what it wraps of ours
        raw = b""
    if raw and raw.count(_TAG_IN_JSON) == tagged:
        return raw, tagged > 0
    return orjson.dumps(to_json(value)), True  # which minds entries that look like tags


def loads(raw: bytes | str) -> object:
    """The value that `dumps` wrote; raises as `from_json` does, and orjson.JSONDecodeError for what is no JSON."""
    return from_json(orjson.loads(raw))


def _shallow(value: object) -> object:
    """A value that JSON has not, as what JSON has; what lies within it may still be such values."""
    if isinstance(value, FeelRange):
        return _tagged("range", [value.form.value, value.start_included, value.start, value.end, value.end_included])
    if type(value) in ATOMS or isinstance(value, Decimal):
        return to_json(value)
    adopted = adopt(value)
    return adopted if isinstance(adopted, list | dict) else to_json(adopted)


def _integer(text: object) -> object:
    if not isinstance(text, str) or len(text) > 4_000:
        raise ValueError("an integer is stored as text")
    return int(text)


def _number(text: object) -> object:
    if not isinstance(text, str) or numbers.from_text(text) is None:
        raise ValueError("a number is stored as text")
    return Decimal(text)


def _text_of(parse: Callable[[str], object]) -> Callable[[object], object]:
    def read(content: object) -> object:
        value = parse(content) if isinstance(content, str) else None
        if value is None:
            raise ValueError("a temporal value is stored as its text")
        return value

    return read


_READERS: dict[str, Callable[[object], object]] = {
    "integer": _integer,
    "number": _number,
    "date": _text_of(lexical.parse_date),
    "time": _text_of(lexical.parse_time),
    "date and time": _text_of(lexical.parse_date_time),
    "days and time duration": _text_of(lexical.parse_duration),
    "years and months duration": _text_of(lexical.parse_duration),
}


def from_json(data: object, depth: int = 0) -> object:
    """The value that `to_json` stored; floats of foreign JSON become exact decimals.

    Raises FeelCodecError for data with a wrong `$feel`, FeelLimitError for too deep data.
    """
    kind = type(data)
    if kind in _READ_AS_THEY_ARE:
        return data
    if depth > MAX_DEPTH:
        raise FeelLimitError(f"a value may be nested {MAX_DEPTH} deep")
    if kind is dict:
        assert isinstance(data, dict)
        if TAG in data:
            return _untagged(data, depth)
        return {
            key: item if type(item) in _READ_AS_THEY_ARE else from_json(item, depth + 1) for key, item in data.items()
        }
    if isinstance(data, list | tuple):
        return [item if type(item) in _READ_AS_THEY_ARE else from_json(item, depth + 1) for item in data]
    if isinstance(data, float):
        return numbers.from_float(data)
    raise FeelCodecError(f"JSON has no {kind.__name__}")


def _untagged(data: dict[str, object], depth: int) -> object:
    tagged = data[TAG]
    if len(data) != 1 or not isinstance(tagged, list) or len(tagged) != 2 or not isinstance(tagged[0], str):
        raise FeelCodecError(f"`{TAG}` stands alone, before a kind and a content")
    kind, content = tagged
    try:
        if kind == "context":
            return {str(key): from_json(item, depth + 1) for key, item in content}
        if kind == "range":
            form, start_included, start, end, end_included = content
            ends = from_json(start, depth + 1), from_json(end, depth + 1)
            return FeelRange(ends[0], bool(start_included), ends[1], bool(end_included), RangeForm(form))
        return _READERS[kind](content)
    except (KeyError, ValueError, TypeError) as problem:
        raise FeelCodecError(f"a stored {kind[:40]!r} cannot be read") from problem


__all__ = ["FeelCodecError", "dumps", "from_json", "loads", "to_json", "to_plain"]
