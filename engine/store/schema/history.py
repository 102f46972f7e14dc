"""What happened: append-only lines, hash-chained, and the payloads that can be disposed of."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from engine.store.columns import UtcDateTime
from engine.store.schema.base import metadata

event = Table(
    "event",  # append-only: triggers refuse UPDATE and DELETE
    metadata,
    Column("chain", Text, primary_key=True),  # the case's id, or the instance's where it stands alone
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("instance_id", Text),
    Column("element", Text),
    Column("name", Text),
    Column("payload_digest", LargeBinary),  # SHA-256 over salt and body: null where there is no payload
    Column("previous", LargeBinary),
    Column("hash", LargeBinary, nullable=False),
    Index("ix_event_instance_id", "instance_id", "seq"),
    sqlite_with_rowid=False,
)

payload = Table(
    "payload",  # apart from event, so that it can be disposed of and the chain still verifies
    metadata,
    Column("chain", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
