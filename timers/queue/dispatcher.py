"""The dispatcher of every process on PostgreSQL: writes within the command's transaction how workers find its work."""

from __future__ import annotations

from datetime import timedelta

from engine.protocols import CommitSummary
from engine.store.unit_of_work import UnitOfWork
from timers.queue import tickets
from timers.rhythm import Rhythm


class QueueDispatcher:
    """Defers a ticket for each line with a new job, and tells workers of due times that come before they next look."""

    def __init__(self, rhythm: Rhythm = Rhythm()) -> None:  # noqa: B008 frozen
        """`rhythm`: the workers'; what is due later than they look anyway is not told."""
        self._soon: timedelta = 2 * rhythm.poll

    def before_commit(self, uow: UnitOfWork, summary: CommitSummary) -> None:
        """Write tickets and a notification; both happen with the commit or not at all."""
        if summary.lines_due:
            tickets.defer(uow, summary.lines_due)
        alarm = uow.now if summary.released else summary.earliest_alarm
        if alarm is not None and alarm <= uow.now + self._soon:
            tickets.notify(uow, alarm.isoformat())

    def committed(self, summary: CommitSummary) -> None:
        """Nothing is left to do."""
