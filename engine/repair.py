"""Mends what `verify` finds in rows: they are made again from the snapshots, each instance in a command of its own.

What was done stands in the case's history. A broken chain is never mended: it says that somebody has changed the past.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from engine.bpmn import Wait, WaitKind
from engine.context import Context, Running
from engine.differences import begin_waits, item_rows
from engine.errors import StegvisError, StoreUnavailable
from engine.history import EventKind, Line
from engine.incidents import new_incident
from engine.protocols import Actor
from engine.publishing import arm
from engine.row_faults import TABLES, Fault, Problem, Remedy, faults_of
from engine.store import instance_rows, job_rows, verify_rows, waiting_rows, work_item_rows
from engine.store.job_rows import StoredJob
from engine.store.states import ENDED_STATES, InstanceState, JobState, TimerState, WorkItemState
from engine.verify import LOOSE_JOB, instance_faults, loose_faults

if TYPE_CHECKING:
    from engine.engine import Engine

BATCH = 500
Mending = Callable[[Context], list[Fault]]
"""A command that mends, and says what."""


@dataclass(frozen=True)
class Repaired:
    """One problem, and what became of it."""

    problem: Problem
    remedy: Remedy
    """NONE where a person has to decide, or where mending failed."""
    detail: str = ""
    """Why it could not be mended."""


def repair_store(engine: Engine, actor: Actor) -> Iterator[Repaired]:
    """Mend the rows of all instances, and those that belong to none; each problem with rows, and what became of it."""
    for instance_id in _instances(engine):
        with engine.database.reading() as reader:
            found = list(instance_faults(reader, engine.rooms, instance_id))
        if found:
            yield from _try(engine, actor, found, _mending(instance_id))
    yield from _repair_loose(engine, actor)


def _instances(engine: Engine) -> Iterator[str]:
    """The ids of the instances that run, a batch at a time: no view is kept open meanwhile."""
    batch = [""]
    while batch:
        with engine.database.reading() as reader:
            batch = verify_rows.not_ended(reader, batch[-1])
        yield from batch


def _repair_loose(engine: Engine, actor: Actor) -> Iterator[Repaired]:
    """Mend what belongs to no running instance, a batch at a time, until a batch brings nothing new."""
    told: set[Problem] = set()
    while True:
        with engine.database.reading() as reader:
            batch = list(
                islice((each for each in loose_faults(reader, engine.rooms) if each.problem not in told), BATCH)
            )
        if not batch:
            return
        for fault in batch:
            told.add(fault.problem)
            yield from _try(engine, actor, [fault], _mending_loose(fault))


def _try(engine: Engine, actor: Actor, found: list[Fault], mend: Mending) -> Iterator[Repaired]:
    """Run one mending; what was found and not mended is told too."""
    mended: list[Fault] = []
    reason = ""
    if any(fault.remedy is not Remedy.NONE for fault in found):
        try:
            mended = engine.run_command(mend, "repair", actor, None)
        except StoreUnavailable:
            raise
        except StegvisError as error:
            reason = error.message
    yield from (Repaired(fault.problem, fault.remedy) for fault in mended)
    done = {fault.problem for fault in mended}
    yield from (Repaired(fault.problem, Remedy.NONE, reason) for fault in found if fault.problem not in done)


# --- instances that run -----------------------------------------------------------------------------------------------


def _mending(instance_id: str) -> Mending:
    return lambda context: _mend_instance(context, instance_id)


def _mend_instance(context: Context, instance_id: str) -> list[Fault]:
    """Make the rows of an instance say what its snapshot says; what was found now that nobody else changes it."""
    running = context.take(instance_id)
    if running.state in ENDED_STATES:
        return []
    process = running.deployed.process
    found = list(faults_of(context.uow, instance_id, running.state, running.execution, process))
    faults = [fault for fault in found if fault.remedy is not Remedy.NONE]
    waits = running.waiting()
    by_remedy: dict[Remedy, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_remedy[fault.remedy].append(fault)
    for fault in by_remedy[Remedy.REMOVE]:
        _remove(context, fault.table, fault.wait_id)
    _make(context, running, [waits[fault.wait_id] for fault in by_remedy[Remedy.MAKE]])
    _renew(context, running, [waits[fault.wait_id] for fault in by_remedy[Remedy.RENEW]])
    if by_remedy[Remedy.RESTATE]:
        _restate(context, running)
    for fault in by_remedy[Remedy.GIVE_BACK]:
        _give_back(context, job_rows.lock_job_of(context.uow, fault.wait_id))
    for fault in by_remedy[Remedy.REPORT]:
        _report(context, running, fault, waits[fault.wait_id])
    job_rows.resolve_incidents_of(context.uow, [each.wait_id for each in by_remedy[Remedy.RESOLVE]], context.actor.id)
    if faults:
        name = running.deployed.definition.name
        context.note(running, EventKind.REPAIRED, name=name, payload={"rows": [_told(fault) for fault in faults]})
    return faults


def _make(context: Context, running: Running, waits: list[Wait]) -> None:
    """Make rows; a work item that was closed is opened again."""
    closed = [wait for wait in waits if wait.kind is WaitKind.USER_TASK and work_item_rows.get(context.uow, wait.id)]
    begin_waits(context, running, [wait for wait in waits if wait not in closed])
    _renew(context, running, closed)


def _renew(context: Context, running: Running, waits: list[Wait]) -> None:
    """Make rows say what their waits say: work items keep their drafts and whoever has them, others are made anew."""
    tasks = [wait for wait in waits if wait.kind is WaitKind.USER_TASK]
    others = [wait for wait in waits if wait.kind is not WaitKind.USER_TASK]
    rows, candidates = item_rows(context, running, tasks)
    for row in rows:
        work_item_rows.renew(context.uow, row, [each for each in candidates if each["work_item_id"] == row["id"]])
    for wait in others:
        _take_away(context, TABLES[wait.kind], wait.id)
    begin_waits(context, running, others)


def _remove(context: Context, table: str, wait_id: str) -> None:
    """Take away a row that waits for nothing; a work item stays, as one that was cancelled."""
    if table == "work_item":
        work_item_rows.end_item(context.uow, wait_id, WorkItemState.CANCELLED, None)
        work_item_rows.delete_candidates(context.uow, wait_id)
    else:
        _take_away(context, table, wait_id)
    job_rows.resolve_incidents_of(context.uow, [wait_id], context.actor.id)


def _take_away(context: Context, table: str, wait_id: str) -> None:
    take = {
        "timer": waiting_rows.delete_timers,
        "subscription": waiting_rows.delete_subscriptions,
        "job": job_rows.delete_jobs_of,
    }
    take[table](context.uow, [wait_id])


def _restate(context: Context, running: Running) -> None:
    """Let timers and jobs wait where their instance does, and go on where it does."""
    if running.state is InstanceState.SUSPENDED:
        waiting_rows.set_timer_state(context.uow, running.id, TimerState.SUSPENDED)
        job_rows.set_job_state(context.uow, running.id, (JobState.READY, JobState.LEASED), JobState.SUSPENDED)
    else:
        waiting_rows.set_timer_state(context.uow, running.id, TimerState.ACTIVE)
        job_rows.set_job_state(context.uow, running.id, (JobState.SUSPENDED,), JobState.READY)
        context.uow.note_alarm(context.now)


def _give_back(context: Context, job: StoredJob | None) -> None:
    if job is not None:
        job_rows.change_job(
            context.uow, job, JobState.READY, retries=job.retries, due_at=context.now, attempts=job.attempts
        )
        context.uow.note_job(job.line, job.urgency)


def _report(context: Context, running: Running, fault: Fault, wait: Wait) -> None:
    job = job_rows.lock_job_of(context.uow, wait.id) if fault.table == "job" else None
    incident = new_incident(
        running,
        wait.element_id,
        wait.name,
        _CODES[fault.table],
        fault.problem.message,
        wait_id=wait.id,
        job_id=job.id if job else None,
    )
    context.add_incident(running, incident)


_CODES = {"job": "JOB_FAILED", "timer": "TIMER_FAILED", "process_instance": "CALL_LOST"}


def _told(fault: Fault) -> str:
    return f"{fault.remedy} {fault.table} {fault.wait_id}"


# --- what belongs to no running instance ------------------------------------------------------------------------------


def _mending_loose(fault: Fault) -> Mending:
    return lambda context: _mend_loose(context, fault)


def _mend_loose(context: Context, fault: Fault) -> list[Fault]:
    if fault.table == "start_subscription":
        deployed = context.rooms.definitions.latest(context.uow, fault.wait_id)
        arm(context, deployed.definition, deployed.process)
    elif fault.table == LOOSE_JOB:
        _mend_job(context, fault)
    else:
        _remove(context, fault.table, fault.wait_id)
        _note_ended(context, fault)
    return [fault]


def _mend_job(context: Context, fault: Fault) -> None:
    job = job_rows.lock_job(context.uow, int(fault.wait_id))
    if job is None:
        return
    if fault.remedy is Remedy.REMOVE:
        job_rows.delete_job(context.uow, job.id)
    elif fault.remedy is Remedy.GIVE_BACK:
        _give_back(context, job)
    else:
        context.add_loose_incident(job.name, "JOB_FAILED", fault.problem.message, job_id=job.id, case_id=job.case_id)


def _note_ended(context: Context, fault: Fault) -> None:
    """Tell in the history of an instance that has ended what was taken away; one that is gone has none."""
    row = None if fault.instance_id is None else instance_rows.lock(context.uow, fault.instance_id)
    if row is not None:
        name = context.rooms.definitions.row(context.uow, row.definition_id).name
        chain, of_case = row.case_id or row.id, row.case_id is not None
        context.chronicle.add(Line(chain, of_case, EventKind.REPAIRED, row.id, None, name, {"rows": [_told(fault)]}))
