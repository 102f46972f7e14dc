from __future__ import annotations

from decimal import Decimal

import pytest

from engine.feel import FeelDate, FeelDateTime, FeelTime
from tests.unit.forms.filling_support import codes, filled


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("12,5", Decimal("12.5")),
        ("12.50", Decimal("12.5")),
        (" 1 250 ", 1250),
        ("1\u00a0250,25", Decimal("1250.25")),
        ("-3", -3),
        ("−3", -3),
        (",5", Decimal("0.5")),
        ("", None),
    ],
)
def test_numbers_are_read_as_swedes_write_them(text: str, value: object) -> None:
    result = filled([{"type": "number", "key": "timmar"}], sent=[("f.timmar", text)])

    assert result.problems == ()
    assert result.values == {"timmar": value}


@pytest.mark.parametrize("text", ["tolv", "1,2,3", "1e5", "NaN", "Infinity", "0x10", "１２٣x", "--1", "1" * 40])
def test_what_is_no_number_is_told(text: str) -> None:
    assert codes(filled([{"type": "number", "key": "n"}], sent=[("f.n", text)])) == {"f.n": "not_a_number"}


@pytest.mark.parametrize(
    ("rules", "text", "code"),
    [
        ({"validate": {"min": 0}}, "-1", "too_small"),
        ({"validate": {"max": 40}}, "41", "too_large"),
        ({"validate": {"max": "=tak"}}, "31", "too_large"),
        ({"decimalDigits": 1}, "1,25", "too_many_decimals"),
        ({"decimalDigits": 0}, "1,5", "too_many_decimals"),
        ({"increment": "0.5"}, "1,3", "wrong_step"),
        ({"validate": {"required": True}}, "", "required"),
    ],
)
def test_numbers_keep_the_forms_rules(rules: dict[str, object], text: str, code: str) -> None:
    result = filled([{"type": "number", "key": "n", **rules}], {"tak": 30}, [("f.n", text)])

    assert codes(result) == {"f.n": code}


def test_a_number_may_be_kept_as_text() -> None:
    result = filled([{"type": "number", "key": "n", "serializeToString": True}], sent=[("f.n", "12,50")])

    assert result.values == {"n": "12.5"}


@pytest.mark.parametrize(
    ("subtype", "sent", "value"),
    [
        ("date", [("f.x", "2026-10-01")], FeelDate(2026, 10, 1)),
        ("date", [("f.x", "20261001")], FeelDate(2026, 10, 1)),
        ("time", [("f.x", "09:30")], FeelTime(9, 30, 0)),
        ("time", [("f.x", "9.30")], FeelTime(9, 30, 0)),
        (
            "datetime",
            [("f.x.date", "2026-10-01"), ("f.x.time", "09:30")],
            FeelDateTime(FeelDate(2026, 10, 1), FeelTime(9, 30, 0)),
        ),
        ("date", [("f.x", "")], None),
    ],
)
def test_moments_become_feel_values(subtype: str, sent: list[tuple[str, str]], value: object) -> None:
    result = filled([{"type": "datetime", "subtype": subtype, "key": "x"}], sent=sent)

    assert result.problems == ()
    assert result.values == {"x": value}


def test_a_moment_with_offset_carries_the_swedish_one() -> None:
    component = {"type": "datetime", "subtype": "datetime", "key": "x", "timeSerializingFormat": "utc_offset"}

    result = filled([component], sent=[("f.x.date", "2026-07-01"), ("f.x.time", "09:30")])

    assert result.values == {"x": FeelDateTime(FeelDate(2026, 7, 1), FeelTime(9, 30, 0, offset=7200))}


@pytest.mark.parametrize(
    ("subtype", "sent", "code"),
    [
        ("date", [("f.x", "2026-02-30")], "not_a_date"),
        ("date", [("f.x", "i morgon")], "not_a_date"),
        ("time", [("f.x", "25:00")], "not_a_time"),
        ("datetime", [("f.x.date", "2026-10-01"), ("f.x.time", "")], "half_a_moment"),
        ("datetime", [("f.x.date", "2026-10-99"), ("f.x.time", "10:00")], "not_a_date"),
    ],
)
def test_what_is_no_moment_is_told(subtype: str, sent: list[tuple[str, str]], code: str) -> None:
    assert codes(filled([{"type": "datetime", "subtype": subtype, "key": "x"}], sent=sent)) == {"f.x": code}


