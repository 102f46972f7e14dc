"""How much memory another process holds."""

from __future__ import annotations

from pathlib import Path


def resident_megabytes(process_id: int) -> float:
    """The memory that a process has in use (Linux), in MB of 1 024 kB."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")
