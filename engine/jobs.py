"""Jobs: run by handlers in one transaction with their completion, or leased to workers; retried, then an incident."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from engine import messages
from engine.bpmn import JobDetail, Wait
from engine.context import Context, Running
from engine.errors import Conflict, InvalidInput, NotFound, StegvisError, StoreUnavailable
from engine.handlers import BpmnError, JobContext
from engine.history import EventKind
from engine.incidents import new_incident
from engine.parameter_use import forget_owners, of_case
from engine.protocols import SYSTEM, Actor, ActorKind, Variables
from engine.publish_message import PUBLISH_MESSAGE, publish_message
from engine.store import job_rows
from engine.store.job_rows import StoredJob
from engine.store.rows import LockedJob
from engine.store.states import JobState
from engine.store.unit_of_work import Reader

if TYPE_CHECKING:
    from engine.engine import Engine

FIRST_BACKOFF = timedelta(seconds=10)
LONGEST_BACKOFF = timedelta(hours=1)
MAX_ERROR_TEXT = 2_000
BATCH = 200


class BadAnswer(StegvisError):
    """A job's handler has answered something else than variables."""

    code = "BAD_ANSWER"


class HandlerExited(StegvisError):
    """A job's handler has tried to end the process that runs it (`sys.exit`)."""

    code = "HANDLER_EXITED"


def handled_types(handler_types: frozenset[str]) -> list[str]:
    """The job types that run here: those with a handler, and the engine's own."""
    return sorted(handler_types | messages.ENGINE_JOBS | {PUBLISH_MESSAGE})


def due_jobs(reader: Reader, now: datetime, handler_types: frozenset[str], limit: int) -> list[int]:
    """The ids of jobs that can run here now, in order."""
    return job_rows.due_jobs(reader, now, handled_types(handler_types), limit)


def worker_actor(worker: str) -> Actor:
    """An external worker as the one who acts."""
    return Actor(f"worker:{worker}", worker, ActorKind.SYSTEM)


def run_job(engine: Engine, job_id: int) -> bool:
    """Run a job; False where there was nothing to do. A failure is counted, and the job tried again later."""
    try:
        return engine.run_command(lambda context: _run(context, job_id), "run_job", SYSTEM, None)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 whatever one case's job does, it must not stop the others
        text = text_of(error)
    engine.run_command(lambda context: _count_failure(context, job_id, text), "fail_job", SYSTEM, None)
    return True


def text_of(error: BaseException) -> str:
    """What is kept of the error that a handler has raised."""
    return f"{type(error).__name__}: {error}"


def run_until_idle(engine: Engine, limit: int) -> int:
    """Run due timers and jobs until nothing is due; how many ran."""
    done = 0
    while done < limit:
        fired = engine.fire_due(BATCH)
        ran = sum(engine.run_job(job_id) for job_id in engine.due_jobs(BATCH))
        if not fired and not ran:
            engine.expire_messages()
            return done
        done += fired + ran
    raise InvalidInput(f"After {limit} jobs and timers there is no end; do processes call each other in a circle?")


def lock_jobs(context: Context, job_type: str, worker: str, limit: int, lease: timedelta) -> list[LockedJob]:
    """Lease the oldest free jobs of a type to a worker."""
    if not worker or limit < 1 or lease <= timedelta(0):
        raise InvalidInput("A worker needs a name, at least one job and a lease longer than nothing.")
    until = context.now + lease
    locked = []
    for job in job_rows.lock_leasable(context.uow, job_type, limit):
        found = _find_wait(context, job)
        if found is None:
            continue
        running, wait, detail = found
        job_rows.change_job(
            context.uow,
            job,
            JobState.LEASED,
            retries=job.retries,
            due_at=job.due_at,
            attempts=job.attempts,
            lease=(worker, until),
        )
        locked.append(
            LockedJob(
                id=job.id,
                type=job.type,
                headers=detail.headers,
                variables=running.execution.variables_at(wait.id),
                case_id=job.case_id,
                instance_id=running.id,
                process_id=running.deployed.definition.process_id,
                element_id=wait.element_id,
                retries=job.retries,
                lease_until=until,
            )
        )
    context.uow.note_alarm(until)
    return locked


