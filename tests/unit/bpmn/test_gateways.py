"""Gateways, splits without gateways, missing ends, links, terminate."""

import itertools

import pytest

from engine.bpmn import TransitionKind
from engine.bpmn import run as stepper
from tests.bpmn_builder import (
    TERMINATE,
    catch,
    end,
    event_gateway,
    exclusive,
    flows,
    inclusive,
    link_def,
    message,
    message_def,
    parallel,
    process,
    script,
    start,
    subprocess,
    tag,
    task,
    throw,
    timer,
    user,
)
from tests.bpmn_driver import Driver

CHOICE = process(
    "p",
    start("s"),
    exclusive("g", default="g->c"),
    user("a"),
    user("b"),
    user("c"),
    flows("s->g", "g->a : x > 10", "g->b : =x > 5", "g->c"),
)


@pytest.mark.parametrize(("x", "taken"), [(11, "a"), (6, "b"), (5, "c")])
def test_exclusive_takes_the_first_flow_that_holds(run: Driver, x: int, taken: str) -> None:
    run.start(CHOICE, variables={"x": x})
    assert run.waiting == [taken]


@pytest.mark.parametrize("x", [None, "elva", [12]])
def test_a_condition_that_is_neither_true_nor_false_is_an_incident_never_a_branch(run: Driver, x: object) -> None:
    run.start(CHOICE, variables={"x": x})
    assert run.waiting == ["g"]
    assert run.incident("g") in ("EXPRESSION_FAILED", "CONDITION_NOT_BOOLEAN")
    run.set(x=12).retry("g")
    assert run.waiting == ["a"]


def test_a_missing_variable_compared_with_null_is_an_answer(run: Driver) -> None:
    run.start(
        process("p", start("s"), exclusive("g", "g->b"), user("a"), user("b"), flows("s->g", "g->a : x = null", "g->b"))
    )
    assert run.waiting == ["a"]


def test_no_condition_and_no_default_is_an_incident(run: Driver) -> None:
    run.start(
        process("p", start("s"), exclusive("g"), user("a"), user("b"), flows("s->g", "g->a : x = 1", "g->b : x = 2")),
        variables={"x": 3},
    )
    assert run.incident("g") == "NO_FLOW_TAKEN"
    run.set(x=2).retry("g")
    assert run.waiting == ["b"]


def test_exclusive_merge_passes_each_token(run: Driver) -> None:
    run.start(
        process(
            "p", start("s"), parallel("f"), exclusive("m"), user("a"), flows("s->f->m->a", "f->x->m"), task("task", "x")
        )
    )
    assert run.waiting == ["a", "a"]


@pytest.mark.parametrize("order", list(itertools.permutations(["a", "b", "c"])))
def test_parallel_join_waits_for_every_branch_in_any_order(run: Driver, order: tuple[str, ...]) -> None:
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            *map(user, "abc"),
            parallel("j"),
            user("after"),
            flows("s->f->a->j->after", "f->b->j", "f->c->j"),
        )
    )
    for name in order:
        assert "after" not in run.waiting
        run.complete(name, {name: name})
    assert run.waiting == ["after"]
    assert run.variables == {"a": "a", "b": "b", "c": "c"}


def test_parallel_join_counts_one_token_per_incoming_flow(run: Driver) -> None:
    """Two tokens along the same flow do not stand in for one along each."""
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            exclusive("m"),
            user("a"),
            user("b"),
            user("c"),
            parallel("j"),
            end("e"),
            flows("s->f", "f->a->m", "f->b->m", "m->j", "f->c->j", "j->e"),
        )
    )
    run.complete("a").complete("b")
    assert run.waiting == ["c"]
    run.complete("c")
    # One round of the join is through; the second token along m->j waits for a token that cannot come.
    assert run.passed().count("e") == 1
    assert run.incident("j") == "JOIN_CANNOT_COMPLETE"


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_parallel_join_in_a_loop_joins_each_round(run: Driver, order: tuple[str, str]) -> None:
    run.start(
        process(
            "p",
            start("s"),
            exclusive("m"),
            parallel("f"),
            user("a"),
            user("b"),
            parallel("j"),
            script("n", "n + 1", "n"),
            exclusive("g", "g->e"),
            end("e"),
            flows("s->m->f->a->j->n->g", "f->b->j", "g->m : n < 3", "g->e"),
        ),
        variables={"n": 0},
    )
    for _ in range(3):
        for name in order:
            run.complete(name)
    assert run.is_done
    assert run.variables["n"] == 3


INCLUSIVE = process(
    "p",
    start("s"),
    inclusive("f", default="f->c"),
    *map(user, "abc"),
    inclusive("j"),
    user("after"),
    flows("s->f", "f->a : x > 1", "f->b : x > 2", "f->c", "a->j", "b->j", "c->j", "j->after"),
)


@pytest.mark.parametrize(("x", "taken"), [(0, ["c"]), (2, ["a"]), (3, ["a", "b"])])
def test_inclusive_split_takes_all_that_hold_else_the_default(run: Driver, x: int, taken: list[str]) -> None:
    run.start(INCLUSIVE, variables={"x": x})
    assert run.waiting == taken


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_inclusive_join_waits_for_exactly_the_branches_taken(run: Driver, order: tuple[str, str]) -> None:
    run.start(INCLUSIVE, variables={"x": 3})
    run.complete(order[0])
    assert run.waiting == [order[1]]
    run.complete(order[1])
    assert run.waiting == ["after"]


