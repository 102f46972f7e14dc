"""What instances wait for besides people: due times and messages, and the messages themselves."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from engine.store.columns import UtcDateTime
from engine.store.schema.base import SERIAL, metadata

timer = Table(
    "timer",
    metadata,
    Column("id", Text, primary_key=True),  # the id of the wait; of a start event: "start:<process>:<element>"
    Column("instance_id", Text, ForeignKey("process_instance.id"), index=True),  # null: a start event
    Column("case_id", Text, ForeignKey("case_.id"), index=True),
    Column("definition_id", SERIAL, ForeignKey("process_definition.id"), nullable=False),
    Column("element_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("anchor", UtcDateTime),  # of a start event's cycle: where its turns are counted from
    Column("turn", Integer, nullable=False),
    Column("attached_to", Text),
    Column("interrupting", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_timer_due_at", "state", "due_at", "id"),
)

subscription = Table(
    "subscription",
    metadata,
    Column("seq", SERIAL, primary_key=True),  # oldest first
    Column("id", Text, nullable=False, unique=True),  # the id of the wait
    Column("instance_id", Text, ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("case_id", Text, ForeignKey("case_.id"), index=True),
    Column("process_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_subscription_name", "kind", "name", "key", "seq"),
    Index("ix_subscription_element_id", "process_id", "element_id", "created_at", "id"),
)

message = Table(
    "message",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("message_id", Text, unique=True),  # the sender's own, for duplicates
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("case_id", Text, ForeignKey("case_.id"), index=True),
    Column("instance_id", Text),  # the thrower
    Column("variables", LargeBinary, nullable=False),
    Column("actor", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),  # null while nothing limits it
    Column("state", Text, nullable=False),
    Index("ix_message_waiting", "name", "key", "state"),
    Index("ix_message_expires_at", "state", "expires_at"),
    Index("ix_message_state", "state", "id"),
)

message_delivery = Table(
    "message_delivery",  # once per process id, for ever
    metadata,
    Column("message", SERIAL, ForeignKey("message.id"), primary_key=True),
    Column("process_id", Text, primary_key=True),
    Column("instance_id", Text, ForeignKey("process_instance.id"), nullable=False),
    Column("element_id", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