def extend_job(context: Context, job_id: int, worker: str, lease: timedelta) -> datetime:
    """Prolong a worker's lease; until when."""
    job = _leased(context, job_id, worker)
    until = context.now + lease
    job_rows.change_job(
        context.uow,
        job,
        JobState.LEASED,
        retries=job.retries,
        due_at=job.due_at,
        attempts=job.attempts,
        lease=(worker, until),
    )
    return until


def complete_job(context: Context, job_id: int, worker: str, variables: Variables) -> None:
    """Complete a job that a worker has leased."""
    job = _leased(context, job_id, worker)
    context.urgency = job.urgency
    running, wait, _ = _take_wait(context, job)
    _finish(context, job)
    running.execution.complete(wait.id, dict(variables))


def fail_leased(
    context: Context, job_id: int, worker: str, message: str, retries: int | None, backoff: timedelta | None
) -> None:
    """Count a failure that a worker reports."""
    job = _leased(context, job_id, worker)
    left = job.retries - 1 if retries is None else retries
    if left < 0:
        raise InvalidInput("A job cannot have fewer than no attempts left.")
    fail(context, job, message, left=left, attempts=job.attempts + 1, backoff=backoff)


def throw_leased(context: Context, job_id: int, worker: str, code: str, message: str, variables: Variables) -> None:
    """Throw a BPMN error from a job that a worker has leased."""
    if not code:
        raise InvalidInput("A BPMN error needs a code.")
    job = _leased(context, job_id, worker)
    context.urgency = job.urgency
    running, wait, _ = _take_wait(context, job)
    _throw(context, job, running, wait, BpmnError(code, message, variables))


def backoff_of(job_id: int, attempts: int) -> timedelta:
    """How long a job waits after its n-th failure: doubling, with a jitter that is the same each time it is asked."""
    longest = min(FIRST_BACKOFF * 2 ** min(attempts - 1, 20), LONGEST_BACKOFF)
    jitter = random.Random(job_id * 1_000_003 + attempts).uniform(0.75, 1.25)  # noqa: S311 nothing secret in it
    return timedelta(seconds=longest.total_seconds() * jitter)


def _run(context: Context, job_id: int) -> bool:
    job = job_rows.lock_in_turn(context.uow, job_id, handled_types(context.rooms.handlers.job_types))
    if job is None:
        return False
    return perform(context, job, job.retries - 1)


def perform(context: Context, job: StoredJob, retries_left: int) -> bool:
    """Do a locked job and whatever its process does next; False where nothing waits for it any more.

    retries_left: how many attempts remain should this one fail.
    """
    context.urgency, context.about = job.urgency, job.type
    if job.type in messages.ENGINE_JOBS:
        job_rows.delete_job(context.uow, job.id)
        _run_own(context, job)
        return True
    found = _find_wait(context, job)
    if found is None:
        job_rows.delete_job(context.uow, job.id)
        return False
    running, wait, detail = found
    given = JobContext(
        job_id=job.id,
        type=job.type,
        headers=detail.headers,
        variables=running.execution.variables_at(wait.id),
        case_id=job.case_id,
        instance_id=running.id,
        process_id=running.deployed.definition.process_id,
        element_id=wait.element_id,
        retries_left=retries_left,
        uow=context.uow,
        clock=context.rooms.clock,
        command=context,
    )
    running = context.take_active(running.id)
    if job.type == PUBLISH_MESSAGE:
        publish_message(context, running, given)
        answer: Variables = {}
    else:
        savepoint = context.uow.savepoint()
        try:
            with of_case(given.case_id):
                answer = _handled(context, given)
        except BpmnError as error:
            savepoint.rollback()  # an error that the diagram knows is an outcome; half-written registers are not
            forget_owners()
            _throw(context, job, running, wait, error)
            return True
        savepoint.commit()
    _finish(context, job)
    running.execution.complete(wait.id, dict(answer))
    return True


