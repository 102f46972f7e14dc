"""Values that laws and municipalities set: each with its measure, source and the day it starts to hold.

A parameter has a series of values. One holds until the next that holds from a later day; a unit's own value goes before
the municipality's. The series begins with what the files say; changes made at run time join it by their day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from engine.errors import NotFound
from engine.feel.values import FeelDate

ParameterValue: TypeAlias = int | Decimal | str | bool | FeelDate | list[Any]


class Certainty(StrEnum):
    """How sure we are of a parameter's value, best first."""

    LAW = "LAW"  # statute text that was read
    DECIDED = "DECIDED"  # the municipality's own decision
    SEED = "SEED"  # a municipality's own document
    SECONDARY = "2ND"  # someone else's account of the law
    PAGE = "PAGE"  # a public web page
    GENERAL = "GK"  # general knowledge, not verified
    ASSUMPTION = "ASSUMPTION"  # our own choice until someone decides


@dataclass(frozen=True)
class Change:
    """Who changed a parameter at run time, when and why; `id` counts changes."""

    id: int
    at: datetime
    author: str
    author_name: str
    reason: str


@dataclass(frozen=True)
class Parameter:
    """One value from one day on; `for_unit` narrows it to one unit of the municipality.

    `value` is None only in a change that withdraws what was changed before: the unit has the municipality's value
    again, the municipality what the files say. `change` is None for what the files say.
    """

    name: str
    value: ParameterValue | None
    unit: str  # what the value is counted in, such as "arbetsdagar"
    source: str
    certainty: Certainty
    valid_from: date
    description_sv: str
    for_unit: str | None = None
    change: Change | None = None

    @property
    def origin(self) -> str:
        """Where it is from, as histories say it: "fil" or the number of the change."""
        return "fil" if self.change is None else f"ändring {self.change.id}"


class NoParameterValue(NotFound, KeyError):
    """A parameter has no value to give; also a KeyError, as the engine's Parameters protocol says."""

    __str__ = Exception.__str__  # KeyError would show the message in quotes


class UnknownParameter(NoParameterValue):
    """No parameter has this name."""

    code = "UNKNOWN_PARAMETER"


class ParameterNotYetValid(NoParameterValue):
    """The parameter has no value for this day."""

    code = "PARAMETER_NOT_YET_VALID"


def in_order(entries: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """A series, oldest first; on one day a change comes after what the files say, a later change after an earlier."""
    return tuple(sorted(entries, key=lambda each: (each.valid_from, each.change.id if each.change else 0)))


def in_force(name: str, series: Sequence[Parameter], on: date, unit: str | None) -> Parameter:
    """The value of a series (in order) that holds on the local date `on` for `unit`.

    Raises ParameterNotYetValid for a day before the first value.
    """
    valid = [entry for entry in series if entry.valid_from <= on]
    own = [entry for entry in valid if unit is not None and entry.for_unit == unit]
    if own and own[-1].value is not None:
        return own[-1]
    common = [entry for entry in valid if entry.for_unit is None]
    if common and common[-1].value is None:
        common = [entry for entry in common if entry.change is None]
    if not common:
        raise ParameterNotYetValid(f"Parametern '{name}' har inget värde för {on.isoformat()}.")
    return common[-1]


def kind_of(value: ParameterValue) -> str:
    """What sort of value it is, in Swedish: all values of a parameter are of one sort."""
    if isinstance(value, bool):
        return "sant/falskt"
    if isinstance(value, int | Decimal):
        return "tal"
    return {str: "text", FeelDate: "datum", list: "lista"}[type(value)]
