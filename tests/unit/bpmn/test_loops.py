"""Multi-instance, parallel and sequential, and the standard loop."""

import itertools

import pytest

from engine.bpmn import TransitionKind, WaitKind
from tests.bpmn_builder import (
    boundary,
    call,
    end,
    error,
    error_def,
    flows,
    multi,
    process,
    script,
    service,
    start,
    subprocess,
    tag,
    timer,
    user,
)
from tests.bpmn_driver import Driver


def each(kind: str, loop: str) -> str:
    made = {
        "user": user("a", loop, outputs=None),
        "service": service("a", loop, inputs={"dubbel": "=item * 2"}),
        "call": call("a", "q", loop, propagateAllChildVariables=False, outputs={"r": "=r"}),
    }[kind]
    return process("p", start("s"), made, user("after"), flows("s->a->after"))


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])))
@pytest.mark.parametrize("kind", ["user", "service", "call"])
def test_parallel_instances_complete_in_any_order_and_outputs_keep_theirs(
    run: Driver, kind: str, order: tuple[int, ...]
) -> None:
    run.start(each(kind, multi("lista", "item", "svar", "=r")), variables={"lista": [1, 2, 3]})
    waits = run.waits("a")
    assert len(waits) == 3
    for index in order:
        run.do(lambda execution, index=index: execution.complete(waits[index].id, {"r": (index + 1) * 10}))
    assert run.waiting == ["after"]
    assert run.variables == {"lista": [1, 2, 3], "svar": [10, 20, 30]}


def test_each_instance_has_its_item_and_counter(run: Driver) -> None:
    run.start(each("service", multi("lista", "item")), variables={"lista": [5, 6]})
    assert [wait.detail.variables for wait in run.waits("a")] == [
        {"loopCounter": 1, "item": 5, "dubbel": 10},
        {"loopCounter": 2, "item": 6, "dubbel": 12},
    ]


def test_sequential_instances_come_one_after_the_other(run: Driver) -> None:
    run.start(each("user", multi("lista", "item", "svar", "=r", sequential=True)), variables={"lista": ["x", "y"]})
    for n, item in enumerate("xy"):
        [wait] = run.waits("a")
        assert wait.detail.variables["item"] == item
        run.complete("a", {"r": n})
    assert run.variables["svar"] == [0, 1]


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_collection_passes(run: Driver, sequential: bool) -> None:
    run.start(each("user", multi("[]", "item", "svar", "=r", sequential=sequential)))
    assert run.waiting == ["after"]
    assert run.variables == {"svar": []}


@pytest.mark.parametrize("sequential", [True, False])
def test_a_completion_condition_stops_early(run: Driver, sequential: bool) -> None:
    until = "numberOfCompletedInstances = 2 and numberOfInstances = 4"
    run.start(
        each("user", multi("lista", "item", "svar", "=r", sequential=sequential, until=until)),
        variables={"lista": [1, 2, 3, 4]},
    )
    run.complete("a", {"r": 1}).complete("a", {"r": 2})
    assert run.waiting == ["after"]
    assert run.variables["svar"] == [1, 2, None, None]
    assert run.passed(TransitionKind.CANCELLED) == ([] if sequential else ["a", "a"])


def test_a_number_of_times_in_plain_bpmn(run: Driver) -> None:
    loop = tag("multiInstanceLoopCharacteristics", tag("loopCardinality", "n + 1"))
    run.start(process("p", start("s"), user("a", loop), end("e"), flows("s->a->e")), variables={"n": 1})
    run.complete("a").complete("a")
    assert run.is_done


def test_a_sub_process_for_each_item_keeps_its_variables_apart(run: Driver) -> None:
    inner = subprocess(
        "u",
        multi("lista", "item", "svar", "=lokal"),
        start("us"),
        user("a"),
        script("b", "item + x", "lokal"),
        flows("us->a->b"),
        inputs={"x": "=0"},
    )
    run.start(process("p", start("s"), inner, user("after"), flows("s->u->after")), variables={"lista": [1, 2]})
    first, second = run.waits("a")
    run.do(lambda execution: execution.complete(second.id, {"x": 200}))
    run.do(lambda execution: execution.complete(first.id, {"x": 100}))
    assert run.variables == {"lista": [1, 2], "svar": [101, 202]}


