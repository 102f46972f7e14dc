"""What the variables are called on the forms that ask for them, so that lists of values read like the forms."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.errors import InvalidDocument
from forms.schema import model, read_form
from forms.schema.reading import token_of
from forms.wording.values import value_words


@dataclass(frozen=True)
class Labels:
    """One release's words: variable to label, and variable with an option's value to the option's label."""

    names: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def told(self, name: str, value: object) -> tuple[str, str]:
        """A variable and its value as the forms call them; what no form asks for keeps its own name."""
        if isinstance(value, (list, tuple)) and value:
            words = ", ".join(self._option(name, item) for item in value)
        else:
            words = self._option(name, value)
        return self.names.get(name, name), words

    def _option(self, name: str, value: object) -> str:
        known = self.options.get((name, token_of(value))) if isinstance(value, (str, int)) else None
        return known or value_words(value)


class LabelBook:
    """The words of each release, read once: what is published never changes."""

    def __init__(self, files: Callable[[int], Mapping[str, bytes]]) -> None:
        """`files` gives a release's files by name."""
        self._files = files
        self._lock = threading.Lock()
        self._known: dict[int, Labels] = {}

    def of(self, release: int) -> Labels:
        """The words of one release."""
        found = self._known.get(release)
        if found is None:
            with self._lock:
                found = self._known.get(release) or _read(self._files(release))
                self._known[release] = found
        return found


def _read(files: Mapping[str, bytes]) -> Labels:
    names: dict[str, str] = {}
    options: dict[tuple[str, str], str] = {}
    for file, content in sorted(files.items()):
        if not file.endswith(".form"):
            continue
        try:
            form = read_form(content, file=file)
        except InvalidDocument:
            continue  # its tasks say so; its words are missed nowhere else
        for component in model.walk(form.components):
            if not isinstance(component, model.Input) or len(component.path) != 1:
                continue
            name = component.path[0]
            if not component.label.startswith("=") and "{{" not in component.label:
                names.setdefault(name, component.label)
            if isinstance(component, model.Choice):
                for option in component.options:
                    options.setdefault((name, option.token), option.label)
    return Labels(names, options)
