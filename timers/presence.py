"""The sign of life of a process that only serves pages."""

from __future__ import annotations

import logging
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from engine import workers
from engine.errors import StegvisError
from timers.work import EngineWork

log = logging.getLogger(__name__)


class Presence:
    """Says every few seconds that this process is alive, and does nothing else."""

    def __init__(self, work: EngineWork) -> None:
        self._work = work
        self._scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1})

    def start(self) -> None:
        """Begin; raises StoreUnavailable where the first sign cannot be given."""
        workers.beat(self._work.engine, self._work.me, self._work.rhythm.silent_after)
        beat = IntervalTrigger(seconds=self._work.rhythm.beat.total_seconds(), timezone=UTC)
        self._scheduler.add_job(self._beat, beat)
        self._scheduler.start()

    def stop(self) -> None:
        """Say that this process ends."""
        self._scheduler.shutdown(wait=True)
        try:
            self._work.leave()
        except StegvisError as error:
            log.warning("the others will find out that this process has ended", extra={"code": error.code})

    def _beat(self) -> None:
        try:
            workers.beat(self._work.engine, self._work.me, self._work.rhythm.silent_after)
        except StegvisError as error:
            log.warning("no sign of life could be given", extra={"code": error.code})
