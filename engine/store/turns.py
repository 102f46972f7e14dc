"""Who may write: one thread at a time, and a thread that hangs can be put out of its turn."""

from __future__ import annotations

import threading
from types import TracebackType


class Turns:
    """A lock that its holder may take again, and that others can take from a holder that hangs."""

    def __init__(self) -> None:
        self._free = threading.Condition(threading.Lock())
        self._holder: int | None = None
        self._depth = 0

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._free:
            if self._holder != me:
                while self._holder is not None:
                    self._free.wait()
                self._holder = me
            self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._free:
            if self._holder != threading.get_ident():
                return  # it was put out meanwhile
            self._depth -= 1
            if self._depth == 0:
                self._holder = None
                self._free.notify()

    def held_by(self, thread: int) -> bool:
        """Whether it is this thread's turn."""
        with self._free:
            return self._holder == thread

    def put_out(self, thread: int) -> None:
        """End the turn of a thread that does not end it itself."""
        with self._free:
            if self._holder == thread:
                self._holder, self._depth = None, 0
                self._free.notify()
