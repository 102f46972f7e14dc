"""Finds the process families: each folder here with a roles.toml, its files to publish, its registers and handlers.

A second family (say föreningsbidrag) is a new folder and no change anywhere else: diagrams, tables, forms, texts,
parameters.toml, calendar.toml, roles.toml and, where it has Python of its own, a wiring.py with a `WIRING`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from engine.feel import HostFunction
from engine.handlers import HandlerRegistry
from engine.parameter_values import Parameter
from engine.parameters import LiveParameters
from engine.protocols import Calendar, Parameters
from engine.recurring import RecurringWork
from engine.store.migrating import SchemaPart
from engine.working_time import CalendarBook
from processes.calendar_file import joined_calendars, load_calendar
from processes.configuration import Faults
from processes.parameters import ParameterBook, load_parameters
from processes.resources import Resources
from processes.roles import RoleBook, load_roles

if TYPE_CHECKING:
    from engine.engine import Engine

PROCESSES = Path(__file__).parent
_PUBLISHED = frozenset({".bpmn", ".dmn", ".form", ".md", ".feature", ".toml"})
_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class Wiring:
    """A family's own Python: what it registers and what it sets up."""

    parts: tuple[SchemaPart, ...]
    register_handlers: Callable[[HandlerRegistry, Resources], None]
    prepare: Callable[[Engine], None]
    """Fills what a new database needs, such as a catalogue; a second time it changes nothing."""
    recurring: tuple[RecurringWork, ...] = ()
    """What the family runs by the calendar: monthly lists, quarterly freezes, inventories."""


@dataclass(frozen=True)
class Family:
    """One family of processes that is published and run together."""

    name: str
    folder: Path
    roles: RoleBook
    parameters: ParameterBook
    calendar: CalendarBook
    wiring: Wiring | None

    def files(self) -> dict[str, bytes]:
        """What is published: path within the processes folder ("aktivitetskrav/plan.bpmn") to content."""
        return {
            f"{self.name}/{path.relative_to(self.folder).as_posix()}": path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.suffix in _PUBLISHED and not _hidden(path.relative_to(self.folder))
        }


@dataclass(frozen=True)
class Families:
    """Every family of an installation, with what they share."""

    all: tuple[Family, ...]
    roles: RoleBook
    parameters: ParameterBook
    calendar: CalendarBook

    @property
    def parts(self) -> tuple[SchemaPart, ...]:
        """The schemas of all families' registers."""
        return tuple(part for family in self.all if family.wiring for part in family.wiring.parts)

    @property
    def recurring(self) -> tuple[RecurringWork, ...]:
        """What all families run by the calendar."""
        return tuple(work for family in self.all if family.wiring for work in family.wiring.recurring)

    def live_parameters(self) -> LiveParameters:
        """The families' parameters, ready to follow what people change."""
        return LiveParameters(self.parameters.entries, self.roles.units, self.roles.case_units)

    def files(self) -> dict[str, bytes]:
        """What all families publish."""
        return {name: content for family in self.all for name, content in family.files().items()}

    def register_handlers(
        self,
        registry: HandlerRegistry,
        calendar: Calendar,
        functions: Mapping[str, HostFunction],
        parameters: Parameters | None = None,
    ) -> None:
        """Register the handlers of all families.

        functions: what letters have besides the built-ins. parameters: the ones to go by, else those of the files.
        """
        for family in self.all:
            if family.wiring:
                resources = Resources(parameters or self.parameters, self.roles, calendar, functions)
                family.wiring.register_handlers(registry, resources)

    def prepare(self, engine: Engine) -> None:
        """Let every family fill what a new database needs."""
        for family in self.all:
            if family.wiring:
                family.wiring.prepare(engine)


def find_families(folder: Path = PROCESSES) -> Families:
    """Every family in `folder`, by name; raises InvalidConfiguration with every fault of a file, or where two clash."""
    found = tuple(_family(path.parent) for path in sorted(folder.glob("*/roles.toml")))
    roles = _joined_roles(found)
    return Families(found, roles, _joined_parameters(found), joined_calendars((each.calendar for each in found), roles))


def _family(folder: Path) -> Family:
    roles = load_roles(folder / "roles.toml")
    return Family(
        name=folder.name,
        folder=folder,
        roles=roles,
        calendar=load_calendar(folder / "calendar.toml", roles),
        parameters=_parameters(folder / "parameters.toml"),
        wiring=_wiring(folder),
    )


def _parameters(path: Path) -> ParameterBook:
    return load_parameters(path) if path.exists() else ParameterBook({})


def _wiring(folder: Path) -> Wiring | None:
    if not (PROCESSES / folder.name / "wiring.py").exists():
        return None
    wiring = importlib.import_module(f"{PROCESSES.name}.{folder.name}.wiring").WIRING
    assert isinstance(wiring, Wiring)
    return wiring


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts)


def _joined_roles(families: Iterable[Family]) -> RoleBook:
    families = tuple(families)
    faults = Faults("roles.toml")
    book = RoleBook(
        organisations=_joined(((each.name, each.roles.organisations) for each in families), faults),
        units=_joined(((each.name, each.roles.units) for each in families), faults),
        roles=_joined(((each.name, each.roles.roles) for each in families), faults),
        demo_users=_joined(((each.name, each.roles.demo_users) for each in families), faults),
    )
    faults.refuse()
    return book


def _joined_parameters(families: Iterable[Family]) -> ParameterBook:
    faults = Faults("parameters.toml")
    entries: Mapping[str, tuple[Parameter, ...]] = _joined(
        ((each.name, each.parameters.entries) for each in families), faults
    )
    faults.refuse()
    return ParameterBook(entries)


def _joined(named: Iterable[tuple[str, Mapping[str, _Entry]]], faults: Faults) -> Mapping[str, _Entry]:
    """All entries together: families may repeat each other's word for word, but not contradict them."""
    joined: dict[str, _Entry] = {}
    for family, entries in named:
        for key, entry in entries.items():
            if joined.setdefault(key, entry) != entry:
                faults.add(family, f"'{key}' säger något annat än i en annan processfamilj")
    return MappingProxyType(joined)
