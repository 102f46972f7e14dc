"""Tickets in procrastinate's queue: one says that a line of jobs has something to run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine import dispatching
from engine.clock import Clock
from engine.engine import Engine
from engine.protocols import DueLine
from engine.store.unit_of_work import UnitOfWork

QUEUE = "stegvis"
TASK = "stegvis.line"
ALARM = "stegvis_alarm"
"""The channel on which commits tell of due times that come soon."""
LISTEN = "LISTEN stegvis_alarm"
SWEPT = 500
"""Lines looked at in one sweep."""

_DEFER = """
SELECT procrastinate_defer_jobs_v1(array_agg(
    ROW(%s::text, %s::text, wanted.priority, wanted.line, NULL, jsonb_build_object('line', wanted.line), NULL)
    ::procrastinate_job_to_defer_v1 ORDER BY wanted.place))
FROM unnest(%s::text[], %s::int[]) WITH ORDINALITY AS wanted(line, priority, place)
"""
_KNOWN = """
SELECT DISTINCT lock FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND queue_name = %(queue)s AND lock = ANY(%(lines)s::text[])
"""
_MY_SWEEP = "SELECT pg_try_advisory_xact_lock(hashtext('stegvis sweep'))"
_NOTIFY = "SELECT pg_notify(%s, %s)"


def priority_of(line: DueLine) -> int:
    """procrastinate's priority (the largest goes first)."""
    return -line.urgency.value


def defer(uow: UnitOfWork, lines: Sequence[DueLine]) -> None:
    """Write tickets within a command's transaction: they are there if, and only if, the command has happened.

    The line is procrastinate's lock, so one ticket of a line is worked at a time; none is ever `scheduled_at`.
    """
    names, priorities = [line.name for line in lines], [priority_of(line) for line in lines]
    uow.send_as_is(_DEFER, (QUEUE, TASK, names, priorities))


def notify(uow: UnitOfWork, payload: str) -> None:
    """Tell every worker's alarm clock, once the transaction has committed."""
    uow.send_as_is(_NOTIFY, (ALARM, payload))


def moment_of(payload: str, clock: Clock) -> datetime:
    """The due time that a notification tells; now for what is none, so that whoever hears it looks for itself."""
    try:
        moment = datetime.fromisoformat(payload)
    except ValueError:
        return clock.now()
    return clock.now() if moment.tzinfo is None else moment


def sweep(engine: Engine) -> int:
    """Write tickets for lines that can run and have none (a retry is due, a ticket was lost); how many.

    Where several do this at the same time, one does it.
    """
    lines = dispatching.due_lines(engine, SWEPT)
    if not lines:
        return 0
    with engine.database.transaction(engine.clock) as uow:
        if not uow.connection.exec_driver_sql(_MY_SWEEP).scalar():
            return 0
        names = {"queue": QUEUE, "lines": [line.name for line in lines]}
        known = {row[0] for row in uow.connection.exec_driver_sql(_KNOWN, names)}
        missing = [line for line in lines if line.name not in known]
        if missing:
            defer(uow, missing)
    return len(missing)
