"""Timers that fall due in the same night, fired locally on SQLite; how late one is on an idle system.

Beside it, in the same run: raw commits of as many rows on the same disk, the floor of one timer a transaction.
"""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from engine.clock import ManualClock, SystemClock
from engine.engine import Engine
from engine.protocols import CommitSummary
from tests.harness import bpmn, flows
from tests.performance.scale import Row, scaled
from timers.local import EngineWork, LocalDispatcher

DUE = datetime(2026, 2, 1, tzinfo=UTC)
CATCH = (
    '<startEvent id="s"/><intermediateCatchEvent id="v"><timerEventDefinition>'
    "<{kind}>{value}</{kind}></timerEventDefinition></intermediateCatchEvent>"
    '<userTask id="t" name="T"><extensionElements><zeebe:userTask/></extensionElements></userTask><endEvent id="e"/>'
    + flows("s", "v", "t", "e")
)
LATE_TURNS, COMMITS = 5, 300


def at_once(count: int) -> tuple[float, float]:
    """Timers a second, by the clock and by processor time, with so many due at the same moment."""
    with tempfile.TemporaryDirectory() as folder:
        clock = ManualClock(DUE - timedelta(days=1))
        engine = Engine.open(f"sqlite:///{Path(folder) / 'bench.db'}", clock=clock, create=True)
        model = bpmn(CATCH.format(kind="timeDate", value=DUE.isoformat()))
        engine.publish({"p.bpmn": model.encode()}, author="bench", note="")
        for _ in range(count):
            engine.start("p")
        clock.set(DUE)
        start, spent, fired = perf_counter(), process_time(), 0
        while ran := engine.fire_due(50):
            fired += ran
        rates = fired / (perf_counter() - start), fired / (process_time() - spent)
        assert fired == count
        engine.close()
    return rates


def raw_commits() -> float:
    """Commits a second of one row each, as SQLite alone does them with the same settings."""
    with tempfile.TemporaryDirectory() as folder:
        raw = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)")
        start = perf_counter()
        for _ in range(COMMITS):
            raw.execute("INSERT INTO t (body) VALUES (?)", (b"x" * 1_000,))
        rate = COMMITS / (perf_counter() - start)
        raw.close()
    return rate


class _Heard(LocalDispatcher):
    """Notes when the timer's commit came."""

    def __init__(self) -> None:
        super().__init__(SystemClock())
        self.fired = threading.Event()
        self.at: datetime | None = None

    def committed(self, summary: CommitSummary) -> None:
        """Take note of a commit."""
        super().committed(summary)
        if threading.current_thread().name == "stegvis-timers":
            self.at = SystemClock().now()
            self.fired.set()


def lateness() -> list[float]:
    """How many milliseconds after its due time a timer had fired, some times, with nothing else to do."""
    late = []
    with tempfile.TemporaryDirectory() as folder:
        dispatcher = _Heard()
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        engine = Engine.open(url, clock=SystemClock(), dispatcher=dispatcher, create=True)
        model = bpmn(CATCH.format(kind="timeDuration", value="PT1S"))
        engine.publish({"p.bpmn": model.encode()}, author="bench", note="")
        dispatcher.start(EngineWork(engine))
        for _ in range(LATE_TURNS):
            dispatcher.fired.clear()
            engine.start("p")
            due = engine.next_alarm()
            assert due is not None
            assert dispatcher.fired.wait(30)
            assert dispatcher.at is not None
            late.append((dispatcher.at - due).total_seconds() * 1000)
        dispatcher.stop()
        engine.close()
    return late


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    count = scaled(8_000)
    wall, computed = at_once(count)
    few, _ = at_once(count // 10)
    commits = raw_commits()
    late = lateness()
    return [
        (f"{count} timers due at once, fired on SQLite", wall, "1/s", ">= 500"),
        ("the same, processor time alone", computed, "1/s", ""),
        (f"the same with {count // 10} timers", few, "1/s", ""),
        ("raw commits of one row", commits, "1/s", "for comparison"),
        ("timers a raw commit", wall / commits, "ratio", ""),
        ("lateness of a timer on an idle system, worst of five", max(late), "ms", "< 1000"),
    ]
