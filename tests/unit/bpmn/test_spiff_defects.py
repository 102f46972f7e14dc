"""One test for each defect of SpiffWorkflow 3.2.0 that the engine works around, named after its number, so that an
upgrade shows at once what has become unnecessary, and that nothing has come back."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

import pytest

from engine.bpmn import Execution, ExecutionStatus, JobDetail, MessageDetail, SpecFrozen
from engine.clock import ManualClock
from engine.findings import NotDeployable
from tests.bpmn_builder import (
    boundary,
    catch,
    end,
    event_gateway,
    exclusive,
    flows,
    message,
    message_def,
    parallel,
    process,
    script,
    service,
    start,
    subprocess,
    tag,
    timer,
    user,
)
from tests.bpmn_driver import NOON, Driver, model


def test_defect_01_deep_loops_lose_nothing_and_cost_the_same_each_turn() -> None:
    """A loop of 1 500 turns through a user task with a boundary timer: far below SpiffWorkflow's depth of 1 000."""
    run = Driver(stored=True)
    run.start(
        process(
            "p",
            start("s"),
            exclusive("m"),
            user("a"),
            boundary("t", "a", timer("P1D")),
            script("n", "n + 1", "n"),
            exclusive("g", "g->m"),
            end("e"),
            end("te"),
            flows("s->m->a->n->g", "g->e : n = 1500", "g->m", "t->te"),
        ),
        variables={"n": 0},
    )
    sizes = set()
    for _ in range(1_500):
        assert run.waiting == ["a", "t"]
        sizes.add(len(run.execution.dump()))
        run.complete("a")
    assert run.is_done
    assert run.variables["n"] == 1_500
    assert max(sizes) - min(sizes) < 16


def test_defect_01_a_loop_without_waiting_runs_to_its_end_in_one_operation() -> None:
    run = Driver(stored=False)
    run.start(
        process(
            "p",
            start("s"),
            exclusive("m"),
            script("n", "n + 1", "n"),
            exclusive("g", "g->m"),
            end("e"),
            flows("s->m->n->g", "g->e : n = 10000", "g->m"),
        ),
        variables={"n": 0},
    )
    assert run.is_done
    assert run.variables["n"] == 10_000


def test_defect_02_a_snapshot_is_ordered_and_reads_back_whole() -> None:
    run = Driver(stored=False)
    inner = subprocess(
        "u", start("us"), parallel("uf"), user("a"), user("b"), flows("us->uf->a", "uf->b"), inputs={"l": "=x"}
    )
    run.start(process("p", start("s"), inner, flows("s->u")), variables={"x": {"y": [1, {"z": None}]}})
    snapshot = run.execution.dump()
    loaded = Execution.load(run.process, snapshot, run.services)
    assert loaded.dump() == snapshot
    assert loaded.waits == run.execution.waits
    assert loaded.variables_at(loaded.waits[0].id) == {"x": {"y": [1, {"z": None}]}, "l": {"y": [1, {"z": None}]}}


def test_defect_03_a_token_moved_away_leaves_no_timer_behind(run: Driver) -> None:
    run.start(
        process("p", start("s"), user("a"), boundary("t", "a", timer("P1D")), user("b"), flows("s->a->b", "t->b"))
    )
    moved = run.wait("a").id
    run.do(lambda execution: execution.move(moved, "b"))
    assert run.waiting == ["b"]
    assert run.complete("b").is_done


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_defect_04_a_join_keeps_what_either_branch_changed(run: Driver, order: tuple[str, str]) -> None:
    """Both give everything back, as a form does that shows all fields; neither overwrites with its stale copy."""
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            user("a"),
            user("b"),
            parallel("j"),
            user("after"),
            flows("s->f->a->j->after", "f->b->j"),
        ),
        variables={"x": 1, "y": 1, "person": {"namn": "A", "ort": "B", "bort": 1}},
    )
    given: dict[str, dict[str, Any]] = {
        "a": {"x": 2, "y": 1, "person": {"namn": "A2", "ort": "B", "bort": 1}},
        "b": {"x": 1, "y": 3, "person": {"namn": "A", "ort": "B2", "ny": 1}},
    }
    for name in order:
        run.complete(name, given[name])
    assert run.variables == {"x": 2, "y": 3, "person": {"namn": "A2", "ort": "B2", "ny": 1}}


