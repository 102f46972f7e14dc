"""Events that wait for a condition: as soon as variables change, once for each time it becomes true."""

from engine.bpmn import WaitKind
from tests.bpmn_builder import (
    boundary,
    catch,
    condition_def,
    end,
    event_gateway,
    flows,
    parallel,
    process,
    script,
    start,
    timer,
    user,
)
from tests.bpmn_driver import Driver


def test_a_catch_waits_until_its_condition_holds(run: Driver) -> None:
    run.start(process("p", start("s"), catch("c", condition_def("x > 5")), end("e"), flows("s->c->e")))
    assert run.wait("c").kind is WaitKind.CONDITION
    run.set(x=5)
    assert run.waiting == ["c"]
    run.set(x=6)
    assert run.is_done


def test_a_condition_that_holds_already_does_not_wait(run: Driver) -> None:
    run.start(
        process("p", start("s"), catch("c", condition_def("x > 5")), end("e"), flows("s->c->e")), variables={"x": 9}
    )
    assert run.is_done


def test_a_result_of_another_branch_makes_it_true(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            catch("c", condition_def("x = 1")),
            user("a"),
            user("b"),
            flows("s->f->c->b", "f->a"),
        )
    )
    run.complete("a", {"x": 1})
    assert run.waiting == ["b"]


def test_a_non_interrupting_boundary_fires_each_time_it_becomes_true(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            user("u"),
            boundary("b", "u", condition_def("x > 5"), cancel=False),
            user("v"),
            flows("s->u", "b->v"),
        )
    )
    run.set(x=6).set(x=7).set(x=1).set(x=8)
    assert run.waiting == ["b", "u", "v", "v"]


def test_an_interrupting_boundary_takes_the_activity_away(run: Driver) -> None:
    run.start(
        process(
            "p", start("s"), user("u"), boundary("b", "u", condition_def("x > 5")), user("v"), flows("s->u", "b->v")
        )
    )
    run.set(x=6)
    assert run.waiting == ["v"]


def test_a_condition_among_the_first_of_several_events(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            event_gateway("g"),
            catch("c", condition_def("x > 5")),
            catch("t", timer("P1D")),
            user("a"),
            user("b"),
            flows("s->g->c->a", "g->t->b"),
        )
    )
    run.set(x=6)
    assert run.waiting == ["a"]


def test_a_condition_that_cannot_be_evaluated_is_an_incident_that_waits_again_after_retry(run: Driver) -> None:
    run.start(process("p", start("s"), catch("c", condition_def("x > 5")), end("e"), flows("s->c->e")))
    run.set(x="sex")
    assert run.wait("c").kind is WaitKind.INCIDENT
    run.set(x=1).retry("c")
    assert run.wait("c").kind is WaitKind.CONDITION
    run.set(x=6)
    assert run.is_done


def test_time_passing_is_looked_at_on_request(run: Driver) -> None:
    run.start(
        process("p", start("s"), catch("c", condition_def('today() >= date("2026-02-05")')), end("e"), flows("s->c->e"))
    )
    run.do(lambda execution: execution.check_conditions())
    assert run.waiting == ["c"]
    run.pass_time(days=5).do(lambda execution: execution.check_conditions())
    assert run.is_done


def test_a_script_may_set_off_a_condition_and_go_on(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            user("u"),
            boundary("b", "u", condition_def("n >= 1"), cancel=False),
            user("v"),
            user("x"),
            script("a", "1", "n"),
            flows("s->f->u", "f->x->a", "b->v"),
        )
    )
    run.complete("x")
    assert run.waiting == ["b", "u", "v"]
