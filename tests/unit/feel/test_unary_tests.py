"""Cells of decision tables."""

from __future__ import annotations

import pytest

from engine.feel import compile_unary_tests

SCOPE = {"limit": 10, "names": ["a", "b"]}


@pytest.mark.parametrize(
    ("tests", "value", "expected"),
    [
        ("-", None, True),
        ("7", 7, True),
        ("7", 8, False),
        ("-7", -7, True),
        ('"a"', "a", True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', "c", True),
        ("> 3", 4, True),
        ("> limit", 4, False),
        ("<= limit", 10, True),
        ("!= 3", 4, True),
        ("= 3", 3, True),
        ("[1..3]", 3, True),
        ("[1..3)", 3, False),
        ("]1..3]", 1, False),
        ("< 3, > 5", 4, False),
        ("< 3, > 5", 6, True),
        ("not(< 3, > 5)", 4, True),
        ("not((0..2])", 0, True),
        ("not(]0..2[)", 1, False),
        ("not([0..2), [5..6))", 5, False),
        ("not(true) and true", False, True),
        ("not(true) or not((false))", 1, True),
        ("? in true", False, False),
        ("? in (true)", False, False),
        ("? in (true, null)", True, True),
        ("null", None, True),
        ("null", 1, False),
        ('"a"', None, False),
        ("> 3", None, None),
        ("not(> 3)", None, None),
        ("> 3", "a", None),
        ("true", True, True),
        ("true", False, False),
        ("names", "b", True),
        ("names", "c", False),
        ("? > 3 and ? < 6", 5, True),
        ("? > 3 and ? < 6", 7, False),
        ('contains(?, "x")', "axe", True),
        ('not(contains(?, "x"))', "axe", False),
        ("count(?) > 1", [1, 2], True),
        ("limit > 3", 99, True),
        ('date("2026-01-01")', "x", None),
        ('> date("2026-01-01")', None, None),
        ("5 + 2", 7, True),
        ("not(true)", False, True),
        ("{a: 1}", {"a": 1}, True),
        ("[1, 2]", [1, 2], True),
        ("[1, 2]", 2, True),
    ],
)
def test_cell_holds_for_value(tests: str, value: object, expected: bool | None) -> None:
    assert compile_unary_tests(tests).evaluate(value, SCOPE).value is expected


def test_tests_know_what_they_read() -> None:
    tests = compile_unary_tests("> limit, f(?)")

    assert tests.free_names == {"limit"}
    assert tests.called_names == {"f"}


def test_python_values_are_taken_as_feel_values() -> None:
    assert compile_unary_tests("0.1").evaluate(0.1, {}).value is True
    assert compile_unary_tests("> 0.1").evaluate(0.2, {}).value is True
