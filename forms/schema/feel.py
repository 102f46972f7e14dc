"""The door to FEEL for forms: a form's expressions are helpful, never fatal; what fails is null and is logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Feel(Protocol):
    """Evaluates what a form's author wrote."""

    def value(self, expression: str, scope: Mapping[str, object]) -> object:
        """The value of FEEL (without its `=`), None when it cannot be evaluated."""
        ...

    def markdown(self, template: str, scope: Mapping[str, object]) -> str:
        """Markdown from a template; the values put in are shown as they are, never as markup."""
        ...

    def html(self, template: str, scope: Mapping[str, object]) -> str:
        """HTML from a template; the values put in are escaped."""
        ...

    def plain(self, template: str, scope: Mapping[str, object]) -> str:
        """Plain text from a template."""
        ...

    def shown(self, value: object) -> str:
        """A value as a person reads it."""
        ...
