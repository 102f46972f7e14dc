"""The threads that work off lines of jobs, each job within its time limit."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass

from engine.errors import StegvisError, StoreUnavailable
from timers.work import EngineWork

log = logging.getLogger(__name__)

IN_A_ROW = 20
"""How many jobs of one line run before other lines have their turn."""


@dataclass
class Errand:
    """One line to work off: its future, and the job that is under way."""

    line: str
    done: Future[int]
    """How many jobs ran."""
    ran: int = 0
    job_id: int | None = None
    thread: int = 0
    deadline: float = 0.0
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
            try:
                mine = self._work_off(errand)
            except Exception as error:  # noqa: BLE001 the thread goes on; whoever has sent it learns of the error
                errand.done.set_exception(error)
                continue
            if not mine:
                return
            errand.done.set_result(errand.ran)

    def _work_off(self, errand: Errand) -> bool:
        """Whether this thread still counts: False where the errand was taken from it."""
        errand.thread = threading.get_ident()
        while errand.ran < IN_A_ROW and not self._stopping:
            job_id = self._work.begin(errand.line)
            if job_id is None:
                break
            self._set_out(errand, job_id)
            try:
                self._work.run(job_id)
            except StoreUnavailable as error:
                if not self._come_back(errand):
                    return False
                log.warning("a job was interrupted", extra={"job": job_id, "code": error.code})
                self._unsettled.append(job_id)
                raise
            if not self._come_back(errand):
                return False
            errand.ran += 1
        return True

    def _set_out(self, errand: Errand, job_id: int) -> None:
        with self._changed:
            errand.job_id, errand.deadline = job_id, time.monotonic() + self._limit
            self._under_way.append(errand)
            self._changed.notify_all()

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
                    self._changed.wait(None if nearest is None else nearest - now)
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
        assert errand.job_id is not None
        log.warning("a job does not end in time and is given back", extra={"job": errand.job_id})
        try:
            self._work.abandon(errand.thread)
            self._work.give_back(errand.job_id)
        except StegvisError as error:
            log.warning("a job is left to its lease", extra={"job": errand.job_id, "code": error.code})
        errand.done.set_result(errand.ran)
