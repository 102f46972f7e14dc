"""What people and the engine do, in stores of 300 to 80 000 cases: processor time each, and how it grows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from engine.access import Viewer
from engine.clock import ManualClock
from engine.protocols import SYSTEM
from engine.store.rows import CaseFilter, InboxFilter, Mine, Paging, Sort
from stegvis import open_installation
from tests.performance import filled, population
from tests.performance.scale import Row, populations

CHIEF = Viewer(
    "chef",
    "Chef",
    "socialtjanst",
    frozenset({"handlaggare_eb"}),
    all_units=True,
    supervised_roles=frozenset({"beslutsfattare"}),
)
TURNS = 15


@dataclass(frozen=True)
class Cost:
    """What one thing costs in milliseconds of processor time."""

    name: str
    milliseconds: float


def costs(cases: int) -> list[Cost]:
    """Each of the things done in a store of so many cases."""
    room = open_installation(filled.store(cases), clock=ManualClock(population.UNTIL))
    engine, queries = room.engine, room.engine.queries
    try:
        mine = queries.inbox(CHIEF, paging=Paging(1, 200)).items
        items, of_cases = itertools.cycle(mine), itertools.cycle([each.case_id or "" for each in mine])
        to_complete = iter(mine)
        done: dict[str, Callable[[], object]] = {
            "inbox page": lambda: queries.inbox(CHIEF, InboxFilter(mine=Mine.UNASSIGNED), Sort.DUE, Paging(1, 25)),
            "three counts of the inbox": lambda: queries.inbox_counts(
                CHIEF, [InboxFilter(), InboxFilter(mine=Mine.ASSIGNED), InboxFilter(due_before=population.UNTIL)]
            ),
            "inbox searched by a name": lambda: queries.inbox(CHIEF, InboxFilter(text="lind"), Sort.DUE, Paging(1, 25)),
            "inbox searched by a reference": lambda: queries.inbox(
                CHIEF, InboxFilter(text="AK-000041"), Sort.DUE, Paging(1, 25)
            ),
            "newest cases": lambda: queries.cases(CHIEF, CaseFilter(), Paging(1, 25)),
            "task with its case": lambda: queries.work_item(CHIEF, next(items).id),
            "case page": lambda: queries.case_view(CHIEF, next(of_cases)),
            "completion of a task": lambda: engine.complete(next(to_complete).id, {}, actor=SYSTEM),
            "next timer and what is due": lambda: (engine.next_alarm(), engine.due_jobs()),
        }
        return [Cost(name, _milliseconds(each)) for name, each in done.items()]
    finally:
        engine.close()


def _milliseconds(question: Callable[[], object]) -> float:
    question()
    spent = []
    for _ in range(TURNS):
        start = process_time()
        question()
        spent.append(process_time() - start)
    return sorted(spent)[len(spent) // 2] * 1000


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    sizes = populations()
    found = {size: costs(size) for size in sizes}
    rows: list[Row] = []
    for number, smallest in enumerate(found[sizes[0]]):
        for size in (sizes[0], sizes[-1]):
            rows.append((f"{smallest.name}, {size} cases", found[size][number].milliseconds, "ms", ""))
        growth = found[sizes[-1]][number].milliseconds / smallest.milliseconds
        rows.append((f"{smallest.name}, {sizes[-1]} against {sizes[0]} cases", growth, "ratio", "<= 1.5"))
    for size in sizes:
        path = Path(filled.store(size).removeprefix("sqlite:///"))
        rows.append((f"database with {size} cases", path.stat().st_size / size / 1000, "kB/case", ""))
    return rows
