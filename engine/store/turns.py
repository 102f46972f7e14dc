"""Who may write: one thread at a time, in the order they asked, and a thread that hangs can be put out of its turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType


class Turns:
    """A lock that its holder may take again, that is handed on fairly, and that can be taken from who hangs.

    Fairly: whoever works off many things, turn after turn, lets everybody in between who has asked meanwhile.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None
        self._depth = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._lock:
            if self._holder is None or self._holder == me:
                self._holder = me
                self._depth += 1
                return
            called = threading.Lock()
            called.acquire()
            self._waiting.append((me, called))
        called.acquire()  # until it is handed on: then the turn is ours already

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if self._holder != threading.get_ident():
                return  # it was put out meanwhile
            self._depth -= 1
            if self._depth == 0:
                self._hand_on()

    @contextmanager
    def taken_from(self, thread: int) -> Iterator[bool]:
        """Take the turn of a thread that does not end it itself, for the length of a `with`; False where it has none.

        What that thread still does as if it were its turn is for the caller to see to.
        """
        with self._lock:
            taken = self._holder == thread
            if taken:
                self._holder, self._depth = threading.get_ident(), 1
        try:
            yield taken
        finally:
            if taken:
                self.__exit__(None, None, None)

    def _hand_on(self) -> None:
        self._holder, self._depth = None, 0
        if self._waiting:
            self._holder, called = self._waiting.popleft()
            self._depth = 1
            called.release()
