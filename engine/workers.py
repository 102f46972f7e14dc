"""The processes on one store: which are alive, and which of them may do what only one does at a time."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.context import Context
from engine.identity import new_id
from engine.protocols import SYSTEM
from engine.store import worker_rows
from engine.store.job_rows import OWN_WORKER
from engine.store.worker_rows import WorkerRow

if TYPE_CHECKING:
    from engine.engine import Engine

SCHEDULER = "scheduler"
"""The lease of the one process that fires timers and runs jobs on SQLite."""


class WorkerKind(StrEnum):
    """What a process does."""

    WEB = "web"  # serves pages only
    WORKER = "worker"  # runs jobs and timers only
    ALL = "all"  # does both: one process on SQLite


@dataclass(frozen=True)
class WorkerIdentity:
    """This process, as the others on the store know it."""

    id: str
    kind: WorkerKind
    host: str
    pid: int
    version: str


def this_process(kind: WorkerKind, version: str = "") -> WorkerIdentity:
    """This process under a name that no other has, nor itself after a restart."""
    return WorkerIdentity(OWN_WORKER + new_id(), kind, socket.gethostname(), os.getpid(), version)


def living(engine: Engine) -> list[WorkerRow]:
    """The processes that have been heard of lately, oldest first."""
    with engine.database.reading() as reader:
        return worker_rows.all_workers(reader)


def under_way(engine: Engine) -> dict[str, int]:
    """How many jobs each worker has begun and not ended, by its id (also those over the API)."""
    with engine.database.reading() as reader:
        return worker_rows.under_way(reader)


def beat(engine: Engine, me: WorkerIdentity, silent_after: timedelta) -> None:
    """Say that this process is alive, and give up those that have been silent for longer than `silent_after`.

    A process of the same machine whose number (pid) nobody has any more is given up at once.
    """

    def command(context: Context) -> None:
        if not worker_rows.note_seen(context.uow, me.id):
            row = WorkerRow(me.id, me.kind.value, me.host, me.pid, me.version, context.now, context.now)
            worker_rows.insert_worker(context.uow, row)
        worker_rows.delete_silent(context.uow, context.now - silent_after)
        for row in worker_rows.all_workers(context.uow):
            if row.host == me.host and row.id != me.id and not _runs(row.pid):
                worker_rows.delete_worker(context.uow, row.id)

    engine.run_command(command, "beat", SYSTEM, None)


def leave(engine: Engine, me: WorkerIdentity) -> None:
    """Say that this process ends; whatever only one may do is free."""

    def command(context: Context) -> None:
        worker_rows.delete_worker(context.uow, me.id)
        worker_rows.drop_lease(context.uow, SCHEDULER, me.id)

    engine.run_command(command, "leave", SYSTEM, None)


def hold_scheduler(engine: Engine, me: WorkerIdentity, length: timedelta) -> bool:
    """Whether this process may fire timers and run jobs for the next `length`.

    It may where nobody else may: the other's lease has run out, or the other is not alive any more.
    """

    def command(context: Context) -> bool:
        until = context.now + length
        held = worker_rows.lease_holder(context.uow, SCHEDULER)
        if held is None:
            worker_rows.insert_lease(context.uow, SCHEDULER, me.id, until)
            return True
        owner, ends = held
        if owner != me.id and ends > context.now and _is_alive(context, owner):
            return False
        worker_rows.take_lease(context.uow, SCHEDULER, me.id, until)
        return True

    return engine.run_command(command, "hold_scheduler", SYSTEM, None)


def scheduler_until(engine: Engine) -> tuple[str, datetime] | None:
    """Which process fires timers and runs jobs on SQLite, and until when it has said that it will."""
    with engine.database.reading() as reader:
        return worker_rows.lease_holder(reader, SCHEDULER)


def _is_alive(context: Context, worker_id: str) -> bool:
    return any(row.id == worker_id for row in worker_rows.all_workers(context.uow))


def _runs(pid: int) -> bool:
    """Whether a process of that number runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
