"""Reads the DMN Technology Compatibility Kit: models, test cases, and how their results are compared."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from lxml import etree

from engine.bpmn.xml import local_name, parse_xml
from engine.dmn import DecisionModel, load_decisions
from engine.feel import compile_expression
from engine.feel.lexical import parse_date, parse_date_time, parse_duration, parse_number, parse_time
from engine.feel.types import type_name

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NUMBERS = {"decimal", "double", "float", "integer", "int", "long", "short", "byte"}
_TOLERANCE = Decimal("1e-8")
_EQUAL = compile_expression("a = b", ["a", "b"])


@dataclass(frozen=True)
class ExpectedResult:
    """What one node of one test case should give; `is_error` allows an error instead of null."""

    node: str
    value: object
    is_error: bool


@dataclass(frozen=True)
class Case:
    """One test case of one file."""

    folder: Path
    file: str
    model: str
    id: str
    kind: str
    invocable: str | None
    inputs: Mapping[str, object]
    results: tuple[ExpectedResult, ...]


def tck_folder() -> Path:
    """Where the suite lies: `STEGVIS_TCK`, by default beside the repository."""
    default = Path(__file__).resolve().parents[2].parent / "shared" / "tck"
    return Path(os.environ.get("STEGVIS_TCK", default))


def cases(folder: Path) -> Iterator[Case]:
    """All test cases of the suite, in the order of their files."""
    for path in sorted(folder.glob("compliance-level-*/*/*.xml")):
        yield from _cases_of(path)


@lru_cache(maxsize=8)
def model_of(folder: Path, name: str) -> DecisionModel:
    """A model of the suite, with its neighbours to import from."""
    others = {path.name: path.read_bytes() for path in sorted(folder.glob("*.dmn")) if path.name != name}
    return load_decisions((folder / name).read_bytes(), file=name, imports=others)


def is_same(found: object, expected: object) -> bool:
    """Whether a result is the expected one: numbers by value, everything else by FEEL's equality and kind."""
    if type_name(found) != type_name(expected):
        return False
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(is_same(a, b) for a, b in zip(found, expected, strict=True))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(is_same(found[key], expected[key]) for key in found)
    if isinstance(found, int | Decimal) and isinstance(expected, int | Decimal) and not isinstance(found, bool):
        return abs(Decimal(found) - Decimal(expected)) <= _TOLERANCE * max(1, abs(Decimal(expected)))
    return found is expected or _EQUAL.evaluate({"a": found, "b": expected}).value is True


def _cases_of(path: Path) -> Iterator[Case]:
    root = parse_xml(path.read_bytes(), file=path.name)
    model = next((child.text or "" for child in root if local_name(child) == "modelName"), "").strip()
    for number, element in enumerate(_children(root, "testCase"), start=1):
        yield Case(
            folder=path.parent,
            file=path.name,
            model=model,
            id=element.get("id") or str(number),
            kind=element.get("type") or "decision",
            invocable=element.get("invocableName"),
            inputs={_name(node): _value(node) for node in _children(element, "inputNode")},
            results=tuple(_result(node) for node in _children(element, "resultNode")),
        )


def _name(element: etree._Element) -> str:
    namespace = element.get("namespace")
    name = " ".join((element.get("name") or "").split())
    return f"{{{namespace}}}{name}" if namespace else name


def _result(element: etree._Element) -> ExpectedResult:
    expected = next(_children(element, "expected"), None)
    value = None if expected is None else _value(expected)
    return ExpectedResult(_name(element), value, element.get("errorResult") == "true")


def _children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (child for child in element if local_name(child) in names)


def _value(element: etree._Element) -> object:
    """The value that an element holds: a context of components, a list of items, or one value."""
    components = list(_children(element, "component"))
    if components:
        return {component.get("name"): _value(component) for component in components}
    for child in _children(element, "list", "value"):
        if child.get(_NIL) in ("true", "1"):
            return None
        if local_name(child) == "list":
            return [_value(item) for item in _children(child, "item")]
        return _simple(child)
    return None


def _simple(element: etree._Element) -> object:
    kind = (element.get(_TYPE) or "string").rpartition(":")[2]
    text = element.text or ""
    if kind in _NUMBERS:
        return _number(text.strip())
    match kind:
        case "boolean":
            return text.strip() in ("true", "1")
        case "date":
            return parse_date(text.strip())
        case "time":
            return parse_time(text.strip())
        case "dateTime":
            return parse_date_time(text.strip())
        case "duration" | "dayTimeDuration" | "yearMonthDuration":
            return parse_duration(text.strip())
        case _:
            return text


def _number(text: str) -> int | Decimal | None:
    negative, digits = text.startswith("-"), text.lstrip("+-")
    value = parse_number(digits)
    return -value if negative and value is not None else value