def _handled(context: Context, given: JobContext) -> Variables:
    """What the job's handler answers; its values are judged where they are put into the process."""
    handler = context.rooms.handlers.job_handler(given.type)
    assert handler is not None
    try:
        answer: Any = handler(given)
    except SystemExit as error:
        raise HandlerExited from error
    if answer is None:
        return {}
    if not isinstance(answer, Mapping):
        kind = type(answer).__name__
        raise BadAnswer(f"The handler of {given.type!r} returned a {kind}; it must return names with values, or None.")
    return answer


def _run_own(context: Context, job: StoredJob) -> None:
    payload: dict[str, Any] = orjson.loads(job.payload or b"{}")
    if job.type == messages.DELIVER_MESSAGE:
        messages.deliver(context, payload["message"])
    elif job.type == messages.DELIVER_SIGNAL:
        assert job.instance_id is not None
        messages.deliver_signal(context, job.instance_id, payload)
    else:
        messages.start_by_signal(context, payload)


def _throw(context: Context, job: StoredJob, running: Running, wait: Wait, error: BpmnError) -> None:
    running.touch()
    _finish(context, job)
    running.execution.throw_error(wait.id, error.code, error.message, error.variables)


def _finish(context: Context, job: StoredJob) -> None:
    job_rows.delete_job(context.uow, job.id)
    if job.wait_id is not None:
        context.completed_jobs.add(job.wait_id)


def _count_failure(context: Context, job_id: int, message: str) -> None:
    job = job_rows.lock_job(context.uow, job_id)
    if job is not None and job.state is JobState.READY:
        fail(context, job, message, left=job.retries - 1, attempts=job.attempts + 1)


def fail(
    context: Context,
    job: StoredJob,
    message: str,
    *,
    left: int,
    attempts: int,
    backoff: timedelta | None = None,
    lost: int = 0,
) -> None:
    """Write that an attempt has failed: the job is tried again after a while, or is an incident with none `left`.

    lost: how often in a row the process that ran it has ended under it.
    """
    text = message[:MAX_ERROR_TEXT]
    due = context.now + (backoff_of(job.id, attempts) if backoff is None else backoff)
    state = JobState.READY if left > 0 else JobState.DEAD
    job_rows.change_job(
        context.uow, job, state, retries=max(left, 0), due_at=due, attempts=attempts, error=text, lost=lost
    )
    running = context.take(job.instance_id) if job.instance_id else None
    if running is not None:
        running.touch()
        context.note(
            running,
            EventKind.JOB_FAILED,
            element=job.element_id,
            name=job.name,
            payload={"error": text, "left": max(left, 0)},
        )
    if state is JobState.READY:
        context.uow.note_alarm(due)
    elif running is not None:
        incident = new_incident(
            running, job.element_id, job.name, "JOB_FAILED", text, wait_id=job.wait_id, job_id=job.id
        )
        context.add_incident(running, incident)
    else:
        context.add_loose_incident(job.name, "JOB_FAILED", text, job_id=job.id, case_id=job.case_id)


def _leased(context: Context, job_id: int, worker: str) -> StoredJob:
    job = job_rows.lock_job(context.uow, job_id)
    if job is None:
        raise NotFound(f"There is no job {job_id}: it is done, or its process went on without it.")
    ended = job.lease_until is None or job.lease_until <= context.now
    if job.state is not JobState.LEASED or job.worker != worker or ended:
        raise Conflict(f"Job {job_id} is not leased to {worker!r} (any more).")
    return job


def _find_wait(context: Context, job: StoredJob) -> tuple[Running, Wait, JobDetail] | None:
    assert job.instance_id is not None
    assert job.wait_id is not None
    running = context.take(job.instance_id)
    wait = running.waiting().get(job.wait_id)
    if wait is None or not isinstance(wait.detail, JobDetail):
        return None
    return running, wait, wait.detail


def _take_wait(context: Context, job: StoredJob) -> tuple[Running, Wait, JobDetail]:
    found = _find_wait(context, job)
    if found is None:
        raise Conflict(f"Nothing waits for job {job.id} any more.")
    context.take_active(found[0].id)
    return found
