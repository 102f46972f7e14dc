"""People as Flask-Login needs them, made from roles.toml."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import UserMixin

from engine.access import Viewer
from engine.errors import NotFound
from processes.roles import DemoUser, Permission, RoleBook


@dataclass(frozen=True)
class User(UserMixin):
    """Someone logged in."""

    viewer: Viewer
    permissions: frozenset[Permission]

    def get_id(self) -> str:
        """What the session remembers."""
        return self.viewer.user_id


@dataclass(frozen=True)
class Chair:
    """A place at the demo's table: one person in one role."""

    user: DemoUser
    role_sv: str
    role_en: str
    units: tuple[str, ...]


def viewer_of(person: DemoUser, roles: RoleBook) -> Viewer:
    """A demo user as the access policy sees them."""
    return Viewer(
        user_id=person.id,
        name=person.name,
        organisation=person.organisation,
        roles=frozenset(person.roles),
        units=frozenset(person.units),
        all_units=not person.units,
        supervised_roles=roles.supervised_by(person.roles),
    )


def find_user(user_id: str, roles: RoleBook) -> User | None:
    """The demo user with that id, None when there is none (any more)."""
    try:
        person = roles.demo_user(user_id)
    except NotFound:
        return None
    return User(viewer_of(person, roles), roles.permissions_of(person.roles))


def seats(roles: RoleBook) -> list[tuple[str, str, list[Chair]]]:
    """The demo users by organisation: its Swedish name, its English name, the people in the order of the file."""
    groups: list[tuple[str, str, list[Chair]]] = []
    for organisation in roles.organisations.values():
        chairs = [
            _chair(person, roles) for person in roles.demo_users.values() if person.organisation == organisation.id
        ]
        if chairs:
            groups.append((organisation.name_sv, organisation.name_en, chairs))
    return groups


def _chair(person: DemoUser, roles: RoleBook) -> Chair:
    held = [roles.roles[role] for role in person.roles if role in roles.roles]
    return Chair(
        user=person,
        role_sv=", ".join(role.name_sv for role in held),
        role_en=", ".join(role.name_en for role in held),
        units=tuple(roles.units[unit].name_sv for unit in person.units if unit in roles.units),
    )
