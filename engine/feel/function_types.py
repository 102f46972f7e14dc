"""The built-in functions as values, of the types that the standard's tables 71 to 84 tell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import product

from engine.feel.functions import BUILT_INS, Signature, Slot, call_built_in
from engine.feel.runtime import Evaluation
from engine.feel.types import ANY, NULL, ContextType, FeelType, FunctionType, ListType, RangeType
from engine.feel.values import FeelFunction, Parameter

_NUMBER, _STRING, _BOOLEAN = FeelType("number"), FeelType("string"), FeelType("boolean")
_DAYS, _MONTHS = FeelType("days and time duration"), FeelType("years and months duration")
_CONTEXT = ContextType("context", ())
_LIST, _RANGE = ListType("list", ANY), RangeType("range", ANY)

_NAMES_BY_RESULT: tuple[tuple[FeelType, str], ...] = (
    (
        _NUMBER,
        "number, string length, count, sum, mean, median, stddev, product, decimal, floor, ceiling, round up, "
        "round down, round half up, round half down, modulo, sqrt, log, exp, day of year, week of year",
    ),
    (
        _STRING,
        "string, substring, upper case, lower case, substring before, substring after, replace, string join, "
        "day of week, month of year, trim, to base64, to json, uuid",
    ),
    (
        _BOOLEAN,
        "not, is, is defined, is blank, is empty, contains, starts with, ends with, matches, list contains, all, any, "
        "odd, even, before, after, meets, met by, overlaps, overlaps before, overlaps after, finishes, finished by, "
        "includes, during, starts, started by, coincides",
    ),
    (FeelType("date"), "date, today, last day of month"),
    (FeelType("time"), "time"),
    (FeelType("date and time"), "date and time, now"),
    (_MONTHS, "years and months duration"),
    (ListType("list", _STRING), "split, extract"),
    (ListType("list", _NUMBER), "index of, mode"),
    (
        _LIST,
        "sublist, append, concatenate, insert before, remove, list replace, reverse, union, distinct values, "
        "duplicate values, flatten, sort, partition",
    ),
    (ListType("list", _CONTEXT), "get entries"),
    (_CONTEXT, "context, context put, context merge"),
    (_RANGE, "range"),
)
_RESULTS = {name: result for result, names in _NAMES_BY_RESULT for name in names.split(", ")}
_CONSTRUCTED: dict[str, tuple[FeelType, ...]] = {
    "any": (ANY,),
    "null": (NULL,),
    "list": (_LIST,),
    "context": (_CONTEXT,),
    "range": (_RANGE,),
    "function": (ANY,),
    "duration": (_DAYS, _MONTHS),
}


@lru_cache(maxsize=256)
def built_in_value(name: str) -> FeelFunction:
    """A built-in function as a value, always the same one, so that it equals itself."""

    def invoke(run: Evaluation, arguments: list[object], names: tuple[str, ...] | None) -> object:
        return call_built_in(run, name, arguments, names)

    parameters = tuple(Parameter(slot.name, slot.words) for slot in BUILT_INS[name][0].slots)
    return FeelFunction(name, parameters, invoke, forms=partial(_forms_of, name))


def _forms_of(name: str, count: int) -> Iterator[FunctionType]:
    """The types that a built-in has as a function of so many parameters."""
    for signature in BUILT_INS[name]:
        if signature.takes(count):
            for parameters in product(*(_alternatives(slot) for slot in _slots(signature, count))):
                yield FunctionType("function", parameters, _result(name, parameters))


def _result(name: str, parameters: tuple[FeelType, ...]) -> FeelType:
    return parameters[0] if name in ("abs", "duration") and parameters[0] != _STRING else _RESULTS.get(name, ANY)


def _slots(signature: Signature, count: int) -> list[Slot]:
    slots = list(signature.slots[:count])
    return slots + list(signature.slots[-1:]) * (count - len(slots))


def _alternatives(slot: Slot) -> list[FeelType]:
    found: list[FeelType] = []
    for word in slot.words.split("|"):
        found.extend(_CONSTRUCTED.get(word.strip(), (FeelType(word.strip()),)))
    return found
