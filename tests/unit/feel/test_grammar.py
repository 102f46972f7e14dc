"""The whole grammar, by what expressions are worth."""

from __future__ import annotations

import pytest

from engine.feel import compile_expression
from tests.unit.feel.support import codes, result, said

SCOPE = {
    "x": 5,
    "status": "klar",
    "first name": "Ada",
    "a-b": 7,
    "days in weekend": ["lör", "sön"],
    "person": {"name": "Bo", "street address": {"post code": "123"}, "kön": None},
    "people": [{"name": "Bo", "age": 17}, {"name": "Eva", "age": 40}],
    "xs": [1, 2, 3, 4],
}

LITERALS = [
    ("1", "1"),
    ("1.50", "1.5"),
    (".5", "0.5"),
    ("1.2e3", "1200"),
    ("-3", "-3"),
    ("--3", "3"),
    ("---3", "-3"),
    ('"a"', "a"),
    (r'"a\"b\\c\n\u00e5\U01F40E"', 'a"b\\c\nå🐎'),
    (r'"\uD83D\uDC0E"', "🐎"),
    (r'"\d"', r"\d"),
    ("true", "true"),
    ("null", "null"),
    ('@"2026-01-31"', "2026-01-31"),
    ('@"10:30:00"', "10:30:00"),
    ('@"2026-01-31T10:30:00@Europe/Stockholm"', "2026-01-31T10:30:00@Europe/Stockholm"),
    ('@"P1Y2M"', "P1Y2M"),
    ('@"-PT90M"', "-PT1H30M"),
    ("[]", "[]"),
    ('[1, "a", [null]]', '[1, "a", [null]]'),
    ("{}", "{}"),
    ('{a: 1, "b c": 2, d e: 3}', "{a: 1, b c: 2, d e: 3}"),
    ("// först\n1 /* sedan\n */ + 1 // sist", "2"),
]
OPERATORS = [
    ("1 + 2 * 3", "7"),
    ("(1 + 2) * 3", "9"),
    ("10 - 2 - 1", "7"),
    ("100 / 10 / 5", "2"),
    ("2 ** 3 ** 2", "64"),
    ("-3 ** 2", "9"),
    ("2 * 3 ** 2", "18"),
    ('"a" + "b" + "c"', "abc"),
    ("1 < 2 and 2 < 3", "true"),
    ("false or true and false", "false"),
    ('x = 5 and status != "ny"', "true"),
    ("x between 1 and 5 and true", "true"),
    ("5 in (1, 5)", "true"),
    ("5 in (< 3, > 10)", "false"),
    ("5 in > 3", "true"),
    ("5 in [1..5[", "false"),
    ("5 in ]4..5]", "true"),
    ("5 in (4..6)", "true"),
    ("5 in (4..6) and false", "false"),
    ("5 in [[1..3], [4..6]]", "true"),
    ("5 in xs", "false"),
    ("5 in (xs)", "false"),
    ('"a" in ("a")', "true"),
    ("[1,2] in [[1,2],[3]]", "true"),
    ("3 in (? > 2)", "true"),
    ("1 instance of number", "true"),
    ("-1 instance of number", "true"),
    ('"a" instance of number', "false"),
    ("[1] instance of list<number>", "true"),
    ('[1, "a"] instance of list<number>', "false"),
    ("{a: 1} instance of context<a: number>", "true"),
    ("{a: 1} instance of context<a: string>", "false"),
    ("[1..2] instance of range<number>", "true"),
    ("(function(a: number) a) instance of function<number> -> Any", "true"),
    ("null instance of Null", "true"),
    ("null instance of Any", "false"),
    ("1 instance of list", "null"),
    ("1 instance of nosuch", "null"),
    ('@"P1D" instance of days and time duration', "true"),
    ('@"2026-01-01T00:00:00" instance of date and time', "true"),
]
WORDS = [
    ('if x > 3 then "a" else "b"', "a"),
    ('if null then "a" else "b"', "b"),
    ("if false then 1 else if false then 2 else 3", "3"),
    ("for i in [1,2] return i + 1", "[2, 3]"),
    ("for i in 1..3 return i", "[1, 2, 3]"),
    ("for i in 3..1 return i", "[3, 2, 1]"),
    ("for i in [1..4) return i", "[1, 2, 3]"),
    ("for i in [1,2], j in [3,4] return i * j", "[3, 4, 6, 8]"),
    ("for a in [[1,2],[3]], b in a return b", "[1, 2, 3]"),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
    ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
    ("for i in 1..3 return partial", "[[], [[]], [[], [[]]]]"),
    ("for i in days in weekend return i", '["lör", "sön"]'),
    ("for one day in days in weekend return one day", '["lör", "sön"]'),
    ('for d in @"2026-01-30"..@"2026-02-01" return d.day', "[30, 31, 1]"),
    ("some i in xs satisfies i > 3", "true"),
    ("every i in xs satisfies i > 3", "false"),
    ("every i in [] satisfies false", "true"),
    ("some i in [] satisfies true", "false"),
    ("some i in [1, null] satisfies i > 1", "null"),
    ("some a in [1,2], b in [3] satisfies a + b = 5", "true"),
]
PATHS = [
    ("person.name", "Bo"),
    ("person.street address.post code", "123"),
    ("people.name", '["Bo", "Eva"]'),
    ("people[age > 18].name", '["Eva"]'),
    ("people[item.age > 18][1].name", "Eva"),
    ("people[-1].name", "Eva"),
    ("xs[item > 2]", "[3, 4]"),
    ("xs[even(item)]", "[2, 4]"),
    ("xs[2]", "2"),
    ("xs[count(xs)]", "4"),
    ("3[1]", "3"),
    ("3[item > 2]", "[3]"),
    ("[{item: 1}, {item: 2}][item > 1]", "[{item: 2}]"),
    ("[{x: 1}, {x: null}][x < 2]", "[{x: 1}]"),
    ("[1..10[.end included", "false"),
    ('@"2026-01-31".weekday', "6"),
    ('@"P1DT2H".hours', "2"),
    ('@"2026-07-01T00:00:00@Europe/Stockholm".time offset', "PT2H"),
    ("{a: {b: 1}}.a.b", "1"),
]
NAMES = [
    ("first name", "Ada"),
    ('first   name + "!"', "Ada!"),
    ("a-b", "7"),
    ("a-b + 1", "8"),
    ("{a: 9, b: 4, c: a - b}.c", "5"),
    ("{d+e: 1, f: d+e + 1}.f", "2"),
    ("`first name`", "Ada"),
    ("person.kön = null", "true"),
    ("{🐎: 1}.🐎", "1"),
    ("{ålder: 3}.ålder", "3"),
]
FUNCTIONS = [
    ("(function(a, b) a - b)(5, 3)", "2"),
    ("(function(a, b) a - b)(b: 5, a: 3)", "-2"),
    ("{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(5)}.r", "120"),
    ("{k: 2, f: function(n) n * k, r: for i in 1..3 return f(i)}.r", "[2, 4, 6]"),
    ("{f: function(n: number) n, r: f([7])}.r", "7"),
    ('{f: function(n: number) n, r: f("7")}.r', "null"),
    ("{add: function(a) function(b) a + b, r: add(1)(2)}.r", "3"),
    ('{date: "2026-01-31", r: date(date).year}.r', "2026"),
    ("string length(string: first name)", "3"),
]
RANGES = [
    ("[1..3]", "[1..3]"),
    ("(1..3]", "(1..3]"),
    ("]1..3[", "(1..3)"),
    ("(< 10)", "(<10)"),
    ("(>= 10)", "(>=10)"),
    ("(< 10) = (null..10)", "false"),
    ("(1..3] = ]1..3]", "true"),
    ("5 in (= 5)", "true"),
    ("5 in (!= 5)", "false"),
    ('[1.."a"]', "null"),
]


