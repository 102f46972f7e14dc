"""Values as JSON: exact for the store, readable for people."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from engine.feel import FeelDate, FeelLimitError, evaluate
from engine.feel.codec import FeelCodecError, dumps, from_json, loads, to_json, to_plain
from engine.feel.values import FeelRange
from tests.unit.feel.support import result

CASES = [
    ("1", 1, 1),
    ("0.1", {"$feel": ["number", "0.1"]}, 0.1),
    ("1e40", {"$feel": ["number", "1E+40"]}, 1e40),
    ("0.1234567890123456789", {"$feel": ["number", "0.1234567890123456789"]}, "0.1234567890123456789"),
    ('"a"', "a", "a"),
    ("null", None, None),
    ("true", True, True),
    ('@"2026-01-31"', {"$feel": ["date", "2026-01-31"]}, "2026-01-31"),
    ('@"10:30:00.5@Europe/Paris"', {"$feel": ["time", "10:30:00.5@Europe/Paris"]}, "10:30:00.5@Europe/Paris"),
    (
        '@"2026-01-31T10:30:00+01:00"',
        {"$feel": ["date and time", "2026-01-31T10:30:00+01:00"]},
        "2026-01-31T10:30:00+01:00",
    ),
    ('@"P1DT2H"', {"$feel": ["days and time duration", "P1DT2H"]}, "P1DT2H"),
    ('@"-P1Y2M"', {"$feel": ["years and months duration", "-P1Y2M"]}, "-P1Y2M"),
    ("[1..3)", {"$feel": ["range", ["..", True, 1, 3, False]]}, "[1..3)"),
    ("(>3)", {"$feel": ["range", [">", False, 3, None, False]]}, "(>3)"),
    ("{a: [1, {b: null}]}", {"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
    ('{"$feel": 1, b: 2}', {"$feel": ["context", [["$feel", 1], ["b", 2]]]}, {"$feel": 1, "b": 2}),
]


@pytest.mark.parametrize(("text", "stored", "plain"), CASES)
def test_value_is_stored_exactly_and_told_readably(text: str, stored: object, plain: object) -> None:
    value = result(text).value

    assert to_json(value) == stored
    back = from_json(json.loads(json.dumps(stored)))
    assert back == value
    assert type(back) is type(value)
    assert to_plain(value) == plain
    json.dumps(to_plain(value))


@pytest.mark.parametrize(("text", "stored", "plain"), CASES)
def test_bytes_hold_what_the_data_would(text: str, stored: object, plain: object) -> None:
    value = {"a": [result(text).value], "$": '"$feel" is a text here'}

    raw, tagged = dumps(value)

    assert json.loads(raw) == to_json(value)
    assert tagged == ("$feel" in str(stored))
    assert loads(raw) == value
    assert type(loads(raw)["a"][0]) is type(value["a"][0])  # type: ignore[index]


@pytest.mark.parametrize(
    "value",
    [
        {"$feel": Decimal("1.5")},
        {"$feel": ["number", "1"]},
        [{"$feel": 1}, Decimal(1)],
        {"a": {"$feel": {"$feel": Decimal(2)}}},
        "$feel",
        ["$feel", Decimal(1)],
        [10**40, -(2**63), 2**64 - 1],
        FeelRange(FeelDate(2026, 1, 1), True, FeelDate(2026, 1, 31), False),
        [{"a": (Decimal(1), FeelDate(2026, 1, 31))}],
    ],
)
def test_whatever_looks_like_a_tag_or_is_too_large_for_json_comes_back_as_it_was(value: object) -> None:
    assert loads(dumps(value)[0]) == from_json(to_json(value))


def test_bytes_are_refused_for_what_cannot_be_stored() -> None:
    for value in (evaluate("function(a) a", {}).value, object(), {"a": [object()]}):
        with pytest.raises(FeelCodecError):
            dumps(value)
    with pytest.raises(TypeError):
        dumps("\ud800")


def test_python_values_are_stored_as_feel_values() -> None:
    assert to_json({"x": 0.5, "t": (1,)}) == {"x": {"$feel": ["number", "0.5"]}, "t": [1]}
    assert from_json(0.25) == Decimal("0.25")
    assert from_json(to_json(10**30)) == 10**30


@pytest.mark.parametrize(
    "data",
    [
        {"$feel": 1},
        {"$feel": ["date", "2026-02-30"]},
        {"$feel": ["date", 1]},
        {"$feel": ["nosuch", "x"]},
        {"$feel": ["date", "2026-01-31"], "b": 1},
        {"$feel": ["number", "x"]},
        {"$feel": ["number", "NaN"]},
        {"$feel": ["range", [1]]},
        {"$feel": ["context", [1]]},
        {"$feel": ["integer", "x"]},
        {1, 2},
    ],
)
def test_wrong_data_is_refused(data: object) -> None:
    with pytest.raises(FeelCodecError) as caught:
        from_json(data)
    assert caught.value.code == "FEEL_CODEC"


def test_functions_and_foreign_objects_cannot_be_stored() -> None:
    for value in (evaluate("function(a) a", {}).value, object(), [object()]):
        with pytest.raises(FeelCodecError):
            to_json(value)


def test_too_deep_values_are_a_limit_error() -> None:
    value: list[object] = []
    for _ in range(1_000):
        value = [value]
    for convert in (to_json, from_json, to_plain):
        with pytest.raises(FeelLimitError):
            convert(value)  # type: ignore[operator]


def test_stored_dates_are_values_again() -> None:
    assert from_json({"when": {"$feel": ["date", "2026-01-31"]}}) == {"when": FeelDate(2026, 1, 31)}
