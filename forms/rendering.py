"""Templates, compiled once for each language with the texts that never change already in their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from flask import Flask, current_app
from flask.templating import Environment
from jinja2 import Template, nodes

from forms.i18n import LANGUAGES, catalogue_of, language

EXTENSION = "stegvis.templates"
_MARKS = ("_", "gettext")
Translate = Callable[[str], str]


class TextEnvironment(Environment):
    """Jinja's environment; where it has a language, `_("text")` is looked up when a template is compiled.

    A page asks for a few hundred texts, most of them without anything to fill in: looking them up was a fifth of it.
    """

    translate: Translate | None = None

    def in_language(self, translate: Translate) -> TextEnvironment:
        """The same environment, with compiled templates of its own for one language's texts."""
        copy = cast(TextEnvironment, self.overlay())
        copy.translate = translate
        return copy

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.translate is not None:
            _put_texts(tree, self.translate)
        return tree


def set_up_rendering(app: Flask) -> None:
    """Give the application an environment for each language, from its own as that is set up by now."""
    environment = cast(TextEnvironment, app.jinja_env)
    app.extensions[EXTENSION] = {code: environment.in_language(catalogue_of(app, code).ugettext) for code in LANGUAGES}


def template(name: str) -> Template:
    """A template in the reader's language."""
    environments: Mapping[str, TextEnvironment] = current_app.extensions[EXTENSION]
    return environments[language()].get_template(name)


def _put_texts(node: nodes.Node, translate: Translate) -> None:
    """Replace each call that marks a text by the text itself, as Jinja's own gettext would have given it."""
    for child in node.iter_child_nodes():
        _put_texts(child, translate)
    for name, value in node.iter_fields():
        if isinstance(value, list):
            value[:] = [_text(each, translate) for each in value]
        elif isinstance(value, nodes.Node):
            setattr(node, name, _text(value, translate))


def _text(node: Any, translate: Translate) -> Any:
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name) or node.node.name not in _MARKS:
        return node
    plain = len(node.args) == 1 and isinstance(node.args[0], nodes.Const) and not (node.dyn_args or node.dyn_kwargs)
    if not plain:
        return node
    text = translate(node.args[0].value)
    if not node.kwargs:
        return nodes.TemplateData(text % {}, lineno=node.lineno)
    filled = [nodes.Pair(nodes.Const(each.key), each.value, lineno=node.lineno) for each in node.kwargs]
    return nodes.Mod(
        nodes.TemplateData(text, lineno=node.lineno), nodes.Dict(filled, lineno=node.lineno), lineno=node.lineno
    )