@pytest.mark.parametrize("order", [("a", "c", "b"), ("b", "a", "c"), ("a", "b", "c")])
def test_defect_04_a_stale_copy_is_seen_against_when_the_task_began(run: Driver, order: tuple[str, ...]) -> None:
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            user("a"),
            user("c"),
            user("b"),
            parallel("j"),
            end("e"),
            flows("s->f->a->c->j->e", "f->b->j"),
        ),
        variables={"x": 1},
    )
    given: dict[str, dict[str, Any]] = {"a": {"x": 2}, "b": {"x": 1}, "c": {"x": 5}}
    for name in order:
        run.complete(name, given[name])
    assert run.variables == {"x": 5}


def test_defect_05_branches_and_instances_share_no_values(run: Driver) -> None:
    run.start(
        process("p", start("s"), parallel("f"), user("a"), user("b"), flows("s->f->a", "f->b")),
        variables={"x": {"lista": [1]}},
    )
    seen = run.execution.variables_at(run.wait("a").id)
    seen["x"]["lista"].append(2)
    mine = {"lista": [9]}
    run.complete("a", {"y": mine})
    mine["lista"].append(10)
    assert run.variables == {"x": {"lista": [1]}, "y": {"lista": [9]}}


def fingerprint(value: Any, seen: set[int] | None = None) -> Any:
    """Everything reachable from a spec, as comparable data."""
    seen = seen if seen is not None else set()
    if isinstance(value, str | int | float | bool | type(None)):
        return value
    if id(value) in seen:
        return "seen"
    seen.add(id(value))
    if isinstance(value, dict):
        return {str(key): fingerprint(item, seen) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [fingerprint(item, seen) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: fingerprint(getattr(value, each.name), seen) for each in fields(value)}
    if type(value).__module__.startswith(("engine.bpmn", "SpiffWorkflow")):
        return {name: fingerprint(item, seen) for name, item in vars(value).items()}
    return type(value).__name__


def test_defect_06_a_run_never_changes_the_spec() -> None:
    handler = subprocess("h", start("hs", message_def("m"), interrupting=False), user("x"), flows("hs->x"), event=True)
    process_ = model(
        message("m", "M", "=id"),
        process("p", start("s"), user("a"), boundary("t", "a", timer("P1D"), cancel=False), handler, flows("s->a")),
    ).processes["p"]
    before = fingerprint(process_.graph)
    run = Driver(stored=True).start(process=process_, variables={"id": "1"})
    run.deliver("hs").deliver("hs").fire("t").complete("x").complete("a").complete("x")
    assert run.is_done
    assert fingerprint(process_.graph) == before


def test_defect_06_a_spec_refuses_to_be_changed() -> None:
    process_ = model(process("p", start("s"), user("a"), flows("s->a"))).processes["p"]
    with pytest.raises(SpecFrozen):
        process_.graph.task_specs["a"].flows = ()
    with pytest.raises(SpecFrozen):
        process_.graph.start = process_.graph.task_specs["a"]  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        process_.graph.task_specs["a"]._outputs.append("b")


def test_defect_07_two_timers_after_an_event_gateway_have_their_own_due_times(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            event_gateway("g"),
            catch("t1", timer("P1D")),
            catch("t2", timer("P30D")),
            flows("s->g", "g->t1", "g->t2"),
        )
    )
    assert run.wait("t1").detail.due == NOON + timedelta(days=1)
    assert run.wait("t2").detail.due == NOON + timedelta(days=30)
    run.pass_time(days=2).fire("t1")
    assert run.is_done


