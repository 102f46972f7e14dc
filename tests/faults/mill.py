"""A mill for fault tests: threads carry cases of busy_process' model to their end on one store, whatever is done to it.

Each command bears a key that says what it is for and is sent again until it is answered, as a client does that lost its
connection; so in the end the store holds what it would hold had nothing happened.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import text

from engine.clock import ManualClock
from engine.engine import Engine
from engine.errors import StoreUnavailable
from engine.protocols import SYSTEM
from tests.harness import ANNA

T = TypeVar("T")
OPEN_ITEM = text(
    "SELECT work_item.id FROM work_item JOIN process_instance ON process_instance.id = work_item.instance_id "
    "WHERE work_item.element_id = :element AND work_item.state = 'open' "
    "AND (process_instance.id = :root OR process_instance.parent_id = :root)"
)
PATIENCE = 60.0
"""Seconds to wait for a database that has been taken away."""


class Mill:
    """So many threads at so many cases; `turns` counts answered commands, for whoever disturbs them."""

    def __init__(self, engine: Engine, cases: int, threads: int) -> None:
        self.engine = engine
        self.up = threading.Event()
        self.up.set()
        self.refused = 0
        self.turns = 0
        self._allowed = math.inf
        self._moved = threading.Condition()
        self._failures: list[BaseException] = []
        shares = [range(first, cases, threads) for first in range(threads)]
        self._threads = [threading.Thread(target=self._guard, args=(self._carry, share)) for share in shares]
        self._worker = threading.Thread(target=self._guard, args=(self._run_jobs, None))
        self._over = threading.Event()

    def start(self) -> None:
        """Let them begin."""
        for thread in (*self._threads, self._worker):
            thread.start()

    def allow(self, turns: float) -> None:
        """Hold everybody back from beginning anything once so many commands were answered: who disturbs keeps up."""
        with self._moved:
            self._allowed = turns
            self._moved.notify_all()

    def wait_for_turn(self, number: int) -> bool:
        """Wait until so many commands were answered; False where all are done before that."""
        with self._moved:
            while self.turns < number and any(thread.is_alive() for thread in self._threads):
                self._moved.wait(0.1)
            return self.turns >= number

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened to those at work, or all of them are done."""
        with self._moved:
            while not happened() and any(thread.is_alive() for thread in self._threads):
                self._moved.wait(0.1)

    def finish(self) -> None:
        """Wait for the people, let two hours pass for the timers, and run what is left; raises what went wrong."""
        self.allow(math.inf)
        for thread in self._threads:
            thread.join(PATIENCE * 2)
        self._over.set()
        self._worker.join(PATIENCE)
        assert not self._failures, self._failures
        self.engine.run_until_idle()
        clock = self.engine.clock
        assert isinstance(clock, ManualClock)
        clock.advance(timedelta(hours=2))
        self.engine.run_until_idle()

    def _carry(self, numbers: range) -> None:
        for number in numbers:
            instance = self._insist(
                lambda number=number: self.engine.start(  # type: ignore[misc]
                    "mor", {"nyckel": f"n{number}"}, actor=SYSTEM, key=f"start-{number}"
                )
            )
            for element in ("a", "b"):
                self._complete(instance, element)

    def _complete(self, root: str, element: str) -> None:
        """Complete the task of that element in the instance or the one it has called, once it is there."""
        while (item := self._insist(lambda: self._open_item(root, element))) is None:
            with self._moved:
                self._moved.wait(0.05)
        key = f"complete-{root}-{element}"
        self._insist(lambda: self.engine.complete(item, {"svar": 1}, actor=ANNA, key=key))

    def _open_item(self, root: str, element: str) -> str | None:
        with self.engine.database.reading() as reader:
            row = reader.first(OPEN_ITEM, {"root": root, "element": element})
            return None if row is None else str(row[0])

    def _run_jobs(self, _nothing: object) -> None:
        while not self._over.is_set():
            self._insist(lambda: sum(self.engine.run_job(job) for job in self.engine.due_jobs()))

    def _insist(self, command: Callable[[], T]) -> T:
        """Send a command until the database answers."""
        while True:
            with self._moved:
                self._moved.wait_for(lambda: self.turns < self._allowed)
            try:
                answer = command()
            except StoreUnavailable:
                with self._moved:
                    self.refused += 1
                    self._moved.notify_all()
                assert self.up.wait(PATIENCE), "the database does not come back"
                continue
            with self._moved:
                self.turns += 1
                self._moved.notify_all()
            return answer

    def _guard(self, work: Callable[[object], None], share: object) -> None:
        try:
            work(share)
        except BaseException as error:  # noqa: BLE001 told by `finish`
            self._failures.append(error)