def test_inclusive_join_does_not_wait_for_what_has_ended_elsewhere(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            user("a"),
            user("b"),
            exclusive("g", "g->e"),
            end("e"),
            inclusive("j"),
            user("after"),
            flows("s->f->a->j->after", "f->b->g", "g->j : ja", "g->e"),
        )
    )
    run.complete("a")
    assert run.waiting == ["b"]
    run.complete("b", {"ja": False})
    assert run.waiting == ["after"]


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_inclusive_join_in_a_loop(run: Driver, order: tuple[str, str]) -> None:
    run.start(
        process(
            "p",
            start("s"),
            exclusive("m"),
            inclusive("f"),
            user("a"),
            user("b"),
            inclusive("j"),
            script("n", "n + 1", "n"),
            exclusive("g", "g->e"),
            end("e"),
            flows("s->m->f", "f->a : true", "f->b : n < 2", "a->j", "b->j", "j->n->g", "g->m : n < 3", "g->e"),
        ),
        variables={"n": 0},
    )
    for _ in range(2):
        for name in order:
            run.complete(name)
    assert run.waiting == ["a"]
    run.complete("a")
    assert run.is_done


EVENTS = (
    message("m", "Svar", "=id"),
    process(
        "p",
        start("s"),
        event_gateway("g"),
        catch("t1", timer("P1D")),
        catch("t2", timer("P2D")),
        catch("svar", message_def("m")),
        task("receiveTask", "r", messageRef="m"),
        user("a"),
        user("b"),
        user("c"),
        user("d"),
        flows("s->g", "g->t1->a", "g->t2->b", "g->svar->c", "g->r->d"),
    ),
)


@pytest.mark.parametrize(("event", "taken"), [("t1", "a"), ("t2", "b"), ("svar", "c"), ("r", "d")])
def test_the_first_event_wins_and_the_others_are_gone(run: Driver, event: str, taken: str) -> None:
    run.start(*EVENTS, variables={"id": "C1"})
    assert run.waiting == ["r", "svar", "t1", "t2"]
    if event in ("t1", "t2"):
        run.fire(event)
    else:
        run.deliver(event, {"x": 1})
        assert run.variables["x"] == 1
    assert run.waiting == [taken]


def test_each_timer_after_an_event_gateway_has_its_own_due_time(run: Driver) -> None:
    run.start(*EVENTS, variables={"id": "C1"})
    assert (run.wait("t2").detail.due - run.wait("t1").detail.due).days == 1


def test_several_outgoing_flows_are_a_parallel_split(run: Driver) -> None:
    run.start(process("p", start("s"), task("task", "x"), user("a"), user("b"), flows("s->x->a", "x->b")))
    assert run.waiting == ["a", "b"]
    run.complete("b").complete("a")
    assert run.is_done


def test_conditional_flows_from_an_activity(run: Driver) -> None:
    diagram = process(
        "p",
        start("s"),
        tag("userTask", id="x", default="x__c"),
        *map(user, "abcd"),
        flows("s->x", "x->a : n > 1", "x->b : n > 2", "x->c"),
    )
    for n, taken in ((0, ["c"]), (2, ["a"]), (3, ["a", "b"])):
        run.start(diagram).complete("x", {"n": n})
        assert run.waiting == taken


def test_a_condition_on_the_only_flow_counts(run: Driver) -> None:
    run.start(process("p", start("s"), user("x"), user("a"), flows("s->x", "x->a : n > 1")))
    run.complete("x", {"n": 1})
    assert run.incident("x") == "NO_FLOW_TAKEN"
    run.set(n=2).retry("x")
    assert run.waiting == ["a"]


def test_an_implicit_end_ends(run: Driver) -> None:
    run.start(process("p", start("s"), user("a"), flows("s->a"))).complete("a")
    assert run.is_done


def test_a_process_without_start_event_begins_where_nothing_leads(run: Driver) -> None:
    run.start(process("p", user("a"), user("b"), user("c"), flows("a->c")))
    assert run.waiting == ["a", "b"]


def test_an_empty_process_is_done_at_once(run: Driver) -> None:
    assert run.start(process("p")).is_done


def test_links_lead_from_throws_to_the_catch(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            throw("l1", link_def("L")),
            throw("l2", link_def("L")),
            catch("k", link_def("L")),
            user("a"),
            flows("s->f->l1", "f->l2", "k->a"),
        )
    )
    assert run.waiting == ["a", "a"]


def test_terminate_ends_the_whole_process(run: Driver) -> None:
    run.start(
        process("p", start("s"), parallel("f"), user("a"), user("b"), end("t", TERMINATE), flows("s->f->a->t", "f->b"))
    )
    run.complete("a")
    assert run.is_done
    assert run.passed(TransitionKind.CANCELLED) == ["b"]


def test_terminate_in_a_sub_process_ends_only_that(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            user("other"),
            subprocess(
                "u",
                start("us"),
                parallel("uf"),
                user("a"),
                user("b"),
                end("t", TERMINATE),
                flows("us->uf->a->t", "uf->b"),
            ),
            user("after"),
            flows("s->f->u->after", "f->other"),
        )
    )
    run.complete("a")
    assert run.waiting == ["after", "other"]


def test_a_loop_without_an_end_becomes_an_incident(run: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepper, "MAX_STEPS", 5_000)
    run.start(process("p", start("s"), exclusive("m"), task("task", "a"), flows("s->m->a->m")))
    [wait] = run.waits()
    assert wait.detail.code == "TOO_MANY_STEPS"


def test_a_loop_that_doubles_its_tokens_with_every_turn_is_stopped_too(
    run: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepper, "MAX_TOKENS", 500)
    run.start(
        process("p", start("s"), exclusive("m"), task("task", "a"), flows("s->m->a->m", "a->b->m"), task("task", "b"))
    )
    assert 0 < len(run.waits()) <= 501
