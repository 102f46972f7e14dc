"""Boxed expressions of every kind."""

from __future__ import annotations

import pytest

from engine.feel import FeelLimitError
from tests.unit.dmn.models import (
    codes,
    decision,
    document,
    evaluate,
    item,
    knowledge,
    literal,
    table,
    value_of,
)


def entry(name: str | None, expression: str, type_ref: str | None = None) -> str:
    kind = f' typeRef="{type_ref}"' if type_ref else ""
    variable = f'<variable name="{name}"{kind}/>' if name else ""
    return f"<contextEntry>{variable}{expression}</contextEntry>"


def context(*entries: str) -> str:
    return f"<context>{''.join(entries)}</context>"


def part(tag: str, expression: str) -> str:
    return f"<{tag}>{expression}</{tag}>"


LIST = part("in", literal("[1, 2, 3, 4]"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (literal("1 + 1"), 2),
        (literal(""), None),
        (context(entry("a", literal("1")), entry("b c", literal("a + 1"))), {"a": 1, "b c": 2}),
        (context(entry("a b", literal("1")), entry(None, literal("a b * 10"))), 10),
        (context(entry("a", literal('"x"'), "number")), {"a": None}),
        (f"<list>{literal('1')}{literal('x')}</list>", [1, 7]),
        ("<list/>", []),
        (
            f'<relation><column name="a"/><column name="b" typeRef="number"/>'
            f"<row>{literal('1')}{literal('2')}</row><row>{literal('x')}{literal('[4]')}</row></relation>",
            [{"a": 1, "b": 2}, {"a": 7, "b": 4}],
        ),
        (f"<conditional>{part('if', literal('x > 5'))}{part('then', literal('1'))}{part('else', literal('2'))}"
         "</conditional>", 1),
        (f"<conditional>{part('if', literal('null'))}{part('then', literal('1'))}{part('else', literal('2'))}"
         "</conditional>", 2),
        (f"<filter>{LIST}{part('match', literal('item > 2'))}</filter>", [3, 4]),
        (f"<filter>{part('in', literal('[{a: 1}, {a: 2}]'))}{part('match', literal('a > 1'))}</filter>", [{"a": 2}]),
        (f"<filter>{LIST}{part('match', literal('false'))}</filter>", []),
        (f'<for iteratorVariable="i">{LIST}{part("return", literal("i * x"))}</for>', [7, 14, 21, 28]),
        (f'<for iteratorVariable="i">{LIST}{part("return", literal("count(partial)"))}</for>', [0, 1, 2, 3]),
        (f'<for iteratorVariable="i">{part("in", literal("[1..3]"))}{part("return", literal("i"))}</for>', [1, 2, 3]),
        (f'<some iteratorVariable="i">{LIST}{part("satisfies", literal("i > 3"))}</some>', True),
        (f'<some iteratorVariable="i">{LIST}{part("satisfies", literal("i > 4"))}</some>', False),
        (f'<every iteratorVariable="i">{LIST}{part("satisfies", literal("i > 0"))}</every>', True),
        (f'<every iteratorVariable="i">{LIST}{part("satisfies", literal("i > 1"))}</every>', False),
        (f'<every iteratorVariable="i">{part("in", literal("[]"))}{part("satisfies", literal("false"))}</every>', True),
        (table("UNIQUE", ["x"], ["o"], [("7", '"seven"')]), "seven"),
    ],
)  # fmt: skip
def test_boxed_expression(expression: str, expected: object) -> None:
    assert value_of(expression, {"x": 7}) == expected


def test_a_built_in_may_be_invoked_without_its_optional_parameters() -> None:
    bindings = "".join(
        f'<binding><parameter name="{name}"/>{literal(text)}</binding>'
        for name, text in (("start position", "2"), ("string", '"abc"'))
    )
    assert value_of(f"<invocation>{literal('substring')}{bindings}</invocation>") == "bc"


def test_a_boxed_function_closes_over_its_scope_and_converts_its_arguments() -> None:
    function = (
        '<functionDefinition><formalParameter name="a" typeRef="number"/>'
        '<formalParameter name="b"/>' + literal("a + b + x") + "</functionDefinition>"
    )
    calls = {"f(1, 2)": 10, "f(b: 1, a: [2])": 10, 'f("text", 1)': None, "f(1)": None, "f(a: 1, c: 2)": None}
    for call, expected in calls.items():
        boxed = context(entry("f", function), entry(None, literal(call)))
        assert value_of(boxed, {"x": 7}) == expected, call


