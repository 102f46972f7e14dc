"""How an execution stands as a whole."""

from __future__ import annotations

from enum import StrEnum


class ExecutionStatus(StrEnum):
    """Where an execution stands as a whole."""

    ACTIVE = "active"  # something in it waits
    COMPLETED = "completed"  # it came to its end
    TERMINATED = "terminated"  # someone cancelled it
    FAILED = "failed"  # a BPMN error left it uncaught
