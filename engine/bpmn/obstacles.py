"""Why an instance cannot be moved to another version: a reason for each element that stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import Conflict


class ObstacleCode(StrEnum):
    """What stands in the way; the values are stable."""

    NO_COUNTERPART = "NO_COUNTERPART"  # a token stands at an element that the plan leads nowhere
    TYPE_CHANGED = "TYPE_CHANGED"  # the element has become something else
    OTHER_SCOPE = "OTHER_SCOPE"  # it lies in another sub-process now
    EVENT_MOVED = "EVENT_MOVED"  # an event that waits is attached to something else now
    FLOW_GONE = "FLOW_GONE"  # a token has arrived at a join by a flow that is gone
    OUTPUT_LOST = "OUTPUT_LOST"  # the new version collects what was not kept
    CANNOT_EVALUATE = "CANNOT_EVALUATE"  # a new event's time, name or key has no value with these variables
    JOIN_WOULD_STARVE = "JOIN_WOULD_STARVE"  # a join would wait for a branch that nothing comes along
    WOULD_RUN_TWICE = "WOULD_RUN_TWICE"  # what ran side by side now runs one after the other
    WOULD_STOP = "WOULD_STOP"  # the new version would stop at once as an incident
    FAILED = "FAILED"  # the move itself failed


@dataclass(frozen=True)
class Obstacle:
    """One reason at one element of the old version (of the new one where only that has it)."""

    code: ObstacleCode
    element_id: str
    name: str | None
    detail: str


class NotMigratable(Conflict):
    """The instance cannot be moved to the other version; it stays where it was."""

    code = "NOT_MIGRATABLE"

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        told = "; ".join(f"{each.name or each.element_id}: {each.detail}" for each in obstacles)
        super().__init__(f"The instance cannot be moved. {told}", element=obstacles[0].element_id)
        self.obstacles = tuple(obstacles)
