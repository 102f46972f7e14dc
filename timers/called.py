"""A thread that does one thing whenever it is called."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from engine.errors import StegvisError

log = logging.getLogger(__name__)

PAUSE_AFTER_TROUBLE = 1.0
"""Seconds to wait before trying again when the database did not answer."""


class Called:
    """Does `step` once for any number of calls that came before it began; where it fails, again after a pause."""

    def __init__(self, name: str, step: Callable[[], object]) -> None:
        """`name` is the thread's."""
        self._step = step
        self._called = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def call(self) -> None:
        """There may be something to do; returns at once."""
        self._called.set()

    @property
    def is_stopping(self) -> bool:
        """Whether a long step should come to its end."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Finish the step that is under way."""
        self._stopping.set()
        self._called.set()
        self._thread.join()

    def _run(self) -> None:
        while self._called.wait():
            self._called.clear()  # before anything is looked at: what is set from here on is seen next time
            if self._stopping.is_set():
                return
            try:
                self._step()
            except StegvisError as error:
                log.warning("a thread pauses", extra={"work": self._thread.name, "code": error.code})
                self._try_again()
            except Exception:  # the others would wait for this thread for ever
                log.exception("a thread pauses", extra={"work": self._thread.name})
                self._try_again()

    def _try_again(self) -> None:
        if not self._stopping.wait(PAUSE_AFTER_TROUBLE):
            self._called.set()
