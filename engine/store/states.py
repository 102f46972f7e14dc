"""The states rows can be in; each value says what it means."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLOSED = "closed"  # ended in order; its history stays


class InstanceState(StrEnum):
    """Where a process instance stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # by a person: timers, jobs and messages wait
    COMPLETED = "completed"
    TERMINATED = "terminated"  # its run was stopped from outside; a terminate end event completes it
    CANCELLED = "cancelled"  # by a person or by its parent
    FAILED = "failed"  # an uncaught BPMN error ended it


ENDED_STATES = frozenset(
    {InstanceState.COMPLETED, InstanceState.TERMINATED, InstanceState.CANCELLED, InstanceState.FAILED}
)


class WorkItemState(StrEnum):
    """Where a work item stands."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"  # the diagram went on without it


class JobState(StrEnum):
    """Where a job stands; a job that is done has no row."""

    READY = "ready"  # runs when due, or waits for a worker
    LEASED = "leased"  # a worker has it until lease_until
    DEAD = "dead"  # out of retries: an incident says so
    SUSPENDED = "suspended"  # its instance is suspended


class TimerState(StrEnum):
    """Where a timer stands; one that fired or was cancelled has no row."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # its instance is suspended
    DEAD = "dead"  # firing it failed: an incident says so


class SubscriptionKind(StrEnum):
    """What a waiting element waits for."""

    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"


class MessageState(StrEnum):
    """Where a message stands."""

    PENDING = "pending"  # thrown, its delivery is a job
    BUFFERED = "buffered"  # kept for whoever starts to wait before it expires
    DELIVERED = "delivered"
    EXPIRED = "expired"  # nobody waited in time


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    RESOLVED = "resolved"


class MigrationState(StrEnum):
    """Where the moving of a version's instances stands."""

    RUNNING = "running"  # begun; goes on from where it was, whoever carries it on
    DONE = "done"  # every instance has been moved, or has its reason


class OutcomeState(StrEnum):
    """What a migration has done with one instance."""

    MOVED = "moved"
    REFUSED = "refused"  # it stays where it was; its obstacles say why


class RunState(StrEnum):
    """Where one run of recurring work stands."""

    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # whoever ran it ended before it did


class BulkOutcomeState(StrEnum):
    """What has become of one incident of those that are tried again in bulk."""

    PENDING = "pending"  # nobody has come to it yet
    RETRIED = "retried"
    REFUSED = "refused"  # it could not be tried again; its code says why
