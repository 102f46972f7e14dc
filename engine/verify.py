"""Checks a store from outside the commands: hash chains, rows against snapshots, orphans, and what nobody has done.

Reads one consistent view while others go on working, in a memory that does not grow with the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from engine import messages
from engine.bpmn import Execution, ExecutionStatus
from engine.context import Rooms
from engine.errors import StegvisError
from engine.history import line_hash, payload_digest
from engine.publish_message import PUBLISH_MESSAGE
from engine.publishing import starts_of
from engine.row_faults import Fault, Problem, ProblemKind, Remedy, faults_of
from engine.start_timers import endless_timers, timer_id
from engine.store import instance_rows, verify_rows
from engine.store.database import Database
from engine.store.states import ENDED_STATES, InstanceState, JobState
from engine.store.unit_of_work import Reader
from engine.store.verify_rows import StoredEvent

__all__ = ["OVERDUE_AFTER", "Problem", "ProblemKind", "StoreUnsound", "verify_store"]

OVERDUE_AFTER = timedelta(days=1)
"""How long after its due time a timer that has not fired is a problem."""
CHAINS_AT_ONCE = 500
LOOSE_JOB = "loose job"
"""Named as the table of faults of jobs that no element waits for: their number stands for the wait."""
OWN_JOBS = messages.ENGINE_JOBS | {PUBLISH_MESSAGE}


class StoreUnsound(StegvisError):
    """The store does not agree with itself; `stegvis verify` says in what."""

    code = "STORE_UNSOUND"


def verify_store(database: Database, rooms: Rooms) -> Iterator[Problem]:
    """Everything that is wrong with a store, as it is found; nothing for a sound one."""
    with database.reading() as reader:
        yield from _chains(reader)
        for instance_id in active_instances(reader):
            for fault in instance_faults(reader, rooms, instance_id):
                yield fault.problem
        for fault in loose_faults(reader, rooms):
            yield fault.problem
        yield from _contradictions(reader)
        yield from _overdue(reader, rooms)


def active_instances(reader: Reader) -> Iterator[str]:
    """The ids of all instances that have not ended."""
    after = ""
    while batch := verify_rows.not_ended(reader, after):
        yield from batch
        after = batch[-1]


def instance_faults(reader: Reader, rooms: Rooms, instance_id: str) -> Iterator[Fault]:
    """What is wrong with one instance that has not ended."""
    row = instance_rows.read(reader, instance_id)
    if row is None or row.ended_at is not None or row.state in ENDED_STATES:
        return
    try:
        deployed = rooms.definitions.deployed(reader, row.definition_id, row.release)
        execution = Execution.load(deployed.process, row.snapshot, deployed.services)
    except StegvisError as error:
        yield Fault(Problem(ProblemKind.UNREADABLE, instance_id, error.message), Remedy.NONE, "process_instance", "")
        return
    if execution.status is not ExecutionStatus.ACTIVE:
        text = f"the snapshot has ended: {execution.status}"
        yield Fault(Problem(ProblemKind.STATE_WRONG, instance_id, text), Remedy.NONE, "process_instance", "")
        return
    yield from faults_of(reader, instance_id, row.state, execution, deployed.process)


def loose_faults(reader: Reader, rooms: Rooms) -> Iterator[Fault]:
    """What is wrong with rows that no running instance waits for: of ended instances, loose jobs, start events."""
    for table, wait_id, instance_id in verify_rows.left_over(reader):
        text = f"the row in {table} belongs to an instance that has ended"
        yield Fault(Problem(ProblemKind.ROW_ORPHANED, wait_id, text), Remedy.REMOVE, table, wait_id, instance_id)
    for job in verify_rows.loose_jobs(reader):
        yield from _loose_job(reader, job)
    yield from _starts(reader, rooms)


def _loose_job(reader: Reader, job: verify_rows.LooseJob) -> Iterator[Fault]:
    where = str(job.id)
    if job.type not in OWN_JOBS:
        text = f"the job {job.id} ({job.type}) belongs to nothing that waits"
        yield Fault(Problem(ProblemKind.ROW_ORPHANED, where, text), Remedy.REMOVE, LOOSE_JOB, where)
    elif job.state is JobState.LEASED and (job.lease_until is None or not job.worker):
        text = f"the job {job.id} is leased to nobody"
        yield Fault(Problem(ProblemKind.STATE_WRONG, where, text), Remedy.GIVE_BACK, LOOSE_JOB, where)
    elif job.state is JobState.DEAD and not verify_rows.has_incident(reader, job.id):
        text = f"the job {job.id} is dead, and no incident says so"
        yield Fault(Problem(ProblemKind.ROW_MISSING, where, text), Remedy.REPORT, LOOSE_JOB, where)


def _starts(reader: Reader, rooms: Rooms) -> Iterator[Fault]:
    known: set[str] = set()
    there = set(verify_rows.start_timer_ids(reader))
    for latest in verify_rows.latest_definitions(reader):
        try:
            deployed = rooms.definitions.deployed(reader, latest.id, latest.release)
        except StegvisError as error:
            text = f"the process cannot be loaded: {error.message}"
            yield Fault(Problem(ProblemKind.UNREADABLE, latest.process_id, text), Remedy.NONE, "process_definition", "")
            continue
        process = deployed.process
        known |= {timer_id(process.id, start.element_id) for start in process.starts if start.timer is not None}
        if verify_rows.start_rows(reader, process.id) != starts_of(process, deployed.services):
            text = "its rows in start_subscription are not what its latest version starts by"
            problem = Problem(ProblemKind.ROW_WRONG, process.id, text)
            yield Fault(problem, Remedy.RENEW, "start_subscription", process.id)
        for missing in sorted(endless_timers(process, rooms.clock.now(), rooms.definitions.environment()) - there):
            text = "the timer that starts the process again and again has no row"
            yield Fault(Problem(ProblemKind.ROW_MISSING, missing, text), Remedy.RENEW, "start_subscription", process.id)
    for found in sorted(there - known):
        text = "the timer belongs to no start event of a latest version"
        yield Fault(Problem(ProblemKind.ROW_ORPHANED, found, text), Remedy.REMOVE, "timer", found)


def _contradictions(reader: Reader) -> Iterator[Problem]:
    for child in verify_rows.children_of_ended(reader):
        yield Problem(ProblemKind.ROW_ORPHANED, child, "the instance that called it has ended")
    going = [state.value for state in InstanceState if state not in ENDED_STATES]
    for instance_id in verify_rows.states_that_contradict(reader, going):
        yield Problem(ProblemKind.STATE_WRONG, instance_id, "its state and the time of its end contradict each other")


def _overdue(reader: Reader, rooms: Rooms) -> Iterator[Problem]:
    for found, due_at in verify_rows.overdue_timers(reader, rooms.clock.now() - OVERDUE_AFTER):
        text = f"the timer was due at {due_at.isoformat(timespec='minutes')} and has not fired"
        yield Problem(ProblemKind.OVERDUE, found, text)


# --- the history ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _End:
    """Where a chain ends, by its lines."""

    chain: str
    seq: int
    hash: bytes


def _chains(reader: Reader) -> Iterator[Problem]:
    ends: list[_End] = []
    for chain, lines in groupby(verify_rows.events(reader), lambda line: line.chain):
        seq, previous = 0, None
        for line in lines:
            yield from _line(line, seq, previous)
            seq, previous = line.seq, line.hash
        ends.append(_End(chain, seq, previous or b""))
        if len(ends) == CHAINS_AT_ONCE:
            yield from _heads(reader, ends)
            ends = []
    yield from _heads(reader, ends)
    for chain, count in verify_rows.heads_without_lines(reader):
        yield Problem(ProblemKind.HEAD_WRONG, chain, f"the chain should end with line {count}")
    for chain, seq in verify_rows.payloads_without_line(reader):
        yield Problem(ProblemKind.CHAIN_BROKEN, chain, f"line {seq} is gone, and its payload is there")


def _line(line: StoredEvent, seq: int, previous: bytes | None) -> Iterator[Problem]:
    where = (line.instance_id, line.element, line.name)
    actor = (line.actor, line.actor_name)
    expected = line_hash(line.chain, seq + 1, line.at, actor, line.kind, where, line.payload_digest, previous)
    if line.seq != seq + 1 or line.previous != previous or line.hash != expected:
        yield Problem(ProblemKind.CHAIN_BROKEN, line.chain, f"line {line.seq} does not follow line {seq}")
    if line.body is not None and payload_digest(line.salt, line.body) != line.payload_digest:
        yield Problem(ProblemKind.PAYLOAD_CHANGED, line.chain, f"the payload of line {line.seq} was changed")


def _heads(reader: Reader, ends: list[_End]) -> Iterator[Problem]:
    heads = verify_rows.heads(reader, [end.chain for end in ends])
    for end in ends:
        head = heads.get(end.chain)
        if head is None:
            yield Problem(ProblemKind.HEAD_WRONG, end.chain, "nothing owns this chain")
        elif head != (end.seq, end.hash):
            yield Problem(ProblemKind.HEAD_WRONG, end.chain, f"the chain should end with line {head[0]}")
