"""Decision tables: every hit policy and aggregation, defaults, several outputs, values that are not allowed."""

from __future__ import annotations

import pytest

from engine.dmn.errors import DoubtfulDecision
from tests.unit.dmn.models import codes, decision, document, evaluate, item, literal, table, value_of

RULES = [("< 10", '"low"'), ("[5..20]", '"middle"'), ("> 15", '"high"')]
OVERLAP = [*RULES, ("-", '"any"')]
ORDERED = {"name": "level", "values": '"high", "middle", "low", "any"'}


@pytest.mark.parametrize(
    ("policy", "aggregation", "output", "rules", "x", "expected"),
    [
        ("UNIQUE", None, "o", RULES, 1, "low"),
        ("UNIQUE", None, "o", RULES, 12, "middle"),
        ("UNIQUE", None, "o", RULES[:2], 99, None),
        ("FIRST", None, "o", OVERLAP, 7, "low"),
        ("FIRST", None, "o", OVERLAP, 17, "middle"),
        ("ANY", None, "o", [("> 1", '"same"'), ("> 2", '"same"')], 3, "same"),
        ("PRIORITY", None, ORDERED, OVERLAP, 7, "middle"),
        ("PRIORITY", None, ORDERED, OVERLAP, 17, "high"),
        ("COLLECT", None, "o", OVERLAP, 7, ["low", "middle", "any"]),
        ("COLLECT", None, "o", RULES[:1], 99, []),
        ("RULE ORDER", None, "o", OVERLAP, 17, ["middle", "high", "any"]),
        ("RULE ORDER", None, "o", RULES[:1], 99, []),
        ("OUTPUT ORDER", None, ORDERED, OVERLAP, 7, ["middle", "low", "any"]),
        ("OUTPUT ORDER", None, ORDERED, RULES[:1], 99, []),
        ("COLLECT", "SUM", "o", [("> 1", "10"), ("> 2", "20.5"), ("> 9", "40")], 3, 30.5),
        ("COLLECT", "MIN", "o", [("> 1", "10"), ("> 2", "20"), ("> 9", "40")], 3, 10),
        ("COLLECT", "MAX", "o", [("> 1", "10"), ("> 2", "20"), ("> 9", "40")], 3, 20),
        ("COLLECT", "COUNT", "o", [("> 1", "10"), ("> 2", "10"), ("> 9", "40")], 3, 2),
        ("COLLECT", "SUM", "o", [("> 1", "10")], 0, None),
        ("COLLECT", "MIN", "o", [("> 1", "10")], 0, None),
        ("COLLECT", "COUNT", "o", [("> 1", "10")], 0, 0),
    ],
)
def test_hit_policy(
    policy: str, aggregation: str | None, output: object, rules: list[tuple[str, str]], x: int, expected: object
) -> None:
    drawn = table(policy, ["x"], [output], rules, aggregation=aggregation)  # type: ignore[list-item]
    assert value_of(drawn, {"x": x}) == expected


@pytest.mark.parametrize(
    ("policy", "output", "rules", "code"),
    [
        ("UNIQUE", "o", [("> 1", "1"), ("> 2", "2")], "RULES_OVERLAP"),
        ("ANY", "o", [("> 1", "1"), ("> 2", "2")], "OUTPUTS_DIFFER"),
        ("PRIORITY", "o", [("> 1", "1"), ("> 2", "2")], "NO_OUTPUT_VALUES"),
        ("OUTPUT ORDER", "o", [("> 1", "1"), ("> 2", "2")], "NO_OUTPUT_VALUES"),
        ("UNIQUE", {"name": "o", "values": "1, 2"}, [("> 1", "3")], "OUTPUT_NOT_ALLOWED"),
        ("UNIQUE", {"name": "o", "typeRef": "string"}, [("> 1", "3")], "TYPE_MISMATCH"),
    ],
)
def test_what_goes_wrong_in_a_table_is_null_with_a_warning(
    policy: str, output: object, rules: list[tuple[str, str]], code: str
) -> None:
    model = document(decision("D", table(policy, ["x"], [output], rules)))  # type: ignore[list-item]
    result = evaluate(model, "D", {"x": 3})
    assert result.value is None
    assert codes(result) == [code]


def test_no_rule_matches_and_the_default_answers() -> None:
    outputs = [{"name": "a", "default": '"none"'}, {"name": "b"}]
    model = document(decision("D", table("UNIQUE", ["x"], outputs, [("> 5", '"some"', "1")])))
    assert evaluate(model, "D", {"x": 1}).value == {"a": "none", "b": None}
    assert evaluate(model, "D", {"x": 9}).value == {"a": "some", "b": 1}
    assert evaluate(model, "D", {"x": 1}).decisions[0].tables[0].used_default


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("FIRST", {"a": "low", "b": 1}),
        ("COLLECT", [{"a": "low", "b": 1}, {"a": "high", "b": 2}]),
        ("PRIORITY", {"a": "high", "b": 2}),
        ("OUTPUT ORDER", [{"a": "high", "b": 2}, {"a": "low", "b": 1}]),
    ],
)
def test_several_outputs_are_a_context(policy: str, expected: object) -> None:
    outputs = [{"name": "a", "values": '"high", "low"'}, {"name": "b"}]
    rules = [("> 1", '"low"', "1"), ("> 2", '"high"', "2")]
    assert value_of(table(policy, ["x"], outputs, rules), {"x": 3}) == expected