def test_a_boundary_belongs_to_all_instances_together(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            user("a", multi("lista")),
            boundary("t", "a", timer("P1D")),
            user("chef"),
            flows("s->a", "t->chef"),
        ),
        variables={"lista": [1, 2, 3]},
    )
    assert run.waiting == ["a", "a", "a", "t"]
    run.complete("a").fire("t")
    assert run.waiting == ["chef"]


def test_an_error_in_one_instance_ends_all(run: Driver) -> None:
    run.start(
        error("e", "E"),
        process(
            "p",
            start("s"),
            service("a", multi("lista")),
            boundary("b", "a", error_def("e")),
            user("chef"),
            flows("s->a", "b->chef"),
        ),
        variables={"lista": [1, 2]},
    )
    run.throw_error("a", "E")
    assert run.waiting == ["chef"]


@pytest.mark.parametrize("collection", ["lista", "5", "null"])
def test_a_collection_that_is_none_is_an_incident_with_retry(run: Driver, collection: str) -> None:
    run.start(each("user", multi(collection, "item")))
    assert run.wait("a").kind is WaitKind.INCIDENT
    if collection == "lista":
        run.set(lista=[1]).retry("a")
        assert run.wait("a").kind is WaitKind.USER_TASK


def test_an_output_that_fails_is_an_incident_of_that_instance_and_counts_once(run: Driver) -> None:
    run.start(
        each("user", multi("lista", "item", "svar", "=1 + y", until="numberOfCompletedInstances = 2")),
        variables={"lista": [1, 2, 3]},
    )
    run.complete("a")
    assert [wait.kind for wait in run.waits("a")] == [WaitKind.INCIDENT, WaitKind.USER_TASK, WaitKind.USER_TASK]
    run.set(y=1).retry("a")
    assert [wait.kind for wait in run.waits("a")] == [WaitKind.USER_TASK, WaitKind.USER_TASK]
    run.complete("a")
    assert run.variables["svar"] == [2, 2, None]


def test_too_many_instances_are_an_incident(run: Driver) -> None:
    run.start(each("user", multi("for i in 1..20000 return i")))
    assert run.incident("a") == "TOO_MANY_INSTANCES"


@pytest.mark.parametrize(
    ("attributes", "condition", "times"),
    [
        ({"testBefore": True}, "n < 3", 3),
        ({"testBefore": True}, "false", 0),
        ({}, "n < 3", 3),
        ({}, "false", 1),
        ({"loopMaximum": 2}, "true", 2),
        ({"loopMaximum": 2}, None, 2),
    ],
)
def test_a_standard_loop_goes_round_while_its_condition_holds(
    run: Driver, attributes: dict[str, object], condition: str | None, times: int
) -> None:
    inner = tag("loopCondition", condition.replace("<", "&lt;")) if condition else ""
    loop = tag("standardLoopCharacteristics", inner, **attributes)
    run.start(process("p", start("s"), user("a", loop), user("after"), flows("s->a->after")), variables={"n": 0})
    done = 0
    while run.waiting == ["a"]:
        assert run.wait("a").detail.variables == {"loopCounter": done + 1}
        done += 1
        run.complete("a", {"n": done})
    assert done == times
    assert run.waiting == ["after"]


def test_a_loop_condition_that_fails_is_an_incident_that_goes_on_where_it_was(run: Driver) -> None:
    loop = tag("standardLoopCharacteristics", tag("loopCondition", "n &lt; 2"))
    run.start(process("p", start("s"), user("a", loop), user("after"), flows("s->a->after")))
    run.complete("a")
    assert run.wait("a").kind is WaitKind.INCIDENT
    run.set(n=1).retry("a")
    assert run.wait("a").detail.variables == {"loopCounter": 2}
    run.complete("a", {"n": 2})
    assert run.waiting == ["after"]


def test_a_collection_in_plain_bpmn(run: Driver) -> None:
    loop = tag(
        "multiInstanceLoopCharacteristics",
        tag("loopDataInputRef", "lista"),
        tag("loopDataOutputRef", "ut"),
        tag("inputDataItem", id="i", name="sak"),
        tag("outputDataItem", id="o", name="svar"),
    )
    run.start(process("p", start("s"), user("a", loop), end("e"), flows("s->a->e")), variables={"lista": ["x", "y"]})
    assert [wait.detail.variables["sak"] for wait in run.waits("a")] == ["x", "y"]
    run.complete("a", {"svar": 1}).complete("a", {"svar": 2})
    assert run.is_done
    assert run.variables == {"lista": ["x", "y"], "ut": [1, 2]}
