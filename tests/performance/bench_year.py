"""A year of a municipality's cases, lived through in memory by the autopilot; how large what it leaves behind is."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import func, select

from engine.clock import Clock
from engine.engine import Engine
from engine.store.schema import event, process_instance
from processes.aktivitetskrav.autopilot.seeding import seed
from stegvis import installation, open_installation
from tests.performance import filled
from tests.performance.scale import Row, scaled

MONTHS, WHOLE = 12, 8_000


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    cases = scaled(20)
    path = filled.folder() / "year.db"
    with installation("sqlite://") as room:
        roles, calendar = room.families.roles, room.calendar
    kept: list[Engine] = []

    def in_memory(clock: Clock) -> Engine:
        kept.append(open_installation("sqlite://", clock=clock).engine)
        return kept[0]

    start, spent = perf_counter(), process_time()
    result = seed(in_memory, roles, calendar, cases=cases, months=MONTHS)
    wall, computed = perf_counter() - start, process_time() - spent
    seed(
        lambda clock: open_installation(f"sqlite:///{path}", clock=clock).engine,
        roles,
        calendar,
        cases=cases,
        months=12,
    )
    with installation(f"sqlite:///{path}") as room, room.engine.database.reading() as reader:
        sizes = [row[0] for row in reader.query(select(func.length(process_instance.c.snapshot)))]
        lines = int(reader.query_scalar(select(func.count()).select_from(event)))
    empty = _empty_bytes()
    return [
        (f"a year of {cases} cases in memory", wall, "s", ""),
        ("the same, processor time", computed, "s", ""),
        (f"extrapolated to {WHOLE} cases", computed * WHOLE / cases / 60, "min", "< 15"),
        ("tasks completed in it", result.tasks_completed, "", ""),
        ("history lines a case and year", lines / cases, "lines", ""),
        ("database a case and year", (path.stat().st_size - empty) / cases / 1000, "kB", ""),
        ("snapshot of a journey's instance, mean", sum(sizes) / len(sizes), "bytes", ""),
        ("snapshot of a journey's instance, largest", max(sizes), "bytes", "< 8000"),
    ]


def _empty_bytes() -> int:
    """How large a database without a case is."""
    path: Path = filled.folder() / "empty.db"
    with installation(f"sqlite:///{path}"):
        pass
    return path.stat().st_size
