"""Work after a commit, and what a person has to look at."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from engine.store.columns import UtcDateTime
from engine.store.schema.base import SERIAL, metadata

job = Table(
    "job",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("type", Text, nullable=False),
    Column("instance_id", Text, ForeignKey("process_instance.id"), index=True),
    Column("case_id", Text, ForeignKey("case_.id")),
    Column("line", Text, nullable=False),  # jobs of one line run in the order of their ids: the case, or the instance
    Column("wait_id", Text, unique=True),
    Column("element_id", Text),
    Column("name", Text, nullable=False),
    Column("payload", LargeBinary),  # of the engine's own jobs: what to deliver
    Column("state", Text, nullable=False),
    Column("retries", Integer, nullable=False),  # how many attempts are left
    Column("attempts", Integer, nullable=False),
    Column("urgency", Integer, nullable=False, server_default=text("2")),  # whose jobs go first: the smallest
    Column("lost", Integer, nullable=False, server_default=text("0")),  # how often its process ended under it, in a row
    Column("due_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("worker", Text),
    Column("error", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_job_due_at", "state", "due_at", "id"),
    Index("ix_job_urgency", "state", "urgency", "due_at", "id"),
    Index("ix_job_line", "line", "id"),
    Index("ix_job_type", "type", "state", "id"),
    sqlite_autoincrement=True,  # an id is never used again: handlers hand it out as an idempotency key
)

incident = Table(
    "incident",
    metadata,
    Column("id", Text, primary_key=True),
    Column("instance_id", Text, ForeignKey("process_instance.id"), index=True),
    Column("case_id", Text, ForeignKey("case_.id"), index=True),
    Column("job_id", SERIAL),
    Column("wait_id", Text),
    Column("element_id", Text),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("process_id", Text),
    Column("pattern", Text, nullable=False, server_default=""),  # the message without its values: see causes
    Column("cause", Text, nullable=False, server_default=""),  # the same for all with one element, code and pattern
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", Text),
    Index("ix_incident_cause", "state", "cause", "created_at", "id"),
    Index("ix_incident_state", "state", "created_at", "id"),
    Index("ix_incident_wait_id", "wait_id"),
)

bulk_retry = Table(
    "bulk_retry",  # somebody has asked that all open incidents of one cause be tried again
    metadata,
    Column("id", Text, primary_key=True),
    Column("cause", Text, nullable=False),
    Column("process_id", Text),
    Column("element_id", Text),
    Column("code", Text, nullable=False),
    Column("pattern", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("total", Integer, nullable=False),  # open incidents of the cause when it began
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index("ix_bulk_retry_created_at", "created_at", "id"),
    Index("ix_bulk_retry_finished_at", "finished_at", "created_at"),
)

bulk_retry_outcome = Table(
    "bulk_retry_outcome",  # one row for each incident of a bulk, changed with the retry itself
    metadata,
    Column("bulk_retry", Text, ForeignKey("bulk_retry.id"), primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("code", Text),  # why it was refused
    Column("at", UtcDateTime),
    Index("ix_bulk_retry_outcome_state", "bulk_retry", "state", "incident_id"),
)
