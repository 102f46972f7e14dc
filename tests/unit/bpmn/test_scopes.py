"""Embedded sub-processes, event sub-processes, and the variables of scopes within scopes."""

import pytest

from engine.bpmn import TransitionKind
from tests.bpmn_builder import (
    boundary,
    catch,
    condition_def,
    end,
    error,
    error_def,
    escalation,
    escalation_def,
    flows,
    message,
    message_def,
    parallel,
    process,
    script,
    service,
    signal,
    signal_def,
    start,
    subprocess,
    throw,
    timer,
    user,
)
from tests.bpmn_driver import Driver


def test_a_sub_process_is_left_when_nothing_flows_in_it(run: Driver) -> None:
    inner = subprocess("u", start("us"), parallel("f"), user("a"), user("b"), flows("us->f->a", "f->b"))
    run.start(process("p", start("s"), inner, user("after"), flows("s->u->after")))
    assert run.waiting == ["a", "b"]
    run.complete("b").complete("a")
    assert run.waiting == ["after"]
    assert run.passed()[-1] == "u"


def test_a_sub_process_without_start_event_begins_where_nothing_leads(run: Driver) -> None:
    run.start(process("p", start("s"), subprocess("u", user("a"), user("b")), flows("s->u")))
    assert run.waiting == ["a", "b"]


def test_an_empty_sub_process_passes(run: Driver) -> None:
    assert run.start(process("p", start("s"), subprocess("u"), end("e"), flows("s->u->e"))).is_done


def test_local_variables_of_a_sub_process_stay_in_it(run: Driver) -> None:
    inner = subprocess(
        "u", start("us"), script("a", "x + 1", "x"), script("b", "x", "ut"), flows("us->a->b"), inputs={"x": "=10"}
    )
    run.start(process("p", start("s"), inner, user("after"), flows("s->u->after")), variables={"x": 1})
    assert run.variables == {"x": 1, "ut": 11}


def test_outputs_of_a_sub_process_read_its_local_variables(run: Driver) -> None:
    inner = subprocess(
        "u", start("us"), user("a"), flows("us->a"), inputs={"svar": "=null"}, outputs={"resultat": "=svar"}
    )
    run.start(process("p", start("s"), inner, user("after"), flows("s->u->after")))
    run.complete("a", {"svar": 42})
    assert run.variables == {"resultat": 42}


def watched(definition: str, *, interrupting: bool) -> str:
    handler = subprocess(
        "h",
        start("hs", definition, interrupting=interrupting, outputs={"hände": "=true"}),
        user("åtgärd"),
        flows("hs->åtgärd"),
        event=True,
    )
    return process("p", start("s"), user("a"), user("b"), handler, flows("s->a->b"))


SHARED = (message("m", "M", "=id"), signal("g", "S"), error("E"), escalation("X"))


@pytest.mark.parametrize(
    ("definition", "trigger"),
    [
        (message_def("m"), lambda run: run.deliver("hs")),
        (signal_def("g"), lambda run: run.deliver("hs")),
        (timer("P1D"), lambda run: run.fire("hs")),
        (condition_def("larm"), lambda run: run.set(larm=True)),
    ],
)
@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_sub_process_starts_by_its_event(
    run: Driver, definition: str, trigger: object, interrupting: bool
) -> None:
    run.start(*SHARED, watched(definition, interrupting=interrupting), variables={"id": "1"})
    assert run.waiting == ["a", "hs"]
    trigger(run)  # type: ignore[operator]
    left = [name for name in run.waiting if name != "hs"]
    assert left == (["åtgärd"] if interrupting else ["a", "åtgärd"])
    assert run.variables["hände"] is True
    if interrupting:
        assert run.passed(TransitionKind.CANCELLED) == ["a"]
        assert run.complete("åtgärd").is_done
    else:
        run.complete("a").complete("åtgärd").complete("b")
        assert run.is_done


def test_a_non_interrupting_event_sub_process_runs_several_times_at_once(run: Driver) -> None:
    run.start(*SHARED, watched(message_def("m"), interrupting=False), variables={"id": "1"})
    run.deliver("hs").deliver("hs")
    assert run.waiting == ["a", "hs", "åtgärd", "åtgärd"]


