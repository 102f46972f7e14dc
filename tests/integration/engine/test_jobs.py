"""Jobs: with their registers in one transaction, in the order of their case, retried, then an incident."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.errors import Conflict, InvalidInput, NotFound
from engine.handlers import BpmnError, HandlerRegistry, JobContext
from engine.jobs import backoff_of
from engine.protocols import SYSTEM
from engine.store.states import InstanceState, JobState
from tests.harness import bpmn, flows, service_task, user_task

ONE_JOB = bpmn(
    '<startEvent id="s"/>'
    + service_task("j", "rakna")
    + user_task("t", "Efter")
    + '<endEvent id="e"/>'
    + flows("s", "j", "t", "e")
)
CATCHES = bpmn(
    '<startEvent id="s"/>' + service_task("j", "rakna") + '<endEvent id="e"/>'
    '<boundaryEvent id="b" attachedToRef="j"><errorEventDefinition errorRef="err"/></boundaryEvent>'
    + user_task("fel", "Rätta")
    + '<endEvent id="e2"/>'
    + flows("s", "j", "e")
    + flows("b", "fel", "e2"),
    root='<error id="err" name="Saknas" errorCode="SAKNAS"/>',
)


def registry_of(function: Any) -> HandlerRegistry:
    registry = HandlerRegistry()
    registry.job("rakna")(function)
    return registry


def test_a_handler_gets_variables_and_gives_some(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: {"summa": job.variables["x"] + 1}))
    journey.start("p", x=1)
    assert journey.open_tasks() == []
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Efter"]
    assert journey.variables() == {"x": 1, "summa": 2}


def test_what_a_failing_handler_wrote_is_rolled_back(begin: Any) -> None:
    calls: list[int] = []

    def handler(job: JobContext) -> None:
        job.uow.connection.execute(text("INSERT INTO register (n) VALUES (1)"))
        calls.append(job.job_id)
        if len(calls) == 1:
            raise RuntimeError("trasig")

    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(handler))
    with journey.engine.database.transaction(journey.clock) as uow:
        uow.connection.execute(text("CREATE TABLE register (n INTEGER)"))
    journey.start("p")
    journey.engine.run_until_idle()
    with journey.engine.database.reading() as reader:
        assert reader.scalar(text("SELECT count(*) FROM register")) == 0
    journey.advance("PT1M")
    with journey.engine.database.reading() as reader:
        assert reader.scalar(text("SELECT count(*) FROM register")) == 1
    assert calls[0] == calls[1], "a retried job keeps its id"
    assert journey.open_tasks() == ["Efter"]


def test_a_job_out_of_retries_is_an_incident_and_can_be_retried(begin: Any) -> None:
    broken = [True]

    def handler(job: JobContext) -> dict[str, Any]:
        if broken[0]:
            raise ValueError("inget svar")
        return {"ok": job.variables["ratt"]}

    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(handler))
    journey.start("p")
    journey.advance("P1D")
    (incident,) = journey.incidents()
    assert (incident.element_id, incident.code) == ("j", "JOB_FAILED")
    assert "inget svar" in incident.message
    broken[0] = False
    journey.engine.retry(incident.id, variables={"ratt": 1}, actor=SYSTEM)
    journey.engine.run_until_idle()
    assert journey.incidents() == []
    assert journey.variables()["ok"] == 1
    with pytest.raises(Conflict):
        journey.engine.retry(incident.id, actor=SYSTEM)


def test_a_bpmn_error_goes_to_its_boundary(begin: Any) -> None:
    def handler(job: JobContext) -> None:
        raise BpmnError("SAKNAS", "uppgiften saknas")

    journey = begin(files={"p.bpmn": CATCHES}, handlers=registry_of(handler))
    journey.start("p")
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Rätta"]


def test_a_bpmn_error_nobody_catches_is_an_incident(begin: Any) -> None:
    codes = ["ANNAT"]

    def handler(job: JobContext) -> None:
        if codes:
            raise BpmnError(codes.pop(), "okänt")

    journey = begin(files={"p.bpmn": CATCHES}, handlers=registry_of(handler))
    journey.start("p")
    journey.engine.run_until_idle()
    (incident,) = journey.incidents()
    assert incident.code == "UNCAUGHT_ERROR"
    journey.engine.retry(incident.id, actor=SYSTEM)
    journey.engine.run_until_idle()
    assert journey.state() is InstanceState.COMPLETED


def test_jobs_of_one_case_run_in_order_and_a_failing_one_holds_back_only_its_own(begin: Any) -> None:
    ran: list[tuple[str | None, Any]] = []
    fail_first = [True]

    def handler(job: JobContext) -> None:
        if job.variables["n"] == 1 and fail_first:
            fail_first.pop()
            raise RuntimeError("en gång")
        ran.append((job.case_id, job.variables["n"]))

    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(handler))
    first = journey.engine.open_case("test", "1")
    second = journey.engine.open_case("test", "2")
    for case_id, n in ((first, 1), (first, 2), (second, 3)):
        journey.engine.start("p", {"n": n}, case_id=case_id)
    journey.engine.run_until_idle()
    assert ran == [(second, 3)]
    journey.advance("PT1M")
    assert ran == [(second, 3), (first, 1), (first, 2)]


def test_back_off_doubles_with_a_jitter_that_is_the_same_each_time() -> None:
    waits = [backoff_of(7, attempt) for attempt in range(1, 20)]
    assert waits == [backoff_of(7, attempt) for attempt in range(1, 20)]
    assert waits[0] < waits[2] < waits[4]
    assert max(waits) <= timedelta(hours=1.25)
    assert backoff_of(8, 1) != waits[0]


def test_a_worker_leases_completes_and_loses_jobs(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB})
    for n in (1, 2):
        journey.start("p", n=n)
    (job,) = journey.engine.lock_jobs("rakna", "w1", limit=1)
    assert job.variables == {"n": 1}
    (other,) = journey.engine.lock_jobs("rakna", "w2", limit=5)
    assert other.variables == {"n": 2}
    assert journey.engine.lock_jobs("rakna", "w3") == []
    with pytest.raises(Conflict):
        journey.engine.complete_job(job.id, "w2", {})
    journey.engine.complete_job(job.id, "w1", {"summa": 3}, key="a")
    journey.engine.complete_job(job.id, "w1", {"summa": 4}, key="a")
    with pytest.raises(NotFound):
        journey.engine.complete_job(job.id, "w1", {"summa": 4})
    journey.advance("PT6M")
    with pytest.raises(Conflict):
        journey.engine.complete_job(other.id, "w2", {})
    (again,) = journey.engine.lock_jobs("rakna", "w3")
    assert again.id == other.id
    journey.engine.extend_job(again.id, "w3", lease=timedelta(hours=1))
    journey.advance("PT30M")
    journey.engine.fail_job(again.id, "w3", "nej", retries=0)
    (incident,) = journey.incidents()
    journey.engine.retry(incident.id, actor=SYSTEM)
    (last,) = journey.engine.lock_jobs("rakna", "w4")
    journey.engine.throw_error(last.id, "w4", "SAKNAS", "borta")
    assert [each.code for each in journey.incidents()] == ["UNCAUGHT_ERROR"]


def test_senseless_leases_are_refused(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB})
    with pytest.raises(InvalidInput):
        journey.engine.lock_jobs("rakna", "", limit=1)
    with pytest.raises(InvalidInput):
        journey.engine.lock_jobs("rakna", "w", limit=0)


def test_a_cancelled_instance_takes_its_jobs_along(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB})
    journey.start("p")
    (job,) = journey.engine.lock_jobs("rakna", "w")
    journey.engine.cancel(journey.instance_id, actor=SYSTEM, reason="fel person")
    assert list(journey.engine.queries.jobs().items) == []
    with pytest.raises(NotFound):
        journey.engine.complete_job(job.id, "w", {})


def test_a_suspended_instances_job_waits(begin: Any) -> None:
    ran: list[int] = []
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: ran.append(job.job_id)))
    journey.start("p")
    journey.engine.suspend(journey.instance_id, actor=SYSTEM)
    journey.engine.run_until_idle()
    assert ran == []
    (job,) = journey.engine.queries.jobs().items
    assert job.state is JobState.SUSPENDED
    journey.engine.resume(journey.instance_id, actor=SYSTEM)
    journey.engine.run_until_idle()
    assert len(ran) == 1


def test_a_send_task_publishes_its_message(begin: Any) -> None:
    inputs = (
        '<zeebe:ioMapping><zeebe:input source="=&quot;klart&quot;" target="messageName"/>'
        '<zeebe:input source="=nyckel" target="correlationKey"/>'
        '<zeebe:input source="={x: 7}" target="variables"/></zeebe:ioMapping>'
    )
    send = (
        '<sendTask id="j" name="Skicka"><extensionElements>'
        f'<zeebe:taskDefinition type="stegvis:publish-message"/>{inputs}</extensionElements></sendTask>'
    )
    sender = bpmn('<startEvent id="s"/>' + send + '<endEvent id="e"/>' + flows("s", "j", "e"), process_id="sender")
    receiver = bpmn(
        '<startEvent id="s"/><intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/>'
        f'</intermediateCatchEvent>{user_task("t", "Läs")}<endEvent id="e"/>' + flows("s", "c", "t", "e"),
        root='<message id="m" name="klart"><extensionElements><zeebe:subscription correlationKey="=nyckel"/>'
        "</extensionElements></message>",
    )
    journey = begin(files={"a.bpmn": sender, "b.bpmn": receiver})
    waiting = journey.start("p", nyckel="A")
    journey.start("sender", nyckel="A")
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Läs"]
    assert journey.engine.queries.variables(waiting)["x"] == 7


def test_a_handler_that_calls_a_command_is_told_so(begin: Any) -> None:
    journeys: list[Any] = []

    def handler(job: JobContext) -> None:
        journeys[0].engine.correlate("x", "y")

    journeys.append(begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(handler)))
    journeys[0].start("p")
    journeys[0].advance("P1D")
    (incident,) = journeys[0].incidents()
    assert incident.message.startswith("NestedCommand")
