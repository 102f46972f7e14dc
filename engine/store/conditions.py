"""Conditions that narrow a query to a case, an instance or a state."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, true

from engine.access import Viewer
from engine.store.access import visible_lines, visible_timers
from engine.store.schema import event, incident, job, timer, work_item
from engine.store.states import IncidentState, TimerState


def of_chain(chain: str) -> ColumnElement[bool]:
    """Lines of one chain."""
    return event.c.chain == chain


def seen_lines_of_case(viewer: Viewer, case_id: str, now: datetime) -> ColumnElement[bool]:
    """Lines of a case's chain that the viewer may see."""
    return and_(of_chain(case_id), visible_lines(viewer, now))


def of_chain_or_instance(identity: str) -> ColumnElement[bool]:
    """Lines of one chain, or about one instance within a case's chain."""
    return or_(event.c.chain == identity, event.c.instance_id == identity)


def of_instance(instance_id: str) -> ColumnElement[bool]:
    """Lines about one instance."""
    return event.c.instance_id == instance_id


def items_of_case(case_id: str) -> ColumnElement[bool]:
    """Work items of a case."""
    return work_item.c.case_id == case_id


def items(instance_id: str | None, case_id: str | None) -> ColumnElement[bool]:
    """Work items of an instance, a case, or all."""
    conditions: list[ColumnElement[bool]] = []
    if instance_id is not None:
        conditions.append(work_item.c.instance_id == instance_id)
    if case_id is not None:
        conditions.append(work_item.c.case_id == case_id)
    return and_(true(), *conditions)


def seen_timers_of_case(viewer: Viewer, case_id: str, now: datetime) -> ColumnElement[bool]:
    """Timers of a case that the viewer may see."""
    return and_(timer.c.case_id == case_id, visible_timers(viewer, now))


def timers_of(instance_id: str | None) -> ColumnElement[bool] | None:
    """Timers of an instance, or all."""
    return None if instance_id is None else timer.c.instance_id == instance_id


def timers_due(now: datetime) -> ColumnElement[bool]:
    """Active timers whose time has come."""
    return and_(timer.c.state == TimerState.ACTIVE.value, timer.c.due_at <= now)


def jobs_of(instance_id: str | None) -> ColumnElement[bool] | None:
    """Jobs of an instance, or all."""
    return None if instance_id is None else job.c.instance_id == instance_id


def incidents_of(instance_id: str | None, state: IncidentState | None) -> ColumnElement[bool] | None:
    """Incidents of an instance, in a state, or all."""
    conditions: list[ColumnElement[bool]] = []
    if instance_id is not None:
        conditions.append(incident.c.instance_id == instance_id)
    if state is not None:
        conditions.append(incident.c.state == state.value)
    return and_(*conditions) if conditions else None
