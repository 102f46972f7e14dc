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
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.clock import ManualClock
from engine.engine import Engine
from engine.store.rows import Paging
from tests.harness import ANNA, bpmn, flows, user_task
from tests.performance.same_rows import SameRows, recorded

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
STRAIGHT = bpmn('<startEvent id="s"/>{a}{b}<endEvent id="e"/>' + flows("s", "a", "b", "e"))
OURS_STRAIGHT = STRAIGHT.format(a=user_task("a"), b=user_task("b"))
BARE_STRAIGHT = STRAIGHT.format(a='<userTask id="a"/>', b='<userTask id="b"/>')
BARE_LOOP = bpmn(
    '<startEvent id="s"/><exclusiveGateway id="m"/><userTask id="a"/>' + flows("s", "m", "a") + flows("a", "m")
)
FEW_TURNS, MANY_TURNS = 5, 60


@contextmanager
def store(url: str | None = None, model: str = OURS) -> Iterator[Engine]:
    """An engine with the model published, on a new file or on `url`."""
    with tempfile.TemporaryDirectory() as folder:
        clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        engine = Engine.open(url or f"sqlite:///{Path(folder) / 'bench.db'}", clock=clock, create=True)
        engine.publish({"p.bpmn": model.encode()}, author="bench", note="")
        yield engine
        engine.close()


def carry(engine: Engine, cases: int) -> None:
    """Carry so many cases from start to end, breadth first, as people would."""
    for _ in range(cases):
        engine.start("p", {"ok": True}, actor=ANNA)
    for _ in range(2):
        for item in engine.queries.open_items():
            engine.complete(item.id, {"svar": 1}, actor=ANNA)


def same_rows() -> float:
    """Cases a second where their rows are all there is to write: no reading, no stepping, the same commits."""
    with tempfile.TemporaryDirectory() as folder, recorded():
        path = Path(folder) / "bench.db"
        with Engine.open(
            f"sqlite:///{path}", clock=ManualClock(datetime(2026, 1, 1, tzinfo=UTC)), create=True
        ) as engine:
            engine.publish({"p.bpmn": OURS.encode()}, author="bench", note="")
            carry(engine, CASES)
            rows = SameRows(path)
            carry(engine, CASES)
            return CASES / rows.again()


def bare_spec(model: str) -> BpmnProcessSpec:
    """A model as SpiffWorkflow reads it."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(model.encode()))
    return parser.get_spec("p")


def stock_history_ratio() -> float:
    """What a completion with stock serialisation costs after 60 turns of a loop, against after five."""
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    workflow = BpmnWorkflow(bare_spec(BARE_LOOP))
    workflow.do_engine_steps()
    spent = []
    for _ in range(MANY_TURNS + FEW_TURNS):
        start = process_time()
        workflow = serializer.deserialize_json(serializer.serialize_json(workflow))
        workflow.get_tasks(state=TaskState.READY, manual=True)[0].run()
        workflow.do_engine_steps()
        spent.append(process_time() - start)
    return min(spent[-FEW_TURNS:]) / min(spent[:FEW_TURNS])


def carry_bare(cases: int, model: str = BARE) -> None:
    """The same with SpiffWorkflow alone, in memory."""
    spec = bare_spec(model)
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
    with store(model=OURS_STRAIGHT) as engine:
        straight = measure(lambda cases: carry(engine, cases))
    raw = max(same_rows() for _ in range(3))
    bare = measure(carry_bare)
    bare_straight = measure(lambda cases: carry_bare(cases, BARE_STRAIGHT))
    return [
        ("durable case on SQLite, every step committed", durable, "cases/s", ">= 400"),
        ("the same, processor time alone", computed, "cases/s", ""),
        ("the same in memory", in_memory, "cases/s", ""),
        ("the same rows alone, written and committed as often", raw, "cases/s", "for comparison"),
        ("durable case as a share of its rows alone", durable / raw, "ratio", ""),
        ("bare SpiffWorkflow, in memory, kept nowhere", bare, "cases/s", ""),
        ("durable case as a share of bare SpiffWorkflow", durable / bare, "ratio", ">= 0.15"),
        ("durable case without gateway and FEEL condition", straight, "cases/s", ">= 400"),
        ("the same as a share of bare SpiffWorkflow", straight / bare_straight, "ratio", ">= 0.15"),
        ("completion after 2 000 lines of history against after ten", history_ratio(), "ratio", "<= 1.2"),
        ("stock serialisation: completion after 60 turns against after five", stock_history_ratio(), "ratio", ""),
    ]
