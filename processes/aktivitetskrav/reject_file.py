"""The file of rows that an import did not take."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from processes.aktivitetskrav.decision_file import FAULT_COLUMNS, Fault, Layout, Line


class RejectFile:
    """The reject file: line, column and reason before each row as it stood, so that it can be mended and imported.

    Made only when there is something to reject; a file of an earlier import of the same name is replaced.
    """

    def __init__(self, path: Path) -> None:
        """Nothing is written yet."""
        self.path = path
        self.layout: Layout | None = None
        self._stream: BinaryIO | None = None

    def __enter__(self) -> RejectFile:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._stream is not None:
            self._stream.close()

    @property
    def written_to(self) -> str | None:
        """Where the file is, or None while nothing was rejected."""
        return None if self._stream is None else str(self.path)

    def add(self, line: Line, faults: tuple[Fault, ...]) -> None:
        """Write a row with what is wrong with it; `layout` must be set before."""
        assert self.layout is not None
        delimiter = self.layout.delimiter.encode()
        if self._stream is None:
            self._stream = self.path.open("wb")
            self._stream.write(delimiter.join([*(name.encode() for name in FAULT_COLUMNS), self.layout.header]) + b"\n")
        columns = ", ".join(fault.column for fault in faults if fault.column)
        reasons = " | ".join(f"{fault.column}: {fault.reason}" if fault.column else fault.reason for fault in faults)
        told = [str(line.number), _quoted(columns), _quoted(reasons)]
        self._stream.write(delimiter.join([*(text.encode() for text in told), line.raw]) + b"\n")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
