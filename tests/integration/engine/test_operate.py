"""What operators do: publish, change variables, move, suspend, retry, cancel."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import Conflict, InvalidInput, NotFound
from engine.findings import NotDeployable
from engine.protocols import SYSTEM
from engine.store.states import InstanceState
from tests.harness import ANNA, bpmn, flows, user_task

TWO_TASKS = bpmn(
    '<startEvent id="s"/>' + user_task("a") + user_task("b") + '<endEvent id="e"/>' + flows("s", "a", "b", "e")
)
CONDITION = bpmn(
    '<startEvent id="s"/>'
    + user_task("a")
    + '<exclusiveGateway id="g" default="g_e"/>'
    + user_task("b")
    + '<endEvent id="e"/><endEvent id="e2"/>'
    + flows("s", "a", "g", "e")
    + flows("b", "e2")
    + '<sequenceFlow id="g_b" sourceRef="g" targetRef="b"><conditionExpression>=belopp &gt; 10</conditionExpression>'
    "</sequenceFlow>"
)


def test_a_new_version_is_for_new_instances(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    old = journey.start("p")
    journey.publish({"p.bpmn": TWO_TASKS.replace('name="a"', 'name="ny a"')})
    new = journey.start("p")
    assert journey.open_tasks() == ["a", "ny a"]
    rows = [journey.engine.queries.find_instance(each) for each in (old, new)]
    assert [(row.version, row.latest_version) for row in rows] == [(1, 2), (2, 2)]


def test_the_same_files_again_are_no_release(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    assert journey.publish({"p.bpmn": TWO_TASKS}) == 1
    assert journey.publish({"q.bpmn": TWO_TASKS.replace('process id="p"', 'process id="q"')}) == 2
    releases = journey.engine.queries.releases()
    assert [[each.process_id for each in release.definitions] for release in releases] == [["q"], ["p"]]
    assert set(journey.engine.queries.release_files(2)) == {"p.bpmn", "q.bpmn"}


def test_a_file_with_errors_is_refused_whole(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    with pytest.raises(NotDeployable) as refusal:
        journey.publish({"p.bpmn": CONDITION.replace("=belopp &gt; 10", "=belopp &gt;")})
    assert refusal.value.findings
    assert [release.number for release in journey.engine.queries.releases()] == [1]


@pytest.mark.parametrize("name", ["", "/etc/p.bpmn", "../p.bpmn", "x" * 400])
def test_senseless_file_names_are_refused(begin: Any, name: str) -> None:
    journey = begin()
    with pytest.raises(InvalidInput):
        journey.publish({name: TWO_TASKS})


def test_a_condition_that_fails_is_an_incident_mended_by_variables(begin: Any) -> None:
    journey = begin(files={"p.bpmn": CONDITION})
    journey.start("p")
    journey.complete("a", belopp="mycket")
    (incident,) = journey.incidents()
    assert incident.element_id == "g"
    journey.engine.retry(incident.id, actor=SYSTEM)
    (again,) = journey.incidents()
    journey.engine.retry(again.id, variables={"belopp": 20}, actor=SYSTEM)
    assert journey.open_tasks() == ["b"]
    assert journey.incidents() == []
    with pytest.raises(Conflict):
        journey.engine.retry(again.id, actor=SYSTEM)
    with pytest.raises(NotFound):
        journey.engine.retry("nothing", actor=SYSTEM)


def test_a_token_is_moved(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    journey.start("p")
    item = journey.item("a")
    journey.engine.move_token(journey.instance_id, item.id, "b", actor=ANNA, reason="fel steg")
    assert journey.open_tasks() == ["b"]
    with pytest.raises(Conflict):
        journey.engine.move_token(journey.instance_id, item.id, "b", actor=ANNA)
    with pytest.raises(InvalidInput):
        journey.engine.move_token(journey.instance_id, journey.item("b").id, "finns inte", actor=ANNA)
    assert ("moved", "a") in journey.told()


def test_variables_are_set_and_told(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    journey.start("p", x=1)
    journey.engine.set_variables(journey.instance_id, {"x": 2}, actor=ANNA, reason="skrivfel")
    assert journey.variables() == {"x": 2}
    assert [line.payload for line in journey.history() if line.kind == "variables set"]


def test_a_cancelled_instance_is_over(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    journey.start("p")
    item = journey.item("a")
    journey.engine.cancel(journey.instance_id, actor=ANNA, reason="dubblett")
    assert journey.state() is InstanceState.CANCELLED
    for command in (
        lambda: journey.engine.cancel(journey.instance_id, actor=ANNA),
        lambda: journey.engine.complete(item.id, {}, actor=ANNA),
        lambda: journey.engine.set_variables(journey.instance_id, {"x": 1}, actor=ANNA),
        lambda: journey.engine.suspend(journey.instance_id, actor=ANNA),
        lambda: journey.engine.resume(journey.instance_id, actor=ANNA),
    ):
        with pytest.raises(Conflict):
            command()
