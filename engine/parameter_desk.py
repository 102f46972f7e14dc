"""Changing parameters: who may set what from when, checked against what the files say; nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.clock import local_date
from engine.errors import InvalidInput
from engine.feel import codec
from engine.feel.values import FeelDate
from engine.parameter_values import (
    Certainty,
    NoParameterValue,
    Parameter,
    ParameterValue,
    UnknownParameter,
    in_force,
    kind_of,
)
from engine.parameters import LiveParameters
from engine.protocols import Actor
from engine.store import parameter_rows

if TYPE_CHECKING:
    from engine.context import Context
    from engine.engine import Engine

MAX_TEXT = 2_000
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
DEFAULT_SOURCE = "Kommunens beslut"


@dataclass(frozen=True)
class ChangeRequest:
    """What somebody wants a parameter to be from a day on; `value` None withdraws earlier changes from that day.

    for_unit: one unit, None: the whole municipality. reason: why, for whoever asks later.
    """

    name: str
    value: ParameterValue | None
    valid_from: date
    reason: str
    for_unit: str | None = None
    source: str = DEFAULT_SOURCE
    certainty: Certainty = Certainty.DECIDED


@dataclass(frozen=True)
class Standing:
    """How a parameter stands: what holds in the municipality and in units with values of their own, what is to come.

    `common` is None where no value holds yet.
    """

    name: str
    common: Parameter | None
    own: tuple[Parameter, ...]
    coming: tuple[Parameter, ...]

    @property
    def base(self) -> Parameter:
        """Any of its values: what it is counted in, and what it is."""
        return self.common or (*self.own, *self.coming)[0]


class ParameterDesk:
    """What people do with an engine's parameters."""

    def __init__(self, engine: Engine) -> None:
        """Use `engine.parameters`."""
        self._engine = engine

    @property
    def live(self) -> LiveParameters:
        """The parameters themselves."""
        return self._engine.rooms.parameters

    def standing(self) -> list[Standing]:
        """Every parameter as it stands today, in the order of the files."""
        today = local_date(self._engine.clock.now())
        return [_standing(name, self.live.series(name), today) for name in self.live.base]

    def history(self, name: str) -> tuple[Parameter, ...]:
        """Every value of a parameter, the day on which it begins to hold latest first; UnknownParameter for none."""
        return self.live.series(name)[::-1]

    def require(self, request: ChangeRequest) -> Parameter:
        """The change as a value of its parameter; raises InvalidInput with every fault, UnknownParameter for none."""
        if request.name not in self.live.base:
            raise UnknownParameter(f"Parametern '{request.name}' finns inte.")
        base = self.live.base[request.name]
        faults = [*_faults_of_value(request.value, base), *self._faults_of_scope(request)]
        if faults:
            raise InvalidInput(" ".join(faults))
        return Parameter(
            name=request.name,
            value=request.value,
            unit=base[-1].unit,
            source=request.source.strip(),
            certainty=request.certainty,
            valid_from=request.valid_from,
            description_sv=base[-1].description_sv,
            for_unit=request.for_unit,
        )

    def change(self, request: ChangeRequest, *, actor: Actor, key: str | None = None) -> int:
        """Write a change; its number. From its day on it holds in every process at once; raises as `require`."""
        self.require(request)
        return self._engine.run_command(lambda context: _write(context, request), "change_parameter", actor, key)

    def _faults_of_scope(self, request: ChangeRequest) -> Iterable[str]:
        if request.for_unit is not None and request.for_unit not in self.live.units:
            yield f"Enheten '{request.for_unit}' finns inte."
        if not _FIRST_YEAR <= request.valid_from.year <= _LAST_YEAR:
            yield f"Dagen ska ligga mellan åren {_FIRST_YEAR} och {_LAST_YEAR}."
        for what, text in (("Skälet", request.reason), ("Källan", request.source)):
            if not text.strip():
                yield f"{what} saknas."
            elif len(text) > MAX_TEXT:
                yield f"{what} är längre än {MAX_TEXT} tecken."


