"""Conditions that narrow a query to a case, an instance or a state."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, true

from engine.store.schema import event, incident, job, timer, work_item
from engine.store.states import IncidentState


def of_chain(chain: str) -> ColumnElement[bool]:
    """Lines of one chain."""
    return event.c.chain == chain


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


def timers_of_case(case_id: str) -> ColumnElement[bool]:
    """Timers of a case."""
    return timer.c.case_id == case_id


def timers_of(instance_id: str | None) -> ColumnElement[bool] | None:
    """Timers of an instance, or all."""
    return None if instance_id is None else timer.c.instance_id == instance_id


def jobs_of(instance_id: str | None) -> ColumnElement[bool] | None:
    """Jobs of an instance, or all."""
    return None if instance_id is None else job.c.instance_id == instance_id


def incidents_of(instance_id: str | None, state: IncidentState | None) -> ColumnElement[bool]:
    """Incidents of an instance, in a state, or all."""
    conditions: list[ColumnElement[bool]] = []
    if instance_id is not None:
        conditions.append(incident.c.instance_id == instance_id)
    if state is not None:
        conditions.append(incident.c.state == state.value)
    return and_(true(), *conditions)
