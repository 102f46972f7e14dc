"""What the handlers of a case's jobs have in common: they belong to a case, and they count days locally."""

from __future__ import annotations

from datetime import date

from engine.clock import local_date
from engine.handlers import JobContext
from processes.aktivitetskrav.handlers.inputs import MissingInput


def case_of(job: JobContext) -> str:
    """The case that a job belongs to; raises MissingInput for an instance that stands alone."""
    if job.case_id is None:
        raise MissingInput("Uppgiften hör inte till något ärende.")
    return job.case_id


def today(job: JobContext) -> date:
    """The local date of a job's transaction."""
    return local_date(job.now)
