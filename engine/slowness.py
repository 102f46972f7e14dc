"""How long elements usually take, by the history of instances that have ended, and which instances wait much longer.

The history is sampled: of each process those instances that ended last, so that asking costs the same however many
there are. What is usual changes slowly; whoever asks often keeps the answer for a while (`Usual`).
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median, quantiles
from typing import TYPE_CHECKING

from engine.history import EventKind
from engine.store import activity_rows, release_queries, standing_rows
from engine.store.activity_rows import Step
from engine.store.rows import COUNT_BOUND, DefinitionRow, Page, Paging
from engine.store.standing_rows import Slow, Waiting
from engine.store.unit_of_work import Reader

if TYPE_CHECKING:
    from engine.engine import Engine

SAMPLE = 100
"""How many ended instances of each version are looked at."""
LEAST = 5
"""How often an element must have been completed in the sample before anything is said about it."""
KEPT = timedelta(minutes=10)
SHORTEST = timedelta(minutes=1)
"""Nobody is stuck before that, however quick an element usually is."""
TASK, WAITS = "userTask", frozenset({"receiveTask", "intermediateCatchEvent"})


@dataclass(frozen=True)
class ElementTime:
    """How long one element of one process usually takes."""

    process_id: str
    element_id: str
    name: str
    is_task: bool
    count: int
    median: timedelta
    p90: timedelta


@dataclass(frozen=True)
class Stuck:
    """One instance that waits at an element for longer than is usual there."""

    waiting: Waiting
    name: str
    usual: timedelta
    waited: timedelta

    @property
    def times(self) -> float:
        """How many times the usual that is."""
        return self.waited / max(self.usual, SHORTEST)


class StuckSort(StrEnum):
    """How those who wait long are sorted."""

    TIMES = "times"  # the furthest beyond the usual first
    WAITED = "waited"  # the longest wait first


class Usual:
    """Keeps what is usual for some minutes; safe for threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._known: tuple[datetime, list[ElementTime]] | None = None

    def times(self) -> list[ElementTime]:
        """How long elements usually take, by process and name."""
        now = self._engine.clock.now()
        with self._lock:
            if self._known is None or abs(now - self._known[0]) > KEPT:
                self._known = (now, element_times(self._engine))
            return self._known[1]

    def stuck(
        self, factor: float, paging: Paging, process_id: str | None = None, sort: StuckSort = StuckSort.TIMES
    ) -> Page[Stuck]:
        """Instances that have waited more than `factor` times the usual."""
        times = [each for each in self.times() if process_id in (None, each.process_id)]
        return stuck(self._engine, times, factor, paging, sort)


def element_times(engine: Engine) -> list[ElementTime]:
    """How long tasks, and waits for messages, have taken in the instances that ended last."""
    with engine.database.reading() as reader:
        seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        for definition in _definitions(reader):
            instances = activity_rows.latest_ended(reader, definition.id, SAMPLE)
            if not instances:
                continue
            lines = activity_rows.steps(reader, instances, (EventKind.ENTERED.value, EventKind.COMPLETED.value))
            for element_id, took in _pairs(lines):
                seconds[definition.process_id, element_id].append(took)
        latest = {row.process_id: row for row in release_queries.latest_definitions(reader)}
        found = []
        for (process_id, element_id), each in seconds.items():
            element = _element(engine, reader, latest[process_id], element_id)
            if element is not None and len(each) >= LEAST:
                found.append(_time(process_id, element_id, *element, each))
    return sorted(found, key=lambda time: (time.process_id, time.name, time.element_id))


def stuck(
    engine: Engine, times: Sequence[ElementTime], factor: float, paging: Paging, sort: StuckSort = StuckSort.TIMES
) -> Page[Stuck]:
    """Instances that wait longer than `factor` times the usual."""
    now = engine.clock.now()
    by_element = {(each.process_id, each.element_id): each for each in times}
    with engine.database.reading() as reader:
        versions: dict[str, list[int]] = defaultdict(list)
        for definition_id, process_id in activity_rows.process_ids(reader).items():
            versions[process_id].append(definition_id)
        slow = [
            Slow(
                each.process_id,
                each.element_id,
                tuple(versions[each.process_id]),
                each.is_task,
                now - max(each.median, SHORTEST) * factor,
            )
            for each in times
        ]
        counts = standing_rows.count(reader, slow)
        late = [each for each in slow if counts[each.process_id, each.element_id]]
        waits = standing_rows.longest(reader, late, paging.offset + paging.size)
    total = sum(counts.values())
    rows = [
        Stuck(each, usual.name, usual.median, now - each.since)
        for each in waits
        for usual in (by_element[each.process_id, each.element_id],)
    ]
    if sort is StuckSort.TIMES:
        rows.sort(key=lambda row: (-row.times, row.waiting.since, row.waiting.instance_id))
    else:
        rows.sort(key=lambda row: (row.waiting.since, row.waiting.instance_id))
    shown = tuple(rows[paging.offset : paging.offset + paging.size])
    return Page(shown, paging, min(total, COUNT_BOUND), total < COUNT_BOUND)


def _definitions(reader: Reader) -> Iterable[DefinitionRow]:
    for row in release_queries.latest_definitions(reader):
        yield from release_queries.definition_versions(reader, row.process_id)


def _pairs(lines: Iterable[Step]) -> Iterable[tuple[str, float]]:
    """How long each visit to an element took: the first to enter is taken to be the first to be completed."""
    entered: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)
    for line in lines:
        waiting = entered[line.instance_id, line.element_id]
        if line.kind == EventKind.ENTERED.value:
            waiting.append(line.at)
        elif waiting:
            yield line.element_id, max((line.at - waiting.popleft()).total_seconds(), 0.0)


def _element(engine: Engine, reader: Reader, definition: DefinitionRow, element_id: str) -> tuple[str, bool] | None:
    """An element's name and whether it is a task; None where it is neither task nor wait (any more)."""
    deployed = engine.rooms.definitions.deployed(reader, definition.id, definition.release)
    element = deployed.process.elements.get(element_id)
    if element is None or (element.type != TASK and element.type not in WAITS):
        return None
    return element.name or element_id, element.type == TASK


def _time(process_id: str, element_id: str, name: str, is_task: bool, seconds: list[float]) -> ElementTime:
    p90 = quantiles(seconds, n=10, method="inclusive")[-1]
    return ElementTime(
        process_id,
        element_id,
        name,
        is_task,
        len(seconds),
        timedelta(seconds=median(seconds)),
        timedelta(seconds=p90),
    )