@pytest.mark.parametrize(("text", "expected"), LITERALS + OPERATORS + WORDS + PATHS + NAMES + FUNCTIONS + RANGES)
def test_expression_is_worth_its_value(text: str, expected: str) -> None:
    assert said(text, SCOPE) == expected


@pytest.mark.parametrize(
    ("left", "conjunction", "disjunction"),
    [
        ("true and true", "true", None),
        ("true and null", "null", None),
        ("false and null", "false", None),
        ("null and false", "false", None),
        ('"x" and true', "null", None),
        ("true or null", "true", None),
        ("null or true", "true", None),
        ("false or null", "null", None),
        ("false or 3", "null", None),
    ],
)
def test_logic_has_three_values(left: str, conjunction: str, disjunction: None) -> None:
    assert said(left) == conjunction


def test_date_and_time_as_two_variables_joined_by_and_is_a_condition() -> None:
    assert said("date and time", {"date": True, "time": False}) == "false"


def test_scope_is_not_changed_and_large_structures_are_shared() -> None:
    inner = [1, {"a": [2]}]
    scope = {"xs": inner, "t": (1, 2.5)}

    value = result("{same: xs, made: append(xs, 3), t: t}", scope).value

    assert inner == [1, {"a": [2]}]
    assert isinstance(value, dict)
    assert value["same"] is inner
    assert said("t", scope) == "[1, 2.5]"


