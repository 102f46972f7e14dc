"""What one case costs in the runner, beside bare SpiffWorkflow with the same model in the same run.

Model: start, user task, exclusive gateway with a condition, user task, end. `run()` gives rows of name, value, unit and
target, "" where there is none.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Execution, Process, Services, load_model
from engine.clock import ManualClock
from tests.bpmn_builder import bpmn, end, exclusive, flows, process, script, start, user

Row = tuple[str, float, str, str]

SOURCE = bpmn(
    process(
        "p",
        start("s"),
        user("a", form="f", groups="handläggare"),
        exclusive("g", default="g->c"),
        user("b", form="f", groups="chef"),
        user("c"),
        end("e"),
        flows("s->a->g", "g->b : x > 1", "g->c", "b->e", "c->e"),
    )
)
LOOP = bpmn(
    process(
        "p",
        start("s"),
        exclusive("m"),
        user("a"),
        script("n", "n + 1", "n"),
        exclusive("g", default="g->m"),
        end("e"),
        flows("s->m->a->n->g", "g->e : n = -1", "g->m"),
    )
)
VARIABLES = {"arendeId": "C-123", "namn": "Exempel", "belopp": 1200, "lista": [1, 2, 3]}


def run() -> list[Row]:
    """Measure everything; takes a few seconds."""
    services = Services(ManualClock(datetime(2026, 1, 31, 8, 0, tzinfo=UTC)))
    ours = load_model(SOURCE, file="bench.bpmn").processes["p"]
    spec = _bare_spec()
    case = _seconds(lambda: _our_case(ours, services))
    bare = _seconds(lambda: _bare_case(spec))
    stock = _seconds(lambda: _stock_case(spec))
    rows: list[Row] = [
        ("runner: case with a snapshot at each of 3 steps", 1 / case, "cases/s", "more than 400, with the store"),
        ("runner: load, step and dump", case / 3 * 1e6, "µs", "under 400"),
        ("bare SpiffWorkflow in memory, same model", 1 / bare, "cases/s", ""),
        ("stock serialisation at each step, same model", 1 / stock, "cases/s", ""),
        ("runner with snapshots as a ratio of bare", bare / case, "", "more than 0.25"),
    ]
    loop = load_model(LOOP, file="loop.bpmn").processes["p"]
    few, size = _turn(loop, services, 5)
    many, size_after = _turn(loop, services, 2_000)
    return [
        *rows,
        ("runner: one completion after 5 turns", few * 1e6, "µs", ""),
        ("runner: one completion after 2 000 turns", many * 1e6, "µs", "as after 5"),
        ("snapshot after 5 turns", size, "bytes", "under 8 000"),
        ("snapshot after 2 000 turns", size_after, "bytes", "as after 5"),
    ]


def _our_case(process_: Process, services: Services) -> None:
    execution = Execution.start(process_, VARIABLES, services)
    snapshot = execution.dump()
    for results in ({"x": 2}, {"y": 1}):
        execution = Execution.load(process_, snapshot, services)
        execution.complete(execution.waits[0].id, results)
        execution.take_effects()
        execution.take_transitions()
        snapshot = execution.dump()


def _turn(process_: Process, services: Services, turns: int) -> tuple[float, int]:
    execution = Execution.start(process_, {"n": 0}, services)
    for _ in range(turns):
        execution.complete(execution.waits[0].id, {})
    execution.take_transitions()
    snapshot = execution.dump()

    def once() -> None:
        loaded = Execution.load(process_, snapshot, services)
        loaded.complete(loaded.waits[0].id, {})
        loaded.dump()

    return _seconds(once), len(snapshot)


def _bare_spec() -> object:
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(etree.tostring(etree.fromstring(SOURCE))), "bench.bpmn")
    return parser.get_spec("p")


def _bare_case(spec: object) -> None:
    _drive(spec, lambda workflow: workflow)


def _stock_case(spec: object) -> None:
    serializer = BpmnWorkflowSerializer()
    _drive(spec, lambda workflow: serializer.deserialize_json(serializer.serialize_json(workflow)))


def _drive(spec: object, between: Callable[[BpmnWorkflow], BpmnWorkflow]) -> None:
    workflow = BpmnWorkflow(spec)
    workflow.do_engine_steps()
    workflow = between(workflow)
    for results in ({"x": 2}, {"y": 1}):
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data.update({**VARIABLES, **results})
        task.run()
        workflow.do_engine_steps()
        workflow = between(workflow)
    assert workflow.is_completed()


def _seconds(what: Callable[[], object], rounds: int = 5, each: int = 60) -> float:
    what()
    best = float("inf")
    for _ in range(rounds):
        began = perf_counter()
        for _ in range(each):
            what()
        best = min(best, (perf_counter() - began) / each)
    return best


if __name__ == "__main__":
    for name, value, unit, target in run():
        print(f"{name:55} {value:12.1f} {unit:8} {target}")
