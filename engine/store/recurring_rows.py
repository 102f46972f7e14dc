"""The rows of recurring work: when each runs next, and every run with who asked for it and how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from engine.store.schema import idempotency, recurring, recurring_run
from engine.store.states import RunState
from engine.store.unit_of_work import AnyRow, Reader, UnitOfWork

_PLANNED = select(recurring.c.name, recurring.c.next_at)
_ONE = select(recurring.c.name, recurring.c.next_at, recurring.c.schedule).where(recurring.c.name == bindparam("of"))
_LOCK = _ONE.with_for_update(key_share=True)
_INSERT = insert(recurring)
_PLAN = (
    update(recurring)
    .where(recurring.c.name == bindparam("of"))
    .values(next_at=bindparam("planned"), schedule=bindparam("by"))
)
_RUN_COLUMNS = (
    recurring_run.c.id,
    recurring_run.c.name,
    recurring_run.c.begun_at,
    recurring_run.c.milliseconds,
    recurring_run.c.state,
    recurring_run.c.outcome,
    recurring_run.c.actor,
    recurring_run.c.actor_name,
)
_RUNS = (
    select(*_RUN_COLUMNS)
    .where(recurring_run.c.name == bindparam("of"))
    .order_by(recurring_run.c.id.desc())
    .limit(bindparam("most"))
)
_RUN = select(*_RUN_COLUMNS).where(recurring_run.c.id == bindparam("run"))
_LATEST = select(*_RUN_COLUMNS).where(
    recurring_run.c.id.in_(select(func.max(recurring_run.c.id)).group_by(recurring_run.c.name))
)
_SUCCESSES = (
    select(recurring_run.c.name, func.max(recurring_run.c.begun_at).label("begun_at"))
    .where(recurring_run.c.state == RunState.OK.value)
    .group_by(recurring_run.c.name)
)
_BEGIN = insert(recurring_run).returning(recurring_run.c.id)
_END = (
    update(recurring_run)
    .where(recurring_run.c.id == bindparam("run"), recurring_run.c.state == RunState.RUNNING.value)
    .values(milliseconds=bindparam("took"), state=bindparam("end_state"), outcome=bindparam("result"))
)
_OLDER = delete(recurring_run).where(recurring_run.c.name == bindparam("of"), recurring_run.c.id <= bindparam("last"))
_FORGET_KEYS = delete(idempotency).where(idempotency.c.at < bindparam("before"))


@dataclass(frozen=True)
class PlannedRow:
    """When one piece of recurring work runs next, and the schedule that this was planned by."""

    name: str
    next_at: datetime | None
    schedule: str


@dataclass(frozen=True)
class RunRow:
    """One run of recurring work; `milliseconds` is None while it runs, `outcome` what it said."""

    id: int
    name: str
    begun_at: datetime
    milliseconds: int | None
    state: RunState
    outcome: str
    actor: str
    actor_name: str


def planned(reader: Reader) -> dict[str, datetime | None]:
    """When each piece of recurring work runs next, by name."""
    return {row.name: row.next_at for row in reader.rows(_PLANNED)}


def read_row(reader: Reader, name: str) -> PlannedRow | None:
    """One piece of recurring work, or None where it has never been planned."""
    row = reader.first(_ONE, {"of": name})
    return None if row is None else PlannedRow(*row)


def lock_row(uow: UnitOfWork, name: str) -> PlannedRow | None:
    """One piece of recurring work, kept from others until the transaction ends."""
    row = uow.first(_LOCK, {"of": name})
    return None if row is None else PlannedRow(*row)


def insert_row(uow: UnitOfWork, name: str, next_at: datetime | None, schedule: str) -> None:
    """Write that recurring work exists and when it first runs."""
    uow.send(_INSERT, {"name": name, "next_at": next_at, "schedule": schedule})


def plan(uow: UnitOfWork, name: str, next_at: datetime | None, schedule: str) -> None:
    """Write when it runs next."""
    uow.send(_PLAN, {"of": name, "planned": next_at, "by": schedule})


def runs(reader: Reader, name: str, most: int) -> list[RunRow]:
    """The latest runs of one piece of work, latest first."""
    return [_run(row) for row in reader.rows(_RUNS, {"of": name, "most": most})]


def run(reader: Reader, run_id: int) -> RunRow:
    """One run."""
    row = reader.first(_RUN, {"run": run_id})
    assert row is not None, f"there is no run {run_id}"
    return _run(row)


def latest_runs(reader: Reader) -> dict[str, RunRow]:
    """The latest run of each piece of work, by name."""
    return {row.name: _run(row) for row in reader.rows(_LATEST)}


def last_successes(reader: Reader) -> dict[str, datetime]:
    """When the latest run that ended well began, by name."""
    return {row.name: row.begun_at for row in reader.rows(_SUCCESSES)}


def begin_run(uow: UnitOfWork, values: dict[str, Any]) -> int:
    """Write that a run begins; its id."""
    return uow.insert(_BEGIN, values)


def end_run(uow: UnitOfWork, run_id: int, milliseconds: int, state: RunState, outcome: str) -> bool:
    """Write how a run went; False where it had been given up as interrupted meanwhile."""
    values = {"run": run_id, "took": milliseconds, "end_state": state.value, "result": outcome}
    return uow.write(_END, values) == 1


def delete_runs_up_to(uow: UnitOfWork, name: str, run_id: int) -> None:
    """Delete the runs of a piece of work up to and including one."""
    uow.send(_OLDER, {"of": name, "last": run_id})


def forget_keys(uow: UnitOfWork, before: datetime) -> int:
    """Delete idempotency keys from before a moment; how many."""
    return uow.write(_FORGET_KEYS, {"before": before})


def _run(row: AnyRow) -> RunRow:
    return RunRow(
        row.id,
        row.name,
        row.begun_at,
        row.milliseconds,
        RunState(row.state),
        row.outcome,
        row.actor,
        row.actor_name,
    )
