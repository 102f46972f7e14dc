"""What a dispatcher asks of the engine: which lines have work, and one attempt at a job, counted before it is made.

A job is begun in a transaction of its own and run in the next one. So an attempt that ends its process (a handler that
crashes the interpreter, a machine without memory) has been counted, and a job that does so each time becomes an
incident when its retries are used up, instead of ending one process after the other for ever.

Where a process ends while it runs several jobs, nobody knows which of them did it: none of them is counted, and each
runs alone in its process the next time. So no job fails for having stood beside another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from engine import jobs, timing
from engine.context import Context
from engine.errors import StegvisError, StoreUnavailable
from engine.protocols import SYSTEM, DueLine
from engine.store import job_rows
from engine.store.job_rows import StoredJob
from engine.store.states import JobState

if TYPE_CHECKING:
    from engine.engine import Engine

LOST = "The process that ran it ended before it was done."
LOST_BESIDE_OTHERS = (
    "The process that ran it and others ended; it does not count, and the job runs alone the next time."
)
OVERDUE = "The process that ran it did not finish it in time."
BATCH = 100


class RunsAlone(StegvisError):
    """The job is to run with no other beside it in its process, since a process has ended under it: `begin_alone`."""

    code = "RUNS_ALONE"


def next_wake(engine: Engine) -> datetime | None:
    """When something becomes due that is not due yet, or a timer is; jobs that can run already do not count."""
    with engine.database.reading() as reader:
        return timing.next_wake(reader, engine.rooms.handlers.job_types, engine.clock.now())


def due_lines(engine: Engine, limit: int) -> list[DueLine]:
    """Lines whose first job can run here now, the most urgent first."""
    with engine.database.reading() as reader:
        return job_rows.due_lines(reader, engine.clock.now(), _types(engine), limit)


def begin_job(engine: Engine, line: str, worker: str, time_limit: timedelta) -> int | None:
    """Begin the job that is first in its line, counting the attempt; its id, or None where nothing can run there now.

    worker: the id of the process that runs it (see engine.workers). time_limit: after that it counts as failed.
    Raises RunsAlone where nothing else may run beside it.
    """

    def judged(job: StoredJob) -> StoredJob:
        if job.lost:
            raise RunsAlone
        return job

    return _begin(engine, line, worker, time_limit, judged)


def begin_alone(engine: Engine, line: str, worker: str, time_limit: timedelta) -> int | None:
    """Like `begin_job`, for a process that runs nothing else until the job is done."""
    return _begin(engine, line, worker, time_limit, lambda job: job)


def _begin(
    engine: Engine, line: str, worker: str, time_limit: timedelta, judged: Callable[[StoredJob], StoredJob]
) -> int | None:
    types = _types(engine)

    def command(context: Context) -> int | None:
        head = job_rows.lock_head(context.uow, line, types)
        if head is None:
            return None
        job = judged(head)
        context.uow.let_power_cuts_undo_it()  # it is counted for processes that end, and those leave the server alone
        job_rows.change_job(
            context.uow,
            job,
            JobState.LEASED,
            retries=max(job.retries - 1, 0),
            due_at=job.due_at,
            attempts=job.attempts + 1,
            lease=(worker, context.now + time_limit),
            lost=job.lost,
        )
        return job.id

    return engine.run_command(command, "begin_job", SYSTEM, None)


def run_begun(engine: Engine, job_id: int, worker: str) -> bool:
    """Run a job that `worker` has begun; False where it is not the worker's any more.

    A failure is written down, and the job tried again later. Raises StoreUnavailable where the database does not
    answer: then nobody knows whether the job was done, and `give_back` finds out.
    """
    try:
        return engine.run_command(lambda context: _run(context, job_id, worker), "run_job", SYSTEM, None)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 whatever one case's job does, it must not stop the others
        text = jobs.text_of(error)
    fail_begun(engine, job_id, worker, text)
    return True


def fail_begun(engine: Engine, job_id: int, worker: str, message: str) -> bool:
    """Write that the attempt `worker` has begun failed; False where the job is not the worker's any more."""

    def command(context: Context) -> bool:
        job = _lock_begun(context, job_id, worker)
        if job is None:
            return False
        jobs.fail(context, job, message, left=job.retries, attempts=job.attempts)
        return True

    return engine.run_command(command, "fail_job", SYSTEM, None)


def give_back(engine: Engine, job_id: int, worker: str) -> bool:
    """Let others run a job that `worker` has begun and does not finish; the attempt does not count.

    False where the job is not the worker's any more: it is done, or others have it.
    """

    def command(context: Context) -> bool:
        job = _lock_begun(context, job_id, worker)
        if job is None:
            return False
        job_rows.change_job(
            context.uow,
            job,
            JobState.READY,
            retries=job.retries + 1,
            due_at=job.due_at,
            attempts=job.attempts - 1,
            lost=job.lost,
        )
        context.uow.note_job(job.line, job.urgency)
        return True

    return engine.run_command(command, "give_back", SYSTEM, None)


def fail_lost(engine: Engine) -> int:
    """See to what processes have begun that are gone, or whose time for it is over; how many jobs that were."""
    with engine.database.reading() as reader:
        gone = job_rows.gone_workers(reader)
        overdue = job_rows.overdue_jobs(reader, engine.clock.now(), BATCH)
    lost = 0
    for worker in gone:
        lost += engine.run_command(partial(_fail_begun_by, worker=worker), "fail_job", SYSTEM, None)
    return lost + sum(fail_begun(engine, job_id, worker, OVERDUE) for job_id, worker in overdue)


def _fail_begun_by(context: Context, worker: str) -> int:
    begun = [_lock_begun(context, job_id, worker) for job_id in job_rows.begun_by(context.uow, worker)]
    lost = [job for job in begun if job is not None]
    for job in lost:
        if len(lost) == 1:
            jobs.fail(context, job, LOST, left=job.retries, attempts=job.attempts, lost=job.lost + 1)
        else:
            left = job.retries + 1
            jobs.fail(context, job, LOST_BESIDE_OTHERS, left=left, attempts=job.attempts, lost=job.lost + 1)
    return len(lost)


def _types(engine: Engine) -> list[str]:
    return jobs.handled_types(engine.rooms.handlers.job_types)


def _run(context: Context, job_id: int, worker: str) -> bool:
    job = _lock_begun(context, job_id, worker)
    return job is not None and jobs.perform(context, job, job.retries)


def _lock_begun(context: Context, job_id: int, worker: str) -> StoredJob | None:
    """The job, kept from others, if `worker` has it."""
    job = job_rows.lock_job(context.uow, job_id)
    return job if job is not None and job.state is JobState.LEASED and job.worker == worker else None