def test_defect_08_nothing_in_a_diagram_is_evaluated_as_python(run: Driver) -> None:
    run.start(process("p", start("s"), script("a", "1 + 1", "x"), user("u"), flows("s->a->u")))
    assert run.complete("u").variables == {"x": 2}
    with pytest.raises(NotDeployable):
        model(process("p", start("s"), script("a", "().__class__.__base__.__subclasses__()", "x"), flows("s->a")))
    for text in ('__import__("os").getpid()', 'open("/etc/passwd")', "print(1)"):
        run.start(process("p", start("s"), script("a", text, "x"), flows("s->a")))
        assert run.incident("a") == "EXPRESSION_FAILED"


@pytest.mark.parametrize("name", ["typename", "$feel", "__class__", "incident", "wait", "state", ""])
def test_defect_09_no_name_of_a_variable_or_entry_makes_an_instance_unloadable(run: Driver, name: str) -> None:
    value = {name: {name: ["date", "2026-01-01"]}}
    run.start(process("p", start("s"), user("a"), user("b"), flows("s->a->b")), variables={"x": value})
    run.complete("a", {"y": value, **({name: value} if name else {})})
    assert run.waiting == ["b"]
    assert run.variables == {"x": value, "y": value, **({name: value} if name else {})}


def test_defect_10_an_error_in_a_service_keeps_its_own_message(run: Driver) -> None:
    run.start(process("p", start("s"), service("a", type_="=okänd"), flows("s->a")))
    [wait] = run.waits("a")
    assert "okänd" in wait.detail.message
    run.set(okänd="typ").retry("a")
    detail = run.wait("a").detail
    assert isinstance(detail, JobDetail)
    assert detail.type == "typ"


def test_defect_11_a_flow_without_id_counts(run: Driver) -> None:
    flow = tag("sequenceFlow", sourceRef="s", targetRef="a") + tag("sequenceFlow", sourceRef="a", targetRef="b")
    run.start(process("p", start("s"), user("a"), user("b"), flow))
    assert run.complete("a").waiting == ["b"]


def test_defect_12_a_path_without_end_event_completes(run: Driver) -> None:
    run.start(process("p", start("s"), parallel("f"), user("a"), user("b"), flows("s->f->a", "f->b")))
    assert run.complete("a").complete("b").status is ExecutionStatus.COMPLETED


def test_defect_13_nested_event_sub_processes_trigger_and_boundaries_come_in_time(run: Driver) -> None:
    handler = subprocess("h", start("hs", timer("P1D")), user("x"), flows("hs->x"), event=True)
    inner = subprocess(
        "u", start("us"), user("a"), boundary("t", "a", timer("PT1H")), user("b"), handler, flows("us->a", "t->b")
    )
    run.start(process("p", start("s"), inner, flows("s->u")))
    run.fire("t")
    assert run.waiting == ["b", "hs"]
    run.fire("hs")
    assert run.waiting == ["x"]


def test_defect_14_a_message_reaches_only_the_case_with_its_key() -> None:
    """A random population: each delivery goes by the name and key that the subscription showed, to that one wait."""
    shuffled = random.Random(14)
    process_ = model(
        message("m", "Svar", "=arendeId"), process("p", start("s"), catch("c", message_def("m")), flows("s->c"))
    ).processes["p"]
    cases = [Driver(True).start(process=process_, variables={"arendeId": f"C{n}"}) for n in range(60)]
    shuffled.shuffle(cases)
    subscriptions: dict[tuple[str, str], Driver] = {}
    for case in cases:
        detail = case.wait("c").detail
        assert isinstance(detail, MessageDetail)
        subscriptions[detail.name, detail.key] = case
    assert len(subscriptions) == len(cases)
    for n in shuffled.sample(range(60), 30):
        subscriptions["Svar", f"C{n}"].deliver("c", {"från": n})
    for case in cases:
        own = int(case.variables["arendeId"][1:])
        assert case.variables.get("från", own) == own
        assert case.is_done == ("från" in case.variables)


def test_due_times_come_from_the_given_clock_not_the_machines() -> None:
    run = Driver(stored=True)
    assert isinstance(run.services.clock, ManualClock)
    run.start(process("p", start("s"), catch("t", timer("PT1H")), flows("s->t")))
    assert run.wait("t").detail.due == NOON + timedelta(hours=1)
