"""Call activities in several versions, jobs with their outcomes, and incidents with every way out of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.errors import Conflict
from engine.handlers import HandlerRegistry, JobContext
from tests.bpmn_builder import (
    boundary,
    bpmn,
    call,
    end,
    error,
    error_def,
    exclusive,
    flows,
    process,
    script,
    service,
    start,
    timer,
    user,
)
from tests.conformance.reopened import ANNA, Reopened

Store = Callable[..., Reopened]


def version(number: int, tag: str) -> bytes:
    """The called process, saying which version it is."""
    tagged = f'<bpmn:extensionElements><zeebe:versionTag value="{tag}"/></bpmn:extensionElements>'
    return bpmn(
        process("called", tagged, start("s"), script("say", str(number), "version"), end("e"), flows("s->say->e"))
    )


CALLER = bpmn(
    process(
        "caller",
        start("s"),
        user("before"),
        call("a", "called", bindingType="latest", outputs={"latest": "=version"}),
        call("b", "called", bindingType="deployment", outputs={"deployment": "=version"}),
        call("c", "called", bindingType="versionTag", versionTag="one", outputs={"tagged": "=version"}),
        end("e"),
        flows("s->before->a->b->c->e"),
    )
)


def test_bindings_choose_among_three_versions(store: Store) -> None:
    run = store(version(1, "one"), CALLER)
    first = run.start("caller")
    run.publish(version(2, "two"), CALLER)
    second = run.start("caller")
    run.publish(version(3, "three"), CALLER)

    for instance in (second, first):
        run.complete("before", instance)

    told = [
        {name: run.variables(each)[name] for name in ("latest", "deployment", "tagged")} for each in (first, second)
    ]
    assert told == [
        {"latest": 3, "deployment": 1, "tagged": 1},
        {"latest": 3, "deployment": 2, "tagged": 1},
    ]


def test_a_called_process_sees_and_returns_what_the_diagram_says(store: Store) -> None:
    called = bpmn(
        process("called", start("s"), script("t", "get or else(hemlig, 0) + x", "svar"), end("e"), flows("s->t->e"))
    )
    caller = bpmn(
        process(
            "caller",
            start("s"),
            call("c", "called", propagateAllParentVariables="false", inputs={"x": "=tal"}, outputs={"ut": "=svar"}),
            end("e"),
            flows("s->c->e"),
        )
    )
    run = store(called, caller)

    instance = run.start("caller", {"tal": 4, "hemlig": 100})

    assert run.variables(instance) == {"tal": 4, "hemlig": 100, "ut": 4}


@pytest.mark.parametrize("first", ["timer", "task"])
def test_a_timer_on_a_call_and_the_called_process_race_in_both_orders(store: Store, first: str) -> None:
    called = bpmn(process("called", start("s"), user("u"), end("e"), flows("s->u->e")))
    caller = bpmn(
        process(
            "caller",
            start("s"),
            call("c", "called"),
            boundary("late", "c", timer("P1D")),
            user("chase"),
            end("e"),
            end("f"),
            flows("s->c->e", "late->chase->f"),
        )
    )
    run = store(called, caller)
    instance = run.start("caller")

    if first == "task":
        run.complete("u")
    run.pass_time(timedelta(days=1))

    assert run.tasks() == ([] if first == "task" else ["chase"])
    assert run.state(instance) == ("completed" if first == "task" else "active")
    assert run.ask(lambda engine: engine.queries.timers()).items == ()


JOB = bpmn(
    error("err", "STOPP"),
    process(
        "p",
        start("s"),
        service("j", type_="extern", retries="2", inputs={"indata": "=x"}),
        boundary("caught", "j", error_def("err")),
        user("mend"),
        end("e"),
        end("f"),
        flows("s->j->e", "caught->mend->f"),
    ),
)


def test_a_leased_job_is_given_back_when_its_lease_ends_and_keeps_its_id(store: Store) -> None:
    run = store(JOB)
    instance = run.start("p", {"x": 5})
    job = run.lock("extern", lease=timedelta(minutes=5))
    assert job.variables["indata"] == 5
    assert run.ask(lambda engine: engine.lock_jobs("extern", "another")) == []

    until = run.do(lambda engine: engine.extend_job(job.id, "worker", lease=timedelta(minutes=10)))
    run.pass_time(timedelta(minutes=9))
    assert (until, run.ask(lambda engine: engine.lock_jobs("extern", "another"))) == (
        run.clock.now() + timedelta(minutes=1),
        [],
    )
    run.pass_time(timedelta(minutes=2))
    with pytest.raises(Conflict):
        run.do(lambda engine: engine.complete_job(job.id, "worker"))

    again = run.lock("extern")
    assert (again.id, again.retries) == (job.id, 2)
    run.do(lambda engine: engine.complete_job(again.id, "worker", {"ut": 1}))
    assert (run.state(instance), run.variables(instance)) == ("completed", {"x": 5, "ut": 1})


def test_a_failed_job_is_tried_after_its_back_off_and_dies_into_an_incident_that_revives_it(store: Store) -> None:
    run = store(JOB)
    instance = run.start("p", {"x": 5})
    for left in (1, 0):
        job = run.lock("extern")
        run.do(lambda engine, job=job: engine.fail_job(job.id, "worker", "nere", backoff=timedelta(minutes=1)))
        assert run.ask(lambda engine: engine.lock_jobs("extern", "another")) == []
        assert len(run.incidents()) == (0 if left else 1)
        run.pass_time(timedelta(minutes=1))

    (incident,) = run.incidents()
    assert (incident.element_id, incident.code, "nere" in incident.message) == ("j", "JOB_FAILED", True)
    run.do(lambda engine: engine.retry(incident.id, variables={"x": 6}, actor=ANNA))

    job = run.lock("extern")
    run.do(lambda engine: engine.complete_job(job.id, "worker"))
    assert (run.state(instance), run.incidents()) == ("completed", ())


@pytest.mark.parametrize(("code", "tasks", "incidents"), [("STOPP", ["mend"], 0), ("ANNAT", [], 1)])
def test_a_worker_throws_an_error_into_the_diagram(store: Store, code: str, tasks: list[str], incidents: int) -> None:
    run = store(JOB)
    run.start("p", {"x": 5})
    job = run.lock("extern")

    run.do(lambda engine: engine.throw_error(job.id, "worker", code, "aj", {"varfor": "aj"}))

    assert (run.tasks(), len(run.incidents())) == (tasks, incidents)


def test_a_failing_handler_is_tried_with_growing_pauses_and_the_same_job_id(store: Store) -> None:
    handlers, tried = HandlerRegistry(), []

    @handlers.job("work")
    def work(job: JobContext) -> dict[str, object]:
        tried.append((job.job_id, job.now))
        if len(tried) < 3:
            raise RuntimeError("nere")
        return {"klar": True}

    source = bpmn(process("p", start("s"), service("j", retries="3"), end("e"), flows("s->j->e")))
    run = store(source, handlers=handlers)
    instance = run.start("p")
    for _ in range(60):
        run.pass_time(timedelta(seconds=5))

    assert run.variables(instance) == {"klar": True}
    (first, *_), moments = zip(*tried, strict=True)
    assert {number for number, _ in tried} == {first}
    assert moments[2] - moments[1] > moments[1] - moments[0] > timedelta(seconds=5)


BROKEN = bpmn(
    process(
        "p",
        start("s"),
        exclusive("g", default="g->b"),
        user("a"),
        user("b"),
        end("e"),
        end("f"),
        flows("s->g", "g->a : tal > 10", "g->b", "a->e", "b->f"),
    )
)


@pytest.mark.parametrize(
    ("offer", "tasks", "state"),
    [
        ("retry", [], "active"),
        ("variables", ["a"], "active"),
        ("set and retry", ["b"], "active"),
        ("move", ["b"], "active"),
        ("cancel", [], "cancelled"),
    ],
)
def test_an_incident_offers_every_way_out(store: Store, offer: str, tasks: list[str], state: str) -> None:
    run = store(BROKEN)
    instance = run.start("p")
    (incident,) = run.incidents()
    assert (incident.element_id, incident.instance_id) == ("g", instance)
    wait = incident.wait_id
    assert wait is not None

    if offer == "retry":
        run.do(lambda engine: engine.retry(incident.id, actor=ANNA))
    elif offer == "variables":
        run.do(lambda engine: engine.retry(incident.id, variables={"tal": 11}, actor=ANNA))
    elif offer == "set and retry":
        run.do(lambda engine: engine.set_variables(instance, {"tal": 1}, actor=ANNA))
        run.do(lambda engine: engine.retry(incident.id, actor=ANNA))
    elif offer == "move":
        run.do(lambda engine: engine.move_token(instance, wait, "b", actor=ANNA))
    else:
        run.do(lambda engine: engine.cancel(instance, actor=ANNA))

    assert (run.tasks(), run.state(instance)) == (tasks, state)
    assert len(run.incidents()) == (1 if offer == "retry" else 0)
    with pytest.raises(Conflict):
        run.do(lambda engine: engine.retry(incident.id, actor=ANNA))
