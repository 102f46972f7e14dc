"""A PostgreSQL server for benches, which keeps what it has confirmed, as in production."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import Cluster

SAFE = {"fsync": "on", "synchronous_commit": "on"}


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server of our own, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="stegvis-bench-pg-") as name:
        os.chmod(name, 0o711)  # the server runs as somebody else where the bench runs as root
        server = Cluster.make(Path(name) / "cluster", SAFE)
        server.start()
        try:
            yield server
        finally:
            server.stop()
