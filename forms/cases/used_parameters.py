"""Which parameter values a case has used, each once, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.parameter_history import UsedParameter
from engine.parameter_values import Parameter, ParameterValue, UnknownParameter
from forms.backend import backend, viewer


@dataclass(frozen=True)
class UsedValue:
    """A value as the case used it; `entry` is where it comes from, None where it is no longer to be found."""

    name: str
    words: str
    value: ParameterValue
    unit: str
    for_unit: str | None
    valid_from: date
    entry: Parameter | None
    last: datetime
    """When it was used last."""


def used_values(case_id: str) -> list[UsedValue]:
    """What the case has used as far as the reader sees its history, by words; NotFound for who may not see it."""
    found: dict[tuple[str, str | None, date, str], UsedValue] = {}
    for line in backend().engine.queries.parameters_used(viewer(), case_id):  # the latest first
        for used in line.used:
            key = (used.name, used.for_unit, used.valid_from, used.origin)
            if key not in found:
                found[key] = _told(used, line.at)
    return sorted(found.values(), key=lambda each: (each.words.casefold(), each.valid_from, each.for_unit or ""))


def _told(used: UsedParameter, at: datetime) -> UsedValue:
    try:
        series = backend().engine.parameters.live.series(used.name)
    except UnknownParameter:
        series = ()
    entry = next((each for each in series if _is_of(used, each)), None)
    return UsedValue(
        name=used.name,
        words=series[-1].description_sv if series else used.name,
        value=used.value,
        unit=series[-1].unit if series else "",
        for_unit=used.for_unit,
        valid_from=used.valid_from,
        entry=entry,
        last=at,
    )


def _is_of(used: UsedParameter, entry: Parameter) -> bool:
    return (entry.for_unit, entry.valid_from, entry.origin) == (used.for_unit, used.valid_from, used.origin)
