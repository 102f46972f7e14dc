"""Moving instances to another version."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from engine.store.columns import UtcDateTime
from engine.store.schema.base import SERIAL, metadata

migration = Table(
    "migration",
    metadata,
    Column("id", Text, primary_key=True),
    Column("process_id", Text, nullable=False),
    Column("source_id", SERIAL, ForeignKey("process_definition.id"), nullable=False),
    Column("target_id", SERIAL, ForeignKey("process_definition.id"), nullable=False),
    Column("release", Integer, ForeignKey("release.number"), nullable=False),  # the moved instances' from then on
    Column("plan", LargeBinary, nullable=False),  # JSON
    Column("actor", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("total", Integer, nullable=False),  # instances of the old version when it began
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index("ix_migration_created_at", "created_at"),
)

migration_outcome = Table(
    "migration_outcome",  # one row for each instance a migration has come to, written with the move itself
    metadata,
    Column("migration", Text, ForeignKey("migration.id"), primary_key=True),
    Column("instance_id", Text, ForeignKey("process_instance.id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("obstacles", LargeBinary),  # JSON: why it could not be moved
    Column("at", UtcDateTime, nullable=False),
)
