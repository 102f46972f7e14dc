"""A year of a municipality's cases, lived through in memory by the autopilot; how large what it leaves behind is."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from commands.simulating import Simulation, simulate
from engine.store.schema import event, process_instance
from processes.aktivitetskrav.autopilot.seeding import seed
from stegvis import installation, open_installation
from tests.performance import filled
from tests.performance.scale import Row, scaled

MONTHS, WHOLE = 12, 8_000


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    cases, processes = min(scaled(400), WHOLE), os.cpu_count() or 1
    start = perf_counter()
    result = simulate(open_installation, Simulation(cases, MONTHS, seed=1), processes)
    wall = perf_counter() - start
    return [
        (
            f"a year of {cases} cases in memory, {processes} processes",
            wall / 60,
            "min",
            "< 15" if cases == WHOLE else "",
        ),
        (f"by that, {WHOLE} cases", wall * WHOLE / cases / 60, "min", "< 15"),
        ("tasks completed in it", result.tasks_completed, "", ""),
        ("timers fired in it", result.timers_fired, "", ""),
        ("history lines a case and year", sum(result.counts.events.values()) / cases, "lines", ""),
        *_sizes(scaled(40)),
    ]


def _sizes(cases: int) -> list[Row]:
    """What a year on disk leaves behind."""
    path = filled.folder() / "year.db"
    with installation("sqlite://") as room:
        roles, calendar = room.families.roles, room.calendar
    seed(
        lambda clock: open_installation(f"sqlite:///{path}", clock=clock).engine,
        roles,
        calendar,
        cases=cases,
        months=MONTHS,
    )
    with installation(f"sqlite:///{path}") as room, room.engine.database.reading() as reader:
        sizes = [row[0] for row in reader.query(select(func.length(process_instance.c.snapshot)))]
        lines = int(reader.query_scalar(select(func.count()).select_from(event)))
    used = path.stat().st_size - _empty_bytes()
    return [
        (f"database a case and year, {cases} cases on disk", used / cases / 1000, "kB", ""),
        ("database a line of history", used / lines, "bytes", ""),
        ("snapshot of a journey's instance, mean", sum(sizes) / len(sizes), "bytes", ""),
        ("snapshot of a journey's instance, largest", max(sizes), "bytes", "< 8000"),
    ]


def _empty_bytes() -> int:
    """How large a database without a case is."""
    path: Path = filled.folder() / "empty.db"
    with installation(f"sqlite:///{path}"):
        pass
    return path.stat().st_size
