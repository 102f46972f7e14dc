"""What the pages of parameters show: how each stands, in the reader's words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from engine.deadlines import Recount
from engine.feel.codec import to_plain
from engine.parameter_desk import Standing
from engine.parameter_values import Certainty, NoParameterValue, Parameter, ParameterValue, in_force
from forms.backend import backend
from forms.wording.names import unit_name
from forms.wording.values import value_words


@dataclass(frozen=True)
class ParameterFilter:
    """What a list of parameters is narrowed to."""

    text: str = ""
    certainty: Certainty | None = None
    changed: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text or self.certainty or self.changed)

    def lets(self, standing: Standing) -> bool:
        """Whether a parameter is in the list."""
        entries = [entry for entry in (standing.common, *standing.own, *standing.coming) if entry is not None]
        words = " ".join([standing.name, *(f"{each.description_sv} {each.source} {each.unit}" for each in entries)])
        return (
            self.text.casefold() in words.casefold()
            and (self.certainty is None or any(each.certainty is self.certainty for each in entries))
            and (not self.changed or any(each.change is not None for each in entries))
        )


@dataclass(frozen=True)
class Effect:
    """What a change would do to running deadlines: how many move, at which elements, how many would be overdue."""

    moving: int
    overdue: int
    elements: list[tuple[str, int]]
    faults: int


def standings(narrowed: ParameterFilter) -> list[Standing]:
    """The parameters that the filter lets through."""
    return [each for each in backend().engine.parameters.standing() if narrowed.lets(each)]


def shown(value: ParameterValue | None) -> str:
    """A value as a person reads it."""
    if value is None:
        return _("återtagen")
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    return value_words(value)


def written(value: ParameterValue | None) -> str:
    """A value as a person writes it into the form's field."""
    if isinstance(value, list):
        return "; ".join(written(each) for each in value)
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, int | Decimal):
        return str(value).replace(".", ",")
    return "" if value is None else str(to_plain(value))


def certainty_name(certainty: Certainty) -> str:
    """How sure a value is."""
    return {
        Certainty.LAW: _("Lagtext"),
        Certainty.DECIDED: _("Kommunens beslut"),
        Certainty.SEED: _("Kommunens dokument"),
        Certainty.SECONDARY: _("Andrahandskälla"),
        Certainty.PAGE: _("Webbsida"),
        Certainty.GENERAL: _("Allmän kunskap"),
        Certainty.ASSUMPTION: _("Antagande"),
    }[certainty]


def place_name(unit: str | None) -> str:
    """For whom a value holds."""
    return _("Hela kommunen") if unit is None else unit_name(unit)


def held_before(name: str, on: date, unit: str | None) -> Parameter | None:
    """The value that a change from a day on would take the place of; None where there is none."""
    try:
        return in_force(name, backend().engine.parameters.live.series(name), on, unit)
    except NoParameterValue:
        return None


def effect_of(found: Recount) -> Effect:
    """A preview as the page tells it."""
    elements = Counter(move.name for move in found.moves)
    return Effect(
        moving=len(found.moves),
        overdue=sum(move.overdue for move in found.moves),
        elements=elements.most_common(10),
        faults=len(found.faults),
    )
