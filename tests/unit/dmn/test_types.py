"""Item definitions: which values conform, and the conversions that the standard makes."""

from __future__ import annotations

import pytest

from engine.feel.values import MIDNIGHT_UTC, FeelDate, FeelDateTime
from tests.unit.dmn.models import codes, component, decision, document, evaluate, item, literal

TYPES = "".join(
    [
        item("tAge", "number", allowed="[0..120]"),
        item("tAges", "tAge", collection=True),
        item("tNumbers", "number", collection=True),
        item("tFew", "number", collection=True, constraint="count(?) < 3"),
        item("tLevels", "string", collection=True, allowed='"low", "high"'),
        item("tPerson", components=component("name", "string") + component("age", "tAge")),
        item("tPeople", "tPerson", collection=True),
        item("tTree", components=component("value", "number") + component("branches", "tForest")),
        item("tForest", "tTree", collection=True),
        item("tMoment", "date and time"),
    ]
)


@pytest.mark.parametrize(
    ("text", "type_ref", "expected", "warned"),
    [
        ("1", "number", 1, []),
        ("1", "Any", 1, []),
        ("1", "feel:number", 1, []),
        ("1", "string", None, ["TYPE_MISMATCH"]),
        ("null", "number", None, []),
        ("[1]", "number", 1, []),
        ("[1, 2]", "number", None, ["TYPE_MISMATCH"]),
        ("1", "tNumbers", [1], []),
        ('"a"', "tNumbers", None, ["TYPE_MISMATCH"]),
        ("[1, null]", "tNumbers", [1, None], []),
        ('[1, "a"]', "tNumbers", None, ["TYPE_MISMATCH"]),
        ("[1, 2]", "list<number>", [1, 2], []),
        ('[1, "a"]', "list<number>", None, ["TYPE_MISMATCH"]),
        ("40", "tAge", 40, []),
        ("140", "tAge", None, ["VALUE_NOT_ALLOWED"]),
        ("[40, 140]", "tAges", None, ["VALUE_NOT_ALLOWED"]),
        ("[1, 2]", "tFew", [1, 2], []),
        ("[1, 2, 3]", "tFew", None, ["VALUE_NOT_ALLOWED"]),
        ('["low", "high"]', "tLevels", ["low", "high"], []),
        ('["low", "middle"]', "tLevels", None, ["VALUE_NOT_ALLOWED"]),
        ('{name: "A", age: 3}', "tPerson", {"name": "A", "age": 3}, []),
        ('{name: "A", age: 3, more: 1}', "tPerson", {"name": "A", "age": 3, "more": 1}, []),
        ('{name: "A", age: null}', "tPerson", {"name": "A", "age": None}, []),
        ('{name: "A"}', "tPerson", None, ["TYPE_MISMATCH"]),
        ('{name: "A", age: 300}', "tPerson", None, ["VALUE_NOT_ALLOWED"]),
        ('{name: "A", age: 3}', "tPeople", [{"name": "A", "age": 3}], []),
        ("{value: 1, branches: [{value: 2, branches: []}]}", "tTree",
         {"value": 1, "branches": [{"value": 2, "branches": []}]}, []),
        ('{value: 1, branches: [{value: "x", branches: []}]}', "tTree", None, ["TYPE_MISMATCH"]),
        ('date("2026-01-31")', "date and time", FeelDateTime(FeelDate(2026, 1, 31), MIDNIGHT_UTC), []),
        ('date("2026-01-31")', "dateTime", FeelDateTime(FeelDate(2026, 1, 31), MIDNIGHT_UTC), []),
        ('date("2026-01-31")', "tMoment", FeelDateTime(FeelDate(2026, 1, 31), MIDNIGHT_UTC), []),
        ('date and time("2026-01-31T10:00:00")', "date", None, ["TYPE_MISMATCH"]),
        ("1", "tUnknown", 1, []),
    ],
)  # fmt: skip
def test_a_result_is_converted_to_the_variables_type(
    text: str, type_ref: str, expected: object, warned: list[str]
) -> None:
    result = evaluate(document(TYPES, decision("D", literal(text), type_ref=type_ref)), "D")
    assert result.value == expected
    assert codes(result) == warned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 instance of tSmall", True),
        ("5 instance of tSmall", False),
        ('"a" instance of tSmall', False),
        ("[1, 2] instance of tSmalls", True),
        ("[1, 5] instance of tSmalls", False),
        ("[1, 2, 3] instance of tSmalls", False),
        ("{size: 2} instance of tThing", True),
        ("{size: 5} instance of tThing", False),
        ("{f: function(a: tSmall) a, r: f(2)}.r", 2),
        ("{f: function(a: tSmall) a, r: f(5)}.r", None),
    ],
)
def test_a_value_is_an_instance_of_a_defined_type_only_if_the_type_allows_it(text: str, expected: object) -> None:
    types = (
        item("tSmall", "number", allowed="[0..3]")
        + item("tSmalls", "tSmall", collection=True, constraint="count(?) < 3")
        + item("tThing", components=component("size", "tSmall"))
    )

    assert evaluate(document(types, decision("D", literal(text))), "D").value == expected
