"""Messages and signals: starts, catches, boundaries, throws, with the key evaluated when the waiting starts."""

from datetime import timedelta

import pytest

from engine.bpmn import EventKind, MessageThrown, SignalThrown, WaitKind
from engine.errors import Conflict, InvalidInput, NotFound
from tests.bpmn_builder import (
    boundary,
    catch,
    end,
    flows,
    message,
    message_def,
    process,
    signal,
    signal_def,
    start,
    throw,
    user,
    zeebe,
)
from tests.bpmn_driver import Driver, model

M = message("m", "Svar", "=arendeId")


def test_a_catch_waits_for_name_and_key(run: Driver) -> None:
    run.start(
        M,
        process("p", start("s"), catch("c", message_def("m"), outputs={"svar": "=x + 1"}), end("e"), flows("s->c->e")),
        variables={"arendeId": 17},
    )
    detail = run.wait("c").detail
    assert (detail.name, detail.key) == ("Svar", "17")
    run.deliver("c", {"x": 1, "y": 2})
    assert run.is_done
    assert run.variables == {"arendeId": 17, "svar": 2}


def test_the_key_is_that_of_the_moment_the_waiting_started(run: Driver) -> None:
    run.start(M, process("p", start("s"), catch("c", message_def("m")), flows("s->c")), variables={"arendeId": "A"})
    run.set(arendeId="B")
    assert run.wait("c").detail.key == "A"


@pytest.mark.parametrize("key", [None, True, ["A"], ""])
def test_a_key_that_is_none_is_an_incident(run: Driver, key: object) -> None:
    run.start(M, process("p", start("s"), catch("c", message_def("m")), flows("s->c")), variables={"arendeId": key})
    assert run.wait("c").kind is WaitKind.INCIDENT
    run.set(arendeId="A").retry("c")
    assert run.wait("c").kind is WaitKind.MESSAGE


def test_a_message_name_may_be_feel(run: Driver) -> None:
    run.start(
        message("m", '="Svar-" + id', "=id"),
        process("p", start("s"), catch("c", message_def("m")), flows("s->c")),
        variables={"id": "7"},
    )
    assert run.wait("c").detail.name == "Svar-7"


def host(*, cancel: bool) -> tuple[str, str]:
    return M, process(
        "p",
        start("s"),
        user("u"),
        boundary("b", "u", message_def("m"), cancel=cancel),
        user("v"),
        flows("s->u", "b->v"),
    )


def test_a_non_interrupting_message_boundary_fires_any_number_of_times(run: Driver) -> None:
    run.start(*host(cancel=False), variables={"arendeId": "A"})
    for n in range(3):
        run.deliver("b", {"n": n})
    assert run.waiting == ["b", "u", "v", "v", "v"]
    assert run.variables["n"] == 2
    run.complete("u")
    assert run.waiting == ["v", "v", "v"]


def test_an_interrupting_message_boundary_fires_once(run: Driver) -> None:
    run.start(*host(cancel=True), variables={"arendeId": "A"})
    wait = run.wait("b")
    run.deliver("b")
    assert run.waiting == ["v"]
    with pytest.raises(NotFound):
        run.execution.deliver(wait.id, {})


def test_a_message_start_brings_its_payload(run: Driver) -> None:
    run.start(
        M,
        process("p", start("s", message_def("m"), outputs={"id": "=arendeId"}), user("u"), flows("s->u")),
        start="s",
        payload={"arendeId": "A", "skräp": 1},
    )
    assert run.waiting == ["u"]
    assert run.variables == {"id": "A"}


def test_starts_are_listed_and_a_process_is_started_by_one_of_them() -> None:
    process_ = model(
        M,
        process("p", start("n"), start("s", message_def("m")), user("u"), user("v"), flows("n->u", "s->v")),
    ).processes["p"]
    assert [(each.element_id, each.kind, each.message_name) for each in process_.starts] == [
        ("n", EventKind.NONE, None),
        ("s", EventKind.MESSAGE, "Svar"),
    ]
    assert Driver(True).start(process=process_).waiting == ["u"]
    assert Driver(True).start(process=process_, start="s").waiting == ["v"]
    with pytest.raises(InvalidInput):
        Driver(True).start(process=process_, start="u")


def test_a_process_with_only_message_starts_does_not_start_by_itself() -> None:
    with pytest.raises(InvalidInput, match="s"):
        Driver(True).start(M, process("p", start("s", message_def("m")), user("u"), flows("s->u")))


@pytest.mark.parametrize("element", ["throw", "end"])
def test_a_throw_publishes_with_the_key_of_the_thrower(run: Driver, element: str) -> None:
    live = zeebe("properties", zeebe("property", name="timeToLive", value="PT1H"))
    thrower = (
        throw("x", message_def("m"), inputs={"a": "=1"}, more=live)
        if element == "throw"
        else end("x", message_def("m"), inputs={"a": "=1"})
    )
    run.start(M, process("p", start("s"), thrower, flows("s->x")), variables={"arendeId": "A", "b": 2})
    assert run.is_done
    lives = timedelta(hours=1) if element == "throw" else None
    assert run.effects == [MessageThrown("Svar", "A", {"a": 1}, lives, "x")]


def test_a_message_end_with_a_task_definition_is_a_job(run: Driver) -> None:
    run.start(
        M,
        process(
            "p", start("s"), throw("x", message_def("m"), more=zeebe("taskDefinition", type="brev")), flows("s->x")
        ),
    )
    assert run.wait("x").kind is WaitKind.JOB
    assert run.complete("x").is_done


def test_signals_are_thrown_and_caught(run: Driver) -> None:
    run.start(
        signal("g", "Larm"),
        process(
            "p",
            start("s"),
            throw("t", signal_def("g")),
            catch("c", signal_def("g")),
            end("e", signal_def("g")),
            flows("s->t->c->e"),
        ),
    )
    assert run.wait("c").detail.name == "Larm"
    run.deliver("c", {"x": 1})
    assert run.is_done
    assert run.effects == [SignalThrown("Larm", {}, "t"), SignalThrown("Larm", {}, "e")]


def test_what_waits_for_something_else_refuses_a_delivery(run: Driver) -> None:
    run.start(process("p", start("s"), user("u"), flows("s->u")))
    before = run.execution.dump()
    with pytest.raises(Conflict):
        run.execution.deliver(run.wait("u").id, {})
    with pytest.raises(NotFound):
        run.execution.deliver("okänt", {})
    assert run.execution.dump() == before
