"""FEEL for forms by the engine's own evaluator."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from engine.errors import StegvisError
from engine.feel import Environment, compile_expression, to_text
from engine.feel.names import complex_names
from engine.feel.template import compile_template
from engine.parameter_use import of_case
from forms.schema.answers import text_of_number

logger = logging.getLogger(__name__)
_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")


class EngineFeel:
    """Evaluates in one environment, for one case or none; what fails is logged by its text, never by what it saw."""

    def __init__(self, environment: Environment, case_id: str | None = None) -> None:
        """`case_id`: the case whose owner's parameters hold."""
        self._environment = environment
        self._case_id = case_id

    def value(self, expression: str, scope: Mapping[str, object]) -> object:
        """The value of FEEL (without its `=`), None when it cannot be evaluated."""
        try:
            names = (*complex_names(scope), *self._environment.functions)
            with of_case(self._case_id):
                return compile_expression(expression, names).evaluate(scope, self._environment).value
        except StegvisError as error:
            logger.warning("a form's expression failed", extra={"code": error.code})
            return None

    def markdown(self, template: str, scope: Mapping[str, object]) -> str:
        """Markdown from a template; the values put in are shown as they are, never as markup."""
        return self._render(template, scope, _as_markdown)

    def html(self, template: str, scope: Mapping[str, object]) -> str:
        """HTML from a template; the values put in are escaped."""
        return self._render(template, scope, html.escape)

    def plain(self, template: str, scope: Mapping[str, object]) -> str:
        """Plain text from a template."""
        return self._render(template, scope, str)

    def shown(self, value: object) -> str:
        """A value as a person reads it: nothing for null, numbers with a decimal comma."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "ja" if value else "nej"
        if isinstance(value, (list, tuple)):
            return ", ".join(self.shown(item) for item in value)
        if isinstance(value, (int, Decimal)):
            return text_of_number(value)
        try:
            return to_text(value)
        except StegvisError:
            return "…"  # too long or too deep to be read anyway

    def _render(self, template: str, scope: Mapping[str, object], escape: Callable[[str], str]) -> str:
        try:
            with of_case(self._case_id):
                return compile_template(template).render(scope, self._environment, escape=escape).text
        except StegvisError as error:
            logger.warning("a form's text failed", extra={"code": error.code})
            return ""


def _as_markdown(text: str) -> str:
    """Any text such that Markdown shows it as it stands, its line breaks kept."""
    return _PUNCTUATION.sub(r"\\\1", text).replace("\r\n", "\n").replace("\n", "\\\n")
