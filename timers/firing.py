"""The thread that fires due timers: never behind a job, never behind a handler that hangs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from engine.errors import StegvisError
from timers.alarm import AlarmClock
from timers.work import EngineWork

log = logging.getLogger(__name__)

BATCH = 25
"""Timers fired in one transaction: large enough to share its commit, small enough that people get their turn."""
PAUSE_AFTER_TROUBLE = 1.0
"""Seconds to wait before asking again when the database did not answer."""
WHILE_BUSY = timedelta(milliseconds=200)
"""When to look again for timers that are due while others are at their cases."""


class Firing:
    """Fires what is due whenever it is called, in batches, oldest first, and sets the alarm for what comes next."""

    def __init__(self, work: EngineWork, alarm: AlarmClock, fired: Callable[[], None]) -> None:
        """`fired` is called after each batch: there may be jobs to run."""
        self._work = work
        self._alarm = alarm
        self._fired = fired
        self._called = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stegvis-timers", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def call(self) -> None:
        """Something may be due; returns at once."""
        self._called.set()

    def stop(self) -> None:
        """Finish the batch that is under way."""
        self._stopping.set()
        self._called.set()
        self._thread.join()

    def _run(self) -> None:
        while self._called.wait():
            self._called.clear()  # before anything is looked at: what is set from here on is seen next time
            if self._stopping.is_set():
                return
            try:
                self._fire()
            except StegvisError as error:
                log.warning("timers pause", extra={"code": error.code})
                if not self._stopping.wait(PAUSE_AFTER_TROUBLE):
                    self._called.set()

    def _fire(self) -> None:
        while not self._stopping.is_set() and self._work.fire_due(BATCH):
            self._fired()
        if not self._stopping.is_set():
            self._work.expire_messages()
            self._alarm.reset(not_before=WHILE_BUSY)
