"""Splits and joins: what is stuck is told, and what is right is never refused."""

from __future__ import annotations

import pytest

from engine.bpmn.check import check_one
from tests.unit.check.corpus import KNOWN
from tests.unit.check.diagrams import (
    boundary,
    catch,
    diagram,
    e,
    end,
    event_sub,
    flow,
    flows,
    gateway,
    link,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)

JUDGED = {"DEADLOCK", "DEADLOCK_POSSIBLE", "RUNS_TWICE"}


def judged(source: bytes) -> set[tuple[str, str | None]]:
    return {(one.code, one.element) for one in check_one(source, KNOWN) if one.code in JUDGED}


def xor(identity: str, default: str, *conditions: str) -> str:
    """An exclusive gateway with a default flow and one conditioned flow for each `target:condition`."""
    out = "".join(flow(identity, *one.split(":", 1)) for one in conditions)
    return gateway("exclusive", identity, default=f"{identity}_{default}") + flow(identity, default) + out


RIGHT = {
    "parallel": diagram(
        start(), gateway("parallel", "x"), user("a"), user("b"), gateway("parallel", "j"), end(),
        flows("s x a j end", "x b j")),
    "choice inside a parallel branch": diagram(
        start(), gateway("parallel", "x"), xor("c", "a", "b:=k = 1"), user("a"), user("b"), gateway("exclusive", "m"),
        user("d"), gateway("parallel", "j"), end(), flows("s x c", "a m", "b m j end", "x d j")),
    "loop inside a parallel branch": diagram(
        start(), gateway("parallel", "x"), gateway("exclusive", "m"), user("a"), xor("c", "j", "m:=k = 1"), user("b"),
        gateway("parallel", "j"), end(), flows("s x m a c", "x b j end")),
    "inclusive split and join": diagram(
        start(), gateway("inclusive", "x", default="x_c"), user("a"), user("b"), user("c"), gateway("inclusive", "j"),
        end(), flow("x", "a", "=k = 1"), flow("x", "b", "=k = 2"), flows("s x c j", "a j end", "b j")),
    "inclusive join after a parallel split with a branch that ends": diagram(
        start(), gateway("parallel", "x"), user("a"), xor("c", "j", "e2:=k = 1"), end("e2"), gateway("inclusive", "j"),
        end(), flows("s x a j end", "x c")),
    "escalating timer beside a task in a parallel branch": diagram(
        start(), gateway("parallel", "x"), user("a"), boundary("t", "a", timer(), cancelActivity="false"),
        service("warn"), end("e2"), user("b"), gateway("parallel", "j"), end(),
        flows("s x a j end", "x b j", "t warn e2")),
    "interrupting timer whose path goes back to the join": diagram(
        start(), gateway("parallel", "x"), user("a"), boundary("t", "a", timer()), gateway("exclusive", "m"), user("b"),
        gateway("parallel", "j"), end(), flows("s x a m j end", "x b j", "t m")),
    "parallel branches that each end": diagram(
        start(), gateway("parallel", "x"), user("a"), user("b"), end(), end("e2"), flows("s x a end", "x b e2")),
    "parallel branches that meet in one end event": diagram(
        start(), gateway("parallel", "x"), user("a"), user("b"), end(), flows("s x a end", "x b end")),
    "terminate while the other branch waits": diagram(
        start(), gateway("parallel", "x"), user("a"), xor("c", "j", "t:=k = 1"),
        end("t", "<bpmn:terminateEventDefinition/>"), gateway("parallel", "j"), end(), flows("s x a j end", "x c")),
    "race of two events": diagram(
        start(), gateway("eventBased", "g"), catch("c1", timer()), catch("c2", timer()), gateway("exclusive", "m"),
        end(), flows("s g c1 m end", "g c2 m")),
    "implicit parallel split of a task": diagram(
        start(), user("t"), user("a"), user("b"), gateway("parallel", "j"), end(), flows("s t a j end", "t b j")),
    "links between the branches": diagram(
        start(), gateway("parallel", "x"), throw("l1", link("L")), catch("l2", link("L")), user("b"),
        gateway("parallel", "j"), end(), flows("s x l1", "l2 j end", "x b j")),
    "nested parallels with a shared join": diagram(
        start(), gateway("parallel", "x"), gateway("parallel", "y"), user("a"), user("b"), user("c"),
        gateway("parallel", "j"), end(), flows("s x y a j end", "y b j", "x c j")),
    "overlapping parallels": diagram(
        start(), gateway("parallel", "x"), gateway("parallel", "y"), gateway("parallel", "i"), gateway("parallel", "j"),
        user("a"), user("b"), end(), flows("s x a i j end", "x y i", "y b j")),
    "choice before the split, joined after the join": diagram(
        start(), xor("c", "x", "a:=k = 1"), gateway("parallel", "x"), user("a"), user("b1"), user("b2"),
        gateway("parallel", "j"), gateway("exclusive", "m"), end(), flows("s c", "a m", "x b1 j m end", "x b2 j")),
    "two starts that share the rest": diagram(
        start("s", timer("<bpmn:timeDate>2027-01-01</bpmn:timeDate>")), start("s2"), gateway("exclusive", "m"),
        gateway("parallel", "x"), user("a"), user("b"), gateway("parallel", "j"), end(),
        flows("s m x a j end", "s2 m", "x b j")),
    "sub-process without start whose steps meet": diagram(
        start(), sub("sp", user("a"), user("b"), gateway("parallel", "j"), end("ie"), flows("a j ie", "b j")), end(),
        flows("s sp end")),
    "error out of a sub-process inside a parallel branch": diagram(
        start(), gateway("parallel", "x"),
        sub("sp", start("is"), end("ie", '<bpmn:errorEventDefinition errorRef="err"/>'), flows("is ie")),
        boundary("b", "sp", '<bpmn:errorEventDefinition errorRef="err"/>'), gateway("exclusive", "m"), user("a"),
        gateway("parallel", "j"), end(), flows("s x sp m j end", "b m", "x a j"),
        root='<bpmn:error id="err" errorCode="E"/>'),
    "twelve parallel branches": diagram(
        start(), gateway("parallel", "x"), gateway("parallel", "j"), end(), flows("s x", "j end"),
        *(user(f"a{i}") + flows(f"x a{i} j") for i in range(12))),
}  # fmt: skip