def test_free_and_called_names_are_what_comes_from_outside() -> None:
    expression = compile_expression(
        "for i in xs return f(i, y) + {g: function(q) q + z, h: g(1)}.h + sum(people[age > 3].age)"
    )

    assert expression.free_names == {"xs", "y", "z", "people"}
    assert expression.called_names == {"f", "sum"}


def test_host_function_with_a_keyword_in_its_name_is_read() -> None:
    expression = compile_expression("working days between(a, b) > 3")

    assert expression.called_names == {"working days between"}
    assert expression.free_names == {"a", "b"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nosuch", "MISSING_VARIABLE"),
        ("nosuch = null", "MISSING_VARIABLE_COMPARED_WITH_NULL"),
        ("null != nosuch.name", "MISSING_VARIABLE_COMPARED_WITH_NULL"),
        ("person.nosuch = null", "MISSING_VARIABLE_COMPARED_WITH_NULL"),
        ("person.nosuch", "MISSING_ENTRY"),
        ("nosuch()", "UNKNOWN_FUNCTION"),
        ('"f"()', "NOT_A_FUNCTION"),
        ('1 = "1"', "TYPE_MISMATCH"),
        ("null > 1", "NULL_OPERAND"),
        ("1 / 0", "DIVISION_BY_ZERO"),
        ("[1][2]", "OUT_OF_RANGE"),
        ('@"foo"', "INVALID_LITERAL"),
        ("x.year", "UNKNOWN_PROPERTY"),
        ("1 instance of nosuch", "UNKNOWN_TYPE"),
        ("(function(a) a)(1, 2)", "WRONG_ARGUMENTS"),
        ("function(a) external {java: {}}", "EXTERNAL_FUNCTION"),
        ("9 ** 9999", "OUT_OF_RANGE"),
        ("assert(1, false)", "ASSERTION_FAILED"),
        ("if 3 then 1 else 2", "TYPE_MISMATCH"),
        ('matches("a", "(")', "INVALID_PATTERN"),
        ("sum([])", "EMPTY_LIST"),
        ("abs(null)", "NULL_ARGUMENT"),
    ],
)
def test_null_says_why(text: str, code: str) -> None:
    assert codes(text, SCOPE) == [code] or code in codes(text, SCOPE)[-1:]


@pytest.mark.parametrize(
    "text", ["x > 3", "is defined(nosuch)", "get or else(nosuch.y, 1)", "xs[item > 9]", "null = null"]
)
def test_what_is_right_or_asked_for_has_no_warning(text: str) -> None:
    assert codes(text, SCOPE) == []


def test_warning_has_line_column_and_length() -> None:
    warning = result("1 +\n  nosuch.name").warnings[0]

    assert (warning.line, warning.column, warning.length) == (2, 3, len("nosuch"))
    assert "nosuch" in warning.message


def test_warning_within_a_foreign_function_stands_where_it_is_called() -> None:
    function = result("function(a) a +   nosuch").value

    warnings = result("1 + f(2)", {"f": function}).warnings

    assert {(warning.line, warning.column) for warning in warnings} <= {(1, 5), (1, 1)}
