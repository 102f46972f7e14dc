"""What dispatchers build on: attempts that are counted before they are made, lines, urgency, and who is alive."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine import dispatching, workers
from engine.dispatching import (
    RunsAlone,
    begin_alone,
    begin_job,
    due_lines,
    fail_begun,
    fail_lost,
    give_back,
    run_begun,
)
from engine.engine import Engine
from engine.handlers import BpmnError, HandlerRegistry, JobContext
from engine.protocols import SYSTEM, Actor, ActorKind, Urgency
from engine.store.states import InstanceState, JobState
from engine.workers import WorkerIdentity, WorkerKind, beat, hold_scheduler, leave, living, this_process
from tests.harness import ANNA, bpmn, flows, service_task, user_task

ONE_JOB = bpmn('<startEvent id="s"/>' + service_task("j", "rakna") + '<endEvent id="e"/>' + flows("s", "j", "e"))
TWO_JOBS = bpmn(
    '<startEvent id="s"/>'
    + user_task("u")
    + service_task("j", "rakna")
    + service_task("k", "rakna")
    + '<endEvent id="e"/>'
    + flows("s", "u", "j", "k", "e"),
    process_id="two",
)
LIMIT = timedelta(minutes=5)
SILENT = timedelta(seconds=30)
IMPORT = Actor("import", "Import", ActorKind.IMPORT)


def registry_of(function: Callable[[JobContext], Any]) -> HandlerRegistry:
    registry = HandlerRegistry()
    registry.job("rakna")(function)
    return registry


def alive(engine: Engine) -> WorkerIdentity:
    """A process that has said so."""
    me = this_process(WorkerKind.WORKER)
    beat(engine, me, SILENT)
    return me


def begun(engine: Engine, me: WorkerIdentity) -> int:
    """The first due line's job, begun."""
    job_id = begin_job(engine, due_lines(engine, 1)[0].name, me.id, LIMIT)
    assert job_id is not None
    return job_id


def test_an_attempt_is_counted_before_it_is_made(begin: Any) -> None:
    seen: list[tuple[int, int]] = []
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: seen.append(job.retries_left)))
    journey.start("p")
    me = alive(journey.engine)

    job_id = begun(journey.engine, me)

    (job,) = journey.engine.queries.jobs().items
    assert (job.state, job.retries, job.attempts, job.worker) == (JobState.LEASED, 2, 1, me.id)
    assert due_lines(journey.engine, 9) == []
    assert run_begun(journey.engine, job_id, me.id)
    assert seen == [2]
    assert journey.state() is InstanceState.COMPLETED


def test_a_failed_attempt_counts_once(begin: Any) -> None:
    def fails(job: JobContext) -> None:
        raise RuntimeError("nej")

    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(fails))
    journey.start("p")
    me = alive(journey.engine)
    for left in (2, 1, 0):
        run_begun(journey.engine, begun(journey.engine, me), me.id)
        (job,) = journey.engine.queries.jobs().items
        assert (job.retries, job.attempts) == (left, 3 - left)
        journey.clock.advance(timedelta(minutes=5))
        beat(journey.engine, me, SILENT)
    (incident,) = journey.incidents()
    assert (job.state, incident.code) == (JobState.DEAD, "JOB_FAILED")
    assert due_lines(journey.engine, 9) == []


def test_what_a_process_that_is_gone_has_begun_is_a_failed_attempt(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: None))
    journey.start("p")
    gone, other = alive(journey.engine), alive(journey.engine)
    job_id = begun(journey.engine, gone)

    assert fail_lost(journey.engine) == 0, "it may still be at it"
    journey.clock.advance(timedelta(seconds=31))
    beat(journey.engine, other, SILENT)
    assert fail_lost(journey.engine) == 1

    assert not run_begun(journey.engine, job_id, gone.id), "should it wake up, the job is no longer its own"
    (job,) = journey.engine.queries.jobs().items
    assert (job.state, job.retries, job.worker) == (JobState.READY, 2, None)
    assert job.due_at > journey.clock.now()
    assert journey.told("job failed") == [("job failed", "j")]


def test_a_job_whose_time_is_over_is_a_failed_attempt_although_its_process_lives(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: None))
    journey.start("p")
    me = alive(journey.engine)
    begun(journey.engine, me)
    journey.clock.advance(LIMIT)
    beat(journey.engine, me, SILENT)
    assert fail_lost(journey.engine) == 1


