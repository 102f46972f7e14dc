"""The values that a municipality decides or a law may change, each with unit, source and the day it starts to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.errors import NotFound
from engine.feel.values import FeelDate
from engine.parameter_values import (
    Certainty,
    Parameter,
    ParameterValue,
    UnknownParameter,
    in_force,
    in_order,
    kind_of,
)
from processes.configuration import Faults, Table, read_toml


@dataclass(frozen=True)
class ParameterBook:
    """Everything parameters.toml says, without what people change later; fulfils the engine's Parameters protocol."""

    entries: Mapping[str, tuple[Parameter, ...]]  # per name, oldest first

    @property
    def names(self) -> frozenset[str]:
        """The names of all parameters."""
        return frozenset(self.entries)

    def value(self, name: str, on: date, unit: str | None = None) -> ParameterValue | None:
        """What `name` is worth on the local date `on` for `unit`: the unit's own value before the municipality's.

        Raises UnknownParameter, and ParameterNotYetValid for a day before its first value.
        """
        return self.entry(name, on, unit).value

    def entry(self, name: str, on: date, unit: str | None = None) -> Parameter:
        """The parameter behind `value`, with its source and unit; raises the same errors."""
        if name not in self.entries:
            raise UnknownParameter(f"Parametern '{name}' finns inte i parameters.toml.")
        return in_force(name, self.entries[name], on, unit)


_KEYS = frozenset({"value", "unit", "source", "certainty", "valid_from", "description_sv", "for_unit"})


def load_parameters(path: Path) -> ParameterBook:
    """Read and check parameters.toml; raises InvalidConfiguration naming every fault, NotFound without a file."""
    try:
        source = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"{path.name} saknas i {path.parent}.") from error
    return parse_parameters(source, file=path.name)


def parse_parameters(source: bytes, *, file: str = "parameters.toml") -> ParameterBook:
    """Read and check the content of a parameters.toml; raises InvalidConfiguration naming every fault.

    `[name]` gives one value, `[[name]]` values from different days or for different units (`for_unit`).
    """
    content = read_toml(source, file=file)
    faults = Faults(file)
    entries: dict[str, tuple[Parameter, ...]] = {}
    for name, body in content.items():
        bodies = body if isinstance(body, list) else [body]
        if not bodies or not all(isinstance(item, Mapping) for item in bodies):
            faults.add(name, f"ska vara en tabell [{name}] eller [[{name}]]")
            continue
        read = [_parameter(name, Table(item, f"[{name}]", faults)) for item in bodies]
        entries[name] = in_order(read)
        _check_series(name, entries[name], faults)
    faults.refuse()
    return ParameterBook(MappingProxyType(entries))


def _parameter(name: str, table: Table) -> Parameter:
    table.only(_KEYS)
    return Parameter(
        name=name,
        value=_value(table),
        unit=table.text("unit"),
        source=table.text("source"),
        certainty=_certainty(table),
        valid_from=_date(table),
        description_sv=table.text("description_sv"),
        for_unit=table.optional_text("for_unit"),
    )


def _value(table: Table) -> ParameterValue:
    if "value" not in table.content:
        table.faults.add(table.where, "'value' saknas")
        return 0
    return _feel_value(table.content["value"], table)


def _feel_value(value: Any, table: Table) -> ParameterValue:
    if isinstance(value, Decimal) and not value.is_finite():
        table.faults.add(table.where, "'value' ska vara ett ändligt tal")
    if isinstance(value, bool | int | Decimal | str):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return FeelDate(value.year, value.month, value.day)
    if isinstance(value, list):
        return [_feel_value(item, table) for item in value]
    kind = "en tidpunkt" if isinstance(value, datetime | time) else "en tabell"
    table.faults.add(table.where, f"'value' är {kind}; ange tal, text, sant/falskt, datum eller en lista av dem")
    return 0


def _certainty(table: Table) -> Certainty:
    word = table.text("certainty")
    known = [certainty.value for certainty in Certainty]
    if word in known:
        return Certainty(word)
    if word:
        table.faults.add(table.where, f"okänd 'certainty' '{word}' (kända: {', '.join(known)})")
    return Certainty.ASSUMPTION


def _date(table: Table) -> date:
    value = table.content.get("valid_from")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    table.faults.add(table.where, "'valid_from' ska vara ett datum, till exempel 2026-07-01")
    return date.max


def _check_series(name: str, series: tuple[Parameter, ...], faults: Faults) -> None:
    seen: set[tuple[str | None, date]] = set()
    for entry in series:
        if (entry.for_unit, entry.valid_from) in seen and entry.valid_from != date.max:
            faults.add(f"[{name}]", f"har mer än ett värde från {entry.valid_from.isoformat()}")
        seen.add((entry.for_unit, entry.valid_from))
    kinds = {kind_of(entry.value) for entry in series if entry.value is not None}
    if len(kinds) > 1:
        faults.add(f"[{name}]", f"byter typ mellan dagar: {', '.join(sorted(kinds))}")
