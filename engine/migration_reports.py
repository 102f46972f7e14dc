"""What a preview or a run tells: how many move, how many cannot, and why, by element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from engine.bpmn.obstacles import NotMigratable, Obstacle, ObstacleCode
from engine.migration_plan import MigrationPlan
from engine.store import migration_rows
from engine.store.migration_rows import StoredMigration
from engine.store.states import MigrationState, OutcomeState
from engine.store.unit_of_work import Reader

SHOWN = 20
"""How many instances are named for each reason."""


@dataclass(frozen=True)
class Reason:
    """Why instances cannot move: one element, one reason, how many it concerns, and the first of them."""

    element_id: str
    name: str | None
    code: ObstacleCode
    detail: str
    count: int
    instances: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What the run would do with the instances there are now."""

    plan: MigrationPlan
    total: int
    movable: int
    reasons: tuple[Reason, ...]
    begins: Mapping[str, int]
    """How often each event of the new version would begin to wait, by element."""
    ends: Mapping[str, int]
    """How often each event of the old version would cease to wait, by element."""

    @property
    def refused(self) -> int:
        """How many would stay where they are."""
        return self.total - self.movable


@dataclass(frozen=True)
class MigrationStatus:
    """How far a migration has come."""

    id: str
    plan: MigrationPlan
    state: MigrationState
    actor: str
    reason: str
    total: int
    moved: int
    refused: int
    created_at: datetime
    finished_at: datetime | None
    reasons: tuple[Reason, ...]

    @property
    def gone(self) -> int:
        """How many ended, or were moved otherwise, before the migration came to them (of a migration that is done)."""
        return max(self.total - self.moved - self.refused, 0)


@dataclass(frozen=True)
class Progress:
    """How far a preview or a run has come."""

    done: int
    total: int
    refused: int


class Reasons:
    """Collects why instances cannot move, by element and reason; `instances` counts them."""

    def __init__(self) -> None:
        self.instances = 0
        self._found: dict[Obstacle, list[str]] = {}
        self._counts: Counter[Obstacle] = Counter()

    def add(self, instance_id: str, obstacles: Iterable[Obstacle]) -> None:
        """Note why an instance cannot move."""
        self.instances += 1
        for each in obstacles:
            self._counts[each] += 1
            named = self._found.setdefault(each, [])
            if len(named) < SHOWN:
                named.append(instance_id)

    def all(self) -> tuple[Reason, ...]:
        """The reasons, what concerns most instances first."""
        return tuple(
            Reason(each.element_id, each.name, each.code, each.detail, count, tuple(self._found[each]))
            for each, count in sorted(self._counts.items(), key=lambda item: (-item[1], item[0].element_id))
        )


def obstacles_of(error: Exception) -> tuple[Obstacle, ...]:
    if isinstance(error, NotMigratable):
        return error.obstacles
    return (
        Obstacle(ObstacleCode.FAILED, getattr(error, "element", None) or "", None, f"{type(error).__name__}: {error}"),
    )


def plan_of(stored: StoredMigration) -> MigrationPlan:
    return MigrationPlan.from_json(stored.plan)


def status_of(reader: Reader, stored: StoredMigration) -> MigrationStatus:
    counts = migration_rows.outcome_counts(reader, stored.id)
    reasons = Reasons()
    for instance_id, body in migration_rows.refusals(reader, stored.id):
        found = orjson.loads(body)
        reasons.add(instance_id, [Obstacle(ObstacleCode(each[0]), *each[1:]) for each in found])
    return MigrationStatus(
        id=stored.id,
        plan=plan_of(stored),
        state=stored.state,
        actor=stored.actor,
        reason=stored.reason,
        total=stored.total,
        moved=counts.get(OutcomeState.MOVED, 0),
        refused=counts.get(OutcomeState.REFUSED, 0),
        created_at=stored.created_at,
        finished_at=stored.finished_at,
        reasons=reasons.all(),
    )
