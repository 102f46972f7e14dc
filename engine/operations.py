"""What those who run an installation ask of it: how it stands, what has gone wrong, what is slow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.recurring import Standing, recurring_work
from engine.store import pulse_rows
from engine.store.pulse_rows import ItemCounts, JobCount, TimerCounts

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True)
class Pulse:
    """How the store stood at one moment."""

    at: datetime
    work_items: ItemCounts
    timers: TimerCounts
    jobs: tuple[JobCount, ...]
    incidents: Mapping[str, int] = field(default_factory=dict)
    """Open incidents by code."""
    instances: Mapping[str, int] = field(default_factory=dict)
    """Process instances by state."""
    database_bytes: int = 0
    recurring: tuple[Standing, ...] = ()

    @property
    def timer_lag(self) -> timedelta:
        """How late the timer is that should have fired first; nothing where none is due."""
        due = self.timers.oldest_due
        return timedelta(0) if due is None else max(self.at - due, timedelta(0))

    @property
    def job_lag(self) -> timedelta:
        """How long the job that has waited longest could have run."""
        due = pulse_rows.oldest_due(self.jobs)
        return timedelta(0) if due is None else max(self.at - due, timedelta(0))

    @property
    def lag(self) -> timedelta:
        """How far whoever runs timers and jobs is behind."""
        return max(self.timer_lag, self.job_lag)


def pulse(engine: Engine) -> Pulse:
    """How the store stands now; a few counts on indexes."""
    now = engine.clock.now()
    with engine.database.reading() as reader:
        return Pulse(
            at=now,
            work_items=pulse_rows.work_items(reader, now),
            timers=pulse_rows.timers(reader, now),
            jobs=tuple(pulse_rows.jobs(reader, now)),
            incidents=pulse_rows.incidents(reader),
            instances=pulse_rows.instances(reader),
            database_bytes=pulse_rows.database_bytes(reader),
            recurring=tuple(recurring_work(engine)),
        )
