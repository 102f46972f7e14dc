"""The history: append-only lines in chains, each line's hash over its content and the line before it.

Payloads are hashed with a salt and lie in a table of their own: one can be disposed of without breaking its chain,
and nobody can guess a short payload (a name, a date) from the digest that stays.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import orjson

from engine.encoding import encode
from engine.protocols import Actor, Variables
from engine.store import history_rows
from engine.store.unit_of_work import UnitOfWork

SALT_BYTES = 16


class EventKind(StrEnum):
    """What a line of the history tells."""

    CASE_OPENED = "case opened"
    CASE_CLOSED = "case closed"
    PARTY_ADDED = "party added"
    PARTY_ENDED = "party ended"
    STARTED = "started"
    ENTERED = "entered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    ENDED = "ended"
    CLAIMED = "claimed"
    RELEASED = "released"
    ASSIGNED = "assigned"
    MESSAGE_SENT = "message sent"
    MESSAGE_RECEIVED = "message received"
    SIGNAL_SENT = "signal sent"
    DECIDED = "decided"
    ESCALATED = "escalated"
    JOB_FAILED = "job failed"
    INCIDENT = "incident"
    RETRIED = "retried"
    VARIABLES_SET = "variables set"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    MOVED = "moved"
    MIGRATED = "migrated"
    REPAIRED = "repaired"  # its rows were made again from its snapshot
    DEADLINE_MOVED = "deadline moved"
    DISPOSED = "disposed"


@dataclass(frozen=True)
class Line:
    """One line to be written."""

    chain: str
    of_case: bool
    """Whether the chain is a case's (else an instance's that stands alone)."""
    kind: EventKind
    instance_id: str | None
    element: str | None
    name: str | None
    payload: Variables | None


@dataclass
class Head:
    """The end of a chain: how many lines it has, and the last one's hash."""

    seq: int
    hash: bytes | None


def payload_digest(salt: bytes, body: bytes) -> bytes:
    """What of a payload goes into its line's hash."""
    return hashlib.sha256(salt + body).digest()


def line_hash(
    chain: str,
    seq: int,
    at: datetime,
    actor: tuple[str, str],
    kind: str,
    where: tuple[str | None, str | None, str | None],
    digest: bytes | None,
    previous: bytes | None,
) -> bytes:
    """The hash of one line: over all its columns (`where` = instance, element, name) and the line before it."""
    content = orjson.dumps(
        (chain, seq, at.isoformat(), actor, kind, where, digest and digest.hex(), previous and previous.hex())
    )
    return hashlib.sha256(content).digest()


class Chronicle:
    """Collects the lines of one transaction and writes them in one go."""

    def __init__(self, uow: UnitOfWork, actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._lines: dict[str, list[Line]] = {}
        self.cases: set[str] = set()
        """The cases whose history gets a line."""

    def add(self, line: Line) -> None:
        """Take a line; its place in the chain is given when it is written."""
        self._lines.setdefault(line.chain, []).append(line)
        if line.of_case:
            self.cases.add(line.chain)

    def write(self, instance_heads: dict[str, Head]) -> None:
        """Write what was collected; `instance_heads` (of instances in memory) move on in place, others in rows."""
        events: list[dict[str, object]] = []
        payloads: list[dict[str, object]] = []
        for chain, lines in self._lines.items():
            known = instance_heads.get(chain)
            if known is not None:
                self._append(known, lines, events, payloads)
                continue
            owner = history_rows.OF_CASE if lines[0].of_case else history_rows.OF_INSTANCE
            head = Head(*history_rows.lock_head(self._uow, owner, chain))
            self._append(head, lines, events, payloads)
            history_rows.move_head(self._uow, owner, chain, head.seq, head.hash)
        self._lines.clear()
        history_rows.insert_lines(self._uow, events, payloads)

    def _append(
        self,
        head: Head,
        lines: Iterable[Line],
        events: list[dict[str, object]],
        payloads: list[dict[str, object]],
    ) -> None:
        now, actor = self._uow.now, (self._actor.id, self._actor.name)
        for line in lines:
            seq, digest = head.seq + 1, None
            if line.payload:
                salt, body = os.urandom(SALT_BYTES), encode(line.payload)
                digest = payload_digest(salt, body)
                payloads.append({"chain": line.chain, "seq": seq, "salt": salt, "body": body})
            where = (line.instance_id, line.element, line.name)
            hashed = line_hash(line.chain, seq, now, actor, line.kind, where, digest, head.hash)
            events.append(
                {
                    "chain": line.chain,
                    "seq": seq,
                    "at": now,
                    "actor": self._actor.id,
                    "actor_name": self._actor.name,
                    "kind": line.kind.value,
                    "instance_id": line.instance_id,
                    "element": line.element,
                    "name": line.name,
                    "payload_digest": digest,
                    "previous": head.hash,
                    "hash": hashed,
                }
            )
            head.seq, head.hash = seq, hashed
