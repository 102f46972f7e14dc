"""What variables and codes are called: as on the forms that ask for them, else as the family's vocabulary.toml says."""

from __future__ import annotations

import logging
import threading
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.errors import InvalidDocument
from forms.schema import model, read_form
from forms.schema.reading import token_of
from forms.wording.names import person_name, unit_name
from forms.wording.values import NOTHING, shortened, value_words

VOCABULARY = "vocabulary.toml"
_UNITS = frozenset({"enhet", "unit"})
_PEOPLE = frozenset({"assignee", "beslutadAv", "rapporteradAv", "ansvarigKonsulent"})
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Labels:
    """One release's words.

    names: variable to label; options: variable with an option's value to the option's label; codes: what a code is
    called wherever it stands; hidden: variables that only programs need.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def listed(self, values: Mapping[str, object]) -> list[tuple[str, str]]:
        """Variables with their values as people read them, by label; without what only programs need."""
        told = [self.told(name, value) for name, value in values.items() if name not in self.hidden]
        return sorted(told, key=lambda each: each[0].casefold())

    def told(self, name: str, value: object) -> tuple[str, str]:
        """A variable and its value as the forms call them; what nobody has named keeps its own name."""
        return self.names.get(name, name), shortened(self._words(name, value))

    def _words(self, name: str, value: object) -> str:
        if isinstance(value, Mapping):
            parts = [(self.names.get(key, key), self._words(key, inner)) for key, inner in value.items()]
            return "; ".join(f"{label}: {words}" for label, words in parts)
        if isinstance(value, (list, tuple)):
            between = " | " if any(isinstance(item, Mapping) for item in value) else ", "
            return between.join(self._words(name, item) for item in value) or NOTHING
        if isinstance(value, (str, int)):
            known = self.options.get((name, token_of(value)))
            if known:
                return known
        if isinstance(value, str):
            return self.codes.get(value) or _named(name, value) or value_words(value)
        return value_words(value)


def _named(name: str, value: str) -> str | None:
    """The name of the unit or person that a variable speaks of by id."""
    if name in _UNITS:
        return unit_name(value)
    return person_name(value) if name in _PEOPLE else None


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
    return _with_vocabularies(Labels(names, options), files)


def _with_vocabularies(labels: Labels, files: Mapping[str, bytes]) -> Labels:
    """The forms' words, and behind them those of each family's vocabulary."""
    names, codes, hidden = dict(labels.names), dict(labels.codes), set(labels.hidden)
    for file, content in sorted(files.items()):
        if not file.endswith(f"/{VOCABULARY}"):
            continue
        try:
            said = tomllib.loads(content.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            logger.warning("a vocabulary cannot be read", extra={"file": file, "kind": type(error).__name__})
            continue
        names = {**{str(key): str(text) for key, text in said.get("names", {}).items()}, **names}
        codes.update({str(key): str(text) for key, text in said.get("values", {}).items()})
        hidden.update(str(name) for name in said.get("hidden", ()))
    return Labels(names, labels.options, codes, frozenset(hidden))
