"""Scopes, errors, escalations, event sub-processes, multi-instance and ends, on a store reopened between commands."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.handlers import BpmnError, HandlerRegistry
from engine.store import instance_rows
from tests.bpmn_builder import (
    TERMINATE,
    boundary,
    bpmn,
    call,
    condition_def,
    end,
    error,
    error_def,
    escalation,
    escalation_def,
    flows,
    message,
    message_def,
    multi,
    parallel,
    process,
    service,
    signal,
    signal_def,
    start,
    subprocess,
    throw,
    timer,
    user,
)
from tests.conformance.reopened import ANNA, Reopened

Store = Callable[..., Reopened]
SHARED = (message("m", "Hej", "=k"), signal("sig", "Alarm"), error("err", "E1"), escalation("esc", "X1"))
KINDS = {
    "message": message_def("m"),
    "signal": signal_def("sig"),
    "timer": timer("PT1H"),
    "condition": condition_def("svar = 1"),
    "error": error_def("err"),
    "escalation": escalation_def("esc"),
}


def handler(kind: str, interrupting: bool) -> str:
    """An event sub-process with a task in it."""
    begin = start("hs", KINDS[kind], interrupting=None if interrupting else False)
    return subprocess("h", begin, user("mend"), end("he"), flows("hs->mend->he"), event=True)


def trigger(run: Reopened, kind: str, instance: str) -> None:
    """Let happen what the handler waits for."""
    if kind == "message":
        run.correlate("Hej", "1")
    elif kind == "signal":
        run.signal("Alarm")
    elif kind == "timer":
        run.pass_time(timedelta(hours=1))
    elif kind == "condition":
        run.complete("look", instance, svar=1)
    else:
        run.complete("raise", instance)


def nested(kind: str, interrupting: bool, depth: int) -> bytes:
    """A scope `depth` sub-processes deep, with a handler in it and work beside what triggers it."""
    stop = end("bad", KINDS[kind]) if kind in ("error", "escalation") else end("bad")
    inside = [
        start("is"),
        parallel("split"),
        user("work"),
        user("raise"),
        stop,
        user("look"),
        end("we"),
        end("le"),
        handler(kind, interrupting),
        flows("is->split->work->we", "split->raise->bad", "split->look->le"),
    ]
    for level in range(depth):
        inner = subprocess(f"sp{level}", *inside)
        begin, finish = f"s{level}", f"e{level}"
        inside = [start(begin), inner, end(finish), flows(f"{begin}->sp{level}->{finish}")]
    return bpmn(*SHARED, process("p", *inside))


@pytest.mark.parametrize("depth", [0, 2])
@pytest.mark.parametrize(
    ("kind", "interrupting"),
    [each for each in itertools.product(KINDS, (True, False)) if each != ("error", False)],
)
def test_an_event_sub_process_of_every_kind_starts_wherever_it_is_nested(
    store: Store, kind: str, interrupting: bool, depth: int
) -> None:
    run = store(nested(kind, interrupting, depth))
    instance, other = run.start("p", {"k": "1", "svar": 0}), run.start("p", {"k": "2", "svar": 0})

    trigger(run, kind, instance)

    beside = {"work", "look", "raise"} - {"condition": {"look"}, "error": {"raise"}, "escalation": {"raise"}}.get(
        kind, set()
    )
    assert run.tasks(instance) == sorted(["mend", *(() if interrupting else beside)])
    if kind not in ("signal", "timer"):
        assert run.tasks(other) == ["look", "raise", "work"]
    for element in run.tasks(instance):
        if element != "raise":
            run.complete(element, instance)
    if not interrupting and "raise" in beside:
        run.complete("raise", instance)
    assert run.state(instance) == "completed"


@pytest.mark.parametrize("order", list(itertools.permutations(["a", "raise", "b"])))
def test_an_error_in_a_sub_process_goes_to_its_border_whatever_came_before(
    store: Store, order: tuple[str, ...]
) -> None:
    source = bpmn(
        *SHARED,
        process(
            "p",
            start("s"),
            subprocess(
                "sp",
                start("is"),
                parallel("split"),
                user("a"),
                user("raise"),
                user("b"),
                end("bad", error_def("err")),
                end("ae"),
                end("be"),
                flows("is->split->a->ae", "split->raise->bad", "split->b->be"),
            ),
            boundary("caught", "sp", error_def("err")),
            user("mend"),
            end("e"),
            end("me"),
            flows("s->sp->e", "caught->mend->me"),
        ),
    )
    run = store(source)
    instance = run.start("p", {"k": "1"})

    for element in order[: order.index("raise") + 1]:
        run.complete(element, instance)

    assert run.tasks(instance) == ["mend"]
    run.complete("mend", instance)
    assert run.state(instance) == "completed"
    assert "e" not in run.done(instance)


@pytest.mark.parametrize(("code", "came_to"), [("E1", "known"), ("E2", "any")])
def test_a_jobs_error_goes_to_the_boundary_of_its_code_else_to_the_one_for_all(
    store: Store, code: str, came_to: str
) -> None:
    handlers = HandlerRegistry()

    @handlers.job("work")
    def work(_job: object) -> None:
        raise BpmnError(code, "no", {"varfor": code})

    source = bpmn(
        *SHARED,
        process(
            "p",
            start("s"),
            service("j"),
            boundary("b1", "j", error_def("err")),
            boundary("b2", "j", error_def()),
            user("known"),
            user("any"),
            end("e"),
            end("e1"),
            end("e2"),
            flows("s->j->e", "b1->known->e1", "b2->any->e2"),
        ),
    )
    run = store(source, handlers=handlers)
    instance = run.start("p")

    assert run.tasks(instance) == [came_to]
    assert run.variables(instance)["varfor"] == code


@pytest.mark.parametrize("order", [("work", "again"), ("again", "work")])
def test_an_escalation_of_a_called_process_lets_it_go_on(store: Store, order: tuple[str, str]) -> None:
    called = bpmn(
        *SHARED,
        process(
            "called", start("s"), throw("up", escalation_def("esc")), user("work"), end("e"), flows("s->up->work->e")
        ),
    )
    caller = bpmn(
        *SHARED,
        process(
            "caller",
            start("s"),
            call("c", "called"),
            boundary("told", "c", escalation_def("esc"), cancel=False),
            user("again"),
            end("e"),
            end("te"),
            flows("s->c->e", "told->again->te"),
        ),
    )
    run = store(called, caller)
    instance = run.start("caller")
    assert run.tasks() == ["again", "work"]

    for element in order:
        assert run.state(instance) == "active"
        run.complete(element)

    assert run.state(instance) == "completed"


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("order", [("stop",), ("a", "stop")])
def test_terminate_ends_its_own_scope_and_no_other(store: Store, inside: bool, order: tuple[str, ...]) -> None:
    body = [
        start("is"),
        parallel("split"),
        user("a"),
        user("stop"),
        end("ae"),
        end("t", TERMINATE),
        flows("is->split->a->ae", "split->stop->t"),
    ]
    parts = [start("s"), subprocess("sp", *body), user("b"), end("e"), flows("s->sp->b->e")] if inside else body
    run = store(bpmn(process("p", *parts)))
    instance, other = run.start("p"), run.start("p")

    for element in order:
        run.complete(element, instance)

    assert run.state(other) == "active"
    if inside:
        assert run.tasks(instance) == ["b"]
    else:
        assert (run.state(instance), run.tasks(instance)) == ("completed", [])


@pytest.mark.parametrize("sequential", [True, False])
def test_a_completion_condition_stops_a_multi_instance_early(store: Store, sequential: bool) -> None:
    loop = multi(
        "personer",
        "person",
        "svar",
        "={vem: person, ja: ja}",
        sequential=sequential,
        until="count(svar[ja = true]) = 2",
    )
    source = bpmn(process("p", start("s"), user("fraga", loop), user("b"), end("e"), flows("s->fraga->b->e")))
    run = store(source)
    instance = run.start("p", {"personer": ["A", "B", "C", "D"]})
    assert len(run.tasks(instance)) == (1 if sequential else 4)

    for answer in (True, False, True):
        run.complete("fraga", instance, ja=answer)

    assert run.tasks(instance) == ["b"]
    answers = run.variables(instance)["svar"]
    assert len([each for each in answers if each and each["ja"] is True]) == 2


def test_a_loop_of_many_turns_loses_nothing_and_its_snapshot_does_not_grow(store: Store) -> None:
    source = bpmn(
        process(
            "p",
            start("s"),
            user("a"),
            boundary("late", "a", timer("P1D")),
            '<bpmn:exclusiveGateway id="g" default="out"/>',
            end("e"),
            end("le"),
            flows("s->a->g", "g->a : varv < 300", "late->le"),
            '<bpmn:sequenceFlow id="out" sourceRef="g" targetRef="e"/>',
        )
    )
    run = store(source)
    instance = run.start("p", {"varv": 0})
    sizes = []
    with run.open() as engine:
        for turn in range(1, 301):
            (item,) = engine.queries.open_items(instance_id=instance)
            engine.complete(item.id, {"varv": turn}, actor=ANNA)
            with engine.database.reading() as reader:
                row = instance_rows.read(reader, instance)
                assert row is not None
                sizes.append(len(row.snapshot))

    assert run.state(instance) == "completed"
    assert run.done(instance).count("a") == 300
    assert max(sizes[10:-1]) - min(sizes[10:-1]) < 20
