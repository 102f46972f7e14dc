from __future__ import annotations

from engine.feel import FeelDate
from tests.unit.forms.filling_support import codes, filled

CONDITIONAL: list[dict[str, object]] = [
    {"type": "radio", "key": "svar", "values": [{"value": "ja"}, {"value": "nej"}], "validate": {"required": True}},
    {
        "type": "textfield",
        "key": "orsak",
        "conditional": {"hide": '=svar != "nej"'},
        "validate": {"required": True},
    },
]


def test_the_first_showing_has_values_and_defaults() -> None:
    result = filled(
        [
            {"type": "textfield", "key": "namn"},
            {"type": "number", "key": "timmar", "defaultValue": "12.5"},
            {"type": "datetime", "subtype": "date", "key": "dag"},
            {"type": "checklist", "key": "val", "values": [{"value": "a"}], "defaultValue": ["a"]},
        ],
        {"namn": "Sara", "dag": FeelDate(2026, 10, 1)},
    )

    shown = {name: question.texts for name, question in result.questions.items()}
    assert shown == {
        "f.namn": {"": ("Sara",)},
        "f.timmar": {"": ("12,5",)},
        "f.dag": {"": ("2026-10-01",)},
        "f.val": {"": ("a",)},
    }


def test_a_hidden_question_is_neither_required_nor_written() -> None:
    result = filled(CONDITIONAL, sent=[("f.svar", "ja"), ("f.orsak", "smugglat")])

    assert result.problems == ()
    assert result.values == {"svar": "ja"}


def test_a_shown_question_is_required_and_written() -> None:
    assert codes(filled(CONDITIONAL, sent=[("f.svar", "nej"), ("f.orsak", "")])) == {"f.orsak": "required"}
    assert filled(CONDITIONAL, sent=[("f.svar", "nej"), ("f.orsak", "x")]).values == {"svar": "nej", "orsak": "x"}


def test_a_question_that_appears_only_after_sending_is_asked_before_anything_is_completed() -> None:
    optional = [CONDITIONAL[0], {**CONDITIONAL[1], "validate": {}}]

    result = filled(optional, sent=[("_shown", "f.svar"), ("f.svar", "nej")])

    assert codes(result) == {"f.orsak": "not_seen"}


def test_what_is_hidden_by_something_hidden_is_hidden_too() -> None:
    components: list[dict[str, object]] = [
        *CONDITIONAL,
        {"type": "textfield", "key": "mer", "conditional": {"hide": '=orsak != "annat"'}},
    ]

    result = filled(components, {"orsak": "annat"}, [("f.svar", "ja"), ("f.orsak", "annat"), ("f.mer", "x")])

    assert result.values == {"svar": "ja"}


def test_conditions_that_chase_each_other_come_to_an_end() -> None:
    components: list[dict[str, object]] = [
        {"type": "textfield", "key": "a", "conditional": {"hide": "=b != null"}},
        {"type": "textfield", "key": "b", "conditional": {"hide": "=a != null"}},
    ]

    result = filled(components, sent=[("f.a", "1"), ("f.b", "2")])

    assert set(result.values) <= {"a", "b"}


def test_a_broken_condition_shows_the_question() -> None:
    result = filled([{"type": "textfield", "key": "a", "conditional": {"hide": "=1 +"}}], sent=[("f.a", "x")])

    assert result.values == {"a": "x"}


def test_read_only_and_disabled_questions_cannot_be_changed_by_tampering() -> None:
    result = filled(
        [
            {"type": "textfield", "key": "a", "readonly": True},
            {"type": "textfield", "key": "b", "disabled": True},
            {"type": "textfield", "key": "c", "readonly": "=lasta"},
        ],
        {"a": "ett", "b": "två", "c": "tre", "lasta": True},
        [("f.a", "x"), ("f.b", "x"), ("f.c", "x"), ("f.d", "x"), ("lasta", "false"), ("f.lasta", "false")],
    )

    assert result.values == {"a": "ett", "c": "tre"}


def test_computed_values_follow_the_answers_and_not_the_browser() -> None:
    components: list[dict[str, object]] = [
        {"type": "number", "key": "timmar"},
        {"type": "expression", "key": "dubbelt", "expression": "=timmar * 2"},
    ]

    result = filled(components, sent=[("f.timmar", "4"), ("f.dubbelt", "99")])

    assert result.values == {"timmar": 4, "dubbelt": 8}


def test_answers_deep_in_a_variable_leave_the_rest_of_it_alone() -> None:
    components: list[dict[str, object]] = [
        {"type": "textfield", "key": "person.ort"},
        {"type": "group", "path": "person", "components": [{"type": "textfield", "key": "gata"}]},
    ]

    result = filled(
        components, {"person": {"ort": "x", "sprak": "so"}}, [("f.person.ort", "y"), ("f.person.gata", "z")]
    )

    assert result.values == {"person": {"ort": "y", "gata": "z", "sprak": "so"}}


ROWS: list[dict[str, object]] = [
    {
        "type": "dynamiclist",
        "path": "barn",
        "components": [
            {"type": "textfield", "key": "namn", "validate": {"required": True}},
            {"type": "number", "key": "timmar", "conditional": {"hide": '=this.namn = "A"'}},
        ],
    }
]


def test_a_repeated_section_keeps_what_its_rows_hold_besides_the_form() -> None:
    stored = {"barn": [{"namn": "A", "id": 1}, {"namn": "B", "id": 2}]}

    result = filled(
        ROWS,
        stored,
        [("_rows.f.barn", "1,2"), ("f.barn.1.namn", "B2"), ("f.barn.1.timmar", "3"), ("f.barn.2.namn", "C")],
    )

    assert result.problems == ()
    assert result.values == {"barn": [{"namn": "B2", "id": 2, "timmar": 3}, {"namn": "C", "timmar": None}]}


def test_conditions_in_a_repeated_section_see_their_own_row() -> None:
    result = filled(
        ROWS,
        sent=[
            ("_rows.f.barn", "0,1"),
            ("f.barn.0.namn", "A"),
            ("f.barn.0.timmar", "9"),
            ("f.barn.1.namn", "B"),
            ("f.barn.1.timmar", "9"),
        ],
    )

    assert result.values == {"barn": [{"namn": "A"}, {"namn": "B", "timmar": 9}]}


def test_rows_that_are_too_many_or_nonsense_are_refused_or_left_out() -> None:
    many = ",".join(str(number) for number in range(200))
    assert codes(filled(ROWS, sent=[("_rows.f.barn", many)]))["f.barn"] == "too_many_rows"
    assert filled(ROWS, sent=[("_rows.f.barn", "x,-1,0,0,999999999"), ("f.barn.0.namn", "A")]).values == {
        "barn": [{"namn": "A"}]
    }
