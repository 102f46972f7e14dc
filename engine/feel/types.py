"""FEEL's types: what they are called, which values they have, and which type conforms to which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.values import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelFunction,
    FeelRange,
    FeelTime,
    YearsMonthsDuration,
)

_NAMES: Mapping[type, str] = {
    type(None): "Null",
    bool: "boolean",
    int: "number",
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    FeelDate: "date",
    FeelTime: "time",
    FeelDateTime: "date and time",
    DaysTimeDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    FeelRange: "range",
}

SIMPLE_TYPES = frozenset(
    {
        "Any",
        "Null",
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
_ALIASES = {
    "any": "Any",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
CONSTRUCTED = frozenset({"list", "context", "function", "range"})


def type_name(value: object) -> str:
    """FEEL's word for the kind of a value: `number`, `date and time`, `list`, `Null` ..."""
    if isinstance(value, FeelFunction):
        return "function"
    return _NAMES.get(type(value), "Any")


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type as written; the name is one of SIMPLE_TYPES, of CONSTRUCTED, or of a type defined elsewhere."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType(FeelType):
    """`list<item>`."""

    item: FeelType


@dataclass(frozen=True, slots=True)
class RangeType(FeelType):
    """`range<item>`."""

    item: FeelType


@dataclass(frozen=True, slots=True)
class ContextType(FeelType):
    """`context<key: type, ...>`."""

    entries: tuple[tuple[str, FeelType], ...]


@dataclass(frozen=True, slots=True)
class FunctionType(FeelType):
    """`function<parameters> -> result`."""

    parameters: tuple[FeelType, ...]
    result: FeelType


@dataclass(frozen=True, slots=True)
class RestrictedType(FeelType):
    """Another type with fewer values: `allows` says which; the name is the other type's."""

    base: FeelType
    allows: Callable[[object], bool]


ANY = FeelType("Any")
NULL = FeelType("Null")


def simple_type(name: str) -> FeelType:
    """The type of that name; the XML spellings `dateTime`, `dayTimeDuration`, `yearMonthDuration` are known."""
    return FeelType(_ALIASES.get(name, name))


def is_known(wanted: FeelType, defined: Mapping[str, FeelType]) -> bool:
    """Whether the type and its parts exist; `list` without its item type does not."""
    if isinstance(wanted, ListType | RangeType):
        return is_known(wanted.item, defined)
    if isinstance(wanted, RestrictedType):
        return is_known(wanted.base, defined)
    if isinstance(wanted, ContextType):
        return all(is_known(part, defined) for _, part in wanted.entries)
    if isinstance(wanted, FunctionType):
        return is_known(wanted.result, defined) and all(is_known(part, defined) for part in wanted.parameters)
    return wanted.name in SIMPLE_TYPES or wanted.name in defined


def has_type(value: object, wanted: FeelType, defined: Mapping[str, FeelType]) -> bool:
    """Whether a value, not null itself, is of the type; null items and entries fit every type."""
    if isinstance(wanted, ListType):
        return type(value) is list and all(item is None or has_type(item, wanted.item, defined) for item in value)
    if isinstance(wanted, ContextType):
        return type(value) is dict and all(
            key in value and (value[key] is None or has_type(value[key], part, defined)) for key, part in wanted.entries
        )
    if isinstance(wanted, RangeType):
        if type(value) is not FeelRange:
            return False
        return all(end is None or has_type(end, wanted.item, defined) for end in (value.start, value.end))
    if isinstance(wanted, RestrictedType):
        return has_type(value, wanted.base, defined) and wanted.allows(value)
    if isinstance(wanted, FunctionType):
        return isinstance(value, FeelFunction) and _function_conforms(value, wanted)
    if wanted.name in SIMPLE_TYPES:
        return wanted.name == "Any" or type_name(value) == wanted.name
    resolved = defined.get(wanted.name)
    return resolved is not None and resolved.name != wanted.name and has_type(value, resolved, defined)


def _function_conforms(function: FeelFunction, wanted: FunctionType) -> bool:
    if function.forms is not None:
        return any(
            isinstance(form, FeelType) and conforms(form, wanted) for form in function.forms(len(wanted.parameters))
        )
    declared = function.parameter_types
    if len(declared) != len(wanted.parameters):
        return False
    accepts = all(
        isinstance(own, FeelType) and conforms(given, own)
        for given, own in zip(wanted.parameters, declared, strict=True)
    )
    result = function.result_type if isinstance(function.result_type, FeelType) else ANY
    return accepts and conforms(result, wanted.result)


def conforms(narrow: FeelType, wide: FeelType) -> bool:
    """Whether an instance of `narrow` may stand wherever one of `wide` is expected."""
    if narrow in (wide, NULL) or wide == ANY:
        return True
    if isinstance(narrow, RestrictedType):
        return conforms(narrow.base, wide)
    if isinstance(narrow, ListType) and isinstance(wide, ListType):
        return conforms(narrow.item, wide.item)
    if isinstance(narrow, RangeType) and isinstance(wide, RangeType):
        return conforms(narrow.item, wide.item)
    if isinstance(narrow, ContextType) and isinstance(wide, ContextType):
        own = dict(narrow.entries)
        return all(key in own and conforms(own[key], part) for key, part in wide.entries)
    if isinstance(narrow, FunctionType) and isinstance(wide, FunctionType):
        return (
            len(narrow.parameters) == len(wide.parameters)
            and all(conforms(b, a) for a, b in zip(narrow.parameters, wide.parameters, strict=True))
            and conforms(narrow.result, wide.result)
        )
    return False
