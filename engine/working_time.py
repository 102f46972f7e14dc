"""When people work, as data: closed days and working hours of the municipality, its organisations and their units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType

NONE: Mapping[str, str | None] = MappingProxyType({})


@dataclass(frozen=True)
class Closure:
    """Days, from `first` to `last` inclusive, on which nobody works; `of` a unit or organisation, None: anywhere."""

    first: date
    last: date
    reason: str
    of: str | None = None


@dataclass(frozen=True)
class Span:
    """Working time of one day, by the local clock; `end` None is midnight at the end of the day."""

    start: time
    end: time | None


@dataclass(frozen=True)
class WeekHours:
    """The working hours of Monday (first) to Friday; `of` a unit or organisation, None: wherever nothing else holds."""

    days: tuple[tuple[Span, ...], ...]
    of: str | None = None


OFFICE_HOURS = WeekHours(((Span(time(8), time(17)),),) * 5)
"""What holds where no calendar.toml says otherwise."""


@dataclass(frozen=True)
class CalendarBook:
    """Everything calendar.toml says; `belongs` gives each unit's organisation, and None for an organisation itself."""

    closures: tuple[Closure, ...] = ()
    hours: tuple[WeekHours, ...] = ()
    belongs: Mapping[str, str | None] = field(default_factory=lambda: NONE)
