"""Process variables read by name and type: what is accepted, and that the rest is a typed error naming the variable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.feel.values import FeelDate, FeelDateTime, FeelTime
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Outcome
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, WrongInput, feel_date, feel_number


def test_reads_values_as_diagrams_and_forms_send_them() -> None:
    inputs = Inputs(
        {
            "text": "hej",
            "id": 12,
            "number": Decimal("7.5"),
            "written": " 7,5 ",
            "day": FeelDate(2026, 10, 1),
            "moment": FeelDateTime(FeelDate(2026, 10, 1), FeelTime(8, 0, 0)),
            "written_day": "2026-10-01",
            "month": "2026-10",
            "flag": True,
            "texts": ["a", "b"],
            "one": "a",
            "inner": {"month": "2026-11"},
            "outcome": "nekat",
        }
    )

    assert inputs.text("text") == "hej"
    assert (inputs.text("id"), inputs.identifier("id")) == ("12", 12)
    assert inputs.number("number") == inputs.number("written") == Decimal("7.5")
    assert inputs.day("day") == inputs.day("moment") == inputs.day("written_day") == date(2026, 10, 1)
    assert inputs.month("month") == Month(2026, 10)
    assert inputs.flag("flag") is True
    assert (inputs.texts("texts"), inputs.texts("one")) == (["a", "b"], ["a"])
    assert inputs.inner("inner").needed_month("month") == Month(2026, 11)
    assert inputs.needed_code("outcome", Outcome) is Outcome.REFUSED


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_none(value: Any) -> None:
    inputs = Inputs({"x": value})

    assert [inputs.text("x"), inputs.number("x"), inputs.day("x"), inputs.month("x"), inputs.code("x", Outcome)] == (
        [None] * 5
    )
    assert inputs.texts("x") == inputs.texts("missing") == []


@pytest.mark.parametrize(
    ("getter", "value"),
    [
        ("text", True),
        ("text", ["a"]),
        ("number", "sju"),
        ("number", True),
        ("number", Decimal("NaN")),
        ("number", 1_000_001),
        ("number", FeelDate(2026, 1, 1)),
        ("identifier", Decimal("1.5")),
        ("day", "i morgon"),
        ("day", 20261001),
        ("day", FeelDate(12026, 1, 1)),
        ("month", "2026-13"),
        ("flag", "ja"),
        ("texts", [1]),
        ("numbers", ["många"]),
        ("numbers", 3),
        ("inner", "x"),
    ],
)
def test_another_type_is_refused_by_name(getter: str, value: Any) -> None:
    with pytest.raises(WrongInput, match="'x'"):
        getattr(Inputs({"x": value}), getter)("x")


def test_what_is_needed_and_missing_is_refused_by_name() -> None:
    inputs = Inputs({"outcome": "kanske"})

    for call in (
        lambda: inputs.needed("x"),
        lambda: inputs.needed_month("x"),
        lambda: inputs.needed_code("x", Outcome),
    ):
        with pytest.raises(MissingInput, match="'x'"):
            call()
    with pytest.raises(WrongInput, match="bifall, avslag"):
        inputs.needed_code("outcome", Outcome)


def test_values_go_back_as_feel_values() -> None:
    assert feel_date(date(2026, 10, 1)) == FeelDate(2026, 10, 1)
    assert feel_date(None) is None
    assert [feel_number(value) for value in (Decimal("8.00"), Decimal("7.5"), 3, None)] == [8, Decimal("7.5"), 3, None]
    assert isinstance(feel_number(Decimal("8.00")), int)


def test_a_list_of_numbers_is_read_and_null_is_none_of_them() -> None:
    assert Inputs({"x": [30, Decimal("90"), None]}).numbers("x") == [30, 90]
    assert Inputs({}).numbers("x") == []