def test_priority_compares_the_outputs_from_the_left() -> None:
    outputs = [{"name": "a", "values": '"x", "y"'}, {"name": "b", "values": '"p", "q"'}]
    rules = [("-", '"x"', '"q"'), ("-", '"y"', '"p"'), ("-", '"x"', '"p"')]
    assert value_of(table("PRIORITY", ["1"], outputs, rules)) == {"a": "x", "b": "p"}


def test_priority_falls_back_on_the_order_of_the_types_allowed_values() -> None:
    types = item("tLevel", "string", allowed='"high", "low"')
    rules = [("-", '"low"'), ("-", '"high"')]
    found = value_of(table("PRIORITY", ["1"], [{"typeRef": "tLevel"}], rules), types=types)
    assert found == "high"


def test_an_input_outside_its_input_values_gives_null_with_a_warning() -> None:
    model = document(decision("D", table("UNIQUE", [("x", "string", '"a", "b"')], ["o"], [("-", "1")])))
    assert evaluate(model, "D", {"x": "a"}).value == 1
    result = evaluate(model, "D", {"x": "c"})
    assert result.value is None
    assert codes(result) == ["INPUT_NOT_ALLOWED"]
    assert result.warnings[0].element == "in1"


@pytest.mark.parametrize("cell", ["", "-"])
def test_an_empty_cell_lets_everything_through(cell: str) -> None:
    assert value_of(table("UNIQUE", ["x"], ["o"], [(cell, "1")]), {"x": None}) == 1


def test_cells_may_use_other_inputs_and_the_tested_value() -> None:
    rules = [("> limit", '"above"'), ("? + 1 = limit", '"just below"'), ("not(> limit)", '"else"')]
    found = table("FIRST", ["x"], ["o"], rules)
    assert value_of(found, {"x": 5, "limit": 3}) == "above"
    assert value_of(found, {"x": 2, "limit": 3}) == "just below"
    assert value_of(found, {"x": 1, "limit": 3}) == "else"


def test_a_cell_that_does_not_parse_never_matches_and_its_table_still_works() -> None:
    found = table("FIRST", ["x"], ["o"], [("< < 3", "1"), ("-", "2")])
    assert value_of(found, {"x": 1}) == 2


def test_a_collected_type_written_at_the_column_is_not_the_type_of_each_output() -> None:
    types = item("tList", "string", collection=True)
    found = table("COLLECT", ["x"], [{"typeRef": "tList"}], [("-", '"a"'), ("-", '"b"')])
    assert value_of(found, {"x": 1}, types=types, type_ref="tList") == ["a", "b"]


def test_the_trace_tells_inputs_matched_rules_annotations_and_outputs() -> None:
    rules = [("< 3", '"no"', "for låg", "SoL 4:1"), (">= 3", '"yes"', "tre månader i rad", "SoL 4:4")]
    drawn = table("UNIQUE", ["x"], ["answer"], rules, annotations=["Skäl", "Lagrum"])
    result = evaluate(document(decision("Krav", drawn)), "Krav", {"x": 4})
    trace = result.trace
    assert trace["name"] == "Krav"
    assert trace["value"] == "yes"
    assert trace["required"] == []
    assert trace["tables"] == [
        {
            "element": "table",
            "owner": "Krav",
            "hit_policy": "UNIQUE",
            "inputs": [{"expression": "x", "label": None, "value": 4}],
            "rules": [
                {
                    "index": 2,
                    "id": "r2",
                    "outputs": {"answer": "yes"},
                    "annotations": {"Skäl": "tre månader i rad", "Lagrum": "SoL 4:4"},
                }
            ],
            "used_default": False,
            "value": "yes",
        }
    ]


def test_null_in_a_column_warns_unless_a_cell_expects_it() -> None:
    careless = document(decision("D", table("UNIQUE", ["x"], ["o"], [("> 3", "1"), ("<= 3", "2")])))
    careful = document(decision("D", table("UNIQUE", ["x"], ["o"], [("> 3", "1"), ("<= 3", "2"), ("null", "0")])))
    assert codes(evaluate(careless, "D", {"x": None})) != []
    result = evaluate(careful, "D", {"x": None})
    assert result.value == 0
    assert codes(result) == []


def test_a_caller_that_acts_on_the_answer_is_told_of_every_doubt_but_null_asked_for() -> None:
    model = document(decision("D", literal("if x = null then 1 else 2")), decision("E", literal("x + 1")))
    assert evaluate(model, "D").sure().value == 1
    assert codes(evaluate(model, "D")) == ["MISSING_VARIABLE_COMPARED_WITH_NULL"]
    with pytest.raises(DoubtfulDecision, match=r"E: .*x"):
        evaluate(model, "E").sure()
