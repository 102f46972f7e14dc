"""What is published: files by their digest, releases, and the processes and start events in them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from engine.store.columns import UtcDateTime
from engine.store.schema.base import SERIAL, metadata

resource = Table(
    "resource",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of the content, hexadecimal
    Column("kind", Text, nullable=False),  # bpmn, dmn, form, other: by the file's ending
    Column("content", LargeBinary, nullable=False),
)

release = Table(
    "release",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("author", Text, nullable=False),
    Column("approver", Text),
    Column("note", Text, nullable=False),
)

release_resource = Table(
    "release_resource",
    metadata,
    Column("release", Integer, ForeignKey("release.number"), primary_key=True),
    Column("name", Text, primary_key=True),  # path within the processes folder: "aktivitetskrav/plan.bpmn"
    Column("digest", Text, ForeignKey("resource.digest"), nullable=False, index=True),
)

process_definition = Table(
    "process_definition",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("process_id", Text, nullable=False),
    Column("version", Integer, nullable=False),  # counts per process_id, from 1
    Column("name", Text, nullable=False),
    Column("version_tag", Text),
    Column("release", Integer, ForeignKey("release.number"), nullable=False),  # the first that carried it
    Column("file", Text, nullable=False),
    Column("digest", Text, ForeignKey("resource.digest"), nullable=False),
    UniqueConstraint("process_id", "version"),
    Index("ix_process_definition_digest", "digest", "process_id"),
)

start_subscription = Table(
    "start_subscription",  # message and signal start events of the latest version of each process
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("definition_id", SERIAL, ForeignKey("process_definition.id"), nullable=False),
    Column("process_id", Text, nullable=False, index=True),
    Column("element_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Index("ix_start_subscription_name", "kind", "name"),
)
