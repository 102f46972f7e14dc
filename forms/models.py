"""The diagrams as values, read once per published file: what is published never changes."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.bpmn import Model, Process, load_model
from engine.errors import NotFound


class Models:
    """Process models by digest; safe for threads."""

    def __init__(self, content: Callable[[str], bytes]) -> None:
        """`content` gives a published file by its digest."""
        self._content = content
        self._lock = threading.Lock()
        self._known: dict[str, Model] = {}

    def process(self, digest: str, file: str, process_id: str) -> Process:
        """One process of a published file; raises NotFound where the file has none of that id."""
        found = self._known.get(digest)
        if found is None:
            with self._lock:
                found = self._known.get(digest) or load_model(self._content(digest), file=file)
                self._known[digest] = found
        if process_id not in found.processes:
            raise NotFound(f"{file} har ingen process {process_id}.")
        return found.processes[process_id]
