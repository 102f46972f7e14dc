"""Organisations, units, roles and demo users from roles.toml: who may be given what, and who hears of what is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from engine.errors import NotFound
from processes.configuration import Faults, Table, read_toml, tables


class Permission(StrEnum):
    """What a role may do beyond working with its own tasks."""

    START = "start"  # start a process by hand
    EDIT_PROCESSES = "edit_processes"  # draw and publish diagrams
    CHANGE_PARAMETERS = "change_parameters"  # see and change what laws and the municipality have set
    OPERATE = "operate"  # retry incidents, move tokens, suspend, cancel
    SEE_LOG = "see_log"  # review who has read which case


@dataclass(frozen=True)
class Organisation:
    """A board or a provider: secrecy holds between organisations."""

    id: str
    name_sv: str
    name_en: str
    owns_cases: bool = False  # whether cases are opened for its units


@dataclass(frozen=True)
class Unit:
    """A part of an organisation that owns cases, such as a district or a job centre."""

    id: str
    organisation: str
    name_sv: str
    name_en: str
    hands_over_to: tuple[str, ...] = ()
    """Units of other organisations that take over its cases: at most one of each."""


@dataclass(frozen=True)
class Role:
    """A role of one organisation; `supervisor` is the role that gets its escalations."""

    id: str
    organisation: str
    name_sv: str
    name_en: str
    supervisor: str | None
    may: frozenset[Permission]


@dataclass(frozen=True)
class DemoUser:
    """A fictitious person to log in as; no `units` means all units of the organisation."""

    id: str
    name: str
    organisation: str
    roles: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class RoleBook:
    """Everything roles.toml says; fulfils the engine's Roles protocol."""

    organisations: Mapping[str, Organisation]
    units: Mapping[str, Unit]
    roles: Mapping[str, Role]
    demo_users: Mapping[str, DemoUser]

    @property
    def known_roles(self) -> frozenset[str]:
        """The ids of all roles."""
        return frozenset(self.roles)

    def organisation_of(self, role: str) -> str | None:
        """The organisation that `role` belongs to, or None if nobody knows the role."""
        found = self.roles.get(role)
        return found.organisation if found else None

    def supervisor_of(self, role: str) -> str | None:
        """The role that gets the escalations of `role`, or None."""
        found = self.roles.get(role)
        return found.supervisor if found else None

    def supervised_by(self, roles: Iterable[str]) -> frozenset[str]:
        """Every role below one of `roles`, at any distance."""
        chosen = set(roles)
        below: set[str] = set()
        grown = True
        while grown:
            new = {role.id for role in self.roles.values() if role.supervisor in chosen | below} - below
            grown = bool(new)
            below |= new
        return frozenset(below)

    def permissions_of(self, roles: Iterable[str]) -> frozenset[Permission]:
        """What someone with all of `roles` may do."""
        return frozenset().union(*(self.roles[role].may for role in roles if role in self.roles))

    @property
    def case_units(self) -> tuple[str, ...]:
        """The ids of the units that cases are opened for, in the order of the file."""
        return tuple(unit.id for unit in self.units.values() if self.organisations[unit.organisation].owns_cases)

    def units_of(self, organisation: str) -> tuple[Unit, ...]:
        """The units of one organisation, in the order of the file."""
        return tuple(unit for unit in self.units.values() if unit.organisation == organisation)

    def counterpart(self, unit: str, organisation: str) -> str | None:
        """The unit of `organisation` that takes over the cases of `unit`; None: no unit in particular."""
        own = self.units.get(unit)
        others = own.hands_over_to if own else ()
        return next((other for other in others if self.units[other].organisation == organisation), None)

    def demo_user(self, user_id: str) -> DemoUser:
        """The demo user `user_id`; raises NotFound."""
        if user_id not in self.demo_users:
            raise NotFound(f"Det finns ingen demoanvändare '{user_id}'.")
        return self.demo_users[user_id]

    def demo_users_with(self, role: str) -> tuple[DemoUser, ...]:
        """The demo users that have `role`, in the order of the file."""
        return tuple(user for user in self.demo_users.values() if role in user.roles)


_Named = TypeVar("_Named", Organisation, Unit, Role, DemoUser)
_SECTIONS = frozenset({"organisation", "unit", "role", "demo_user"})


def load_roles(path: Path) -> RoleBook:
    """Read and check roles.toml; raises InvalidConfiguration naming every fault, NotFound without a file."""
    try:
        source = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"{path.name} saknas i {path.parent}.") from error
    return parse_roles(source, file=path.name)


