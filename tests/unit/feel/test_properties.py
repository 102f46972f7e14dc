"""What holds for every expression and every value."""

from __future__ import annotations

import contextlib
import json
from decimal import Context, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelLimitError,
    FeelRange,
    FeelSyntaxError,
    FeelTime,
    Result,
    YearsMonthsDuration,
    compile_unary_tests,
    evaluate,
    known_functions,
    to_text,
)
from engine.feel.codec import from_json, to_json, to_plain
from engine.feel.template import compile_template

CONTEXT = Context(prec=34, Emax=6144, Emin=-6143)
WORDS = [
    *sorted(known_functions()),
    "if ",
    " then ",
    " else ",
    "for ",
    " in ",
    " return ",
    "some ",
    " satisfies ",
    "every ",
    " and ",
    " or ",
    " between ",
    "function(a) ",
    " instance of ",
    "list<",
    "number",
    ">",
    "null",
    "true",
    "false",
    "x",
    "y",
    "a b",
    "item",
    "partial",
    "?",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "..",
    "+",
    "-",
    "*",
    "/",
    "**",
    "=",
    "!=",
    "<",
    "<=",
    "1",
    "2",
    "0",
    "-1",
    "1e999",
    "0.1",
    '"a"',
    '"("',
    '"\\u0000"',
    '@"2026-01-31"',
    '@"P1M"',
    '@"PT1H"',
    '@"10:00:00"',
    '@"2026-01-31T10:00:00@Europe/Stockholm"',
    "[1,2,3]",
    "{a: 1, b: [2]}",
    "[1..3]",
    "not(",
    "//",
    "/*",
    "`",
    "'",
    "\\",
]
SCOPE = {"x": 3, "y": [1, "a", None, {"a": 1.5}], "a b": "text"}

pieces = st.lists(st.sampled_from(WORDS), max_size=14).map("".join)
calls = st.builds(
    lambda name, arguments: f"{name}({', '.join(arguments)})",
    st.sampled_from(sorted(known_functions())),
    st.lists(
        st.sampled_from([word for word in WORDS if word[:1] in '"@[{0123456789-xy' or word in ("null", "true")]),
        max_size=4,
    ),
)


def _only_results_or_known_errors(text: str) -> None:
    for attempt in (
        lambda: evaluate(text, SCOPE),
        lambda: compile_unary_tests(text, SCOPE).evaluate(3, SCOPE),
        lambda: compile_template(text).render(SCOPE),
    ):
        try:
            outcome = attempt()
        except (FeelSyntaxError, FeelLimitError):
            continue
        for warning in outcome.warnings:
            assert warning.line >= 1
            assert warning.column >= 1
            assert warning.length >= 0
        if isinstance(outcome, Result):
            to_text(outcome.value)
            json.dumps(to_plain(outcome.value))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_a_result_or_a_typed_error(text: str) -> None:
    _only_results_or_known_errors(text)
    _only_results_or_known_errors("{{" + text + "}}")


@settings(max_examples=300, deadline=None)
@given(pieces)
def test_any_words_of_feel_give_a_result_or_a_typed_error(text: str) -> None:
    _only_results_or_known_errors(text)


@settings(max_examples=400, deadline=None)
@given(calls)
def test_any_call_of_a_built_in_gives_a_result_or_a_typed_error(text: str) -> None:
    _only_results_or_known_errors(text)


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="ab()[]{}*+?|^$.\\-,0123456789dwspiIcLu:=!<>", max_size=25),
    st.text(alphabet="ab01 -\n", max_size=30),
)
def test_any_pattern_gives_a_result_or_a_typed_error(pattern: str, text: str) -> None:
    for call in ("matches(t, p)", "replace(t, p, t)", "split(t, p)", "extract(t, p)"):
        with contextlib.suppress(FeelLimitError):
            assert isinstance(evaluate(call, {"t": text, "p": pattern}), Result)


dates = st.builds(FeelDate, st.integers(-999_999_999, 999_999_999), st.integers(1, 12), st.integers(1, 28))
offsets = st.integers(-64_800, 64_800) | st.none()
clock = (st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999_999_999))
times = st.builds(FeelTime, *clock, offsets) | st.builds(
    FeelTime, *clock, st.none(), st.sampled_from(["Europe/Stockholm", "Asia/Dhaka"])
)
numbers = st.integers(-(10**33), 10**33) | st.decimals(allow_nan=False, allow_infinity=False, places=6).filter(
    lambda number: len(number.as_tuple().digits) <= 34
)
atoms = (
    st.none()
    | st.booleans()
    | numbers
    | st.text(max_size=8)
    | dates
    | times
    | st.builds(FeelDateTime, dates, times)
    | st.builds(DaysTimeDuration, st.integers(-(10**24), 10**24))
    | st.builds(YearsMonthsDuration, st.integers(-(10**12), 10**12))
    | st.builds(FeelRange, numbers, st.booleans(), numbers, st.booleans())
)
values = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | st.just("$feel"), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(values)
def test_stored_values_return_unchanged(value: object) -> None:
    stored = json.loads(json.dumps(to_json(value)))

    assert from_json(stored) == value
    assert repr(from_json(stored)) == repr(value)


@settings(max_examples=200, deadline=None)
@given(
    dates | times | st.builds(FeelDateTime, dates, times) | st.builds(DaysTimeDuration, st.integers(-(10**24), 10**24))
)
def test_temporal_text_says_the_value_again(value: object) -> None:
    assert evaluate(f'@"{to_text(value)}"', {}).value == value


@settings(max_examples=300, deadline=None)
@given(st.decimals(-(10**20), 10**20, places=5), st.decimals(-(10**20), 10**20, places=5))
def test_arithmetic_is_that_of_34_digit_decimals(left: Decimal, right: Decimal) -> None:
    scope = {"a": left, "b": right}

    assert evaluate("a + b", scope).value == CONTEXT.add(left, right)
    assert evaluate("a - b", scope).value == CONTEXT.subtract(left, right)
    assert evaluate("a * b", scope).value == CONTEXT.multiply(left, right)
    assert evaluate("a < b", scope).value is (left < right)
    if right:
        assert evaluate("a / b", scope).value == CONTEXT.divide(left, right)


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**40), 10**40), st.integers(-(10**40), 10**40))
def test_integers_are_rounded_to_34_digits_like_decimals(left: int, right: int) -> None:
    first, second = CONTEXT.plus(Decimal(left)), CONTEXT.plus(Decimal(right))
    scope = {"a": first, "b": second}

    assert evaluate("a * b", scope).value == CONTEXT.multiply(first, second)
    assert evaluate(f"({left}) + ({right})", {}).value == CONTEXT.add(first, second)


@settings(max_examples=200, deadline=None)
@given(dates.filter(lambda day: abs(day.year) < 900_000_000), st.integers(-100_000, 100_000))
def test_days_added_are_days_apart(day: FeelDate, count: int) -> None:
    scope = {"d": day, "n": count}

    assert evaluate('(d + @"P1D" * n) - d = @"P1D" * n', scope).value is True
