"""Texts with FEEL in them."""

from __future__ import annotations

from html import escape

import pytest

from engine.feel import DEFAULT, Environment, FeelLimitError, FeelSyntaxError, Limits
from engine.feel.template import compile_template

SCOPE = {
    "name": "Åsa <b>",
    "first name": "Åsa",
    "cook": True,
    "currency": "kr",
    "items": [{"name": "ägg", "price": 2.5}, {"name": "mjöl", "price": 12}],
    "users": [{"n": "a", "xs": [1, 2]}, {"n": "b", "xs": []}],
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Hej {{name}}!", "Hej Åsa <b>!"),
        ("Hej {{ first name }}!", "Hej Åsa!"),
        ('{{ if cook then "kock" else "gäst" }}', "kock"),
        ("{{#if cook}}ja{{/if}}{{#if not(cook)}}nej{{/if}}", "ja"),
        ("{{#loop items}}{{name}}: {{price}} {{parent.currency}}\n{{/loop}}", "ägg: 2.5 kr\nmjöl: 12 kr\n"),
        ("{{#loop [1,2]}}<{{this * 2}}>{{/loop}}", "<2><4>"),
        ("{{#loop users}}{{n}}{{#loop xs}}{{parent.n}}{{this}}{{/loop}};{{/loop}}", "aa1a2;b;"),
        ("{{#loop nosuch}}x{{/loop}}", ""),
        ("{{nosuch}}", ""),
        ("{{ {a: 1}.a }}", "1"),
        ('{{ "}}" + "{{" }}', "}}{{"),
        ("inget här { } }}", "inget här { } }}"),
        ("", ""),
        ('{{@"2026-01-31"}}', "2026-01-31"),
    ],
)
def test_template_is_filled_in(template: str, expected: str) -> None:
    assert compile_template(template).render(SCOPE).text == expected


def test_only_what_is_inserted_is_escaped() -> None:
    assert compile_template("<p>{{name}}</p>").render(SCOPE, DEFAULT, escape).text == "<p>Åsa &lt;b&gt;</p>"


def test_warnings_stand_at_their_place_in_the_template() -> None:
    outcome = compile_template("Hej\n{{ 1 + nosuch }}").render({})

    assert {(w.code, w.line, w.column) for w in outcome.warnings} == {
        ("MISSING_VARIABLE", 2, 8),
        ("NULL_OPERAND", 2, 4),
    }


@pytest.mark.parametrize(
    ("template", "line", "column"),
    [
        ("a {{ 1 + }}", 1, 9),
        ("a\n {{", 2, 2),
        ("{{#if x}}", 1, 1),
        ("x{{/if}}", 1, 2),
        ("{{#if x}}{{/loop}}", 1, 10),
        ("{{#if x}}a{{#else}}b{{/if}}", 1, 11),
        ("{{#each x}}{{/each}}", 1, 1),
        ("{{}}", 1, 3),
        ("{{#loop }}{{/loop}}", 1, 9),
    ],
)
def test_wrong_template_is_refused_at_its_place(template: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_template(template)

    assert (caught.value.line, caught.value.column) == (line, column)


def test_templates_are_bounded() -> None:
    small = Environment(limits=Limits(text_length=100))
    with pytest.raises(FeelLimitError):
        compile_template("{{#loop xs}}0123456789{{/loop}}").render({"xs": list(range(20))}, small)
    loops = "{{#loop xs}}" * 4 + "{{this}}" + "{{/loop}}" * 4
    with pytest.raises(FeelLimitError):
        compile_template(loops).render({"xs": list(range(100))})
    with pytest.raises(FeelSyntaxError):
        compile_template("{{#if true}}" * 1_000 + "{{/if}}" * 1_000)


def test_template_tells_what_it_reads() -> None:
    template = compile_template("{{a}} {{#loop b}}{{this}} {{parent.a}} {{c(1)}}{{/loop}}")

    assert template.free_names == {"a", "b"}
    assert template.called_names == {"c"}