def test_a_cycle_starts_an_event_sub_process_each_turn(run: Driver) -> None:
    run.start(*SHARED, watched(timer(cycle="R2/P1D"), interrupting=False), variables={"id": "1"})
    run.fire("hs").fire("hs")
    assert run.waiting == ["a", "åtgärd", "åtgärd"]


def test_an_event_sub_process_nested_in_a_sub_process_triggers(run: Driver) -> None:
    handler = subprocess("h", start("hs", message_def("m")), user("åtgärd"), flows("hs->åtgärd"), event=True)
    deeper = subprocess("v", start("vs"), user("a"), handler, flows("vs->a"))
    run.start(
        *SHARED,
        process("p", start("s"), subprocess("u", start("us"), deeper, user("b"), flows("us->v->b")), flows("s->u")),
        variables={"id": "1"},
    )
    run.deliver("hs")
    assert run.waiting == ["åtgärd"]
    run.complete("åtgärd")
    assert run.waiting == ["b"]


def test_an_event_sub_process_inside_an_event_sub_process_triggers(run: Driver) -> None:
    inner = subprocess("i", start("is", signal_def("g"), interrupting=False), user("y"), flows("is->y"), event=True)
    outer = subprocess("h", start("hs", message_def("m")), user("x"), inner, flows("hs->x"), event=True)
    run.start(*SHARED, process("p", start("s"), user("a"), outer, flows("s->a")), variables={"id": "1"})
    assert run.waiting == ["a", "hs"]
    run.deliver("hs")
    assert run.waiting == ["is", "x"]
    run.deliver("is")
    assert run.waiting == ["is", "x", "y"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_starts_an_event_sub_process(run: Driver, interrupting: bool) -> None:
    handler = subprocess(
        "h",
        start("hs", escalation_def("X"), interrupting=interrupting),
        user("åtgärd"),
        flows("hs->åtgärd"),
        event=True,
    )
    run.start(
        *SHARED,
        process("p", start("s"), throw("t", escalation_def("X")), user("b"), handler, flows("s->t->b")),
    )
    assert run.waiting == (["åtgärd"] if interrupting else ["b", "åtgärd"])


def test_an_error_starts_an_event_sub_process_and_takes_all_else_away(run: Driver) -> None:
    handler = subprocess("h", start("hs", error_def("E")), user("åtgärd"), flows("hs->åtgärd"), event=True)
    run.start(
        *SHARED,
        process(
            "p",
            start("s"),
            parallel("f"),
            user("a"),
            user("b"),
            end("x", error_def("E")),
            handler,
            flows("s->f->a->x", "f->b"),
        ),
    )
    assert run.waiting == ["a", "b"]
    run.complete("a")
    assert run.waiting == ["åtgärd"]
    assert run.passed(TransitionKind.CANCELLED) == ["b"]


def test_an_error_thrown_in_a_handler_is_not_caught_by_its_sibling_but_outside(run: Driver) -> None:
    handler = subprocess("h", start("hs", error_def("E")), end("hx", error_def("E")), flows("hs->hx"), event=True)
    inner = subprocess("u", start("us"), end("x", error_def("E")), handler, flows("us->x"))
    run.start(
        *SHARED,
        process("p", start("s"), inner, boundary("b", "u", error_def("E")), user("chef"), flows("s->u", "b->chef")),
    )
    assert run.waiting == ["chef"]


def test_a_catch_in_a_sub_process_sees_outer_variables(run: Driver) -> None:
    run.start(
        *SHARED,
        process(
            "p", start("s"), subprocess("u", start("us"), catch("c", message_def("m")), flows("us->c")), flows("s->u")
        ),
        variables={"id": "yttre"},
    )
    assert run.wait("c").detail.key == "yttre"


def test_instances_of_one_spec_never_see_each_others_data() -> None:
    diagram = process("p", start("s"), user("a"), service("b"), flows("s->a->b"))
    first = Driver(True).start(diagram, variables={"x": {"y": [1]}})
    second = Driver(True).start(process=first.process, variables={"x": {"y": [2]}})
    first.complete("a", {"x": {"y": [3]}})
    assert second.variables == {"x": {"y": [2]}}
    assert second.waiting == ["a"]
