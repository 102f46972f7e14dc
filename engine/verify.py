"""Checks a store from outside the commands: hash chains, rows against snapshots, orphans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.bpmn import Execution, ExecutionStatus, WaitKind
from engine.context import Rooms
from engine.errors import StegvisError
from engine.history import line_hash, payload_digest
from engine.store import instance_rows, verify_rows
from engine.store.database import Database
from engine.store.instance_rows import StoredInstance
from engine.store.unit_of_work import Reader


class ProblemKind(StrEnum):
    """What is wrong."""

    CHAIN_BROKEN = "chain broken"  # a line of the history is missing or was changed
    PAYLOAD_CHANGED = "payload changed"
    HEAD_WRONG = "head wrong"  # the chain ends elsewhere than its row says: lines were cut off
    ROW_MISSING = "row missing"  # an element waits and has no row
    ROW_ORPHANED = "row orphaned"  # a row waits for an element that does not
    STATE_WRONG = "state wrong"  # the row's state is not the snapshot's
    UNREADABLE = "unreadable"  # the snapshot cannot be loaded


class StoreUnsound(StegvisError):
    """The store does not agree with itself; `stegvis verify` says where."""

    code = "STORE_UNSOUND"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    kind: ProblemKind
    where: str
    """The id of the chain, instance or row."""
    message: str


TABLES = {
    WaitKind.USER_TASK: "work_item",
    WaitKind.TIMER: "timer",
    WaitKind.MESSAGE: "subscription",
    WaitKind.SIGNAL: "subscription",
    WaitKind.CONDITION: "subscription",
    WaitKind.JOB: "job",
}


def verify_store(database: Database, rooms: Rooms) -> list[Problem]:
    """Everything that is wrong with a store; an empty list for a sound one."""
    with database.reading() as reader:
        return [*_chains(reader), *_instances(reader, rooms), *_orphans(reader)]


def _chains(reader: Reader) -> Iterator[Problem]:
    heads = verify_rows.heads(reader)
    ends: dict[str, tuple[int, bytes | None]] = {}
    for event in verify_rows.events(reader):
        seq, previous = ends.get(event.chain, (0, None))
        where = (event.instance_id, event.element, event.name)
        actor = (event.actor, event.actor_name)
        expected = line_hash(event.chain, seq + 1, event.at, actor, event.kind, where, event.payload_digest, previous)
        if event.seq != seq + 1 or event.previous != previous or event.hash != expected:
            yield Problem(ProblemKind.CHAIN_BROKEN, event.chain, f"line {event.seq} does not follow line {seq}")
        if event.body is not None and payload_digest(event.salt, event.body) != event.payload_digest:
            yield Problem(ProblemKind.PAYLOAD_CHANGED, event.chain, f"the payload of line {event.seq} was changed")
        ends[event.chain] = (event.seq, event.hash)
    for chain, head in heads.items():
        if ends.get(chain, (0, None)) != head:
            yield Problem(ProblemKind.HEAD_WRONG, chain, f"the chain should end with line {head[0]}")
    for chain in ends.keys() - heads.keys():
        yield Problem(ProblemKind.HEAD_WRONG, chain, "nothing owns this chain")


def _instances(reader: Reader, rooms: Rooms) -> Iterator[Problem]:
    for instance_id in instance_rows.not_ended(reader):
        row = instance_rows.read(reader, instance_id)
        assert row is not None
        try:
            deployed = rooms.definitions.deployed(reader, row.definition_id, row.release)
            execution = Execution.load(deployed.process, row.snapshot, deployed.services)
        except StegvisError as error:
            yield Problem(ProblemKind.UNREADABLE, instance_id, error.message)
            continue
        if execution.status is not ExecutionStatus.ACTIVE:
            yield Problem(ProblemKind.STATE_WRONG, instance_id, f"the snapshot has ended: {execution.status}")
        yield from _waits(reader, row, execution)


def _waits(reader: Reader, row: StoredInstance, execution: Execution) -> Iterator[Problem]:
    rows = verify_rows.waiting_rows_of(reader, row.id)
    expected = {(TABLES[wait.kind], wait.id) for wait in execution.waits if wait.kind in TABLES}
    for table, wait_id in sorted(expected - rows):
        yield Problem(ProblemKind.ROW_MISSING, row.id, f"the wait {wait_id} has no row in {table}")
    for table, wait_id in sorted(rows - expected):
        yield Problem(ProblemKind.ROW_ORPHANED, row.id, f"the row {wait_id} in {table} waits for nothing")
    waiting = {wait.id for wait in execution.waits}
    incidents = verify_rows.open_incidents(reader, row.id)
    for wait_id in {wait.id for wait in execution.waits if wait.kind is WaitKind.INCIDENT} - incidents:
        yield Problem(ProblemKind.ROW_MISSING, row.id, f"the incident at {wait_id} has no row")
    for wait_id in incidents - waiting:
        yield Problem(ProblemKind.ROW_ORPHANED, row.id, f"an open incident concerns {wait_id}, which does not wait")
    dues = {wait.id: wait.detail.due for wait in execution.waits if wait.kind is WaitKind.TIMER}  # type: ignore[union-attr]
    for timer_id, due_at in verify_rows.timer_dues(reader, row.id).items():
        if timer_id in dues and dues[timer_id] != due_at:
            yield Problem(ProblemKind.STATE_WRONG, row.id, f"the timer {timer_id} is due at {dues[timer_id]}")
    called = verify_rows.called_waits(reader, row.id) | incidents
    for wait in execution.waits:
        if wait.kind is WaitKind.CALL and wait.id not in called:
            yield Problem(ProblemKind.ROW_MISSING, row.id, f"the call {wait.id} has no instance")


def _orphans(reader: Reader) -> Iterator[Problem]:
    for table, row_id in verify_rows.rows_of_ended_instances(reader):
        yield Problem(ProblemKind.ROW_ORPHANED, row_id, f"the row in {table} belongs to an instance that has ended")
