"""Firing due timers in a thread of its own: never behind a job, never behind a handler that hangs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from timers.alarm import AlarmClock
from timers.called import Called
from timers.work import EngineWork

BATCH = 25
"""Timers fired in one transaction: large enough to share its commit, small enough that people get their turn."""
WHILE_BUSY = timedelta(milliseconds=200)
"""When to look again for timers that are due while others are at their cases."""


class Firing:
    """Fires what is due whenever it is called, in batches, oldest first, and sets the alarm for what comes next."""

    def __init__(self, work: EngineWork, alarm: AlarmClock, fired: Callable[[], None]) -> None:
        """`fired` is called after each batch: there may be jobs to run."""
        self._work = work
        self._alarm = alarm
        self._fired = fired
        self._thread = Called("stegvis-timers", self._fire)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def call(self) -> None:
        """Something may be due; returns at once."""
        self._thread.call()

    def stop(self) -> None:
        """Finish the batch that is under way."""
        self._thread.stop()

    def _fire(self) -> None:
        while not self._thread.is_stopping and self._work.fire_due(BATCH):
            self._fired()
        if not self._thread.is_stopping:
            self._work.expire_messages()
            self._alarm.reset(not_before=WHILE_BUSY)
