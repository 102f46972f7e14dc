"""Compares what an instance's snapshot waits for with the rows that stand for it, and says how differences are mended.

The snapshot is right: it is what a command loads. `verify` tells the differences, `repair` mends them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.bpmn import (
    Execution,
    JobDetail,
    MessageDetail,
    Process,
    SignalDetail,
    TimerDetail,
    UserTaskDetail,
    Wait,
    WaitKind,
)
from engine.differences import roles_of_task
from engine.store import verify_rows
from engine.store.states import InstanceState, JobState, TimerState
from engine.store.unit_of_work import Reader

TABLES = {
    WaitKind.USER_TASK: "work_item",
    WaitKind.TIMER: "timer",
    WaitKind.MESSAGE: "subscription",
    WaitKind.SIGNAL: "subscription",
    WaitKind.CONDITION: "subscription",
    WaitKind.JOB: "job",
}
_STATES: Mapping[InstanceState, Mapping[str, frozenset[str]]] = {
    InstanceState.ACTIVE: {
        "timer": frozenset({TimerState.ACTIVE, TimerState.DEAD}),
        "job": frozenset({JobState.READY, JobState.LEASED, JobState.DEAD}),
    },
    InstanceState.SUSPENDED: {
        "timer": frozenset({TimerState.SUSPENDED, TimerState.DEAD}),
        "job": frozenset({JobState.SUSPENDED, JobState.DEAD}),
    },
}
"""What an instance's state lets its timers and jobs be."""


class ProblemKind(StrEnum):
    """What is wrong."""

    CHAIN_BROKEN = "chain broken"  # a line of the history is missing or was changed
    PAYLOAD_CHANGED = "payload changed"
    HEAD_WRONG = "head wrong"  # the chain ends elsewhere than its row says: lines were cut off
    ROW_MISSING = "row missing"  # an element waits and has no row
    ROW_ORPHANED = "row orphaned"  # a row waits for an element that does not
    ROW_WRONG = "row wrong"  # the row says something else than the element it stands for
    STATE_WRONG = "state wrong"  # the row's state is not the snapshot's
    UNREADABLE = "unreadable"  # the snapshot cannot be loaded
    OVERDUE = "overdue"  # a timer should have fired long ago: is anybody at work?


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    kind: ProblemKind
    where: str
    """The id of the chain, instance or row."""
    message: str


class Remedy(StrEnum):
    """How a difference is mended."""

    MAKE = "made"  # the row is made from the snapshot
    RENEW = "renewed"  # the row is made to say what the snapshot says
    REMOVE = "removed"
    RESTATE = "restated"  # it waits, or goes on, as its instance does
    GIVE_BACK = "given back"  # nobody has the job: it may be taken again
    REPORT = "reported"  # an incident is opened, for a person to look at
    RESOLVE = "resolved"  # an incident is closed: what it is about is over
    NONE = ""  # a person has to decide


@dataclass(frozen=True)
class Fault:
    """One difference between a snapshot and its rows."""

    problem: Problem
    remedy: Remedy
    table: str
    wait_id: str
    instance_id: str | None = None
    """Whose row it is, where that instance has ended."""


def faults_of(
    reader: Reader, instance_id: str, state: InstanceState, execution: Execution, process: Process
) -> Iterator[Fault]:
    """Everything in which the rows of an instance that has not ended differ from its snapshot."""
    waits = {wait.id: wait for wait in execution.waits}
    rows = verify_rows.rows_of(reader, instance_id)
    incidents = verify_rows.open_incidents(reader, instance_id)
    expected = {(TABLES[wait.kind], wait.id): wait for wait in waits.values() if wait.kind in TABLES}
    for key in sorted(expected.keys() - rows.keys()):
        yield _fault(
            Remedy.MAKE, ProblemKind.ROW_MISSING, instance_id, key, f"the wait {key[1]} has no row in {key[0]}"
        )
    for key in sorted(rows.keys() - expected.keys()):
        text = f"the row {key[1]} in {key[0]} waits for nothing"
        yield _fault(Remedy.REMOVE, ProblemKind.ROW_ORPHANED, instance_id, key, text)
    for key in sorted(rows.keys() & expected.keys()):
        yield from _row_faults(instance_id, state, key, rows[key], _said(expected[key], process), incidents)
    yield from _incident_faults(instance_id, waits, incidents)
    yield from _call_faults(instance_id, waits, incidents, verify_rows.called_waits(reader, instance_id))


