"""Answers given before, recurring runs, changed parameters, leases, living processes, and looks at cases."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text

from engine.store.columns import UtcDateTime
from engine.store.schema.base import SERIAL, metadata

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", Text, primary_key=True),
    Column("command", Text, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

recurring = Table(
    "recurring",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_at", UtcDateTime),
    Column("schedule", Text, nullable=False, server_default=""),  # what next_at was planned by
)

recurring_run = Table(
    "recurring_run",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("name", Text, ForeignKey("recurring.name"), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("milliseconds", Integer),  # null while it runs
    Column("state", Text, nullable=False),  # RunState
    Column("outcome", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Index("ix_recurring_run_name", "name", "id"),
)

parameter_change = Table(  # append-only: triggers refuse UPDATE and DELETE
    "parameter_change",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("name", Text, nullable=False),
    Column("for_unit", Text),  # null: the whole municipality
    Column("value", Text),  # JSON by engine.feel.codec; null: earlier changes no longer hold
    Column("source", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("author_name", Text, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

worker = Table(
    "worker",  # the processes that serve pages or run jobs and timers, as long as they are heard of
    metadata,
    Column("id", Text, primary_key=True),  # new with each start; stands on the jobs it has begun
    Column("kind", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False, index=True),
)

read_log = Table(
    "read_log",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("viewer", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("case_id", Text, ForeignKey("case_.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("purpose", Text, nullable=False),
    Index("ix_read_log_case_id", "case_id", "at", "id"),
    Index("ix_read_log_viewer", "viewer", "at", "id"),
    Index("ix_read_log_at", "at", "id"),
)
