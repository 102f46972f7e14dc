"""What the disk alone would allow: the rows that the engine has written, written again by the driver and no more."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar
from unittest.mock import patch

Step = tuple[str, str, Any]


class _Recorder(sqlite3.Connection):
    """A connection that remembers what it was told to write."""

    log: ClassVar[list[Step] | None] = None

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """As SQLite's own."""
        if self.log is not None and not sql.startswith("SELECT") and sql != "BEGIN":
            self.log.append(("execute", sql, tuple(parameters)))
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """As SQLite's own."""
        rows = [tuple(each) for each in parameters]
        if self.log is not None:
            self.log.append(("executemany", sql, rows))
        return super().executemany(sql, rows)

    def commit(self) -> None:
        """As SQLite's own."""
        if self.log is not None:
            self.log.append(("commit", "", ()))
        super().commit()


@contextmanager
def recorded() -> Iterator[None]:
    """Within it, connections to SQLite are such as can be recorded."""
    connect = sqlite3.connect

    def opened(*given: Any, **named: Any) -> sqlite3.Connection:
        return connect(*given, **{**named, "factory": _Recorder})

    with patch("sqlite3.dbapi2.connect", opened):
        yield


class SameRows:
    """A database as it was before some work, and what the work has written to it since."""

    def __init__(self, path: Path) -> None:
        """Copy the database (everything in it is committed), and begin to record."""
        self._path = path.with_suffix(".again")
        with sqlite3.connect(path) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        shutil.copyfile(path, self._path)
        self._log: list[Step] = []
        _Recorder.log = self._log

    def again(self) -> float:
        """Stop recording, and write it all to the copy, committed as it was; seconds."""
        _Recorder.log = None
        raw = sqlite3.connect(self._path, isolation_level=None, cached_statements=512)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
            raw.execute(f"PRAGMA {pragma}")
        start = perf_counter()
        for kind, sql, given in self._log:
            if kind == "execute":
                raw.execute(sql, given).fetchall()
            elif kind == "executemany":
                raw.executemany(sql, given)
            else:
                raw.commit()
        spent = perf_counter() - start
        raw.close()
        return spent
