"""Make the tables of what looks at many cases: reminders, reports, inventories, providers, log reviews, disposal."""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ak_disposal",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("disposed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_disposal")),
    )
    op.create_table(
        "ak_improvement",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("followed_up_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_improvement")),
    )
    op.create_table(
        "ak_inventory",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_inventory")),
    )
    op.create_table(
        "ak_log_review",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.Column("reads_from", UtcDateTime(), nullable=False),
        sa.Column("reads_until", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_log_review")),
    )
    op.create_table(
        "ak_reminder",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("work_item_id", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_reminder")),
    )
    op.create_index(op.f("ix_ak_reminder_case_id"), "ak_reminder", ["case_id"], unique=False)
    op.create_index(op.f("ix_ak_reminder_work_item_id"), "ak_reminder", ["work_item_id"], unique=False)
    op.create_table(
        "ak_report",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("handed_in_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_report")),
        sa.UniqueConstraint("kind", "period", "version", name=op.f("uq_ak_report_kind")),
    )
    op.create_table(
        "ak_disposal_row",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("disposal_id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("last_entry_on", sa.Date(), nullable=False),
        sa.Column("kept_because", sa.Text(), nullable=True),
        sa.Column("disposed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["disposal_id"], ["ak_disposal.id"], name=op.f("fk_ak_disposal_row_disposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_disposal_row")),
        sa.UniqueConstraint("disposal_id", "case_id", name=op.f("uq_ak_disposal_row_disposal_id")),
    )
    op.create_index("ix_ak_disposal_row_case_id", "ak_disposal_row", ["case_id"], unique=False)
    op.create_table(
        "ak_inventory_row",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("inventory_id", SERIAL, nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["inventory_id"], ["ak_inventory.id"], name=op.f("fk_ak_inventory_row_inventory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_inventory_row")),
        sa.UniqueConstraint("inventory_id", "unit", "dimension", "code", name=op.f("uq_ak_inventory_row_inventory_id")),
    )
    op.create_table(
        "ak_log_review_row",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("review_id", SERIAL, nullable=False),
        sa.Column("read_id", SERIAL, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["ak_log_review.id"], name=op.f("fk_ak_log_review_row_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_log_review_row")),
        sa.UniqueConstraint("review_id", "read_id", name=op.f("uq_ak_log_review_row_review_id")),
    )
    op.create_table(
        "ak_provider",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("activity_id", sa.Text(), nullable=False),
        sa.Column("supervisor", sa.Text(), nullable=True),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["ak_activity.id"], name=op.f("fk_ak_provider_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_provider")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_ak_provider_activity_id")),
    )
    op.create_table(
        "ak_report_row",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("report_id", SERIAL, nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["ak_report.id"], name=op.f("fk_ak_report_row_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_report_row")),
        sa.UniqueConstraint("report_id", "section", "code", "measure", name=op.f("uq_ak_report_row_report_id")),
    )
    op.create_table(
        "ak_provider_check",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("provider_id", SERIAL, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("checked_by", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["ak_provider.id"], name=op.f("fk_ak_provider_check_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_provider_check")),
    )
    op.create_index(op.f("ix_ak_provider_check_provider_id"), "ak_provider_check", ["provider_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_ak_provider_check_provider_id"), table_name="ak_provider_check")
    op.drop_table("ak_provider_check")
    op.drop_table("ak_report_row")
    op.drop_table("ak_provider")
    op.drop_table("ak_log_review_row")
    op.drop_table("ak_inventory_row")
    op.drop_index("ix_ak_disposal_row_case_id", table_name="ak_disposal_row")
    op.drop_table("ak_disposal_row")
    op.drop_table("ak_report")
    op.drop_index(op.f("ix_ak_reminder_work_item_id"), table_name="ak_reminder")
    op.drop_index(op.f("ix_ak_reminder_case_id"), table_name="ak_reminder")
    op.drop_table("ak_reminder")
    op.drop_table("ak_log_review")
    op.drop_table("ak_inventory")
    op.drop_table("ak_improvement")
    op.drop_table("ak_disposal")
