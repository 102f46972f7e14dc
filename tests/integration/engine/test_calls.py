"""Called processes are instances of their own that start, end and fall with their caller."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import Conflict, InvalidInput
from engine.protocols import SYSTEM
from engine.store.states import InstanceState
from tests.harness import bpmn, flows, user_task


def caller(binding: str = "", boundary: str = "", extra: str = "", called: str = "barn") -> str:
    call = (
        f'<callActivity id="c" name="Anropa"><extensionElements><zeebe:calledElement processId="{called}" '
        f'propagateAllChildVariables="true" {binding}/></extensionElements></callActivity>'
    )
    body = '<startEvent id="s"/>' + call + user_task("t", "Efter") + '<endEvent id="e"/>'
    return bpmn(body + boundary + flows("s", "c", "t", "e") + extra, process_id="mor", root=ERROR)


ERROR = '<error id="err" name="Fel" errorCode="FEL"/><escalation id="esc" name="Esk" escalationCode="ESK"/>'


def called(task: str = "Inne", end: str = "", tag: str = "") -> str:
    body = '<startEvent id="s"/>' + user_task("u", task) + f'<endEvent id="e">{end}</endEvent>' + flows("s", "u", "e")
    extensions = f'<extensionElements><zeebe:versionTag value="{tag}"/></extensionElements>' if tag else ""
    return bpmn(extensions + body, process_id="barn", root=ERROR)


def test_a_call_is_an_instance_of_its_own_and_its_end_goes_on(begin: Any) -> None:
    journey = begin(files={"m.bpmn": caller(), "b.bpmn": called()})
    journey.start("mor", x=1)
    child = next(each for each in journey.engine.queries.find_instances(process_id="barn").items)
    assert child.parent_id == journey.instance_id
    journey.complete("Inne", svar=2)
    assert journey.open_tasks() == ["Efter"]
    assert journey.state(child.id) is InstanceState.COMPLETED
    assert journey.variables()["svar"] == 2


def test_bindings_choose_the_version(begin: Any) -> None:
    journey = begin(files={"m.bpmn": caller(), "b.bpmn": called("Ett", tag="v1")})
    journey.start("mor")
    journey.publish({"b.bpmn": called("Två", tag="v2")})
    journey.start("mor")
    assert journey.open_tasks() == ["Ett", "Två"]
    old = journey.engine.start("mor")
    journey.publish({"m.bpmn": caller('bindingType="versionTag" versionTag="v1"')})
    journey.start("mor")
    assert journey.open_tasks() == ["Ett", "Ett", "Två", "Två"]
    assert journey.engine.queries.find_instance(old).version == 1
    assert journey.engine.queries.find_instance(old).latest_version == 2


def test_an_instance_calls_by_its_own_release_even_if_a_newer_one_came_meanwhile(begin: Any) -> None:
    first = bpmn(
        '<startEvent id="s"/>' + user_task("v", "Vänta") + '<callActivity id="c"><extensionElements>'
        '<zeebe:calledElement processId="barn"/></extensionElements></callActivity><endEvent id="e"/>'
        + flows("s", "v", "c", "e"),
        process_id="mor",
    )
    journey = begin(files={"m.bpmn": first, "b.bpmn": called("Gammal")})
    journey.start("mor")
    journey.publish({"b.bpmn": called("Ny")})
    journey.complete("Vänta")
    assert journey.open_tasks() == ["Gammal"]


def test_an_error_of_the_called_process_goes_to_the_callers_boundary(begin: Any) -> None:
    boundary = '<boundaryEvent id="b" attachedToRef="c"><errorEventDefinition errorRef="err"/></boundaryEvent>'
    handled = user_task("r", "Rätta") + '<endEvent id="e2"/>' + flows("b", "r", "e2")
    end = '<errorEventDefinition errorRef="err"/>'
    journey = begin(files={"m.bpmn": caller(boundary=boundary, extra=handled), "b.bpmn": called(end=end)})
    journey.start("mor")
    journey.complete("Inne")
    assert journey.open_tasks() == ["Rätta"]
    child = next(each for each in journey.engine.queries.find_instances(process_id="barn").items)
    assert child.state is InstanceState.FAILED


def test_an_error_nobody_catches_is_the_callers_incident_and_calls_anew(begin: Any) -> None:
    end = '<errorEventDefinition errorRef="err"/>'
    journey = begin(files={"m.bpmn": caller(), "b.bpmn": called(end=end)})
    journey.start("mor")
    journey.complete("Inne")
    (incident,) = journey.incidents()
    assert incident.element_id == "c"
    journey.engine.retry(incident.id, actor=SYSTEM)
    assert journey.open_tasks() == ["Inne"]
    assert journey.incidents() == []


def test_an_escalation_reaches_the_caller_and_the_called_process_goes_on(begin: Any) -> None:
    boundary = (
        '<boundaryEvent id="b" attachedToRef="c" cancelActivity="false">'
        '<escalationEventDefinition escalationRef="esc"/></boundaryEvent>'
    )
    handled = user_task("r", "Chefen") + '<endEvent id="e2"/>' + flows("b", "r", "e2")
    child = bpmn(
        '<startEvent id="s"/><intermediateThrowEvent id="x"><escalationEventDefinition escalationRef="esc"/>'
        f'</intermediateThrowEvent>{user_task("u", "Inne")}<endEvent id="e"/>' + flows("s", "x", "u", "e"),
        process_id="barn",
        root=ERROR,
    )
    journey = begin(files={"m.bpmn": caller(boundary=boundary, extra=handled), "b.bpmn": child})
    journey.start("mor")
    assert journey.open_tasks() == ["Chefen", "Inne"]


def test_cancelling_the_caller_cancels_what_it_called(begin: Any) -> None:
    journey = begin(files={"m.bpmn": caller(), "b.bpmn": called()})
    journey.start("mor")
    child = next(each for each in journey.engine.queries.find_instances(process_id="barn").items)
    with pytest.raises(Conflict):
        journey.engine.cancel(child.id, actor=SYSTEM)
    journey.engine.cancel(journey.instance_id, actor=SYSTEM)
    assert journey.state(child.id) is InstanceState.CANCELLED
    assert journey.open_tasks() == []


def test_an_interrupting_timer_on_the_call_cancels_the_called_process(begin: Any) -> None:
    boundary = (
        '<boundaryEvent id="b" attachedToRef="c"><timerEventDefinition><timeDuration>P3D</timeDuration>'
        "</timerEventDefinition></boundaryEvent>"
    )
    handled = user_task("r", "Sent") + '<endEvent id="e2"/>' + flows("b", "r", "e2")
    journey = begin(files={"m.bpmn": caller(boundary=boundary, extra=handled), "b.bpmn": called()})
    journey.start("mor")
    journey.advance("P3D")
    assert journey.open_tasks() == ["Sent"]


def test_suspending_the_caller_suspends_what_it_called(begin: Any) -> None:
    journey = begin(files={"m.bpmn": caller(), "b.bpmn": called()})
    journey.start("mor")
    journey.engine.suspend(journey.instance_id, actor=SYSTEM)
    with pytest.raises(Conflict):
        journey.complete("Inne")
    journey.engine.resume(journey.instance_id, actor=SYSTEM)
    journey.complete("Inne")
    assert journey.open_tasks() == ["Efter"]


def test_a_process_that_calls_itself_for_ever_is_refused_whole(begin: Any) -> None:
    body = (
        '<startEvent id="s"/><callActivity id="c"><extensionElements><zeebe:calledElement processId="p"/>'
        '</extensionElements></callActivity><endEvent id="e"/>' + flows("s", "c", "e")
    )
    journey = begin(files={"p.bpmn": bpmn(body)})
    with pytest.raises(InvalidInput):
        journey.start("p")
    assert journey.engine.queries.find_instances().items == ()
