"""How fast running instances move to a new version, beside what cannot be saved: loading and dumping them.

The floor is load + dump of the same snapshots in the same run; the run adds the check of what waits, a transaction of
its own for each instance, the rows of its waits and the line of its history.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time

from engine.bpmn import Execution
from engine.clock import ManualClock
from engine.engine import Engine
from engine.store import migration_rows
from tests.harness import ANNA, START, bpmn, flows, user_task

Row = tuple[str, float, str, str]
INSTANCES, ROUNDS = 500, 5
TIMER = (
    '<boundaryEvent id="{0}" attachedToRef="{1}" cancelActivity="false"><timerEventDefinition><timeDuration>P{2}D'
    '</timeDuration></timerEventDefinition></boundaryEvent><sequenceFlow id="{0}_e" sourceRef="{0}" targetRef="e"/>'
)


def diagram(tasks: list[str], *timers: str) -> bytes:
    """A line of user tasks with reminders."""
    body = '<startEvent id="s"/>' + "".join(map(user_task, tasks)) + '<endEvent id="e"/>' + "".join(timers)
    return bpmn(body + flows("s", *tasks, "e")).encode()


OLD = diagram(["a", "b", "c"], TIMER.format("t", "a", 5))
NEW = diagram(["a", "n", "b", "c"], TIMER.format("t", "a", 5), TIMER.format("u", "a", 9))


@contextmanager
def population(url: str | None = None) -> Iterator[Engine]:
    """A store with instances of the old version, and the new one published."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine.open(url or f"sqlite:///{Path(folder) / 'bench.db'}", clock=ManualClock(START), create=True)
        engine.publish({"p.bpmn": OLD}, author="bench", note="")
        for number in range(INSTANCES):
            engine.start("p", {"arendeId": f"C{number}", "manader": list(range(12))}, actor=ANNA)
        engine.publish({"p.bpmn": NEW}, author="bench", note="")
        yield engine
        engine.close()


def floor(engine: Engine) -> float:
    """Instances a second that are loaded and dumped, and nothing else: the best of some rounds."""
    with engine.database.reading() as reader:
        definition = migration_rows.definition_of_version(reader, "p", 1)
        assert definition is not None
        snapshots = [body for _, _, body in migration_rows.running_page(reader, definition, "", INSTANCES)]
        deployed = engine.rooms.definitions.deployed(reader, definition, 1)
    best = 0.0
    for _ in range(ROUNDS):
        gc.collect()
        begun = process_time()
        for body in snapshots:
            Execution.load(deployed.process, body, deployed.services).dump()
        best = max(best, len(snapshots) / (process_time() - begun))
    return best


def previewed(engine: Engine) -> float:
    """Instances a second that are tried on copies."""
    plan = engine.migrations.propose("p", 1).plan
    best = 0.0
    for _ in range(ROUNDS):
        gc.collect()
        begun = process_time()
        assert engine.migrations.preview(plan).movable == INSTANCES
        best = max(best, INSTANCES / (process_time() - begun))
    return best


def moved(engine: Engine, clock: Callable[[], float]) -> float:
    """Instances a second that are moved, each committed."""
    migration = engine.migrations.begin(engine.migrations.propose("p", 1).plan, actor=ANNA, reason="bench")
    gc.collect()
    begun = clock()
    assert engine.migrations.carry_on(migration).moved == INSTANCES
    return INSTANCES / (clock() - begun)


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    with population() as engine:
        least, tried, durable = floor(engine), previewed(engine), moved(engine, perf_counter)
    with population("sqlite://") as engine:
        computed = moved(engine, process_time)
    return [
        ("instances moved on SQLite, each committed", durable, "instances/s", ""),
        ("the same in memory, processor time alone", computed, "instances/s", ""),
        ("instances tried on copies (preview)", tried, "instances/s", ""),
        ("floor: load + dump of the same snapshots", least, "instances/s", ""),
        ("preview as a share of its floor", tried / least, "ratio", ">= 0.10"),
        ("moved (in memory) as a share of the floor", computed / least, "ratio", ">= 0.02"),
    ]
