"""What the engine needs from outside: implemented in timers, processes and forms, wired by the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from engine.store.unit_of_work import UnitOfWork

Variables: TypeAlias = Mapping[str, Any]
"""Process variables: names to FEEL values (see engine.feel.codec for how they are stored)."""


class ActorKind(StrEnum):
    """What sort of someone does something."""

    PERSON = "person"
    SYSTEM = "system"
    TIMER = "timer"
    IMPORT = "import"


@dataclass(frozen=True)
class Actor:
    """Who does something; stands on every line of the history."""

    id: str
    name: str
    kind: ActorKind = ActorKind.PERSON


class Urgency(IntEnum):
    """Whose job goes first: a person waits for it, a deadline has caused it, or it is one of many."""

    PERSON = 0
    TIMER = 1
    BATCH = 2  # imports, recurring work, the engine's own


def urgency_of(actor: Actor) -> Urgency:
    """How urgent the jobs are that `actor` causes."""
    return {ActorKind.PERSON: Urgency.PERSON, ActorKind.TIMER: Urgency.TIMER}.get(actor.kind, Urgency.BATCH)


SYSTEM = Actor("stegvis", "Stegvis", ActorKind.SYSTEM)
TIMER = Actor("timer", "Tidur", ActorKind.TIMER)


class Roles(Protocol):
    """The roles and organisations there are (roles.toml)."""

    @property
    def known_roles(self) -> frozenset[str]:
        """Every role id there is."""
        ...

    def organisation_of(self, role: str) -> str | None:
        """The organisation a role belongs to, or None for a role nobody knows."""
        ...

    def supervisor_of(self, role: str) -> str | None:
        """The role that gets escalations of `role`, or None."""
        ...


class Calendar(Protocol):
    """The working calendar; `unit` narrows it to an organisation or unit, None: what holds everywhere.

    All raise a StegvisError for a unit that there is not, and beyond the years that the calendar covers.
    """

    def is_working_day(self, day: date, unit: str | None = None) -> bool:
        """Whether people work on `day`."""
        ...

    def add_working_days(self, day: date, count: int, unit: str | None = None) -> date:
        """The working day `count` working days after `day` (before it where negative)."""
        ...

    def working_days_between(self, start: date, end: date, unit: str | None = None) -> int:
        """How many working days lie after `start` up to and including `end`."""
        ...

    def add_working_time(self, moment: datetime, duration: timedelta, unit: str | None = None) -> datetime:
        """The moment (aware, UTC) so much working time after `moment` (before it where negative)."""
        ...

    def working_time_between(self, start: datetime, end: datetime, unit: str | None = None) -> timedelta:
        """How much working time lies between two moments."""
        ...

    def closing(self, day: date, unit: str | None = None) -> datetime:
        """When people go home on `day`, or on the next working day where nobody works then (aware, UTC)."""
        ...

    def statutory_day(self, day: date) -> date:
        """The day on which a time set by law ends that would end on `day`: that day, or the next weekday."""
        ...


class Parameters(Protocol):
    """Values that laws and municipalities set (parameters.toml)."""

    def value(self, name: str, on: date, unit: str | None) -> Any:
        """The FEEL value of `name` as valid on `on` (for `unit` where that differs); KeyError where there is none."""
        ...


@dataclass(frozen=True)
class DueLine:
    """A line of jobs (those of a case, or of an instance without one) with something to run."""

    name: str
    urgency: Urgency


@dataclass(frozen=True)
class CommitSummary:
    """What a commit left behind for others to do."""

    lines_due: tuple[DueLine, ...] = ()
    """Lines with new jobs that can run now, each once."""
    earliest_alarm: datetime | None = None
    """The earliest new due time of a timer, a retry or an expiry (aware, UTC)."""
    released: bool = False
    """Whether a release was published (start timers may have changed)."""


class Dispatcher(Protocol):
    """Is told of each commit what there is to do; must return at once."""

    def before_commit(self, uow: UnitOfWork, summary: CommitSummary) -> None:
        """Write within the command's transaction what others need to find the work; raises where that fails."""
        ...

    def committed(self, summary: CommitSummary) -> None:
        """Take note of new jobs and due times."""
        ...


class NoDispatcher:
    """Nobody listens: jobs and timers wait until someone asks for them (tests, seeding, simulation)."""

    def before_commit(self, uow: UnitOfWork, summary: CommitSummary) -> None:
        """Write nothing."""

    def committed(self, summary: CommitSummary) -> None:
        """Do nothing; `Engine.run_until_idle` finds the work in the database."""


class AnyRoles:
    """Roles without a list: every role exists and belongs to no organisation (a store without roles.toml)."""

    @property
    def known_roles(self) -> frozenset[str]:
        """No role is known by name."""
        return frozenset()

    def organisation_of(self, role: str) -> str | None:
        """No organisation."""
        return None

    def supervisor_of(self, role: str) -> str | None:
        """No supervisor."""
        return None
