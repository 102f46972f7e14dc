"""The linter of decision models."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.dmn import check_decisions
from engine.findings import Finding, Severity
from tests.unit.dmn.models import decision, document, input_data, item, knowledge, literal, table


@dataclass(frozen=True)
class Known:
    functions: frozenset[str] = frozenset({"working days between", "parameter"})
    parameters: frozenset[str] = frozenset({"months"})


def findings(source: bytes) -> list[Finding]:
    return check_decisions(source, "t.dmn", Known())


def codes(*parts: str) -> list[str]:
    return [finding.code for finding in findings(document(*parts))]


def drawn(policy: str, inputs: list[object], rules: list[tuple[str, ...]], output: object = "o") -> str:
    return decision("Krav", table(policy, inputs, [output], rules))  # type: ignore[arg-type,list-item]


COMPLETE = [("< 3", "1"), ("[3..5]", "2"), ("> 5", "3")]
BOOLEANS = [("x", "boolean"), ("y", "boolean")]


@pytest.mark.parametrize(
    "parts",
    [
        [drawn("UNIQUE", [("x", "number")], COMPLETE)],
        [drawn("UNIQUE", [("x", "string", '"a", "b"')], [('"a"', "1"), ('"b"', "2")])],
        [drawn("UNIQUE", [("x", "string")], [('"a"', "1"), ('not("a")', "2")])],
        [drawn("FIRST", [("x", "string")], [('"a"', "1"), ("-", "2")])],
        [drawn("UNIQUE", BOOLEANS, [("true", "-", "1"), ("false", "true", "2"), ("false", "false", "3")])],
        [drawn("UNIQUE", [("x", "date")], [('< date("2026-07-01")', "1"), ('>= date("2026-07-01")', "2")])],
        [drawn("UNIQUE", [("x", "number")], [("> 3", "1")], {"name": "o", "default": "0"})],
        [drawn("COLLECT", [("x", "number")], [("> 3", "1")])],
        [drawn("ANY", [("x", "number")], [("> 3", "1"), ("<= 4", "1")])],
        [
            item("tLevel", "string", allowed='"low", "high"'),
            input_data("x", "tLevel"),
            decision("D", table("UNIQUE", ["x"], ["o"], [('"low"', "1"), ('"high"', "2")]), requires=["i:#i_x"]),
        ],
        [
            knowledge("Twice", [("n", "number")], literal("n * 2")),
            decision("D", literal("Twice(working days between(a, b))"), requires=["k:#k_Twice"]),
        ],
        [decision("D", literal("for i in [1] return sum(partial) + i"))],
        [input_data("p"), decision("D", literal("p.name[item = 3]"), requires=["i:#i_p"])],
    ],
)
def test_a_sound_model_has_no_findings(parts: list[str]) -> None:
    assert codes(*parts) == []


@pytest.mark.parametrize(
    ("parts", "code", "part_of_message"),
    [
        ([decision("D", literal("1 +"))], "FEEL_SYNTAX", "1 +"),
        ([decision("D", literal("sums([1])"))], "FUNCTION_UNKNOWN", "sums"),
        ([decision("D", literal('parameter("gone") + parameter("months")'))], "PARAMETER_UNKNOWN", "gone"),
        ([decision("D", literal("1", "tGone"))], "DMN_TYPE_UNKNOWN", "tGone"),
        ([item("tA", "tGone")], "DMN_TYPE_UNKNOWN", "tGone"),
        ([decision("D", "")], "DMN_NO_LOGIC", "D"),
        ([input_data("a"), decision("D", literal("a"))], "DMN_REQUIREMENT_MISSING", "a"),
        ([knowledge("F", [], literal("1")), decision("D", literal("F()"))], "DMN_REQUIREMENT_MISSING", "F"),
        ([input_data("a"), decision("D", literal("a + b"), requires=["i:#i_a"])], "DMN_NAME_UNKNOWN", "b"),
        ([knowledge("F", [("n", None)], literal("n + m"))], "DMN_NAME_UNKNOWN", "m"),
        ([drawn("FIRST", ["x"], [("ja", "1"), ("-", "2")])], "DMN_NAME_UNKNOWN", "ja"),
        ([input_data("a"), knowledge("a", [], literal("1"))], "DMN_DUPLICATE_NAME", "a"),
        (
            [decision("D", '<functionDefinition kind="Java"><formalParameter name="a"/></functionDefinition>')],
            "DMN_FOREIGN_FUNCTION",
            "Java",
        ),
        (
            [decision("D", '<literalExpression expressionLanguage="urn:x"><text>1</text></literalExpression>')],
            "DMN_FOREIGN_LANGUAGE",
            "urn:x",
        ),
        ([drawn("UNIQUE", [("x", "number")], [("< 3", "1"), (">= 2", "2")])], "TABLE_RULES_OVERLAP", "x = 2"),
        ([drawn("ANY", [("x", "number")], [("< 3", "1"), (">= 2", "2")])], "TABLE_RULES_CONTRADICT", "x = 2"),
        ([drawn("UNIQUE", [("x", "number")], [("< 3", "1"), ("> 3", "2")])], "TABLE_GAP", "x = 3"),
        ([drawn("UNIQUE", [("x", "number")], [("<= 3", "1"), (">= 4", "2")])], "TABLE_GAP", "x = 3.5"),
        ([drawn("UNIQUE", [("x", "string", '"a", "b"')], [('"a"', "1")])], "TABLE_GAP", 'x = "b"'),
        ([drawn("UNIQUE", [("x", "string")], [('"a"', "1")])], "TABLE_GAP", "något annat"),
        ([drawn("UNIQUE", [("x", "boolean")], [("true", "1")])], "TABLE_GAP", "x = false"),
        (
            [drawn("UNIQUE", BOOLEANS, [("true", "-", "1"), ("-", "true", "2")])],
            "TABLE_RULES_OVERLAP",
            "x = true, y = true",
        ),
        ([drawn("UNIQUE", BOOLEANS, [("true", "-", "1"), ("false", "true", "2")])], "TABLE_GAP", "y = false"),
        ([drawn("UNIQUE", ["x"], [("> limit", "1")])], "TABLE_WITHOUT_DEFAULT", "Krav"),
        ([drawn("FIRST", [("x", "number")], [("> 3", "1"), ("> 5", "2"), ("-", "3")])], "TABLE_RULE_UNREACHABLE", "2"),
        (
            [drawn("FIRST", [("x", "number")], [("-", "1"), ("> 5", "2")])],
            "TABLE_RULE_UNREACHABLE",
            "before it take every case",
        ),
        (
            [drawn("FIRST", [("x", "string", '"a", "b"')], [('"c"', "1"), ("-", "2")])],
            "TABLE_RULE_UNREACHABLE",
            'passes "c"',
        ),
        ([drawn("UNIQUE", [("x", "number")], [('"a"', "1"), ("-", "2")])], "TABLE_CELL_TYPE", "number"),
        (
            [drawn("UNIQUE", ["x"], [("-", '"c"')], {"name": "o", "values": '"a", "b"'})],
            "TABLE_OUTPUT_NOT_ALLOWED",
            "c",
        ),
        ([drawn("PRIORITY", ["x"], [("-", "1")])], "TABLE_NO_OUTPUT_VALUES", "PRIORITY"),
        ([drawn("UNIQUE", [""], [("-", "1")])], "TABLE_NO_INPUT_EXPRESSION", "Krav"),
        (
            [decision("D", table("COLLECT", ["x"], ["a", "b"], [("-", "1", "2")], aggregation="SUM"))],
            "TABLE_CANNOT_AGGREGATE",
            "SUM",
        ),
    ],
)
def test_what_is_wrong_is_found_and_named(parts: list[str], code: str, part_of_message: str) -> None:
    found = [finding for finding in findings(document(*parts)) if finding.code == code]
    assert found, codes(*parts)
    assert any(part_of_message in finding.message_en for finding in found)
    assert all(finding.message and finding.remedy and finding.remedy_en for finding in found)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"<html/>",
        b"\xff\xfe",
        document(decision("A", literal("1"), requires=["d:#d_A"])),
        document(decision("D", table("NEVER", [], ["o"], []))),
    ],
)
def test_what_cannot_be_read_is_one_finding(source: bytes) -> None:
    assert [(each.code, each.severity) for each in findings(source)] == [("DMN_UNREADABLE", Severity.ERROR)]


def test_an_id_used_twice_anywhere_is_found() -> None:
    boxed = '<list id="same"><literalExpression id="same"><text>1</text></literalExpression></list>'
    assert codes(decision("D", boxed)) == ["DMN_DUPLICATE_ID"]


def test_a_large_table_is_judged_in_time() -> None:
    rules = [(f"[{n}..{n + 1})", f"> {n % 7}", "-", str(n)) for n in range(2_000)]
    inputs: list[object] = [("x", "number"), ("y", "number"), ("z", "string")]
    assert codes(drawn("UNIQUE", inputs, rules)) == ["TABLE_GAP"]