def parse_roles(source: bytes, *, file: str = "roles.toml") -> RoleBook:
    """Read and check the content of a roles.toml; raises InvalidConfiguration naming every fault."""
    content = read_toml(source, file=file)
    faults = Faults(file)
    Table(content, file, faults).only(_SECTIONS)
    book = RoleBook(
        organisations=_by_id((_organisation(table) for table in tables(content, "organisation", faults)), faults),
        units=_by_id((_unit(table) for table in tables(content, "unit", faults)), faults),
        roles=_by_id((_role(table) for table in tables(content, "role", faults)), faults),
        demo_users=_by_id((_demo_user(table) for table in tables(content, "demo_user", faults)), faults),
    )
    _check_references(book, faults)
    faults.refuse()
    return book


def _organisation(table: Table) -> Organisation:
    table.only(frozenset({"id", "name_sv", "name_en", "owns_cases"}))
    return Organisation(table.text("id"), table.text("name_sv"), table.text("name_en"), table.flag("owns_cases"))


def _unit(table: Table) -> Unit:
    table.only(frozenset({"id", "organisation", "name_sv", "name_en", "hands_over_to"}))
    return Unit(
        table.text("id"),
        table.text("organisation"),
        table.text("name_sv"),
        table.text("name_en"),
        table.texts("hands_over_to"),
    )


def _role(table: Table) -> Role:
    table.only(frozenset({"id", "organisation", "name_sv", "name_en", "supervisor", "may"}))
    known = {permission.value for permission in Permission}
    may = table.texts("may")
    for word in may:
        if word not in known:
            table.faults.add(table.where, f"'may' har okänd behörighet '{word}' (kända: {', '.join(sorted(known))})")
    return Role(
        id=table.text("id"),
        organisation=table.text("organisation"),
        name_sv=table.text("name_sv"),
        name_en=table.text("name_en"),
        supervisor=table.optional_text("supervisor"),
        may=frozenset(Permission(word) for word in may if word in known),
    )


def _demo_user(table: Table) -> DemoUser:
    table.only(frozenset({"id", "name", "organisation", "roles", "units"}))
    return DemoUser(
        table.text("id"), table.text("name"), table.text("organisation"), table.texts("roles"), table.texts("units")
    )


def _by_id(items: Iterable[_Named], faults: Faults) -> Mapping[str, _Named]:
    found: dict[str, _Named] = {}
    for item in items:
        if item.id in found:
            faults.add(f"{type(item).__name__} '{item.id}'", "id:t används mer än en gång")
        found[item.id] = item
    return MappingProxyType(found)


def _check_references(book: RoleBook, faults: Faults) -> None:
    for unit in book.units.values():
        _check_organisation(f"unit '{unit.id}'", unit.organisation, book, faults)
        _check_counterparts(unit, book, faults)
    for role in book.roles.values():
        _check_organisation(f"role '{role.id}'", role.organisation, book, faults)
        if role.supervisor is not None and role.supervisor not in book.roles:
            faults.add(f"role '{role.id}'", f"okänd chefsroll '{role.supervisor}' i 'supervisor'")
        if _supervises_itself(role, book):
            faults.add(f"role '{role.id}'", "är sin egen chef, direkt eller genom andra")
    for user in book.demo_users.values():
        _check_demo_user(user, book, faults)


def _check_organisation(where: str, organisation: str, book: RoleBook, faults: Faults) -> None:
    if organisation and organisation not in book.organisations:
        faults.add(where, f"okänd organisation '{organisation}'")


def _check_counterparts(unit: Unit, book: RoleBook, faults: Faults) -> None:
    where = f"unit '{unit.id}'"
    organisations = [book.units[other].organisation for other in unit.hands_over_to if other in book.units]
    for other in unit.hands_over_to:
        if other not in book.units:
            faults.add(where, f"okänd enhet '{other}' i 'hands_over_to'")
    if unit.organisation in organisations or len(set(organisations)) != len(organisations):
        faults.add(where, "'hands_over_to' ska vara enheter i andra organisationer, högst en i varje")


def _supervises_itself(role: Role, book: RoleBook) -> bool:
    seen: set[str] = set()
    above = role.supervisor
    while above is not None and above in book.roles and above not in seen:
        if above == role.id:
            return True
        seen.add(above)
        above = book.roles[above].supervisor
    return False


def _check_demo_user(user: DemoUser, book: RoleBook, faults: Faults) -> None:
    where = f"demo_user '{user.id}'"
    _check_organisation(where, user.organisation, book, faults)
    if not user.roles:
        faults.add(where, "har ingen roll")
    for role in user.roles:
        if role not in book.roles:
            faults.add(where, f"okänd roll '{role}'")
        elif book.roles[role].organisation != user.organisation:
            faults.add(where, f"rollen '{role}' hör till organisationen '{book.roles[role].organisation}'")
    for unit in user.units:
        if unit not in book.units:
            faults.add(where, f"okänd enhet '{unit}'")
        elif book.units[unit].organisation != user.organisation:
            faults.add(where, f"enheten '{unit}' hör till organisationen '{book.units[unit].organisation}'")
