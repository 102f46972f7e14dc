"""Incidents: what goes wrong at an element stays there, with a code, and nothing else is lost."""

import pytest

from engine.bpmn import TransitionKind, WaitKind
from engine.errors import Conflict, NotFound
from tests.bpmn_builder import (
    boundary,
    end,
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
    throw,
    timer,
    user,
)
from tests.bpmn_driver import Driver


def test_an_incident_in_one_branch_leaves_the_others_alone(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            script("a", "x + 1", "y"),
            user("b"),
            end("e"),
            flows("s->f->a->e", "f->b->e"),
        )
    )
    assert run.waiting == ["a", "b"]
    run.complete("b")
    assert run.incident("a") == "EXPRESSION_FAILED"
    assert run.passed(TransitionKind.FAILED) == ["a"]
    run.set(x=1).retry("a")
    assert run.is_done


def test_an_output_mapping_that_fails_keeps_the_results_for_the_retry(run: Driver) -> None:
    run.start(process("p", start("s"), user("a", outputs={"y": "=x + z"}), end("e"), flows("s->a->e")))
    run.complete("a", {"x": 1})
    assert run.wait("a").kind is WaitKind.INCIDENT
    with pytest.raises(Conflict):
        run.execution.complete(run.wait("a").id, {"x": 2})
    run.set(z=10).retry("a")
    assert run.is_done
    assert run.variables == {"z": 10, "y": 11}


def test_what_a_person_mends_is_not_overwritten_by_the_retry(run: Driver) -> None:
    run.start(process("p", start("s"), user("a"), end("e"), end("f"), flows("s->a", "a->e : x > 1", "a->f : x < 1")))
    run.complete("a", {"x": "fel"})
    assert run.incident("a") == "EXPRESSION_FAILED"
    run.set(x=2).retry("a")
    assert run.variables == {"x": 2}
    assert run.passed()[-2:] == ["e", "p"]


def test_an_input_mapping_that_fails_is_entered_again_on_retry(run: Driver) -> None:
    run.start(process("p", start("s"), user("a", inputs={"i": "=x.y"}), flows("s->a")))
    run.retry("a")
    assert run.wait("a").kind is WaitKind.INCIDENT
    run.set(x={"y": 1}).retry("a")
    assert run.wait("a").detail.variables == {"i": 1}
    assert run.passed(TransitionKind.ENTERED).count("a") == 1


def test_boundaries_stay_armed_while_the_work_is_an_incident(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            script("a", "x + 1", "y"),
            boundary("t", "a", timer("P1D")),
            user("chef"),
            flows("s->a", "t->chef"),
        )
    )
    assert run.waiting == ["a", "t"]
    run.fire("t")
    assert run.waiting == ["chef"]


def test_boundaries_stay_armed_while_leaving_is_an_incident(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            user("a", outputs={"y": "=z"}),
            boundary("t", "a", timer("P1D")),
            user("chef"),
            flows("s->a", "t->chef"),
        )
    )
    run.complete("a")
    assert run.waiting == ["a", "t"]
    run.set(z=1).retry("a")
    assert run.is_done


def test_a_throw_whose_key_fails_publishes_nothing_until_retried(run: Driver) -> None:
    run.start(
        message("m", "M", "=id"),
        process("p", start("s"), throw("t", message_def("m")), end("e"), flows("s->t->e")),
    )
    assert run.effects == []
    run.set(id="A").retry("t")
    assert run.is_done
    assert len(run.effects) == 1


def test_an_incident_in_a_sub_process_keeps_it_open(run: Driver) -> None:
    inner = subprocess("u", start("us"), script("a", "x + 1", "y"), flows("us->a"))
    run.start(process("p", start("s"), inner, user("after"), flows("s->u->after")))
    assert run.waiting == ["a"]
    run.set(x=1).retry("a")
    assert run.waiting == ["after"]


def test_an_output_of_a_sub_process_that_fails_is_its_incident(run: Driver) -> None:
    inner = subprocess("u", start("us"), user("a"), flows("us->a"), outputs={"y": "=x"})
    run.start(process("p", start("s"), inner, user("after"), flows("s->u->after"))).complete("a")
    assert run.incident("u") == "EXPRESSION_FAILED"
    run.set(x=1).retry("u")
    assert run.waiting == ["after"]
    assert run.passed().count("a") == 1


