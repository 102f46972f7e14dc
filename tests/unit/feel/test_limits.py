"""No expression takes the engine's time or memory: the budget ends it with an error that says so."""

from __future__ import annotations

import threading
import tracemalloc
from datetime import UTC, datetime

import pytest

from engine.errors import InvalidInput
from engine.feel import (
    Environment,
    EvaluationProblem,
    FeelLimitError,
    HostFunction,
    Limits,
    compile_expression,
    evaluate,
    known_functions,
    to_text,
)

LONG = '"' + "x" * 20_000 + '"'
DAG = "(for i in 1..40 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]"
BOMBS = {
    "count to a billion": "for i in 1..1000000000 return i",
    "days of all years": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "nested loops": "for i in 1..10000, j in 1..10000 return i * j",
    "quantified loops": "some i in 1..10000, j in 1..10000 satisfies i = -j",
    "doubling text by recursion": '{f: function(n, s) if n = 0 then s else f(n-1, s + s), r: f(60, "abcdefghij")}.r',
    "doubling text by loop": 'for i in 1..60 return if i = 1 then "abcdefghij" else partial[-1] + partial[-1]',
    "endless recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "self application": "{f: function(g) g(g), r: f(f)}.r",
    "shared structure": DAG,
    "text of shared structure": f"string({DAG})",
    "JSON of shared structure": f"to json({DAG})",
    "equality of shared structure": f"{{a: {DAG}, b: {DAG}, r: a = b}}.r",
    "distinct values of shared structure": f"count(distinct values([{DAG}]))",
    "flattened shared structure": f"count(flatten({DAG}))",
    "deep structure": "for i in 1..3000 return [partial[-1]]",
    "text of deep structure": "string((for i in 1..3000 return [partial[-1]])[-1])",
    "kept partial results": "for i in 1..50000 return partial",
    "many long texts": f"for i in 1..50000 return {LONG} + {LONG}",
    "many long lists": "for i in 1..2000 return append(for j in 1..10000 return j, i)",
    "sorting": "sort(for i in 1..40000 return -i, function(a, b) a < b)",
    "powers": "for i in 1..20000 return (1 + i / 7) ** 0.333",
    "exponentials": "for i in 1..20000 return exp(i / 7.3)",
    "zones": 'for i in 1..20000 return @"2026-01-01T00:00:00@Europe/Stockholm" + @"PT1H" * i',
    "splitting": f'for i in 1..5000 return split({LONG}, "x")',
    "regex alternatives": 'matches(string join(for i in 1..20000 return "a"), "(a|aa)+$!")',
    "regex nesting": 'matches(string join(for i in 1..20000 return "a"), "((a{1,100}){1,100}){1,100}b")',
    "regex in a loop": 'for i in 1..1000 return matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
    "long pattern": f'matches("a", {LONG})',
    "ranges read": 'for i in 1..40000 return range("[1..2]")',
    "ranges related": "for i in 1..40000 return before([1..i], [5..6])",
    "contexts without order": "sort(for i in 1..20000 return {a: i}, function(p, q) p < q)",
    "entries missing": "for i in 1..40000 return {a: i}.b",
    "kinds mixed": 'for i in 1..40000 return i < "a"',
    "JSON of many contexts": "to json(for i in 1..20000 return {a: i, b: [i, i]})",
    "loops side by side": "for i in 1..300, j in 1..300 return [i, j]",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_bomb_ends_in_a_limit_error_with_little_memory(text: str) -> None:
    expression = compile_expression(text)
    tracemalloc.start()

    with pytest.raises(FeelLimitError) as caught:
        expression.evaluate({})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert caught.value.code == "FEEL_LIMIT"
    assert caught.value.message
    assert peak < 50_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 ** 999999", "null"),
        ("10 ** 6144 * 10", "null"),
        ("1e99999", "null"),
        ("2 ** 0.5 ** 99999", "null"),
        ("exp(99999999)", "null"),
        ("decimal(1, 999999)", "null"),
        ('@"P1D" * 10 ** 30', "null"),
        ('@"P999999999999999999D"', "null"),
        ('@"999999999-12-31" + @"P1D"', "null"),
        ("10 ** 40 - 10 ** 40 + 1", "1"),
        ("99999999999999999999999999999999999999 + 1", "1" + "0" * 38),
    ],
)
def test_numbers_beyond_the_standard_are_null_or_rounded(text: str, expected: str) -> None:
    value = evaluate(text, {}).value

    if expected == "null":
        assert value is None
    else:
        assert value == int(expected)


