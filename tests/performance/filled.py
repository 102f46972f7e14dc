"""Stores with so many cases, made once in a program's life and shared by its benches."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from engine.clock import ManualClock
from stegvis import installation
from tests.performance import population


@cache
def folder() -> Path:
    """Where the benches' databases lie; removed when the program ends."""
    made = Path(tempfile.mkdtemp(prefix="stegvis-bench-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def store(cases: int) -> str:
    """The address of a store with at least so many cases, on SQLite. Those who change it leave it as large."""
    url = f"sqlite:///{folder() / f'cases-{cases}.db'}"
    clock = ManualClock(population.UNTIL)
    with installation(url, clock=clock) as room, room.engine.database.transaction(clock) as uow:
        population.fill(uow, cases)
    return url