def read_value(text: str, base: Parameter) -> ParameterValue:
    """A value as a person writes it: a number with comma or point, ja/nej, a date, a text, a list with semicolons.

    Raises InvalidInput where it is not of the parameter's sort.
    """
    text = text.strip()
    assert base.value is not None
    if isinstance(base.value, list):
        if not base.value:
            return [each.strip() for each in text.split(";") if each.strip()]
        return [_read_one(each, base.value[0]) for each in text.split(";") if each.strip()]
    return _read_one(text, base.value)


def _read_one(text: str, like: Any) -> ParameterValue:
    text, kind = text.strip(), kind_of(like)
    try:
        if kind == "sant/falskt":
            return {"ja": True, "nej": False, "true": True, "false": False}[text.lower()]
        if kind == "tal":
            number = Decimal(text.replace(",", ".").replace(" ", "").replace("\N{NO-BREAK SPACE}", ""))
            if not number.is_finite():
                raise ValueError
            return int(number) if number == number.to_integral_value() and abs(number) < 10**15 else number
        if kind == "datum":
            day = date.fromisoformat(text)
            return FeelDate(day.year, day.month, day.day)
    except (ValueError, ArithmeticError, KeyError) as error:
        wanted = {"sant/falskt": "ja eller nej", "tal": "ett tal", "datum": "ett datum som 2027-01-31"}[kind]
        raise InvalidInput(f"Värdet ska vara {wanted}, inte '{text[:40]}'.") from error
    if not text:
        raise InvalidInput("Värdet saknas.")
    return text


def _faults_of_value(value: ParameterValue | None, base: Iterable[Parameter]) -> Iterable[str]:
    known = [entry.value for entry in base if entry.value is not None]
    if value is None:
        return
    if kind_of(value) != kind_of(known[0]):
        yield f"Värdet ska vara {kind_of(known[0])}, inte {kind_of(value)}."
        return
    if isinstance(value, list):
        kinds = {kind_of(each) for entry in known if isinstance(entry, list) for each in entry}
        if kinds and not {kind_of(each) for each in value} <= kinds:
            yield f"Listan ska innehålla {' eller '.join(sorted(kinds))}."
    numbers = [each for each in known if isinstance(each, int | Decimal) and not isinstance(each, bool)]
    if numbers and isinstance(value, int | Decimal):
        if all(isinstance(each, int) for each in numbers) and not isinstance(value, int):
            yield "Värdet ska vara ett heltal."
        if all(each >= 0 for each in numbers) and value < 0:
            yield "Värdet får inte vara mindre än noll."
    if isinstance(value, str) and len(value) > MAX_TEXT:
        yield f"Värdet är längre än {MAX_TEXT} tecken."


def _standing(name: str, series: tuple[Parameter, ...], today: date) -> Standing:
    units = sorted({entry.for_unit for entry in series if entry.for_unit is not None})
    own = [in_force(name, series, today, unit) for unit in units if _holds(name, series, today, unit)]
    return Standing(
        name,
        in_force(name, series, today, None) if _holds(name, series, today, None) else None,
        tuple(entry for entry in own if entry.for_unit is not None),
        tuple(entry for entry in series if entry.valid_from > today),
    )


def _holds(name: str, series: tuple[Parameter, ...], today: date, unit: str | None) -> bool:
    try:
        in_force(name, series, today, unit)
    except NoParameterValue:
        return False
    return True


def _write(context: Context, request: ChangeRequest) -> int:
    context.rooms.parameters.series(request.name)  # this command goes by what was before: it may yet be rolled back
    return parameter_rows.insert_change(
        context.uow,
        {
            "at": context.now,
            "name": request.name,
            "for_unit": request.for_unit,
            "value": None if request.value is None else codec.dumps(request.value)[0].decode(),
            "source": request.source.strip(),
            "certainty": request.certainty.value,
            "valid_from": request.valid_from,
            "reason": request.reason.strip(),
            "author": context.actor.id,
            "author_name": context.actor.name,
        },
    )