def test_limits_belong_to_the_environment() -> None:
    small = Environment(limits=Limits(steps=100, list_length=5, text_length=10, call_depth=3, warnings=2))

    assert evaluate("for i in 1..5 return i", {}, small).value == [1, 2, 3, 4, 5]
    for text in ["for i in 1..6 return i", '"123456" + "12345"', "{f: function(n) f(n), r: f(1)}.r", "upper case(t)"]:
        with pytest.raises(FeelLimitError):
            evaluate(text, {"t": "x" * 11}, small)
    assert len(evaluate("[a, b, c, d]", {}, small).warnings) == 2


def test_deep_or_cyclic_scope_is_a_limit_error() -> None:
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    cyclic: list[object] = []
    cyclic.append(cyclic)

    for value in (deep, cyclic):
        with pytest.raises(FeelLimitError):
            evaluate("count(x)", {"x": value})


def test_no_way_leads_to_python_objects() -> None:
    scope = {"text": "a", "number": 1, "items": [1], "f": evaluate("function(a) a", {}).value}
    for name in ("__class__", "__dict__", "__init__", "invoke", "upper", "append", "real", "days", "nanoseconds"):
        for variable in scope:
            value = evaluate(f"{variable}.{name}", scope).value
            assert value is None or value == [None]
    with pytest.raises(TypeError, match="no value"):
        evaluate("thing", {"thing": object()})


def test_host_functions_get_and_give_values_and_their_problems_are_warnings() -> None:
    def add(day: object, count: object) -> object:
        if count is None:
            raise EvaluationProblem("how many days?")
        return f"{to_text(day)}+{count}"

    functions = {
        "add working days": HostFunction("add working days", ("date", "n"), add),
        "working days between": HostFunction("working days between", ("a", "b"), lambda a, b: (1, 2.5)),
    }
    environment = Environment(functions=functions)

    assert evaluate('add working days(@"2026-01-31", 3)', {}, environment).value == "2026-01-31+3"
    assert evaluate('add working days(n: 2, date: @"2026-01-31")', {}, environment).value == "2026-01-31+2"
    assert to_text(evaluate("working days between(1, 2)", {}, environment).value) == "[1, 2.5]"
    outcome = evaluate('1 + add working days(@"2026-01-31")', {}, environment)
    assert outcome.value is None
    assert outcome.warnings[0].message == "how many days?"
    assert (outcome.warnings[0].column, outcome.warnings[0].code) == (5, "INVALID_ARGUMENT")
    assert evaluate("add working days(1, 2, 3)", {}, environment).warnings[0].code == "WRONG_ARGUMENTS"
    assert "add working days" not in known_functions()


def test_clock_and_identifiers_come_from_the_environment_only() -> None:
    assert evaluate("[now(), today(), uuid()]", {}).value == [None, None, None]
    moments = iter(datetime(2026, 1, 1, 23, minute, tzinfo=UTC) for minute in range(59))
    environment = Environment(now=lambda: next(moments), identifiers=lambda: "id-1")

    outcome = evaluate("[string(now()), string(now()), string(today()), uuid()]", {}, environment)

    assert outcome.value == ["2026-01-02T00:00:00@Europe/Stockholm"] * 2 + ["2026-01-02", "id-1"]


def test_zone_of_an_environment_must_exist() -> None:
    with pytest.raises(InvalidInput, match="Europe/Nowhere"):
        Environment(zone="Europe/Nowhere")


def test_compiled_expressions_are_cached_and_safe_for_threads() -> None:
    assert compile_expression("a + 1", ["a", "b"]) is compile_expression("a + 1", ["c"])
    assert compile_expression("a-b", ["a-b"]) is not compile_expression("a-b")
    wrong: list[object] = []

    def work(number: int) -> None:
        for turn in range(50):
            value = evaluate(f"x * 2 + {turn}", {"x": number}).value
            if value != number * 2 + turn:
                wrong.append(value)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
