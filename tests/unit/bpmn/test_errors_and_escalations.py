"""Errors and escalations: thrown by events, jobs and called processes; caught at borders and above; uncaught."""

import pytest

from engine.bpmn import ErrorRaised, EscalationRaised, ExecutionStatus
from engine.errors import Conflict
from tests.bpmn_builder import (
    boundary,
    call,
    end,
    error,
    error_def,
    escalation,
    escalation_def,
    flows,
    process,
    service,
    start,
    subprocess,
    tag,
    throw,
    user,
)
from tests.bpmn_driver import Driver

E = error("e", "E1")
F = error("f", "F2")
X = escalation("x", "X1")


def sub_with(*inner: str, catch: str = error_def("e"), cancel: bool = True) -> str:
    return process(
        "p",
        start("s"),
        subprocess("u", *inner),
        boundary("b", "u", catch, cancel=cancel),
        user("chef"),
        user("after"),
        flows("s->u->after", "b->chef"),
    )


def test_an_error_end_event_is_caught_on_the_border_of_its_sub_process(run: Driver) -> None:
    inner = (start("us"), user("a"), user("c"), end("x", error_def("e")), flows("us->a->x", "us->c"))
    run.start(E, sub_with(*inner)).complete("a")
    assert run.waiting == ["chef"]


def test_an_error_rises_through_sub_processes_until_it_is_caught(run: Driver) -> None:
    inner = subprocess("v", start("vs"), end("x", error_def("e")), flows("vs->x"))
    run.start(
        E, F, sub_with(start("us"), inner, boundary("vb", "v", error_def("f")), user("w"), flows("us->v", "vb->w"))
    )
    assert run.waiting == ["chef"]


def test_an_exact_code_comes_before_one_that_catches_any(run: Driver) -> None:
    diagram = process(
        "p",
        start("s"),
        service("u"),
        boundary("any", "u", error_def()),
        boundary("exact", "u", error_def("e")),
        user("a"),
        user("b"),
        flows("s->u", "any->a", "exact->b"),
    )
    assert run.start(E, diagram).throw_error("u", "E1").waiting == ["b"]
    assert run.start(E, diagram).throw_error("u", "other").waiting == ["a"]


def test_a_jobs_error_brings_its_variables(run: Driver) -> None:
    run.start(
        E,
        process("p", start("s"), service("u"), boundary("b", "u", error_def("e")), user("a"), flows("s->u", "b->a")),
    )
    wait = run.wait("u")
    assert run.execution.catches_error(wait.id, "E1")
    assert not run.execution.catches_error(wait.id, "E2")
    run.throw_error("u", "E1", {"skäl": "sjuk"})
    assert run.waiting == ["a"]
    assert run.variables == {"skäl": "sjuk"}


def test_a_jobs_error_that_nothing_catches_is_an_incident_with_retry(run: Driver) -> None:
    run.start(process("p", start("s"), service("u"), end("x"), flows("s->u->x"))).throw_error("u", "E1")
    assert run.incident("u") == "UNCAUGHT_ERROR"
    run.retry("u")
    assert run.complete("u").is_done


def test_an_uncaught_error_end_event_fails_the_process_and_tells_the_caller(run: Driver) -> None:
    run.start(
        E,
        process(
            "p",
            start("s"),
            user("a"),
            user("b"),
            end("x", error_def("e"), inputs={"y": "=1"}),
            flows("s->a->x", "s->b"),
        ),
    ).complete("a")
    assert run.status is ExecutionStatus.FAILED
    assert run.effects == [ErrorRaised("E1", "e", {"y": 1}, "x")]
    assert run.waiting == []


def test_a_called_process_error_is_caught_on_the_call(run: Driver) -> None:
    run.start(
        E,
        process("p", start("s"), call("u", "q"), boundary("b", "u", error_def("e")), user("a"), flows("s->u", "b->a")),
    ).throw_error("u", "E1")
    assert run.waiting == ["a"]


def test_only_jobs_and_calls_throw_errors(run: Driver) -> None:
    run.start(process("p", start("s"), user("u"), flows("s->u")))
    with pytest.raises(Conflict):
        run.execution.throw_error(run.wait("u").id, "E", "", {})


@pytest.mark.parametrize("cancel", [True, False])
def test_an_escalation_is_caught_on_the_border(run: Driver, cancel: bool) -> None:
    inner = (start("us"), throw("t", escalation_def("x"), inputs={"y": "=1"}), user("a"), flows("us->t->a"))
    run.start(X, sub_with(*inner, catch=escalation_def("x"), cancel=cancel))
    assert run.waiting == (["chef"] if cancel else ["a", "chef"])
    assert run.variables == {"y": 1}


def test_an_escalation_end_event_ends_its_branch(run: Driver) -> None:
    inner = (start("us"), end("t", escalation_def("x")), flows("us->t"))
    run.start(X, sub_with(*inner, catch=escalation_def(), cancel=False))
    assert run.waiting == ["after", "chef"]


def test_an_uncaught_escalation_goes_to_the_caller_and_all_goes_on(run: Driver) -> None:
    run.start(X, process("p", start("s"), throw("t", escalation_def("x")), user("a"), flows("s->t->a")))
    assert run.waiting == ["a"]
    assert run.effects == [EscalationRaised("X1", {}, "t")]


@pytest.mark.parametrize("cancel", [True, False])
def test_a_called_process_escalation_is_caught_on_the_call(run: Driver, cancel: bool) -> None:
    run.start(
        X,
        process(
            "p",
            start("s"),
            call("u", "q"),
            boundary("b", "u", escalation_def("x"), cancel=cancel),
            user("a"),
            flows("s->u", "b->a"),
        ),
    )
    wait = run.wait("u")
    run.do(lambda execution: execution.escalate(wait.id, "X1", {"y": 2}))
    assert run.waiting == (["a"] if cancel else ["a", "u"])
    assert run.variables == {"y": 2}


def test_an_error_without_code_is_matched_by_itself(run: Driver) -> None:
    errors = tag("error", id="e1"), tag("error", id="e2")
    inner = subprocess("u", start("us"), end("x", error_def("e2")), flows("us->x"))
    run.start(
        *errors,
        process(
            "p",
            start("s"),
            inner,
            boundary("b1", "u", error_def("e1")),
            boundary("b2", "u", error_def("e2")),
            user("a"),
            user("b"),
            flows("s->u", "b1->a", "b2->b"),
        ),
    )
    assert run.waiting == ["b"]


def test_an_error_without_any_reference_is_caught_by_what_catches_any(run: Driver) -> None:
    run.start(E, sub_with(start("us"), end("x", error_def()), flows("us->x"), catch=error_def()))
    assert run.waiting == ["chef"]
