"""What is not FEEL is refused with a place and a sentence."""

from __future__ import annotations

import pytest

from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("   ", 1, 4),
        ("1 +", 1, 4),
        ("1 + * 2", 1, 5),
        ("a\n  b )", 2, 5),
        ("(1", 1, 3),
        ("[1, 2", 1, 6),
        ("{a 1}", 1, 2),
        ("{a: 1, a: 2}", 1, 8),
        ('"abc', 1, 1),
        ("x £ 1", 1, 3),
        ("if a then b", 1, 12),
        ("for in xs return 1", 1, 5),
        ("some x xs satisfies x", 1, 11),
        ("f(a: 1, 2)", 1, 9),
        ("f(a: 1, a: 2)", 1, 9),
        ("function(a, a) a", 1, 14),
        ("x instance number", 1, 12),
        ("@2026", 1, 2),
        ("a.1", 1, 2),
        ("[1..2", 1, 6),
        ("then", 1, 1),
        ("[1 2]", 1, 4),
    ],
)
def test_syntax_error_has_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.length >= 1
    assert caught.value.code == "FEEL_SYNTAX"


@pytest.mark.parametrize("text", ["", ">", "> 3,", "not(", "1 2", "-, 3", ","])
def test_wrong_unary_tests_are_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "1" + ")" * 10_000,
        "[" * 10_000,
        "{a: " * 5_000 + "1" + "}" * 5_000,
        "not(" * 5_000 + "true" + ")" * 5_000,
        "if " * 3_000 + "true",
        "for x in " * 3_000,
        "function(a) " * 3_000 + "a",
        "a" + "[1]" * 10_000,
        "a" + ".b" * 10_000,
        "1" + " = 1" * 5_000,
        "1 instance of " + "list<" * 5_000,
        "x in (" * 5_000,
        "1 " * 30_000,
        "+".join(["1"] * 20_000),
    ],
)
def test_deep_or_long_nonsense_is_a_syntax_error_and_nothing_worse(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_long_flat_expressions_are_fine() -> None:
    assert compile_expression(" + ".join(["1"] * 3_000)).evaluate({}).value == 3_000
    assert compile_expression(" and ".join(["true"] * 3_000)).evaluate({}).value is True
    ladder = " else ".join(f"if x = {number} then {number}" for number in range(300)) + " else -1"
    assert compile_expression(ladder).evaluate({"x": 299}).value == 299
    assert compile_expression("-" * 4_001 + "1").evaluate({}).value == -1
