"""The tables (SQLAlchemy Core). Migrations in engine/store/migrations make them; a test holds the two equal."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.store.columns import UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

SERIAL = BigInteger().with_variant(Integer, "sqlite")
"""Counts up by itself on both databases (SQLite does so for INTEGER PRIMARY KEY only)."""

# --- what is published ------------------------------------------------------------------------------------------------

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

# --- cases ------------------------------------------------------------------------------------------------------------

case_ = Table(
    "case_",
    metadata,
    Column("id", Text, primary_key=True),
    Column("family", Text, nullable=False),
    Column("reference", Text, nullable=False),  # what people call it; unique within its family
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("history_seq", Integer, nullable=False, server_default=text("0")),  # the chain's head: see event
    Column("history_hash", LargeBinary),
    UniqueConstraint("family", "reference"),
    Index("ix_case__created_at", "created_at", "id"),
    Index(
        "ix_case__closed_at",
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
    Index("ix_case__state", "state", "created_at", "id"),
)

case_party = Table(
    "case_party",  # which organisation (and unit of it) takes part in a case, since when, and what it may see
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, ForeignKey("case_.id"), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("unit", Text),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Column("basis", Text),  # the legal ground of a hand-over
    Column("fields", Text),  # JSON list of variable names handed over; null: all
    Index("ix_case_party_case_id", "case_id", "organisation"),
    Index("ix_case_party_organisation", "organisation", "unit", "case_id"),
)

case_word = Table(
    "case_word",  # how cases are found by text: see engine.store.case_words
    metadata,
    Column("word", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Column("case_id", Text, ForeignKey("case_.id"), primary_key=True),
    Column("of_title", Boolean, primary_key=True),  # else of the reference, which whoever sees a task is told
    Index("ix_case_word_case_id", "case_id", "word"),
    sqlite_with_rowid=False,
)

# --- running ----------------------------------------------------------------------------------------------------------

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

# --- what happened ----------------------------------------------------------------------------------------------------

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

# --- moving instances to another version ------------------------------------------------------------------------------

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

# --- housekeeping -----------------------------------------------------------------------------------------------------

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
