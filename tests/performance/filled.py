"""Stores with so many cases, made once in a program's life and shared by its benches."""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from sqlalchemy import insert, select

from engine.clock import ManualClock
from engine.store.schema import work_item
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


@cache
def tasks(cases: int, items: int) -> str:
    """The address of a store with at least so many cases and open tasks: those of its cases, again under other ids."""
    url = f"sqlite:///{folder() / f'tasks-{items}.db'}"
    shutil.copyfile(store(cases).removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
    clock, chance = ManualClock(population.UNTIL), random.Random(1)
    with installation(url, clock=clock) as room, room.engine.database.transaction(clock) as uow:
        there = [dict(row._mapping) for row in uow.query(select(work_item).where(work_item.c.state == "open"))]
        copies = [{**row, "id": f"{chance.getrandbits(128):032x}"} for row in islice(cycle(there), items - len(there))]
        uow.write_many(insert(work_item), copies)
    return url
