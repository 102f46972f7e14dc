"""What people and the engine do, in stores of 300 to 80 000 cases: processor time each, and how it grows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import process_time

from commands.root import Installation
from engine.access import Viewer
from engine.clock import ManualClock
from engine.protocols import SYSTEM
from engine.store.rows import CaseFilter, InboxFilter, Mine, Paging, Sort
from stegvis import installation
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


Done = dict[str, Callable[[], object]]


def done_in(room: Installation) -> Done:
    """The things that are done in a store, by name."""
    engine, queries = room.engine, room.engine.queries
    mine = queries.inbox(CHIEF, paging=Paging(1, 200)).items
    items, of_cases = itertools.cycle(mine), itertools.cycle([each.case_id or "" for each in mine])
    to_complete = iter(mine)
    return {
        "inbox page": lambda: queries.inbox(CHIEF, InboxFilter(mine=Mine.UNASSIGNED), Sort.DUE, Paging(1, 25)),
        "three counts of the inbox": lambda: queries.inbox_counts(
            CHIEF, [InboxFilter(), InboxFilter(mine=Mine.ASSIGNED), InboxFilter(due_before=population.UNTIL)]
        ),
        "inbox searched by a name": lambda: queries.inbox(CHIEF, InboxFilter(text="lind"), Sort.DUE, Paging(1, 25)),
        "inbox searched by a reference": lambda: queries.inbox(
            CHIEF, InboxFilter(text="AK-000041"), Sort.DUE, Paging(1, 25)
        ),
        "newest cases": lambda: queries.cases(CHIEF, CaseFilter(), Paging(1, 25)),
        "cases searched by a name": lambda: queries.cases(CHIEF, CaseFilter(text="lind"), Paging(1, 25)),
        "task with its case": lambda: queries.work_item(CHIEF, next(items).id),
        "case page": lambda: queries.case_view(CHIEF, next(of_cases)),
        "completion of a task": lambda: engine.complete(next(to_complete).id, {}, actor=SYSTEM),
        "next timer and what is due": lambda: (engine.next_alarm(), engine.due_jobs()),
    }


def costs(stores: Sequence[Done]) -> dict[str, list[float]]:
    """Milliseconds of processor time for each thing in each store; in turns, so that a slow moment is everybody's."""
    found = {}
    for name in stores[0]:
        for store in stores:
            store[name]()
        spent = [[_milliseconds(store[name]) for store in stores] for _ in range(TURNS)]
        found[name] = [median(turns) for turns in zip(*spent, strict=True)]
    return found


def _milliseconds(question: Callable[[], object]) -> float:
    start = process_time()
    question()
    return (process_time() - start) * 1000


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    sizes = populations()
    with ExitStack() as stack:
        clock = ManualClock(population.UNTIL)
        rooms = [stack.enter_context(installation(filled.store(size), clock=clock)) for size in sizes]
        found = costs([done_in(room) for room in rooms])
    rows: list[Row] = []
    for name, spent in found.items():
        for size, each in ((sizes[0], spent[0]), (sizes[-1], spent[-1])):
            rows.append((f"{name}, {size} cases", each, "ms", ""))
        rows.append((f"{name}, {sizes[-1]} against {sizes[0]} cases", spent[-1] / spent[0], "ratio", "<= 1.5"))
    for size in sizes:
        path = Path(filled.store(size).removeprefix("sqlite:///"))
        rows.append((f"database with {size} cases", path.stat().st_size / size / 1000, "kB/case", ""))
    return rows
