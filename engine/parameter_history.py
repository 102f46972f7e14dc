"""Which parameter values cases have used: what the lines of their history say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.encoding import decode
from engine.store.unit_of_work import AnyRow

_MARK = b'"parameters":'


@dataclass(frozen=True)
class UsedParameter:
    """One value as it was used; `unit` is whom it was asked for, `for_unit` whose it is; `origin` "fil" or a change."""

    name: str
    value: Any
    unit: str | None
    for_unit: str | None
    valid_from: date
    origin: str


@dataclass(frozen=True)
class ParametersOfLine:
    """What one line of a history used."""

    seq: int
    at: datetime
    kind: str
    element: str | None
    name: str | None
    used: tuple[UsedParameter, ...]


def used_by(lines: Iterable[AnyRow]) -> list[ParametersOfLine]:
    """The lines that have used parameters, in the order given."""
    return [
        ParametersOfLine(
            line.seq, line.at, line.kind, line.element, line.name, tuple(_used(each) for each in told["parameters"])
        )
        for line in lines
        if _MARK in line.body and "parameters" in (told := decode(line.body))
    ]


def _used(told: dict[str, Any]) -> UsedParameter:
    day = told["validFrom"]
    return UsedParameter(
        told["name"],
        told["value"],
        told["unit"],
        told["forUnit"],
        date(day.year, day.month, day.day),
        told["from"],
    )