def _row_faults(
    instance_id: str,
    state: InstanceState,
    key: tuple[str, str],
    row: Mapping[str, Any],
    said: Mapping[str, Any],
    incidents: set[str],
) -> Iterator[Fault]:
    table, wait_id = key
    wrong = [name for name, value in said.items() if row.get(name) != value]
    if wrong:
        text = f"the row {wait_id} in {table} is wrong in {', '.join(wrong)}"
        yield _fault(Remedy.RENEW, ProblemKind.ROW_WRONG, instance_id, key, text)
    allowed = _STATES[state].get(table)
    if allowed is not None and row["state"] not in allowed:
        text = f"the row {wait_id} in {table} is {row['state']} in an instance that is {state}"
        yield _fault(Remedy.RESTATE, ProblemKind.STATE_WRONG, instance_id, key, text)
    elif row.get("state") == JobState.LEASED and (row["lease_until"] is None or not row["worker"]):
        text = f"the job of {wait_id} is leased to nobody"
        yield _fault(Remedy.GIVE_BACK, ProblemKind.STATE_WRONG, instance_id, key, text)
    elif row.get("state") == JobState.DEAD and wait_id not in incidents:
        text = f"the row {wait_id} in {table} is dead, and no incident says so"
        yield _fault(Remedy.REPORT, ProblemKind.ROW_MISSING, instance_id, key, text)


def _incident_faults(instance_id: str, waits: Mapping[str, Wait], incidents: set[str]) -> Iterator[Fault]:
    stopped = {wait.id for wait in waits.values() if wait.kind is WaitKind.INCIDENT}
    for wait_id in sorted(stopped - incidents):
        text = f"the incident at {wait_id} has no row"
        yield _fault(Remedy.MAKE, ProblemKind.ROW_MISSING, instance_id, ("incident", wait_id), text)
    for wait_id in sorted(incidents - waits.keys()):
        text = f"an open incident concerns {wait_id}, which does not wait"
        yield _fault(Remedy.RESOLVE, ProblemKind.ROW_ORPHANED, instance_id, ("incident", wait_id), text)


def _call_faults(instance_id: str, waits: Mapping[str, Wait], incidents: set[str], called: set[str]) -> Iterator[Fault]:
    calls = {wait.id for wait in waits.values() if wait.kind is WaitKind.CALL}
    for wait_id in sorted(calls - called - incidents):
        text = f"the call {wait_id} has no instance"
        yield _fault(Remedy.REPORT, ProblemKind.ROW_MISSING, instance_id, ("process_instance", wait_id), text)
    for wait_id in sorted(called - calls):
        text = f"an instance was called by {wait_id}, which does not wait"
        yield _fault(Remedy.NONE, ProblemKind.ROW_ORPHANED, instance_id, ("process_instance", wait_id), text)


def _said(wait: Wait, process: Process) -> dict[str, Any]:
    """What the row of a wait should say."""
    detail = wait.detail
    said: dict[str, Any] = {"element_id": wait.element_id}
    if isinstance(detail, UserTaskDetail):
        roles = roles_of_task(detail, process, wait.element_id)
        said |= {"form_id": detail.form_id, "due_at": detail.due, "follow_up_at": detail.follow_up}
        said |= {"role": roles[0] if roles else None, "others": sorted(roles[1:]) or None}
    elif isinstance(detail, TimerDetail):
        said |= {"due_at": detail.due, "attached_to": detail.attached_to, "interrupting": detail.interrupting}
    elif isinstance(detail, MessageDetail):
        said |= {"kind": "message", "name": detail.name, "key": detail.key}
    elif isinstance(detail, SignalDetail):
        said |= {"kind": "signal", "name": detail.name}
    elif isinstance(detail, JobDetail):
        said |= {"type": detail.type}
    return said


def _fault(remedy: Remedy, kind: ProblemKind, instance_id: str, key: tuple[str, str], text: str) -> Fault:
    return Fault(Problem(kind, instance_id, text), remedy, *key)
