"""Service tasks of eskalering: which task is late, whose it is, and reminding of it."""

from __future__ import annotations

from typing import Any

from engine.clock import local_date
from engine.handlers import HandlerRegistry, JobContext
from engine.late_task import late_task
from processes.aktivitetskrav.handlers.inputs import feel_date
from processes.aktivitetskrav.records import reminders
from processes.resources import Resources


def register_escalation(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of late tasks."""
    roles = resources.roles

    @registry.job("hamta-forsenad-uppgift")
    def find_late_task(job: JobContext) -> dict[str, Any]:
        task = late_task(job.command, job.instance_id)
        chief = roles.supervisor_of(task.role) if task.role else None
        return {
            "uppgiftId": task.id,
            "uppgiftKvar": task.open,
            "uppgiftNamn": task.name,
            "uppgiftRoll": task.role,
            "uppgiftChef": chief,
            "uppgiftNastaChef": roles.supervisor_of(chief) if chief else None,
            "uppgiftForfallen": feel_date(local_date(task.due_at)) if task.due_at else None,
        }

    @registry.job("paminn-ansvarig")
    def remind(job: JobContext) -> None:
        reminders.add_reminder(job.uow, job.case_id, late_task(job.command, job.instance_id))
