"""The engine as dispatchers see it: what is due, and one process' part in doing it."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine import dispatching, workers
from engine.engine import Engine
from engine.protocols import DueLine
from engine.workers import WorkerIdentity, WorkerKind
from timers.rhythm import Rhythm


class EngineWork:
    """One process' work on an engine; what it begins stands in the store under its name."""

    def __init__(self, engine: Engine, rhythm: Rhythm = Rhythm(), me: WorkerIdentity | None = None) -> None:  # noqa: B008 frozen
        """`engine` is open and stays its owner's."""
        self.engine = engine
        self.rhythm = rhythm
        self.me = me or workers.this_process(WorkerKind.ALL)
        self._mark = engine.database.change_mark()

    # --- time ---------------------------------------------------------------------------------------------------------

    def next_alarm(self) -> datetime | None:
        """When something falls due next; jobs that can run already do not count."""
        return dispatching.next_wake(self.engine)

    def changed_elsewhere(self) -> bool:
        """Whether another connection has committed since the last call (SQLite); costs no read of cases."""
        before, self._mark = self._mark, self.engine.database.change_mark()
        return self._mark != before

    def fire_due(self, limit: int) -> int:
        """Fire up to `limit` due timers in one transaction, oldest first; how many fired."""
        return self.engine.fire_due(limit)

    def expire_messages(self) -> int:
        """Let go of buffered messages whose time has run out; how many."""
        return self.engine.expire_messages()

    # --- jobs ---------------------------------------------------------------------------------------------------------

    def due_lines(self, limit: int) -> list[DueLine]:
        """Lines whose first job can run now, the most urgent first."""
        return dispatching.due_lines(self.engine, limit)

    def begin(self, line: str) -> int | None:
        """Begin what is first in a line; the job's id, or None where nothing can run there now.

        Raises RunsAlone where nothing else may run beside it.
        """
        return dispatching.begin_job(self.engine, line, self.me.id, self._lease)

    def begin_alone(self, line: str) -> int | None:
        """Begin what is first in a line, while this process runs nothing else; as `begin`."""
        return dispatching.begin_alone(self.engine, line, self.me.id, self._lease)

    def run(self, job_id: int) -> bool:
        """Run a job that this process has begun; False where it is no longer its own."""
        return dispatching.run_begun(self.engine, job_id, self.me.id)

    def fail(self, job_id: int, message: str) -> bool:
        """Write that a begun attempt has failed; False where the job is no longer this process'."""
        return dispatching.fail_begun(self.engine, job_id, self.me.id, message)

    def give_back(self, job_id: int) -> bool:
        """Let others run a begun job, without counting the attempt; False where it is no longer this process'."""
        return dispatching.give_back(self.engine, job_id, self.me.id)

    def abandon(self, thread: int) -> bool:
        """Roll back what a thread that hangs has under way; False where it has nothing open."""
        return self.engine.database.abandon(thread)

    @property
    def _lease(self) -> timedelta:
        return self.rhythm.time_limit + self.rhythm.silent_after

    # --- among others -------------------------------------------------------------------------------------------------

    def beat(self) -> None:
        """Say that this process is alive, and count as failed what those have begun that are not."""
        workers.beat(self.engine, self.me, self.rhythm.silent_after)
        dispatching.fail_lost(self.engine)

    def hold_scheduler(self) -> bool:
        """Whether this process is the one that fires timers and runs jobs on SQLite."""
        return workers.hold_scheduler(self.engine, self.me, self.rhythm.silent_after)

    def leave(self) -> None:
        """Say that this process ends."""
        workers.leave(self.engine, self.me)
