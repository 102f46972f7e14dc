"""Values from outside: JSON and Python."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.dmn import load_decisions
from engine.errors import InvalidInput
from engine.feel.values import FeelDate, YearsMonthsDuration
from tests.unit.dmn.models import component, decision, document, evaluate, input_data, item, literal

MODEL = load_decisions(
    document(
        item("tStay", components=component("from", "date") + component("for", "years and months duration")),
        item("tStays", "tStay", collection=True),
        input_data("stays", "tStays"),
        input_data("rate", "number"),
        decision("First", literal("stays[1].from + stays[1].for"), requires=["i:#i_stays"]),
    ),
    file="t.dmn",
)


def test_texts_of_json_are_read_as_the_declared_types() -> None:
    found = MODEL.inputs_of_json({"stays": [{"from": "2026-01-31", "for": "P1M", "more": "x"}], "rate": 0.1, "z": "1"})
    assert found == {
        "stays": [{"from": FeelDate(2026, 1, 31), "for": YearsMonthsDuration(1), "more": "x"}],
        "rate": Decimal("0.1"),
        "z": "1",
    }
    assert evaluate(MODEL, "First", found).value == FeelDate(2026, 2, 28)


def test_texts_that_are_no_dates_stay_and_the_evaluation_reports_them() -> None:
    found = MODEL.inputs_of_json({"stays": [{"from": "yesterday", "for": "P1M"}]})
    assert next(iter(evaluate(MODEL, "First", found).warnings)).code == "TYPE_MISMATCH"


def test_what_feel_has_no_value_for_is_refused_with_its_name() -> None:
    with pytest.raises(InvalidInput, match="rate"):
        evaluate(MODEL, "First", {"rate": object()})


def test_white_space_in_the_name_of_an_input_counts_once() -> None:
    source = document(
        input_data("first name", "string"), decision("D", literal("first name"), requires=["i:#i_first_name"])
    )

    assert evaluate(source, "D", {"first \n name": "Ada"}).value == "Ada"
