"""Parameters as they are now: what the files say, and what people have changed since, at once in every process.

Where nobody names a unit, a case's owner is asked for: the unit, among those that own cases, that has the case now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.feel import codec
from engine.parameter_use import CURRENT, ParameterUse
from engine.parameter_values import Certainty, Change, Parameter, UnknownParameter, in_force, in_order
from engine.store import case_rows, parameter_rows
from engine.store.parameter_rows import ChangeRow

if TYPE_CHECKING:
    from engine.clock import Clock
    from engine.store.database import Database
    from engine.store.unit_of_work import Reader


@dataclass(frozen=True)
class _Known:
    """Every series after so many changes, and what has been looked up in them; replaced as a whole."""

    version: int
    series: Mapping[str, tuple[Parameter, ...]]
    found: dict[tuple[str, date, str | None], Parameter] = field(default_factory=dict)

    @cached_property
    def differing(self) -> frozenset[str]:
        """The names of those that any unit has a value of its own for."""
        return frozenset(name for name, entries in self.series.items() if any(each.for_unit for each in entries))


class LiveParameters:
    """Fulfils the engine's Parameters protocol; notes what commands use (engine.parameter_use)."""

    def __init__(
        self, entries: Mapping[str, tuple[Parameter, ...]], units: Iterable[str] = (), case_units: Iterable[str] = ()
    ) -> None:
        """`entries`: what the files say, per name in order.

        units: those that may have values of their own; case_units: those of them that own cases.
        """
        self.base = entries
        self.units = frozenset(units)
        self.case_units = tuple(case_units)
        self._database: Database | None = None
        self._clock: Clock | None = None
        self._known = _Known(0, entries)

    @property
    def names(self) -> frozenset[str]:
        """The names of all parameters."""
        return frozenset(self.base)

    def follow(self, database: Database, clock: Clock) -> None:
        """Read changes, and who owns a case, from this database from now on."""
        self._database, self._clock = database, clock
        self._known = _Known(0, self.base)

    def value(self, name: str, on: date, unit: str | None = None) -> Any:
        """What `name` is worth on the local date `on` for `unit`: the unit's own value before the municipality's.

        Without a unit, what is worked out for a case (`parameter_use.of_case`) gets the value of its owner's unit.
        Raises UnknownParameter, and ParameterNotYetValid for a day before its first value.
        """
        if unit is None and CURRENT.case is not None:
            unit = self._owner(CURRENT.case, name)
        if CURRENT.supposed or CURRENT.on is not None:
            return self._supposed(name, on, unit).value
        entry = self.entry(name, on, unit)
        uses = CURRENT.uses
        if uses is not None and (name, unit) not in uses:
            uses[name, unit] = ParameterUse(name, entry.value, unit, entry.for_unit, entry.valid_from, entry.origin)
        return entry.value

    def entry(self, name: str, on: date, unit: str | None = None) -> Parameter:
        """The parameter behind `value`, with its source and unit; raises the same errors."""
        known = self._current()
        key = (name, on, unit)
        found = known.found.get(key)
        if found is None:
            found = in_force(name, _of(known, name), on, unit)
            known.found[key] = found
        return found

    def series(self, name: str) -> tuple[Parameter, ...]:
        """All values of a parameter, files' and changed, in the order in which they begin to hold."""
        return _of(self._current(), name)

    def _supposed(self, name: str, on: date, unit: str | None) -> Parameter:
        supposed = [each for each in CURRENT.supposed if each.name == name]
        return in_force(name, in_order([*self.series(name), *supposed]), max(on, CURRENT.on or on), unit)

    def _owner(self, case_id: str, name: str) -> str | None:
        """The unit that owns a case now, asked once in a command; None where no unit has its own value of `name`."""
        differs = name in self._current().differing or any(
            each.name == name and each.for_unit is not None for each in CURRENT.supposed
        )
        if not differs or self._database is None:
            return None
        reader, owners = CURRENT.reader, CURRENT.owners
        if reader is None or owners is None:
            with self._database.reading() as fresh:
                return self._owner_of(fresh, case_id)
        if case_id not in owners:
            owners[case_id] = self._owner_of(reader, case_id)
        return owners[case_id]

    def _owner_of(self, reader: Reader, case_id: str) -> str | None:
        assert self._clock is not None
        present = frozenset(case_rows.units_of(reader, case_id, self._clock.now()).values())
        return next((unit for unit in self.case_units if unit in present), None)

    def _current(self) -> _Known:
        if self._database is None:
            return self._known
        reader = CURRENT.reader
        if reader is None:
            with self._database.reading() as fresh:
                return self._up_to(parameter_rows.count(fresh), fresh)
        if CURRENT.version is None:
            CURRENT.version = parameter_rows.count(reader)
        return self._up_to(CURRENT.version, reader)

    def _up_to(self, version: int, reader: Reader) -> _Known:
        known = self._known
        if known.version != version:
            series = {name: list(entries) for name, entries in self.base.items()}
            for row in parameter_rows.all_changes(reader):
                if row.name in series:  # one that the files no longer name changes nothing
                    series[row.name].append(changed(row, self.base[row.name][-1]))
            known = _Known(version, {name: in_order(entries) for name, entries in series.items()})
            self._known = known
        return known


def changed(row: ChangeRow, base: Parameter) -> Parameter:
    """A change as a value of its parameter's series."""
    return Parameter(
        name=row.name,
        value=None if row.value is None else codec.loads(row.value),  # type: ignore[arg-type]
        unit=base.unit,
        source=row.source,
        certainty=Certainty(row.certainty),
        valid_from=row.valid_from,
        description_sv=base.description_sv,
        for_unit=row.for_unit,
        change=Change(row.id, row.at, row.author, row.author_name, row.reason),
    )


def _of(known: _Known, name: str) -> tuple[Parameter, ...]:
    series = known.series.get(name)
    if series is None:
        raise UnknownParameter(f"Parametern '{name}' finns inte i parameters.toml.")
    return series