def test_a_passed_day_is_refused_where_the_form_wants_a_coming_one() -> None:
    component = {"type": "datetime", "subtype": "date", "key": "x", "disallowPassedDates": True}

    assert codes(filled([component], sent=[("f.x", "2026-11-22")])) == {"f.x": "passed"}
    assert codes(filled([component], sent=[("f.x", "2026-11-23")])) == {}


@pytest.mark.parametrize(
    ("rules", "text", "code"),
    [
        ({"required": True}, "  ", "required"),
        ({"minLength": 3}, "ab", "too_short"),
        ({"maxLength": 3}, "abcd", "too_long"),
        ({"pattern": "^[A-Z]+$"}, "abc", "pattern"),
        ({"pattern": "(a+)+$"}, "a" * 900 + "b", "pattern"),
        ({"pattern": "("}, "abc", "pattern"),
        ({"validationType": "email"}, "namn.exempel.se", "email"),
        ({"validationType": "phone"}, "ring mig", "phone"),
        ({}, "a\x00b", "control_characters"),
        ({}, "a\nb", "control_characters"),
        ({}, "\ud800", "control_characters"),
        ({}, "x" * 1_000_001, "too_long"),
    ],
)
def test_texts_keep_the_forms_rules(rules: dict[str, object], text: str, code: str) -> None:
    result = filled([{"type": "textfield", "key": "t", "validate": rules}], sent=[("f.t", text)])

    assert codes(result) == {"f.t": code}


def test_a_text_of_several_lines_keeps_them_as_line_feeds() -> None:
    result = filled([{"type": "textarea", "key": "t"}], sent=[("f.t", "  ett\r\ntvå\rtre \n")])

    assert result.values == {"t": "ett\ntvå\ntre"}


OPTIONS = [{"label": "Ja", "value": "ja"}, {"label": "Nej", "value": "nej"}, {"label": "Tre", "value": 3}]


@pytest.mark.parametrize(
    ("kind", "sent", "value"),
    [
        ("radio", ["ja"], "ja"),
        ("select", ["3"], 3),
        ("select", [""], None),
        ("radio", [], None),
        ("checklist", ["ja", "3"], ["ja", 3]),
        ("taglist", [], []),
    ],
)
def test_choices_become_the_options_values(kind: str, sent: list[str], value: object) -> None:
    result = filled([{"type": kind, "key": "v", "values": OPTIONS}], sent=[("f.v", text) for text in sent])

    assert result.problems == ()
    assert result.values == {"v": value}


@pytest.mark.parametrize(
    ("kind", "sent", "code"),
    [
        ("radio", ["kanske"], "unknown_option"),
        ("select", ["ja", "nej"], "too_many_answers"),
        ("checklist", ["ja", "kanske"], "unknown_option"),
    ],
)
def test_choices_that_the_form_does_not_offer_are_refused(kind: str, sent: list[str], code: str) -> None:
    component = {"type": kind, "key": "v", "values": OPTIONS}

    assert codes(filled([component], sent=[("f.v", text) for text in sent])) == {"f.v": code}


@pytest.mark.parametrize("source", [{"valuesKey": "platser"}, {"valuesExpression": "=platser"}])
def test_options_come_from_variables(source: dict[str, str]) -> None:
    places = [{"label": "Köket", "value": "kok"}, "lagret"]

    result = filled([{"type": "select", "key": "v", **source}], {"platser": places}, [("f.v", "lagret")])

    assert result.values == {"v": "lagret"}
    assert [option.label for option in result.questions["f.v"].options] == ["Köket", "lagret"]


def test_a_checkbox_is_true_or_false_and_must_be_ticked_where_required() -> None:
    assert filled([{"type": "checkbox", "key": "c"}], sent=[("f.c", "true")]).values == {"c": True}
    assert filled([{"type": "checkbox", "key": "c"}], sent=[]).values == {"c": False}
    required = {"type": "checkbox", "key": "c", "validate": {"required": True}}
    assert codes(filled([required], sent=[])) == {"f.c": "required"}
    assert codes(filled([required], sent=[("f.c", "kanske")])) == {"f.c": "unknown_option"}
