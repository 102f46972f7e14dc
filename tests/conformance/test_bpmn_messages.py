"""Messages and signals between instances, between processes and within one, on a store reopened between commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import ManualClock
from engine.engine import Engine
from engine.store.states import InstanceState
from tests.bpmn_builder import (
    boundary,
    bpmn,
    catch,
    end,
    event_gateway,
    flows,
    message,
    message_def,
    parallel,
    process,
    signal,
    signal_def,
    start,
    subprocess,
    task,
    throw,
    timer,
    user,
)
from tests.conformance.reopened import MORNING, Reopened

Store = Callable[..., Reopened]
WAITING = bpmn(
    message("m", "Svar", "=arende"),
    process(
        "p",
        start("s"),
        parallel("split"),
        catch("first", message_def("m"), outputs={"fran": "=vem"}),
        user("work"),
        boundary("news", "work", message_def("m2"), cancel=False, outputs={"nyhet": "=vem"}),
        task("receiveTask", "last", messageRef="m3"),
        parallel("join"),
        end("e"),
        end("told"),
        flows("s->split->first->join->last->e", "split->work->join", "news->told"),
    ),
    message("m2", "Nyhet", "=arende"),
    message("m3", "Slut", "=arende"),
)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_message_reaches_only_the_case_with_its_key_over_random_populations(data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.sampled_from(["A", "B", "a", "A ", "1", "01", "é"]), min_size=1, max_size=6))
    with Engine.open("sqlite://", clock=ManualClock(MORNING)) as engine:
        engine.publish({"p.bpmn": WAITING}, author="anna", note="test")
        instances = [(key, engine.start("p", {"arende": key})) for key in keys]
        names = st.sampled_from(["Svar", "Nyhet", "Slut"])
        for _ in range(data.draw(st.integers(1, 10))):
            name, key = data.draw(names), data.draw(st.sampled_from([*keys, "C"]))
            engine.correlate(name, key, {"vem": key}, ttl=data.draw(st.sampled_from([None, timedelta(hours=1)])))
            engine.run_until_idle()

        for key, instance in instances:
            told = engine.queries.variables(instance)
            assert {told.get("fran", key), told.get("nyhet", key)} == {key}
        assert engine.queries.incidents().items == ()
        assert engine.verify() == []


def test_a_kept_message_is_taken_until_it_expires_and_only_once(store: Store) -> None:
    source = bpmn(
        message("m", "Svar", "=k"),
        process("p", start("s"), user("a"), catch("c", message_def("m")), end("e"), flows("s->a->c->e")),
    )
    run = store(source)
    assert run.correlate("Svar", "1", {"n": 1}, message_id="x", ttl=timedelta(hours=2)).buffered
    assert run.correlate("Svar", "1", {"n": 9}, message_id="x", ttl=timedelta(hours=9)).duplicate
    run.pass_time(timedelta(hours=1))
    first, second = run.start("p", {"k": "1"}), run.start("p", {"k": "1"})

    run.complete("a", first)
    run.complete("a", second)

    assert (run.state(first), run.state(second)) == ("completed", "active")
    assert run.variables(first)["n"] == 1
    assert run.correlate("Svar", "1", message_id="x").duplicate
    assert run.state(second) == "active"
    run.correlate("Svar", "1", ttl=timedelta(minutes=5))
    assert run.state(second) == "completed"
    run.correlate("Svar", "2", ttl=timedelta(minutes=5))
    run.pass_time(timedelta(minutes=6))
    third = run.start("p", {"k": "2"})
    run.complete("a", third)
    assert run.state(third) == "active"


@pytest.mark.parametrize("order", [("throw", "wait"), ("wait", "throw")])
def test_throw_and_catch_within_one_instance_meet_in_either_order(store: Store, order: tuple[str, str]) -> None:
    source = bpmn(
        message("m", "Intern", "=k"),
        process(
            "p",
            start("s"),
            parallel("split"),
            user("throw"),
            throw("t", message_def("m"), inputs={"hej": "=k"}),
            user("wait"),
            catch("c", message_def("m")),
            parallel("join"),
            end("e"),
            flows("s->split->throw->t->join->e", "split->wait->c->join"),
        ),
    )
    run = store(source)
    instance, other = run.start("p", {"k": "1"}), run.start("p", {"k": "2"})

    for element in order:
        run.complete(element, instance)

    assert run.state(instance) == "completed"
    assert run.variables(instance)["hej"] == "1"
    assert run.tasks(other) == ["throw", "wait"]


@pytest.mark.parametrize("winner", ["message", "timer", "signal"])
def test_an_event_gateway_is_won_by_whichever_comes_first(store: Store, winner: str) -> None:
    source = bpmn(
        message("m", "Svar", "=k"),
        signal("sig", "Stopp"),
        process(
            "p",
            start("s"),
            event_gateway("g"),
            catch("message", message_def("m")),
            catch("timer", timer("PT1H")),
            catch("signal", signal_def("sig")),
            *(end(f"e{name}") for name in ("message", "timer", "signal")),
            flows("s->g->message->emessage", "g->timer->etimer", "g->signal->esignal"),
        ),
    )
    run = store(source)
    instance = run.start("p", {"k": 7})
    happen = {
        "message": lambda: run.correlate("Svar", "7"),
        "timer": lambda: run.pass_time(timedelta(hours=2)),
        "signal": lambda: run.signal("Stopp"),
    }

    for name in [winner, *(other for other in happen if other != winner)]:
        happen[name]()

    assert run.done(instance) == ["s", "g", winner, f"e{winner}"]
    assert run.ask(lambda engine: engine.queries.subscriptions()) == []
    assert run.ask(lambda engine: engine.queries.timers()).items == ()


def test_a_signal_reaches_every_instance_that_waits_and_nobody_later(store: Store) -> None:
    waiting = bpmn(
        signal("sig", "Alarm"),
        process("p", start("s"), user("a"), catch("c", signal_def("sig")), end("e"), flows("s->a->c->e")),
    )
    throwing = bpmn(
        signal("sig", "Alarm"),
        process("q", start("s"), throw("t", signal_def("sig"), inputs={"var": "=plats"}), end("e"), flows("s->t->e")),
    )
    started = bpmn(
        signal("sig", "Alarm"), process("r", start("s", signal_def("sig")), user("u"), end("e"), flows("s->u->e"))
    )
    run = store(waiting, throwing, started)
    first, second, late = (run.start("p") for _ in range(3))
    run.complete("a", first)
    run.complete("a", second)

    run.start("q", {"plats": "Lund"})
    run.complete("a", late)

    assert [run.state(each) for each in (first, second, late)] == ["completed", "completed", "active"]
    assert run.variables(first)["var"] == "Lund"
    (made,) = run.ask(lambda engine: engine.queries.find_instances(process_id="r")).items
    assert (run.variables(made.id), run.tasks(made.id)) == ({"var": "Lund"}, ["u"])


def test_a_message_to_a_scope_that_has_ended_finds_nobody(store: Store) -> None:
    source = bpmn(
        message("m", "Avbryt", "=k"),
        process(
            "p",
            start("s"),
            subprocess(
                "sp",
                start("is"),
                user("a"),
                end("ie"),
                subprocess(
                    "es", start("ess", message_def("m")), user("x"), end("ese"), flows("ess->x->ese"), event=True
                ),
                flows("is->a->ie"),
            ),
            user("b"),
            end("e"),
            flows("s->sp->b->e"),
        ),
    )
    run = store(source)
    ended, struck = run.start("p", {"k": "1"}), run.start("p", {"k": "2"})

    run.complete("a", ended)
    run.correlate("Avbryt", "1")
    run.correlate("Avbryt", "2")

    assert (run.tasks(ended), run.tasks(struck)) == (["b"], ["x"])
    run.complete("x", struck)
    assert run.tasks(struck) == ["b"]
    assert run.ask(lambda engine: engine.queries.find_instance(struck)).state is InstanceState.ACTIVE
