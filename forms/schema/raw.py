"""What was typed, before anyone understood it: kept as texts, so that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PREFIX = "f."
"""Begins the HTML name of every question; names without it belong to the page itself."""
SHOWN = "_shown"
"""Names of the questions that were on the page when it was sent."""
ROWS = "_rows."
"""Begins the name under which a repeated section sends its rows' tokens."""
MAX_INPUTS = 5_000
MAX_ROWS = 100


@dataclass(frozen=True, slots=True)
class RawAnswers:
    """Texts by input name, several where several were sent."""

    texts: Mapping[str, tuple[str, ...]]

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[str, str]]) -> RawAnswers:
        """Collect what a browser sent; inputs that are no questions are left out."""
        texts: dict[str, tuple[str, ...]] = {}
        for count, (name, text) in enumerate(pairs):
            if count >= MAX_INPUTS:
                break
            if name.startswith((PREFIX, ROWS)) or name == SHOWN:
                texts[name] = (*texts.get(name, ()), text)
        return cls(texts)

    @classmethod
    def of_json(cls, stored: object) -> RawAnswers | None:
        """Read a stored draft; None when it is not one of ours."""
        if not isinstance(stored, Mapping) or not isinstance(stored.get("raw"), Mapping):
            return None
        texts = {
            str(name): tuple(str(text) for text in values)
            for name, values in stored["raw"].items()
            if isinstance(values, (list, tuple))
        }
        return cls(texts)

    def to_json(self) -> dict[str, object]:
        """The draft to store."""
        return {"raw": {name: list(values) for name, values in self.texts.items()}}

    def of(self, name: str) -> tuple[str, ...]:
        """The texts sent under that name, none when it was not sent."""
        return self.texts.get(name, ())

    def first(self, name: str) -> str:
        """The first text sent under that name, empty when it was not sent."""
        values = self.texts.get(name, ())
        return values[0] if values else ""

    def has_rows(self, name: str) -> bool:
        """Whether the rows of a repeated section were sent."""
        return ROWS + name in self.texts

    def row_tokens(self, name: str) -> tuple[str, ...]:
        """The rows of a repeated section, in order, each named once."""
        tokens = dict.fromkeys(
            token for text in self.of(ROWS + name) for token in text.split(",") if token.isdigit() and len(token) < 6
        )
        return tuple(tokens)[: MAX_ROWS + 1]

    def with_rows(self, name: str, tokens: tuple[str, ...]) -> RawAnswers:
        """The same answers with other rows in a repeated section."""
        return RawAnswers({**self.texts, ROWS + name: (",".join(tokens),)})
