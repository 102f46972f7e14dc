"""Process instances and the work items that wait for people."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from engine.store.columns import UtcDateTime
from engine.store.schema.base import SERIAL, metadata

process_instance = Table(
    "process_instance",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("case_.id"), index=True),
    Column("definition_id", SERIAL, ForeignKey("process_definition.id"), nullable=False),
    Column("release", Integer, ForeignKey("release.number"), nullable=False),  # forms and decisions come from here
    Column("parent_id", Text, ForeignKey("process_instance.id")),
    Column("parent_wait", Text),  # the parent's CALL wait this instance answers
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),  # counts commands; a writer who read another number lost the race
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("history_seq", Integer, nullable=False),  # head of its own chain, where it stands alone
    Column("history_hash", LargeBinary),
    Column("snapshot", LargeBinary, nullable=False),
    Index("ix_process_instance_definition_id", "definition_id", "state", "started_at", "id"),
    Index("ix_process_instance_state", "state", "started_at", "id"),
    Index(
        "ix_process_instance_parent_id",
        "parent_id",
        sqlite_where=text("parent_id IS NOT NULL"),
        postgresql_where=text("parent_id IS NOT NULL"),
    ),
    Index(
        "ix_process_instance_ended_at",
        "definition_id",
        "ended_at",
        "id",
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
)

work_item = Table(
    "work_item",
    metadata,
    Column("id", Text, primary_key=True),  # the id of the wait
    Column("instance_id", Text, ForeignKey("process_instance.id"), nullable=False),
    Column("case_id", Text, ForeignKey("case_.id")),
    Column("definition_id", SERIAL, ForeignKey("process_definition.id"), nullable=False),
    Column("element_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("form_id", Text),
    Column("role", Text),  # the first candidate group, else the lane
    Column("organisation", Text),
    Column("unit", Text),
    Column("assignee", Text),
    Column("assignee_name", Text),
    Column("priority", Integer, nullable=False),
    Column("priority_order", Integer, nullable=False),  # its negative: what is most urgent sorts first
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("due_order", UtcDateTime, nullable=False),  # due_at, or far ahead: what has no due date sorts last
    Column("follow_up_at", UtcDateTime),
    Column("state", Text, nullable=False),
    Column("claimed_at", UtcDateTime),
    Column("completed_at", UtcDateTime),
    Column("completed_by", Text),
    Column("draft", LargeBinary),
    Column("draft_at", UtcDateTime),
    Column("escalates", Text),  # the work item this one was made for, by a boundary timer that did not interrupt
    Column("escalated_at", UtcDateTime),  # when another work item was made for this one
    Index("ix_work_item_instance_id", "instance_id", "state"),
    Index("ix_work_item_case_id", "case_id", "state"),
    Index(
        "ix_work_item_escalates",
        "escalates",
        sqlite_where=text("escalates IS NOT NULL"),
        postgresql_where=text("escalates IS NOT NULL"),
    ),
)

OPEN_ITEMS = text("state = 'open'")
"""The inbox indexes hold open items only: finished ones cost them nothing."""

for _name, _columns in {
    "ix_work_item_inbox_due": ("role", "due_order", "id", "unit", "organisation", "state"),
    "ix_work_item_inbox_created": ("role", "created_at", "id", "unit", "organisation", "state"),
    "ix_work_item_inbox_priority": ("role", "priority_order", "due_order", "id", "unit", "organisation", "state"),
    "ix_work_item_inbox_name": ("role", "name", "id", "unit", "organisation", "state"),
    "ix_work_item_inbox_unit": (
        "role",
        "unit",
        "due_order",
        "id",
        "organisation",
        "assignee",
        "definition_id",
        "state",
    ),
    "ix_work_item_assignee": ("assignee", "due_order", "id"),
}.items():
    Index(_name, *(work_item.c[column] for column in _columns), sqlite_where=OPEN_ITEMS, postgresql_where=OPEN_ITEMS)

COMPLETED_ITEMS = text("state = 'completed'")
Index(
    "ix_work_item_completed_at",
    *(work_item.c[column] for column in ("completed_at", "definition_id", "element_id", "created_at", "state")),
    sqlite_where=COMPLETED_ITEMS,
    postgresql_where=COMPLETED_ITEMS,
)
Index(
    "ix_work_item_element_id",
    *(work_item.c[column] for column in ("definition_id", "element_id", "created_at", "id", "state")),
    sqlite_where=OPEN_ITEMS,
    postgresql_where=OPEN_ITEMS,
)

work_item_candidate = Table(
    "work_item_candidate",  # further roles of an open work item, where the diagram names several
    metadata,
    Column("work_item_id", Text, ForeignKey("work_item.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("organisation", Text),
    Column("unit", Text),
    Index("ix_work_item_candidate_role", "role", "work_item_id"),
)
