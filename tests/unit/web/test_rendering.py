"""Templates have their texts in the reader's language, escaped as everywhere."""

from __future__ import annotations

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader

from forms.i18n import set_up_languages
from forms.rendering import TextEnvironment, set_up_rendering, template

SWEDISH, ENGLISH = {}, {"Cookie": "language=en"}
TEMPLATES = {
    "plain.html": "{{ _('Uppgifter') }}",
    "filled.html": "{{ _('Utkast från %(when)s.', when=given) }}",
    "many.html": "{{ ngettext('%(num)d arbetsdag kvar', '%(num)d arbetsdagar kvar', given) }}",
    "composed.html": "{{ _('Fel') ~ ': ' if given }}{% set name = _('Uppgifter') %}<i title=\"{{ name }}\"></i>",
    "macro.html": "{% from 'one.html' import told %}{{ told(_('Roll')) }}",
    "one.html": "{% macro told(text) %}{{ _('Enhet') }} {{ text }} {{ gettext('Roll') }}{% endmacro %}",
    "by_name.html": "{{ _(given) }}",
    "unknown.html": "{{ _('<b>100 %%</b> %(x)s', x=given) }}",
}


@pytest.fixture
def app() -> Flask:
    found = Flask(__name__)
    found.jinja_environment = TextEnvironment
    found.jinja_loader = DictLoader(TEMPLATES)
    set_up_languages(found)
    set_up_rendering(found)
    return found


@pytest.mark.parametrize("given", ["<måndag>", 2, 1])
@pytest.mark.parametrize("headers", [SWEDISH, ENGLISH])
@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - {"one.html", "many.html"}))
def test_a_template_says_what_it_says_when_its_texts_are_looked_up_each_time(
    app: Flask, name: str, headers: dict[str, str], given: object
) -> None:
    with app.test_request_context(headers=headers):
        assert render_template(template(name), given=given) == render_template(name, given=given)


def test_each_reader_has_their_own_language(app: Flask) -> None:
    # given two readers, one after the other and again
    told = []
    for headers in (SWEDISH, ENGLISH, SWEDISH, ENGLISH):
        # when the same templates are rendered for them
        with app.test_request_context(headers=headers):
            told.append([render_template(template(name), given=2) for name in ("plain.html", "many.html")])
    # then each reads their own
    swedish, english = ["Uppgifter", "2 arbetsdagar kvar"], ["Tasks", "2 working days left"]
    assert told == [swedish, english, swedish, english]


def test_what_is_filled_in_is_escaped_and_the_text_itself_is_not(app: Flask) -> None:
    with app.test_request_context():
        assert render_template(template("unknown.html"), given="<x>") == "<b>100 %</b> &lt;x&gt;"
