"""Operations in hard places: what hangs on a moved token goes with it, what is suspended holds still."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Conflict
from engine.handlers import HandlerRegistry
from engine.store.states import InstanceState
from tests.harness import ANNA, BERTIL, bpmn, flows, service_task, user_task

TIMER = "<timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition>"
MESSAGE = (
    '<message id="m" name="klar"><extensionElements><zeebe:subscription correlationKey="=nyckel"/>'
    "</extensionElements></message>"
)
CALLED = bpmn(
    '<startEvent id="s"/>' + user_task("inne") + '<endEvent id="e"/>' + flows("s", "inne", "e"), process_id="barn"
)


def guarded(element: str, beside: str = TIMER) -> str:
    """An element with a boundary event beside it, then the task b."""
    return bpmn(
        f'<startEvent id="s"/>{element}<boundaryEvent id="t" attachedToRef="a">{beside}</boundaryEvent>'
        + user_task("b")
        + '<endEvent id="e"/><endEvent id="e2"/>'
        + flows("s", "a", "b", "e")
        + flows("t", "e2"),
        root=MESSAGE,
    )


CALL = (
    '<callActivity id="a"><extensionElements><zeebe:calledElement processId="barn"/></extensionElements></callActivity>'
)
MANY = user_task("a").replace(
    "</userTask>",
    "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="
    '"=[1, 2, 3]"/></extensionElements></multiInstanceLoopCharacteristics></userTask>',
)
PLACES = {
    "task": guarded(user_task("a")),
    "job": guarded(service_task("a", "okänd")),
    "call": guarded(CALL),
    "many": guarded(MANY),
    "message": guarded(user_task("a"), '<messageEventDefinition messageRef="m"/>'),
}


@pytest.mark.parametrize("place", PLACES)
def test_what_hangs_on_a_moved_token_goes_with_it(begin: Any, place: str) -> None:
    journey = begin(files={"p.bpmn": PLACES[place], "b.bpmn": CALLED})
    journey.start("p", nyckel="A")
    tokens = journey.engine.queries.find_instance(journey.instance_id).tokens
    wait = next(each for each in tokens if each.element_id == "a")
    journey.engine.move_token(journey.instance_id, wait.wait_id, "b", actor=BERTIL, reason="fel väg")
    assert journey.open_tasks() == ["b"]
    journey.advance("P6D")
    assert journey.open_tasks() == ["b"]
    (line,) = [line for line in journey.history() if line.kind == "moved"]
    assert (line.element, line.payload, line.actor_name) == ("a", {"to": "b", "reason": "fel väg"}, "Bertil")
    journey.complete("b")
    assert journey.state() is InstanceState.COMPLETED


def test_a_token_moved_out_of_an_incident_resolves_it(begin: Any) -> None:
    registry = HandlerRegistry()

    @registry.job("trasig")
    def fail(job: Any) -> None:
        raise RuntimeError("trasig")

    journey = begin(files={"p.bpmn": guarded(service_task("a", "trasig", retries=1))}, handlers=registry)
    journey.start("p")
    journey.engine.run_until_idle()
    (incident,) = journey.incidents()
    journey.engine.move_token(journey.instance_id, incident.wait_id, "b", actor=ANNA, reason="görs för hand")
    assert journey.incidents() == []
    assert journey.open_tasks() == ["b"]


@pytest.mark.parametrize("target", ["s", "t"])
def test_a_token_is_not_moved_to_where_none_can_come(begin: Any, target: str) -> None:
    journey = begin(files={"p.bpmn": PLACES["task"]})
    journey.start("p")
    item = journey.item("a")
    with pytest.raises(Conflict):
        journey.engine.move_token(journey.instance_id, item.id, target, actor=ANNA)
    assert journey.item("a") == item


def test_what_is_suspended_holds_still_until_it_is_resumed(begin: Any) -> None:
    journey = begin(files={"p.bpmn": PLACES["message"]})
    instance = journey.start("p", nyckel="A")
    item = journey.item("a")
    engine = journey.engine
    engine.suspend(instance, actor=ANNA, reason="väntar på dom")
    for command in (
        lambda: engine.complete(item.id, {}, actor=ANNA),
        lambda: engine.move_token(instance, item.id, "b", actor=ANNA),
        lambda: engine.set_variables(instance, {"x": 1}, actor=ANNA),
        lambda: engine.suspend(instance, actor=ANNA),
    ):
        with pytest.raises(Conflict, match="suspended"):
            command()
    journey.correlate("klar", "A", ttl=timedelta(days=3))
    journey.advance("P1D")
    assert journey.item("a").id == item.id
    engine.resume(instance, actor=ANNA, reason="domen har kommit")
    engine.run_until_idle()
    assert journey.state() is InstanceState.COMPLETED
    with pytest.raises(Conflict):
        engine.resume(instance, actor=ANNA)