def test_a_job_that_ends_its_process_each_time_becomes_an_incident(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: None))
    journey.start("p")
    for _ in range(3):
        begin_alone(journey.engine, journey.instance_id, alive(journey.engine).id, LIMIT)  # and here the process ends
        journey.clock.advance(timedelta(minutes=10))
        alive(journey.engine)
        assert fail_lost(journey.engine) == 1
        journey.clock.advance(timedelta(minutes=10))
    (incident,) = journey.incidents()
    assert (incident.code, incident.message) == ("JOB_FAILED", dispatching.LOST)
    assert due_lines(journey.engine, 9) == []


def test_who_stood_beside_the_job_that_ended_the_process_has_not_failed_and_both_run_alone(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: None))
    instances = [journey.start("p") for _ in range(2)]
    gone = alive(journey.engine)
    for instance in instances:
        assert begin_job(journey.engine, instance, gone.id, LIMIT) is not None
    journey.clock.advance(timedelta(seconds=31))
    me = alive(journey.engine)
    assert fail_lost(journey.engine) == 2
    assert [(job.retries, job.error) for job in journey.engine.queries.jobs().items] == [
        (3, dispatching.LOST_BESIDE_OTHERS)
    ] * 2
    journey.clock.advance(timedelta(minutes=1))
    beat(journey.engine, me, SILENT)
    for instance in instances:
        with pytest.raises(RunsAlone):
            begin_job(journey.engine, instance, me.id, LIMIT)
        job_id = begin_alone(journey.engine, instance, me.id, LIMIT)
        assert job_id is not None
        run_begun(journey.engine, job_id, me.id)
    assert journey.state(instances[0]) is journey.state(instances[1]) is InstanceState.COMPLETED


def test_what_is_given_back_is_not_counted(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: None))
    journey.start("p")
    me = alive(journey.engine)
    job_id = begun(journey.engine, me)

    assert give_back(journey.engine, job_id, me.id)

    (job,) = journey.engine.queries.jobs().items
    assert (job.state, job.retries, job.attempts) == (JobState.READY, 3, 0)
    assert not give_back(journey.engine, job_id, me.id)
    assert not fail_begun(journey.engine, job_id, me.id, "sent")


def test_jobs_of_a_line_wait_for_the_one_that_is_under_way_and_for_the_one_that_is_tried_again(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: None))
    case = journey.engine.open_case("test", "1")
    for _ in range(2):
        journey.engine.start("p", case_id=case)
    me = alive(journey.engine)
    first = begun(journey.engine, me)

    assert begin_job(journey.engine, case, me.id, LIMIT) is None
    fail_begun(journey.engine, first, me.id, "nej")
    assert begin_job(journey.engine, case, me.id, LIMIT) is None
    assert due_lines(journey.engine, 9) == []
    journey.clock.advance(timedelta(minutes=1))
    assert begin_job(journey.engine, case, me.id, LIMIT) == first


def test_what_a_person_waits_for_goes_before_an_import_and_hastens_what_stands_before_it(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB, "q.bpmn": TWO_JOBS}, handlers=registry_of(lambda job: None))
    engine = journey.engine
    cases = [engine.open_case("test", str(number)) for number in range(3)]
    for case in cases:
        engine.start("p", case_id=case, actor=IMPORT)
    engine.start("two", case_id=cases[2], actor=ANNA)
    assert [line.urgency for line in due_lines(engine, 9)] == [Urgency.BATCH] * 3

    engine.complete(engine.queries.open_items()[0].id, actor=ANNA)

    assert [(line.name, line.urgency) for line in due_lines(engine, 1)] == [(cases[2], Urgency.PERSON)]
    me = alive(engine)
    done = []
    while (job_id := begin_job(engine, cases[2], me.id, LIMIT)) is not None:
        run_begun(engine, job_id, me.id)
        done.append(job_id)
    assert done == sorted(done), "in the order of their ids all the same"
    assert len(done) == 3, "and what a job leads to is as urgent as it was"