@pytest.mark.parametrize("completed_first", [True, False])
def test_an_event_sub_process_whose_key_fails_is_an_incident_of_the_process(run: Driver, completed_first: bool) -> None:
    handler = subprocess("h", start("hs", message_def("m")), user("x"), flows("hs->x"), event=True)
    run.start(message("m", "M", "=id"), process("p", start("s"), user("a"), handler, flows("s->a")))
    assert run.waiting == ["a", "p"]
    run.retry("p")
    assert run.waiting == ["a", "p"]
    if completed_first:
        run.complete("a")
        assert run.waiting == ["p"]
        run.set(id="A").retry("p")
        assert run.is_done
    else:
        run.set(id="A").retry("p")
        assert run.waiting == ["a", "hs"]


def test_a_key_beside_the_flow_sees_what_the_start_message_brought(run: Driver) -> None:
    handler = subprocess("h", start("hs", message_def("m")), user("x"), flows("hs->x"), event=True)
    run.start(
        message("m", "M", "=id"),
        process("p", start("s", message_def("m")), user("a"), handler, flows("s->a")),
        start="s",
        payload={"id": "A"},
    )
    assert run.wait("hs").detail.key == "A"


@pytest.mark.parametrize("operation", ["complete", "fire", "deliver", "retry", "throw_error", "escalate", "move"])
def test_an_unknown_wait_is_not_found_and_changes_nothing(run: Driver, operation: str) -> None:
    run.start(process("p", start("s"), user("a"), flows("s->a")))
    before = run.execution.dump()
    arguments = {
        "complete": ({},),
        "deliver": ({},),
        "throw_error": ("E", "", {}),
        "escalate": ("E", {}),
        "move": ("a",),
    }.get(operation, ())
    with pytest.raises(NotFound):
        getattr(run.execution, operation)("0" * 32, *arguments)
    assert run.execution.dump() == before


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [("fire", ()), ("deliver", ({},)), ("retry", ()), ("throw_error", ("E", "", {})), ("escalate", ("E", {}))],
)
def test_a_wait_of_another_kind_is_a_conflict_and_changes_nothing(
    run: Driver, operation: str, arguments: tuple[object, ...]
) -> None:
    run.start(process("p", start("s"), user("a"), flows("s->a")))
    before = run.execution.dump()
    with pytest.raises(Conflict):
        getattr(run.execution, operation)(run.wait("a").id, *arguments)
    assert run.execution.dump() == before


def test_what_has_ended_takes_no_operations(run: Driver) -> None:
    run.start(process("p", start("s"), user("a"), flows("s->a")))
    wait = run.wait("a").id
    run.complete("a")
    with pytest.raises(NotFound):
        run.execution.complete(wait, {})
    for operation in (run.execution.cancel, run.execution.check_conditions):
        with pytest.raises(Conflict):
            operation()
    with pytest.raises(Conflict):
        run.execution.set_variables({"x": 1})


def test_cancel_takes_everything_away(run: Driver) -> None:
    inner = subprocess(
        "u", start("us"), user("a"), boundary("t", "a", timer("P1D")), service("b"), flows("us->a", "us->b")
    )
    run.start(process("p", start("s"), inner, flows("s->u")))
    run.do(lambda execution: execution.cancel())
    assert run.status == "terminated"
    assert run.waiting == []
    assert run.passed(TransitionKind.CANCELLED) == ["a", "b", "u", "p"]


def test_a_token_is_moved_to_another_element_of_its_scope(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            exclusive("g"),
            user("a"),
            boundary("t", "a", timer("P1D")),
            user("b"),
            subprocess("u", user("c")),
            flows("s->g", "g->a : true", "a->b->u"),
        )
    )
    a, t = run.wait("a").id, run.wait("t").id
    for wait, target, error in (
        (a, "c", Conflict),
        (a, "okänd", NotFound),
        (a, "t", Conflict),
        (a, "s", Conflict),
        (t, "b", Conflict),
    ):
        with pytest.raises(error):
            run.execution.move(wait, target)
    run.do(lambda execution: execution.move(a, "b"))
    assert run.waiting == ["b"]
    assert run.passed(TransitionKind.CANCELLED) == ["a"]


def test_an_incident_is_left_by_moving_its_token(run: Driver) -> None:
    run.start(process("p", start("s"), script("a", "x + 1", "y"), user("b"), flows("s->a->b")))
    run.do(lambda execution: execution.move(run.wait("a").id, "b"))
    assert run.waiting == ["b"]