WRONG = {
    "parallel join after an exclusive split": (diagram(
        start(), xor("x", "a", "b:=k = 1"), user("a"), user("b"), gateway("parallel", "j"), end(),
        flows("s x", "a j end", "b j")), {("DEADLOCK", "j")}),
    "parallel join after an event-based split": (diagram(
        start(), gateway("eventBased", "g"), catch("c1", timer()), catch("c2", timer()), gateway("parallel", "j"),
        end(), flows("s g c1 j end", "g c2 j")), {("DEADLOCK", "j")}),
    "parallel join after an inclusive split": (diagram(
        start(), gateway("inclusive", "x"), user("a"), user("b"), gateway("parallel", "j"), end(),
        flow("x", "a", "=k = 1"), flow("x", "b", "=k = 2"), flows("s x", "a j end", "b j")), {("DEADLOCK", "j")}),
    "a branch that may leave before the join": (diagram(
        start(), gateway("parallel", "x"), user("a"), xor("c", "j", "e2:=k = 1"), end("e2"), gateway("parallel", "j"),
        end(), flows("s x a j end", "x c")), {("DEADLOCK", "j")}),
    "a timer that takes a branch away from the join": (diagram(
        start(), gateway("parallel", "x"), user("a"), boundary("t", "a", timer()), end("e2"), user("b"),
        gateway("parallel", "j"), end(), flows("s x a j end", "x b j", "t e2")), {("DEADLOCK", "j")}),
    "a join that only one flow can reach in a loop": (diagram(
        start(), gateway("parallel", "j"), user("a"), xor("c", "end", "j:=k = 1"), end(), flows("s j a c")),
        {("DEADLOCK", "j")}),
    "exclusive merge after a parallel split": (diagram(
        start(), gateway("parallel", "x"), user("a"), user("b"), gateway("exclusive", "m"), user("c"), end(),
        flows("s x a m c end", "x b m")), {("RUNS_TWICE", "m")}),
    "a task that two parallel branches enter": (diagram(
        start(), gateway("parallel", "x"), user("a"), user("b"), user("c"), end(), flows("s x a c end", "x b c")),
        {("RUNS_TWICE", "c")}),
    "choices over the same variable that may or may not agree": (diagram(
        start(), gateway("parallel", "x"), xor("c", "j", "e2:=k = 1"), xor("d", "j", "e3:=k = 1"), end("e2"),
        end("e3"), gateway("parallel", "j"), end(), flows("s x c", "x d", "j end")), {("DEADLOCK_POSSIBLE", "j")}),
    "choices over different variables": (diagram(
        start(), gateway("parallel", "x"), xor("c", "j", "e2:=k = 1"), xor("d", "j", "e3:=l = 1"), end("e2"),
        end("e3"), gateway("parallel", "j"), end(), flows("s x c", "x d", "j end")), {("DEADLOCK", "j")}),
    "inside a sub-process": (diagram(
        start(), sub("sp", start("is"), xor("x", "a", "b:=k = 1"), user("a"), user("b"), gateway("parallel", "j"),
                     end("ie"), flows("is x", "a j ie", "b j")), end(), flows("s sp end")), {("DEADLOCK", "j")}),
    "inside an event sub-process": (diagram(
        start(), user("u"), end(), flows("s u end"),
        event_sub("es", start("es_s", timer()), xor("x", "a", "b:=k = 1"), user("a"), user("b"),
                  gateway("parallel", "j"), end("ie"), flows("es_s x", "a j ie", "b j"))), {("DEADLOCK", "j")}),
    "what a timeout around it can rescue": (diagram(
        start(), sub("sp", start("is"), xor("x", "a", "b:=k = 1"), user("a"), user("b"), gateway("parallel", "j"),
                     end("ie"), flows("is x", "a j ie", "b j")), boundary("t", "sp", timer()), end(), end("e2"),
        flows("s sp end", "t e2")), {("DEADLOCK_POSSIBLE", "j")}),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_diagram_is_not_refused(name: str) -> None:
    assert judged(RIGHT[name]) == set()


@pytest.mark.parametrize("name", WRONG)
def test_splits_and_joins_that_cannot_match_are_told_at_the_join(name: str) -> None:
    source, expected = WRONG[name]

    assert judged(source) == expected


def test_a_join_that_waits_in_vain_says_what_to_draw() -> None:
    source, _ = WRONG["parallel join after an exclusive split"]

    finding = next(one for one in check_one(source, KNOWN) if one.code == "DEADLOCK")

    assert "gateway" in finding.remedy_en
    assert finding.name == "j?"


def test_an_automatic_task_counts_as_any_other_step() -> None:
    source = diagram(
        start(), gateway("parallel", "x"), e("manualTask", "a"), e("task", "b"), gateway("parallel", "j"), end(),
        flows("s x a j end", "x b j"))  # fmt: skip

    assert judged(source) == set()