def test_a_job_that_a_deadline_causes_goes_before_a_batch(begin: Any) -> None:
    timed = bpmn(
        '<startEvent id="s"/><intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
        + service_task("j", "rakna")
        + '<endEvent id="e"/>'
        + flows("s", "t", "j", "e")
    )
    journey = begin(files={"p.bpmn": timed}, handlers=registry_of(lambda job: None))
    journey.engine.start("p", actor=IMPORT)
    journey.clock.advance(timedelta(hours=1))
    assert journey.engine.fire_due() == 1
    assert [line.urgency for line in due_lines(journey.engine, 9)] == [Urgency.TIMER]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ([1], "must return names with values"),
        ("text", "must return names with values"),
        ({"x": {1, 2}}, "variable x: a set is not a value"),
        ({"x": object()}, "variable x: a object is not a value"),
        ({1: "x"}, "name must be a text"),
        ({"x": "\ud800"}, "half a character"),
    ],
)
def test_a_handler_that_answers_garbage_has_failed_and_it_says_why(begin: Any, answer: Any, told: str) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: answer))
    journey.start("p")
    me = alive(journey.engine)
    run_begun(journey.engine, begun(journey.engine, me), me.id)
    (job,) = journey.engine.queries.jobs().items
    assert (job.state, job.retries) == (JobState.READY, 2)
    assert told in (job.error or "")


def test_a_handler_that_wants_to_exit_has_failed(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: sys.exit(3)))
    journey.start("p")
    journey.engine.run_until_idle()
    (job,) = journey.engine.queries.jobs().items
    assert (job.error or "").startswith("HandlerExited")


def test_a_begun_job_may_throw_an_error_into_the_diagram(begin: Any) -> None:
    def throws(job: JobContext) -> None:
        raise BpmnError("FEL", "okänt")

    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(throws))
    journey.start("p")
    me = alive(journey.engine)
    run_begun(journey.engine, begun(journey.engine, me), me.id)
    (incident,) = journey.incidents()
    assert incident.code == "UNCAUGHT_ERROR"


def test_a_suspended_instance_takes_its_begun_job_back(begin: Any) -> None:
    ran: list[int] = []
    journey = begin(files={"p.bpmn": ONE_JOB}, handlers=registry_of(lambda job: ran.append(job.job_id)))
    journey.start("p")
    me = alive(journey.engine)
    job_id = begun(journey.engine, me)
    journey.engine.suspend(journey.instance_id, actor=SYSTEM)
    assert not run_begun(journey.engine, job_id, me.id)
    journey.engine.resume(journey.instance_id, actor=SYSTEM)
    run_begun(journey.engine, begun(journey.engine, me), me.id)
    assert ran == [job_id]


def test_jobs_of_workers_over_the_api_are_left_to_their_leases(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ONE_JOB})
    journey.start("p")
    journey.engine.lock_jobs("rakna", "elsewhere")
    journey.clock.advance(timedelta(hours=1))
    assert fail_lost(journey.engine) == 0


# --- who is alive -----------------------------------------------------------------------------------------------------


def test_processes_are_known_until_they_leave_or_fall_silent(begin: Any) -> None:
    engine = begin(files={}).engine
    stays, leaves, dies = (alive(engine) for _ in range(3))
    leave(engine, leaves)
    engine.clock.advance(timedelta(seconds=20))
    beat(engine, stays, SILENT)
    assert {row.id for row in living(engine)} == {stays.id, dies.id}
    engine.clock.advance(timedelta(seconds=20))
    beat(engine, stays, SILENT)
    assert [row.id for row in living(engine)] == [stays.id]


def test_a_process_of_this_machine_that_has_ended_is_gone_at_once(begin: Any) -> None:
    engine = begin(files={}).engine
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
        dead = replace(this_process(WorkerKind.WORKER), pid=ended.pid)
    beat(engine, dead, SILENT)
    me = alive(engine)
    assert [row.id for row in living(engine)] == [me.id]


def test_one_process_at_a_time_is_the_scheduler(begin: Any) -> None:
    engine = begin(files={}).engine
    first, second = alive(engine), alive(engine)
    assert hold_scheduler(engine, first, SILENT)
    assert not hold_scheduler(engine, second, SILENT)
    engine.clock.advance(timedelta(seconds=20))
    assert hold_scheduler(engine, first, SILENT), "it goes on as long as it says so"
    engine.clock.advance(timedelta(seconds=20))
    assert not hold_scheduler(engine, second, SILENT)
    engine.clock.advance(timedelta(seconds=20))
    assert hold_scheduler(engine, second, SILENT), "the first has not been heard of"
    assert not hold_scheduler(engine, first, SILENT)
    assert workers.scheduler_until(engine) == (second.id, engine.clock.now() + SILENT)


def test_whoever_leaves_is_no_longer_the_scheduler(begin: Any) -> None:
    engine = begin(files={}).engine
    first, second = alive(engine), alive(engine)
    hold_scheduler(engine, first, SILENT)
    leave(engine, first)
    assert hold_scheduler(engine, second, SILENT)
