"""Moves one instance to another version, within a command: its snapshot, its rows, its line in the history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from engine import messages
from engine.bpmn import ConditionDetail, JobDetail, MessageDetail, SignalDetail, TimerDetail, UserTaskDetail, Wait
from engine.bpmn.migrate import Crossing, Migrated
from engine.bpmn.obstacles import NotMigratable, Obstacle
from engine.context import Context, Running
from engine.definitions import Deployed
from engine.errors import Conflict, NotFound
from engine.history import EventKind
from engine.migration_plan import MigrationPlan
from engine.store import instance_rows, migration_rows
from engine.store.migration_rows import StoredMigration, WaitRows
from engine.store.states import ENDED_STATES, OutcomeState


@dataclass(frozen=True)
class Way:
    """A plan made ready: the versions themselves and the crossing between them."""

    plan: MigrationPlan
    source_id: int
    target: Deployed
    crossing: Crossing


def move_one(context: Context, way: Way, instance_id: str, reason: str) -> None:
    """Move one instance.

    Raises NotMigratable with a reason by element, Conflict where it does not run the old version (any more), NotFound.
    """
    row = instance_rows.lock(context.uow, instance_id)
    if row is None:
        raise NotFound(f"There is no process instance {instance_id}.")
    if row.state in ENDED_STATES:
        raise Conflict("The process instance has ended already.")
    if row.definition_id != way.source_id:
        raise Conflict(f"The process instance does not run version {way.plan.source} of {way.plan.process_id}.")
    moved = way.crossing.migrate(row.snapshot, way.target.services, row.case_id)
    _rehouse(context, context.adopt(row), way, moved, reason)


def move_of_run(context: Context, stored: StoredMigration, way: Way, instance_id: str) -> OutcomeState | None:
    """Move one instance of a run, or write why not; None where it is no longer the run's business."""
    row = instance_rows.lock(context.uow, instance_id)
    if row is None or row.state in ENDED_STATES or row.definition_id != way.source_id:
        return None
    if migration_rows.has_outcome(context.uow, stored.id, instance_id):
        return None
    try:
        moved = way.crossing.migrate(row.snapshot, way.target.services, row.case_id)
    except NotMigratable as error:
        return refuse(context, stored.id, instance_id, error.obstacles)
    _rehouse(context, context.adopt(row), way, moved, stored.reason)
    migration_rows.insert_outcome(context.uow, stored.id, instance_id, OutcomeState.MOVED, None)
    return OutcomeState.MOVED


def refuse(context: Context, migration_id: str, instance_id: str, obstacles: Iterable[Obstacle]) -> OutcomeState | None:
    """Write why a run has left an instance where it was; None where the run had come to it already."""
    if migration_rows.has_outcome(context.uow, migration_id, instance_id):
        return None
    body = orjson.dumps([[each.code, each.element_id, each.name, each.detail] for each in obstacles])
    migration_rows.insert_outcome(context.uow, migration_id, instance_id, OutcomeState.REFUSED, body)
    return OutcomeState.REFUSED


def _rehouse(context: Context, running: Running, way: Way, moved: Migrated, reason: str) -> None:
    """Let an instance go on in its new version; its rows keep what people and time have made of them."""
    running.touch()
    running.execution, running.deployed = moved.execution, way.target
    told: dict[str, Any] = {"from": way.plan.source, "to": way.plan.target, "reason": reason}
    if moved.began:
        told["began"] = list(moved.began)
    if moved.ended:
        told["ended"] = list(moved.ended)
    context.note(running, EventKind.MIGRATED, name=way.target.definition.name, payload=told)
    migration_rows.rehome(context.uow, running.id, way.target.definition.id, way.target.release)
    after = running.waiting()
    kept = [(wait, after[wait.id]) for wait in running.before.values() if wait.id in after]
    same = [(old, new) for old, new in kept if old.kind is new.kind]
    migration_rows.rewrite_waits(context.uow, _rows(same, way.target.definition.id))
    for old, new in same:
        if isinstance(new.detail, MessageDetail) and new.detail != old.detail:
            messages.look_for_kept(context, running, new.detail.name, new.detail.key)


def _rows(waits: list[tuple[Wait, Wait]], definition_id: int) -> WaitRows:
    kept: dict[str, list[Any]] = {"items": [], "timers": [], "subscriptions": [], "jobs": [], "incidents": []}
    for old, new in waits:
        where = {"wait": new.id, "element": new.element_id, "new_name": new.name or new.element_id}
        detail = new.detail
        changed = (old.element_id, old.name) != (new.element_id, new.name)
        if isinstance(detail, UserTaskDetail):
            kept["items"].append({**where, "to_definition": definition_id, "form": detail.form_id})
        elif isinstance(detail, TimerDetail):
            beside = {"host": detail.attached_to, "interrupts": detail.interrupting}
            kept["timers"].append({**where, "to_definition": definition_id, **beside})
        elif isinstance(detail, JobDetail):
            kept["jobs"].append({**where, "new_type": detail.type})
        elif isinstance(detail, MessageDetail | SignalDetail):
            kept["subscriptions"].append({**where, "new_name": detail.name})
        elif isinstance(detail, ConditionDetail):
            kept["subscriptions"].append({**where, "new_name": new.element_id})
        if changed:
            kept["incidents"].append(where)
    return WaitRows(**kept)
