"""Who looks: the facts about a person that the access policy reads (the policy itself is engine/store/access.py)."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.protocols import Actor, ActorKind


@dataclass(frozen=True)
class Viewer:
    """A person as seen by the access policy.

    roles: role ids the person holds; supervised_roles: roles whose work they may also see;
    units: unit ids within `organisation` (empty = none); all_units: sees every unit of the organisation.
    """

    user_id: str
    name: str
    organisation: str
    roles: frozenset[str] = field(default_factory=frozenset)
    units: frozenset[str] = field(default_factory=frozenset)
    all_units: bool = False
    supervised_roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def seen_roles(self) -> frozenset[str]:
        """The roles whose work items this person sees: their own and those they supervise."""
        return self.roles | self.supervised_roles

    @property
    def actor(self) -> Actor:
        """The same person as the one who acts."""
        return Actor(self.user_id, self.name, ActorKind.PERSON)
