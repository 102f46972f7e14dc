"""The threads that work off lines of jobs, each job within its time limit."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass

from engine.dispatching import RunsAlone
from engine.errors import StegvisError, StoreUnavailable
from timers.work import EngineWork

log = logging.getLogger(__name__)

IN_A_ROW = 20
"""How many jobs of one line run before other lines have their turn."""


@dataclass(eq=False)
class Errand:
    """One line to work off: its future, and the job that is under way."""

    line: str
    done: Future[int]
    """How many jobs ran."""
    ran: int = 0
    job_id: int | None = None
    alone: bool = False
    """Whether nothing else may run beside it."""
    thread: int = 0
    deadline: float = math.inf
    """By the monotonic clock, in seconds."""


class Hands:
    """A few threads for jobs; a job that takes longer than its time limit is given up, and its thread replaced.

    Python cannot end a thread. A handler that hangs has its transaction rolled back from outside instead, so that it
    holds up nobody, and its attempt is counted as failed; should it ever wake up, it finds that nothing it does counts.
    """

    def __init__(self, work: EngineWork, count: int) -> None:
        """`count`: how many jobs may run at the same time."""
        self._work = work
        self._count = count
        self._limit = work.rhythm.time_limit.total_seconds()
        self._changed = threading.Condition()
        self._waiting: deque[Errand] = deque()
        self._under_way: list[Errand] = []
        self._wants_alone = 0
        self._unsettled: list[int] = []
        self._threads: list[threading.Thread] = []
        self._stopping = False
        self._watcher = threading.Thread(target=self._watch, name="stegvis-watch", daemon=True)

    def start(self) -> None:
        """Begin to take errands."""
        for _ in range(self._count):
            self._add_thread()
        self._watcher.start()

    def take(self, line: str) -> Future[int]:
        """Work off a line as soon as a thread is free; how many jobs ran (at most IN_A_ROW)."""
        errand = Errand(line, Future())
        errand.done.set_running_or_notify_cancel()  # whoever asks may leave; the result is set all the same
        with self._changed:
            if self._stopping:
                errand.done.set_result(0)
            else:
                self._waiting.append(errand)
                self._changed.notify_all()
        return errand.done

    def settle(self) -> None:
        """Give back the jobs of which nobody knows whether they were done, because the database did not answer."""
        while self._unsettled:
            self._work.give_back(self._unsettled[0])
            self._unsettled.pop(0)

    def stop(self, grace: float) -> None:
        """Take up nothing more, wait `grace` seconds for what is under way, and give back the rest."""
        with self._changed:
            self._stopping = True
            unbegun = list(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._under_way, grace)
            left, self._under_way = self._under_way, []
            self._changed.notify_all()
        for errand in unbegun:
            errand.done.set_result(0)
        for errand in left:
            self._let_go(errand)
        gone = {errand.thread for errand in left}
        for thread in (*self._threads, self._watcher):
            if thread.ident not in gone:
                thread.join()

    def _add_thread(self) -> None:
        thread = threading.Thread(target=self._run, name="stegvis-job", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopping)
                if self._stopping:
                    return
                errand = self._waiting.popleft()
            if not self._carry_out(errand):
                return

    def _carry_out(self, errand: Errand) -> bool:
        """Whether this thread still counts: False where the errand was taken from it."""
        errand.thread = threading.get_ident()
        try:
            mine = self._work_off(errand)
        except Exception as error:  # noqa: BLE001 the thread goes on; whoever has sent it learns of the error
            mine = self._come_back(errand)
            if mine:
                self._note_interrupted(errand, error)
                errand.done.set_exception(error)
            return mine
        if mine:
            errand.done.set_result(errand.ran)
        return mine

    def _note_interrupted(self, errand: Errand, error: Exception) -> None:
        if errand.job_id is not None and isinstance(error, StoreUnavailable):
            log.warning("a job was interrupted", extra={"job": errand.job_id, "code": error.code})
            self._unsettled.append(errand.job_id)

    def _work_off(self, errand: Errand) -> bool:
        while errand.ran < IN_A_ROW and self._set_out(errand):
            try:
                job_id = self._begin(errand)
            except RunsAlone:
                errand.alone = True
                if not self._come_back(errand):
                    return False
                continue
            if job_id is None:
                return self._come_back(errand)
            self._work.run(job_id)
            if not self._come_back(errand):
                return False
            errand.ran += 1
            errand.alone = False
        return True

    def _set_out(self, errand: Errand) -> bool:
        """Wait until the errand may run beside what is under way; False where nothing is to be taken up any more."""
        with self._changed:
            if errand.alone:
                self._wants_alone += 1
                self._changed.wait_for(lambda: self._stopping or not self._under_way)
                self._wants_alone -= 1
            else:
                self._changed.wait_for(lambda: self._stopping or not self._must_wait)
            if self._stopping:
                return False
            errand.job_id, errand.deadline = None, math.inf
            self._under_way.append(errand)
        return True

    @property
    def _must_wait(self) -> bool:
        """Whether something runs alone, or is about to."""
        return self._wants_alone > 0 or any(each.alone for each in self._under_way)

    def _begin(self, errand: Errand) -> int | None:
        begin = self._work.begin_alone if errand.alone else self._work.begin
        job_id = begin(errand.line)
        with self._changed:
            errand.job_id, errand.deadline = job_id, time.monotonic() + self._limit
            self._changed.notify_all()
        return job_id

    def _come_back(self, errand: Errand) -> bool:
        with self._changed:
            mine = errand in self._under_way
            if mine:
                self._under_way.remove(errand)
                self._changed.notify_all()
        return mine

    def _watch(self) -> None:
        while True:
            with self._changed:
                if self._stopping and not self._under_way:
                    return
                now = time.monotonic()
                late = [errand for errand in self._under_way if errand.deadline <= now]
                if not late:
                    nearest = min((errand.deadline for errand in self._under_way), default=None)
                    self._changed.wait(None if nearest in (None, math.inf) else nearest - now)
                    continue
                self._under_way = [errand for errand in self._under_way if errand not in late]
                self._changed.notify_all()
            for errand in late:
                self._give_up(errand)

    def _give_up(self, errand: Errand) -> None:
        assert errand.job_id is not None
        log.error("a job takes too long and is given up", extra={"job": errand.job_id, "seconds": self._limit})
        self._add_thread()
        try:
            self._work.abandon(errand.thread)
            self._work.fail(errand.job_id, f"It took longer than {self._limit:g} s and was given up.")
        except StegvisError as error:
            log.warning("a job is left to its lease", extra={"job": errand.job_id, "code": error.code})
        errand.done.set_result(errand.ran + 1)

    def _let_go(self, errand: Errand) -> None:
        log.warning("a job does not end in time and is given back", extra={"job": errand.job_id})
        try:
            self._work.abandon(errand.thread)
            if errand.job_id is not None:
                self._work.give_back(errand.job_id)
        except StegvisError as error:
            log.warning("a job is left to its lease", extra={"job": errand.job_id, "code": error.code})
        errand.done.set_result(errand.ran)
