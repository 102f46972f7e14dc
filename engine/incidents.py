"""Incidents that the engine finds outside an instance's own stepping: dead jobs, calls that lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.identity import new_id
from engine.store.states import IncidentState

if TYPE_CHECKING:
    from engine.context import Running


def new_incident(
    running: Running,
    element_id: str | None,
    name: str | None,
    code: str,
    message: str,
    *,
    wait_id: str | None = None,
    job_id: int | None = None,
) -> dict[str, Any]:
    """An incident's row, without its time."""
    return {
        "id": new_id(),
        "instance_id": running.id,
        "case_id": running.case_id,
        "job_id": job_id,
        "wait_id": wait_id,
        "element_id": element_id,
        "name": name or element_id or running.deployed.definition.name,
        "code": code,
        "message": message,
        "state": IncidentState.OPEN.value,
    }
