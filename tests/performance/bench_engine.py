"""How fast a durable case is: start, task, gateway with a FEEL condition, task, end, every step committed.

Beside it, in the same run and on the same model, bare SpiffWorkflow in memory, which keeps nothing.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.clock import ManualClock
from engine.engine import Engine
from engine.store.rows import Paging
from tests.harness import ANNA, bpmn, flows, user_task

Row = tuple[str, float, str, str]
ROUNDS, CASES = 5, 200
MODEL = (
    '<startEvent id="s"/>{a}<exclusiveGateway id="g" default="g_e2"/>{b}<endEvent id="e"/><endEvent id="e2"/>'
    '<sequenceFlow id="g_b" sourceRef="g" targetRef="b"><conditionExpression xsi:type="tFormalExpression">'
    "{condition}</conditionExpression></sequenceFlow>"
    '<sequenceFlow id="g_e2" sourceRef="g" targetRef="e2"/>' + flows("s", "a", "g") + flows("b", "e")
)
OURS = bpmn(MODEL.format(a=user_task("a"), b=user_task("b"), condition="=ok = true"))
BARE = bpmn(MODEL.format(a='<userTask id="a"/>', b='<userTask id="b"/>', condition="ok == True"))


@contextmanager
def store(url: str | None = None) -> Iterator[Engine]:
    """An engine with the model published, on a new file or on `url`."""
    with tempfile.TemporaryDirectory() as folder:
        clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        engine = Engine.open(url or f"sqlite:///{Path(folder) / 'bench.db'}", clock=clock, create=True)
        engine.publish({"p.bpmn": OURS.encode()}, author="bench", note="")
        yield engine
        engine.close()


def carry(engine: Engine, cases: int) -> None:
    """Carry so many cases from start to end, breadth first, as people would."""
    for _ in range(cases):
        engine.start("p", {"ok": True}, actor=ANNA)
    for _ in range(2):
        for item in engine.queries.open_items():
            engine.complete(item.id, {"svar": 1}, actor=ANNA)


def carry_bare(cases: int) -> None:
    """The same with SpiffWorkflow alone, in memory."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(BARE.encode()))
    spec = parser.get_spec("p")
    for _ in range(cases):
        workflow = BpmnWorkflow(spec)
        workflow.data["ok"] = True
        workflow.do_engine_steps()
        while not workflow.is_completed():
            for task in workflow.get_tasks(state=TaskState.READY, manual=True):
                task.data.update({"svar": 1, "ok": True})
                task.run()
            workflow.do_engine_steps()


def measure(work: Callable[[int], None], clock: Callable[[], float] = perf_counter) -> float:
    """Cases a second: the best of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        gc.collect()
        start = clock()
        work(CASES)
        best = max(best, CASES / (clock() - start))
    return best


def history_ratio() -> float:
    """What completing a task costs after 2 000 lines of history, against after ten."""
    loop = bpmn(
        '<startEvent id="s"/><exclusiveGateway id="m"/>' + user_task("a") + flows("s", "m", "a") + flows("a", "m")
    )
    with store("sqlite://") as engine:
        engine.publish({"loop.bpmn": loop.replace('process id="p"', 'process id="loop"').encode()}, author="b", note="")
        instance = engine.start("loop")

        def turns(count: int) -> float:
            start = process_time()
            for _ in range(count):
                engine.complete(engine.queries.open_items(instance_id=instance)[0].id, {}, actor=ANNA)
            return process_time() - start

        turns(20)
        early = min(turns(50) for _ in range(3))
        turns(800)
        late = min(turns(50) for _ in range(3))
        assert engine.queries.history(instance, Paging(1, 1)).total >= 1000
    return late / early


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    with store() as engine:
        durable = measure(lambda cases: carry(engine, cases))
        computed = measure(lambda cases: carry(engine, cases), process_time)
    with store("sqlite://") as engine:
        in_memory = measure(lambda cases: carry(engine, cases))
    bare = measure(carry_bare)
    return [
        ("durable case on SQLite, every step committed", durable, "cases/s", ">= 400"),
        ("the same, processor time alone", computed, "cases/s", ""),
        ("the same in memory", in_memory, "cases/s", ""),
        ("bare SpiffWorkflow, in memory, kept nowhere", bare, "cases/s", ""),
        ("durable case as a share of bare SpiffWorkflow", durable / bare, "ratio", ">= 0.15"),
        ("completion after 2 000 lines of history against after ten", history_ratio(), "ratio", "<= 1.2"),
    ]
