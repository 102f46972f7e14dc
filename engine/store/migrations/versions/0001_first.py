"""The first schema.

Revision: 0001.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "the history is append-only"


def upgrade() -> None:
    """Make every table, and let nobody change the history."""
    op.create_table(
        "case_",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("history_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("history_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("pk_case_")),
        sa.UniqueConstraint("family", "reference", name=("uq_case__family")),
    )
    op.create_index("ix_case__created_at", "case_", ["created_at", "id"], unique=False)
    op.create_table(
        "event",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("element", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("payload_digest", sa.LargeBinary(), nullable=True),
        sa.Column("previous", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=("pk_event")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_instance_id", "event", ["instance_id", "seq"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=("pk_idempotency")),
    )
    op.create_index(("ix_idempotency_at"), "idempotency", ["at"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=("pk_lease")),
    )
    op.create_table(
        "payload",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=("pk_payload")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recurring",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=("pk_recurring")),
    )
    op.create_table(
        "release",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=("pk_release")),
    )
    op.create_table(
        "resource",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=("pk_resource")),
    )
    op.create_table(
        "case_party",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=("fk_case_party_case_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_case_party")),
    )
    op.create_index("ix_case_party_case_id", "case_party", ["case_id", "organisation"], unique=False)
    op.create_index("ix_case_party_organisation", "case_party", ["organisation", "unit", "case_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=("fk_message_case_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_message")),
        sa.UniqueConstraint("message_id", name=("uq_message_message_id")),
    )
    op.create_index(("ix_message_case_id"), "message", ["case_id"], unique=False)
    op.create_index("ix_message_expires_at", "message", ["state", "expires_at"], unique=False)
    op.create_index("ix_message_waiting", "message", ["name", "key", "state"], unique=False)
    op.create_table(
        "process_definition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["resource.digest"], name=("fk_process_definition_digest")),
        sa.ForeignKeyConstraint(["release"], ["release.number"], name=("fk_process_definition_release")),
        sa.PrimaryKeyConstraint("id", name=("pk_process_definition")),
        sa.UniqueConstraint("process_id", "version", name=("uq_process_definition_process_id")),
    )
    op.create_index("ix_process_definition_digest", "process_definition", ["digest", "process_id"], unique=False)
    op.create_table(
        "read_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=("fk_read_log_case_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_read_log")),
    )
    op.create_index("ix_read_log_case_id", "read_log", ["case_id", "at"], unique=False)
    op.create_index("ix_read_log_viewer", "read_log", ["viewer", "at"], unique=False)
    op.create_table(
        "release_resource",
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["resource.digest"], name=("fk_release_resource_digest")),
        sa.ForeignKeyConstraint(["release"], ["release.number"], name=("fk_release_resource_release")),
        sa.PrimaryKeyConstraint("release", "name", name=("pk_release_resource")),
    )
    op.create_index(("ix_release_resource_digest"), "release_resource", ["digest"], unique=False)
    op.create_table(
        "process_instance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("definition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("parent_wait", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("history_seq", sa.Integer(), nullable=False),
        sa.Column("history_hash", sa.LargeBinary(), nullable=True),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=("fk_process_instance_case_id")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["process_definition.id"], name=("fk_process_instance_definition_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["process_instance.id"], name=("fk_process_instance_parent_id")),
        sa.ForeignKeyConstraint(["release"], ["release.number"], name=("fk_process_instance_release")),
        sa.PrimaryKeyConstraint("id", name=("pk_process_instance")),
    )
    op.create_index(("ix_process_instance_case_id"), "process_instance", ["case_id"], unique=False)
    op.create_index("ix_process_instance_definition_id", "process_instance", ["definition_id", "state"], unique=False)
    op.create_index(("ix_process_instance_parent_id"), "process_instance", ["parent_id"], unique=False)
    op.create_index("ix_process_instance_state", "process_instance", ["state", "started_at"], unique=False)
    op.create_table(
        "start_subscription",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("definition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["process_definition.id"], name=("fk_start_subscription_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=("pk_start_subscription")),
    )
    op.create_index("ix_start_subscription_name", "start_subscription", ["kind", "name"], unique=False)
    op.create_index(("ix_start_subscription_process_id"), "start_subscription", ["process_id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("wait_id", sa.Text(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=("fk_incident_case_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=("fk_incident_instance_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_incident")),
    )
    op.create_index(("ix_incident_case_id"), "incident", ["case_id"], unique=False)
    op.create_index(("ix_incident_instance_id"), "incident", ["instance_id"], unique=False)
    op.create_index("ix_incident_state", "incident", ["state", "created_at"], unique=False)
    op.create_index("ix_incident_wait_id", "incident", ["wait_id"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("wait_id", sa.Text(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=("fk_job_case_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=("fk_job_instance_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_job")),
        sa.UniqueConstraint("wait_id", name=("uq_job_wait_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_due_at", "job", ["state", "due_at", "id"], unique=False)
    op.create_index(("ix_job_instance_id"), "job", ["instance_id"], unique=False)
    op.create_index("ix_job_line", "job", ["line", "id"], unique=False)
    op.create_index("ix_job_type", "job", ["type", "state", "id"], unique=False)
    op.create_table(
        "message_delivery",
        sa.Column("message", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=("fk_message_delivery_instance_id")),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name=("fk_message_delivery_message")),
        sa.PrimaryKeyConstraint("message", "process_id", name=("pk_message_delivery")),
    )
    op.create_table(
        "subscription",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=("fk_subscription_case_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=("fk_subscription_instance_id")),
        sa.PrimaryKeyConstraint("seq", name=("pk_subscription")),
        sa.UniqueConstraint("id", name=("uq_subscription_id")),
    )
    op.create_index(("ix_subscription_case_id"), "subscription", ["case_id"], unique=False)
    op.create_index(("ix_subscription_instance_id"), "subscription", ["instance_id"], unique=False)
    op.create_index("ix_subscription_name", "subscription", ["kind", "name", "key", "seq"], unique=False)
    op.create_table(
        "timer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("definition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("anchor", UtcDateTime(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("attached_to", sa.Text(), nullable=True),
        sa.Column("interrupting", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=("fk_timer_case_id")),
        sa.ForeignKeyConstraint(["definition_id"], ["process_definition.id"], name=("fk_timer_definition_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=("fk_timer_instance_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_timer")),
    )
    op.create_index(("ix_timer_case_id"), "timer", ["case_id"], unique=False)
    op.create_index("ix_timer_due_at", "timer", ["state", "due_at", "id"], unique=False)
    op.create_index(("ix_timer_instance_id"), "timer", ["instance_id"], unique=False)
    op.create_table(
        "work_item",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("definition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("assignee_name", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("priority_order", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("due_order", UtcDateTime(), nullable=False),
        sa.Column("follow_up_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("draft", sa.LargeBinary(), nullable=True),
        sa.Column("draft_at", UtcDateTime(), nullable=True),
        sa.Column("escalates", sa.Text(), nullable=True),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=("fk_work_item_case_id")),
        sa.ForeignKeyConstraint(["definition_id"], ["process_definition.id"], name=("fk_work_item_definition_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=("fk_work_item_instance_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_work_item")),
    )
    op.create_index(
        "ix_work_item_assignee",
        "work_item",
        ["assignee", "due_order", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_work_item_case_id", "work_item", ["case_id", "state"], unique=False)
    op.create_index(
        "ix_work_item_escalates",
        "work_item",
        ["escalates"],
        unique=False,
        sqlite_where=sa.text("escalates IS NOT NULL"),
        postgresql_where=sa.text("escalates IS NOT NULL"),
    )
    op.create_index(
        "ix_work_item_inbox_created",
        "work_item",
        ["role", "created_at", "id", "unit", "organisation", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_work_item_inbox_due",
        "work_item",
        ["role", "due_order", "id", "unit", "organisation", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_work_item_inbox_name",
        "work_item",
        ["role", "name", "id", "unit", "organisation", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_work_item_inbox_priority",
        "work_item",
        ["role", "priority_order", "due_order", "id", "unit", "organisation", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_work_item_instance_id", "work_item", ["instance_id", "state"], unique=False)
    op.create_table(
        "work_item_candidate",
        sa.Column("work_item_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=("fk_work_item_candidate_work_item_id")),
        sa.PrimaryKeyConstraint("work_item_id", "role", name=("pk_work_item_candidate")),
    )
    op.create_index("ix_work_item_candidate_role", "work_item_candidate", ["role", "work_item_id"], unique=False)
    _protect_history()


def _protect_history() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_no_{action.lower()} BEFORE {action} ON event "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()"
    )
