"""Messages between instances: by name and key, once per process id, kept for whoever comes later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import InvalidInput
from engine.protocols import SYSTEM
from engine.store.states import InstanceState
from tests.harness import bpmn, flows, user_task

MESSAGE = (
    '<message id="m" name="svar-inkommet"><extensionElements>'
    '<zeebe:subscription correlationKey="=nyckel"/></extensionElements></message>'
)


def catcher(process_id: str, key: str = "=nyckel", name: str = "svar-inkommet") -> str:
    root = (
        f'<message id="m" name="{name}"><extensionElements>'
        f'<zeebe:subscription correlationKey="{key}"/></extensionElements></message>'
    )
    body = (
        '<startEvent id="s"/><intermediateCatchEvent id="c" name="Vänta"><messageEventDefinition messageRef="m"/>'
        f'</intermediateCatchEvent>{user_task("t", "Läs")}<endEvent id="e"/>' + flows("s", "c", "t", "e")
    )
    return bpmn(body, process_id=process_id, root=root)


def thrower(key: str = "=nyckel", ttl: str = "") -> str:
    root = (
        '<message id="m" name="svar-inkommet"><extensionElements>'
        f'<zeebe:subscription correlationKey="{key}"/></extensionElements></message>'
    )
    body = (
        '<startEvent id="s"/><intermediateThrowEvent id="t" name="Skicka"><messageEventDefinition messageRef="m"/>'
        '</intermediateThrowEvent><endEvent id="e"/>' + flows("s", "t", "e")
    )
    return bpmn(body, process_id="sender", root=root)


def started_by_message(process_id: str = "granskning") -> str:
    root = '<message id="m" name="ny-manad"/>'
    body = (
        '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'
        f'{user_task("t", "Granska")}<endEvent id="e"/>' + flows("s", "t", "e")
    )
    return bpmn(body, process_id=process_id, root=root)


def test_a_message_keyed_b_never_reaches_a(begin: Any) -> None:
    journey = begin(files={"p.bpmn": catcher("p")})
    journey.start("p", nyckel="A")
    answer = journey.correlate("svar-inkommet", "B", {"x": 1})
    assert answer.instances == ()
    assert journey.open_tasks() == []
    answer = journey.correlate("svar-inkommet", "A", {"x": 2})
    assert answer.instances == (journey.instance_id,)
    assert journey.variables() == {"nyckel": "A", "x": 2}


def test_a_number_as_key_is_its_text(begin: Any) -> None:
    journey = begin(files={"p.bpmn": catcher("p")})
    journey.start("p", nyckel=17)
    journey.correlate("svar-inkommet", "17")
    assert journey.open_tasks() == ["Läs"]


def test_a_message_goes_once_to_the_oldest_of_each_process(begin: Any) -> None:
    journey = begin(files={"p.bpmn": catcher("p"), "q.bpmn": catcher("q")})
    first, second, other = (journey.start(each, nyckel="A") for each in ("p", "p", "q"))
    answer = journey.correlate("svar-inkommet", "A")
    assert set(answer.instances) == {first, other}
    assert journey.correlate("svar-inkommet", "A").instances == (second,)


def test_a_kept_message_reaches_who_comes_later_and_only_one_of_a_process(begin: Any) -> None:
    journey = begin(files={"p.bpmn": catcher("p")})
    answer = journey.correlate("svar-inkommet", "A", {"x": 1}, ttl=timedelta(hours=1))
    assert answer.buffered
    journey.start("p", nyckel="A")
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Läs"]
    journey.start("p", nyckel="A")
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Läs"]


def test_kept_messages_are_heard_one_after_the_other_by_one_instance(begin: Any) -> None:
    body = (
        f'<startEvent id="s"/>{user_task("u", "Vänta")}'
        '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
        '<intermediateCatchEvent id="c2"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
        '<endEvent id="e"/>' + flows("s", "u", "c", "c2", "e")
    )
    journey = begin(files={"p.bpmn": bpmn(body, root=MESSAGE)})
    journey.start("p", nyckel="A")
    for number in (1, 2):
        journey.correlate("svar-inkommet", "A", {"x": number}, ttl=timedelta(hours=1))
    journey.complete("Vänta")
    assert journey.state() is InstanceState.COMPLETED
    assert journey.variables()["x"] == 2


@pytest.mark.parametrize("instances", [1, 2])
def test_as_many_kept_messages_are_heard_as_there_are_who_wait(begin: Any, instances: int) -> None:
    branches = "".join(
        f'<intermediateCatchEvent id="c{n}"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
        f'<sequenceFlow id="f{n}" sourceRef="s" targetRef="c{n}"/>'
        for n in range(3)
    )
    journey = begin(files={"p.bpmn": bpmn(f'<startEvent id="s"/>{branches}', root=MESSAGE)})
    for _ in range(3 * instances):
        journey.correlate("svar-inkommet", "A", ttl=timedelta(hours=1))
    started = [journey.start("p", nyckel="A") for _ in range(instances)]  # all wait before anything is delivered
    journey.engine.run_until_idle()
    assert {journey.state(each) for each in started} == {InstanceState.COMPLETED}
    journey.assert_sound()


def test_a_kept_message_expires(begin: Any) -> None:
    journey = begin(files={"p.bpmn": catcher("p")})
    journey.correlate("svar-inkommet", "A", ttl=timedelta(hours=1))
    journey.advance("PT2H")
    journey.start("p", nyckel="A")
    journey.engine.run_until_idle()
    assert journey.open_tasks() == []
    assert journey.engine.next_alarm() is None


def test_a_message_id_is_taken_once(begin: Any) -> None:
    journey = begin(files={"m.bpmn": started_by_message()})
    first = journey.correlate("ny-manad", "", {"x": 1}, message_id="rad-1")
    second = journey.correlate("ny-manad", "", {"x": 1}, message_id="rad-1")
    assert second.duplicate
    assert second.instances == first.instances
    assert journey.open_tasks() == ["Granska"]


def test_a_message_starts_a_process_in_the_case_its_key_names(begin: Any) -> None:
    journey = begin(files={"m.bpmn": started_by_message()})
    case_id = journey.engine.open_case("test", "Ä 1", actor=SYSTEM)
    (started,) = journey.correlate("ny-manad", case_id, {"manad": "2026-01"}).instances
    assert journey.engine.queries.find_instance(started).case_id == case_id
    assert journey.engine.queries.variables(started) == {"manad": "2026-01"}


def test_throw_and_catch_between_processes(begin: Any) -> None:
    journey = begin(files={"p.bpmn": catcher("p"), "s.bpmn": thrower()})
    waiting = journey.start("p", nyckel="A")
    sender = journey.start("sender", nyckel="A")
    assert journey.open_tasks() == []
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Läs"]
    assert journey.state(sender) is InstanceState.COMPLETED
    assert journey.state(waiting) is InstanceState.ACTIVE


def test_a_suspended_instance_gets_its_message_when_it_is_resumed(begin: Any) -> None:
    journey = begin(files={"p.bpmn": catcher("p")})
    journey.start("p", nyckel="A")
    journey.engine.suspend(journey.instance_id, actor=SYSTEM)
    journey.correlate("svar-inkommet", "A")
    assert journey.open_tasks() == []
    journey.engine.resume(journey.instance_id, actor=SYSTEM)
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Läs"]


def test_a_signal_reaches_all_who_wait_and_starts_what_it_starts(begin: Any) -> None:
    root = '<signal id="g" name="stopp"/>'
    waits = bpmn(
        '<startEvent id="s"/><intermediateCatchEvent id="c"><signalEventDefinition signalRef="g"/>'
        f'</intermediateCatchEvent>{user_task("t", "Efter")}<endEvent id="e"/>' + flows("s", "c", "t", "e"),
        root=root,
    )
    starts = bpmn(
        '<startEvent id="s"><signalEventDefinition signalRef="g"/></startEvent>'
        f'{user_task("t", "Ny")}<endEvent id="e"/>' + flows("s", "t", "e"),
        process_id="q",
        root=root,
    )
    journey = begin(files={"p.bpmn": waits, "q.bpmn": starts})
    journey.start("p")
    journey.start("p")
    assert journey.engine.broadcast_signal("stopp") == 3
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Efter", "Efter", "Ny"]


def test_bad_messages_are_refused(begin: Any) -> None:
    journey = begin()
    with pytest.raises(InvalidInput):
        journey.correlate("", "A")
    with pytest.raises(InvalidInput):
        journey.correlate("x", "A", ttl=timedelta(seconds=-1))
    with pytest.raises(InvalidInput):
        journey.correlate("x", None)
    with pytest.raises(InvalidInput):
        journey.correlate("x", "\ud800")


def test_what_no_database_can_keep_is_refused(begin: Any) -> None:
    journey = begin()
    for command in (
        lambda: journey.engine.start("\ud800"),
        lambda: journey.engine.broadcast_signal("\ud800"),
        lambda: journey.engine.complete_job(10**30, "worker"),
    ):
        with pytest.raises(InvalidInput):
            command()
