from __future__ import annotations

from tests.unit.forms.filling_support import filled, view


def test_values_in_texts_are_never_markup() -> None:
    hostile = "<script>alert(1)</script> **fet** [x](javascript:1)\n# rubrik"
    result = filled(
        [{"type": "text", "text": "Skrivet: {{ ord }}"}, {"type": "html", "content": "<p>{{ ord }}</p>"}],
        {"ord": hostile},
    )

    for node in result.nodes:
        html = view(result).text(node)
        assert "<script" not in html
        assert "<strong>" not in html
        assert "href" not in html
        assert "<h" not in html
    assert "**fet**" in view(result).text(result.nodes[0])


def test_a_text_that_fails_is_empty_rather_than_fatal() -> None:
    result = filled([{"type": "text", "text": "{{ 1 + }}"}, {"type": "textfield", "key": "a", "label": "=1 +"}])

    assert view(result).text(result.nodes[0]) == ""
    assert view(result).label(result.nodes[1]) == ""


def test_labels_and_limits_may_be_expressions() -> None:
    result = filled(
        [
            {
                "type": "number",
                "key": "t",
                "label": "Högst {{ tak }}",
                "validate": {"max": "=tak", "required": "=tak > 1"},
            }
        ],
        {"tak": 30},
    )

    assert view(result).label(result.nodes[0]) == "Högst 30"
    assert result.questions["f.t"].bounds.required


def test_neighbours_of_a_row_stand_together() -> None:
    result = filled(
        [
            {"type": "textfield", "key": "a", "layout": {"row": "r1", "columns": 8}},
            {"type": "textfield", "key": "b", "layout": {"row": "r1", "columns": 8}},
            {"type": "textfield", "key": "c"},
        ]
    )

    assert [len(row) for row in view(result).rows(result.nodes)] == [2, 1]


def test_a_table_shows_a_lists_rows() -> None:
    component = {"type": "table", "dataSource": "=rader", "columns": [{"label": "A", "key": "a"}]}
    result = filled([component], {"rader": [{"a": 1.5}, {"b": 2}, "skräp"]})

    assert view(result).table(result.nodes[0]) == [["1,5"], [""], [""]]


def test_ids_of_questions_are_unique_whatever_their_keys() -> None:
    keys = ["a b", "a-b", "a_b", "å", "ab"]
    result = filled([{"type": "textfield", "key": key} for key in keys])

    ids = {view(result).html_id(node) for node in result.nodes}

    assert len(ids) == len(keys)
    assert not any(" " in each for each in ids)