def test_an_invocation_binds_by_name_whatever_the_order() -> None:
    called = (
        f"<invocation>{literal('Share of')}"
        f'<binding><parameter name="the whole"/>{literal("8")}</binding>'
        f'<binding><parameter name="part"/>{literal("x")}</binding></invocation>'
    )
    model = document(
        knowledge("Share of", [("part", "number"), ("the whole", "number")], literal("part / the whole")),
        decision("D", called, requires=["k:#k_Share_of"]),
    )
    assert evaluate(model, "D", {"x": 2}).value * 100 == 25  # type: ignore[operator]


@pytest.mark.parametrize(("function", "code"), [("1", "NOT_A_FUNCTION"), ("function(a) a", "WRONG_ARGUMENTS")])
def test_an_invocation_that_cannot_be_made_is_null_with_a_warning(function: str, code: str) -> None:
    called = f'<invocation>{literal(function)}<binding><parameter name="z"/>{literal("1")}</binding></invocation>'
    result = evaluate(document(decision("D", called)), "D")
    assert result.value is None
    assert codes(result) == [code]


@pytest.mark.parametrize("kind", ["some", "every"])
def test_a_quantifier_over_what_is_no_condition_is_null(kind: str) -> None:
    boxed = f'<{kind} iteratorVariable="i">{LIST}{part("satisfies", literal("i"))}</{kind}>'
    result = evaluate(document(decision("D", boxed)), "D")
    assert result.value is None
    assert codes(result) == ["NOT_A_BOOLEAN"]


def test_a_filter_by_what_is_no_condition_is_null() -> None:
    boxed = f"<filter>{LIST}{part('match', literal('1'))}</filter>"
    result = evaluate(document(decision("D", boxed)), "D")
    assert result.value is None
    assert codes(result) == ["NOT_A_BOOLEAN"]


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ('<functionDefinition kind="Java"><formalParameter name="a"/><context/></functionDefinition>',
         "FOREIGN_FUNCTION"),
        ('<functionDefinition kind="PMML"><formalParameter name="a"/><context/></functionDefinition>',
         "FOREIGN_FUNCTION"),
    ],
)  # fmt: skip
def test_functions_of_other_languages_are_never_run(definition: str, code: str) -> None:
    boxed = context(entry("f", definition), entry(None, literal("f(1)")))
    result = evaluate(document(decision("D", boxed)), "D")
    assert result.value is None
    assert code in codes(result)


def test_another_expression_language_is_null_with_a_warning() -> None:
    boxed = '<literalExpression expressionLanguage="urn:groovy"><text>1 + 1</text></literalExpression>'
    result = evaluate(document(decision("D", boxed)), "D")
    assert result.value is None
    assert codes(result) == ["UNKNOWN_LANGUAGE"]


def test_an_expression_that_does_not_parse_is_null_with_a_warning_that_names_the_element() -> None:
    boxed = '<literalExpression id="here"><text>1 +</text></literalExpression>'
    result = evaluate(document(decision("D", boxed)), "D")
    assert result.value is None
    assert [(warning.code, warning.element) for warning in result.warnings] == [("DOES_NOT_PARSE", "here")]


def test_loops_within_loops_end_in_a_typed_error() -> None:
    loop = literal("1")
    for name in "abc":
        loop = f'<for iteratorVariable="{name}">{part("in", literal("[1..1000]"))}{part("return", loop)}</for>'
    with pytest.raises(FeelLimitError):
        value_of(loop)


def test_functions_defined_with_model_types() -> None:
    types = item("tAge", "number", allowed="[0..120]")
    boxed = literal("40 instance of tAge")
    assert value_of(boxed, types=types) is True


def test_a_filter_whose_condition_is_null_for_an_item_leaves_it_out() -> None:
    boxed = f"<filter><in>{literal('[{a: 1}, {b: 2}, {a: null}]')}</in><match>{literal('a > 0')}</match></filter>"

    assert value_of(boxed) == [{"a": 1}]
