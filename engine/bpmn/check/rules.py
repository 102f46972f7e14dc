"""What a rule is: a code, its severity, its words in two languages, and how it becomes a finding at a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from engine.findings import Finding, Severity

MAX_SHOWN: Final = 120  # characters of the author's own text that a message repeats
MAX_ID: Final = 255  # characters; longer ids are refused, and shortened in findings

ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING


class Place(Protocol):
    """Where in a file a finding belongs."""

    @property
    def id(self) -> str | None:
        """The element's id as its author wrote it."""
        ...

    @property
    def name(self) -> str | None:
        """The element's name as its author wrote it."""
        ...


@dataclass(frozen=True, slots=True)
class Spot:
    """A place without an object of its own."""

    id: str | None = None
    name: str | None = None


FILE: Final = Spot()


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing the linter knows, in words that a process owner understands.

    The four texts may use `{what}` (the element's name or id) and the details given to `at`;
    `example` is one line for the handbook, in English.
    """

    code: str
    severity: Severity
    message: str
    message_en: str
    remedy: str
    remedy_en: str
    example: str

    def at(self, place: Place, **details: object) -> Finding:
        """The finding that this rule is broken at `place`."""
        shown = {key: short(value) for key, value in details.items()}
        shown["what"] = short(place.name or place.id or "–")
        return Finding(
            code=self.code,
            severity=self.severity,
            element=place.id[:MAX_ID] if place.id else None,
            name=short(place.name) if place.name else None,
            message=self.message.format(**shown),
            message_en=self.message_en.format(**shown),
            remedy=self.remedy.format(**shown),
            remedy_en=self.remedy_en.format(**shown),
        )


def short(value: object) -> str:
    """The author's text on one line, cut to what a message can carry."""
    text = str(value)
    if len(text) > 4 * MAX_SHOWN:
        text = text[: 4 * MAX_SHOWN]
    text = " ".join(text.split())
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
