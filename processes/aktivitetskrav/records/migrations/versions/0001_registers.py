"""Make the registers of the activity requirement."""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import UtcDateTime
from processes.aktivitetskrav.records.columns import CalendarMonth, Hours

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ak_activity",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("hours", Hours(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_activity")),
    )
    op.create_index(op.f("ix_ak_activity_kind"), "ak_activity", ["kind"], unique=False)
    op.create_table(
        "ak_decision",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_decision")),
    )
    op.create_index(op.f("ix_ak_decision_case_id"), "ak_decision", ["case_id"], unique=False)
    op.create_table(
        "ak_delivery_deviation",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("month", CalendarMonth(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_delivery_deviation")),
    )
    op.create_index(op.f("ix_ak_delivery_deviation_case_id"), "ak_delivery_deviation", ["case_id"], unique=False)
    op.create_table(
        "ak_follow_up",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("progression", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_follow_up")),
    )
    op.create_index(op.f("ix_ak_follow_up_case_id"), "ak_follow_up", ["case_id"], unique=False)
    op.create_table(
        "ak_handover",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("handed_over_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("adviser", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_handover")),
    )
    op.create_index(op.f("ix_ak_handover_case_id"), "ak_handover", ["case_id"], unique=False)
    op.create_table(
        "ak_household",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_household")),
        sa.UniqueConstraint("reference", name=op.f("uq_ak_household_reference")),
    )
    op.create_table(
        "ak_journal",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_journal")),
    )
    op.create_index(op.f("ix_ak_journal_case_id"), "ak_journal", ["case_id"], unique=False)
    op.create_table(
        "ak_letter",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("job_id", SERIAL, nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_letter")),
        sa.UniqueConstraint("job_id", name=op.f("uq_ak_letter_job_id")),
    )
    op.create_index(op.f("ix_ak_letter_case_id"), "ak_letter", ["case_id"], unique=False)
    op.create_table(
        "ak_month_basis",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("month", CalendarMonth(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("handed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_month_basis")),
    )
    op.create_index(op.f("ix_ak_month_basis_case_id"), "ak_month_basis", ["case_id"], unique=False)
    op.create_table(
        "ak_person",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("born", sa.Date(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_person")),
        sa.UniqueConstraint("number", name=op.f("uq_ak_person_number")),
    )
    op.create_table(
        "ak_place_queue",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_place_queue")),
    )
    op.create_index(op.f("ix_ak_place_queue_case_id"), "ak_place_queue", ["case_id"], unique=False)
    op.create_index("ix_ak_place_queue_kind", "ak_place_queue", ["kind", "left_at", "id"], unique=False)
    op.create_table(
        "ak_requirement",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("hours", Hours(), nullable=True),
        sa.Column("proposed_hours", Hours(), nullable=True),
        sa.Column("required_from", sa.Date(), nullable=True),
        sa.Column("exemption", sa.Text(), nullable=True),
        sa.Column("exemption_reason", sa.Text(), nullable=True),
        sa.Column("exemption_until", sa.Date(), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("survey", sa.JSON(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_requirement")),
    )
    op.create_index(op.f("ix_ak_requirement_case_id"), "ak_requirement", ["case_id"], unique=False)
    op.create_table(
        "ak_appeal",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("decision_id", SERIAL, nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("in_time", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["ak_decision.id"], name=op.f("fk_ak_appeal_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_appeal")),
    )
    op.create_index(op.f("ix_ak_appeal_case_id"), "ak_appeal", ["case_id"], unique=False)
    op.create_table(
        "ak_client",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person_id", SERIAL, nullable=False),
        sa.Column("household_id", SERIAL, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("hindrance", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("required_from", sa.Date(), nullable=True),
        sa.Column("hours", Hours(), nullable=True),
        sa.Column("adviser", sa.Text(), nullable=True),
        sa.Column("jobcentre_registered", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["ak_household.id"], name=op.f("fk_ak_client_household_id")),
        sa.ForeignKeyConstraint(["person_id"], ["ak_person.id"], name=op.f("fk_ak_client_person_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_ak_client")),
        sa.UniqueConstraint("person_id", name=op.f("uq_ak_client_person_id")),
    )
    op.create_index(op.f("ix_ak_client_household_id"), "ak_client", ["household_id"], unique=False)
    op.create_table(
        "ak_deviation",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("hours", Hours(), nullable=True),
        sa.Column("month", CalendarMonth(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("contact_attempts", sa.Text(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("reason_category", sa.Text(), nullable=True),
        sa.Column("reported_by", sa.Text(), nullable=True),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("outcome_motivation", sa.Text(), nullable=True),
        sa.Column("reduction_percent", Hours(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decision_id", SERIAL, nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["ak_decision.id"], name=op.f("fk_ak_deviation_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_deviation")),
    )
    op.create_index(op.f("ix_ak_deviation_case_id"), "ak_deviation", ["case_id"], unique=False)
    op.create_table(
        "ak_outgoing",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("job_id", SERIAL, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("decision_id", SERIAL, nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["ak_decision.id"], name=op.f("fk_ak_outgoing_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_outgoing")),
        sa.UniqueConstraint("job_id", name=op.f("uq_ak_outgoing_job_id")),
    )
    op.create_index(op.f("ix_ak_outgoing_case_id"), "ak_outgoing", ["case_id"], unique=False)
    op.create_table(
        "ak_plan",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("short_goal", sa.Text(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("participants_view", sa.Text(), nullable=True),
        sa.Column("childcare_from", sa.Date(), nullable=True),
        sa.Column("jobcentre_answer", sa.Text(), nullable=True),
        sa.Column("sip_responsible", sa.Text(), nullable=True),
        sa.Column("ramp_up", sa.Text(), nullable=True),
        sa.Column("decision_id", SERIAL, nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["ak_decision.id"], name=op.f("fk_ak_plan_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_plan")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_ak_plan_case_id")),
    )
    op.create_table(
        "ak_support_decision",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("person_id", SERIAL, nullable=False),
        sa.Column("month", CalendarMonth(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("hindrance", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["ak_person.id"], name=op.f("fk_ak_support_decision_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_support_decision")),
        sa.UniqueConstraint("person_id", "month", "reference", name=op.f("uq_ak_support_decision_person_id")),
    )
    op.create_table(
        "ak_support_month",
        sa.Column("person_id", SERIAL, autoincrement=False, nullable=False),
        sa.Column("month", CalendarMonth(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("status_then", sa.Text(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["ak_person.id"], name=op.f("fk_ak_support_month_person_id")),
        sa.PrimaryKeyConstraint("person_id", "month", name=op.f("pk_ak_support_month")),
    )
    op.create_table(
        "ak_placement",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("activity_id", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("hours", Hours(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("plan_id", SERIAL, nullable=True),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("jobcentre_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["ak_activity.id"], name=op.f("fk_ak_placement_activity_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["ak_plan.id"], name=op.f("fk_ak_placement_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_placement")),
    )
    op.create_index("ix_ak_placement_activity_id", "ak_placement", ["activity_id", "status"], unique=False)
    op.create_index(op.f("ix_ak_placement_case_id"), "ak_placement", ["case_id"], unique=False)
    op.create_table(
        "ak_session",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("placement_id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("planned_hours", Hours(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("hours", Hours(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["placement_id"], ["ak_placement.id"], name=op.f("fk_ak_session_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_session")),
        sa.UniqueConstraint("placement_id", "day", name=op.f("uq_ak_session_placement_id")),
    )
    op.create_index("ix_ak_session_case_id", "ak_session", ["case_id", "day"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_ak_session_case_id", table_name="ak_session")
    op.drop_table("ak_session")
    op.drop_index(op.f("ix_ak_placement_case_id"), table_name="ak_placement")
    op.drop_index("ix_ak_placement_activity_id", table_name="ak_placement")
    op.drop_table("ak_placement")
    op.drop_table("ak_support_month")
    op.drop_table("ak_support_decision")
    op.drop_table("ak_plan")
    op.drop_index(op.f("ix_ak_outgoing_case_id"), table_name="ak_outgoing")
    op.drop_table("ak_outgoing")
    op.drop_index(op.f("ix_ak_deviation_case_id"), table_name="ak_deviation")
    op.drop_table("ak_deviation")
    op.drop_index(op.f("ix_ak_client_household_id"), table_name="ak_client")
    op.drop_table("ak_client")
    op.drop_index(op.f("ix_ak_appeal_case_id"), table_name="ak_appeal")
    op.drop_table("ak_appeal")
    op.drop_index(op.f("ix_ak_requirement_case_id"), table_name="ak_requirement")
    op.drop_table("ak_requirement")
    op.drop_index("ix_ak_place_queue_kind", table_name="ak_place_queue")
    op.drop_index(op.f("ix_ak_place_queue_case_id"), table_name="ak_place_queue")
    op.drop_table("ak_place_queue")
    op.drop_table("ak_person")
    op.drop_index(op.f("ix_ak_month_basis_case_id"), table_name="ak_month_basis")
    op.drop_table("ak_month_basis")
    op.drop_index(op.f("ix_ak_letter_case_id"), table_name="ak_letter")
    op.drop_table("ak_letter")
    op.drop_index(op.f("ix_ak_journal_case_id"), table_name="ak_journal")
    op.drop_table("ak_journal")
    op.drop_table("ak_household")
    op.drop_index(op.f("ix_ak_handover_case_id"), table_name="ak_handover")
    op.drop_table("ak_handover")
    op.drop_index(op.f("ix_ak_follow_up_case_id"), table_name="ak_follow_up")
    op.drop_table("ak_follow_up")
    op.drop_index(op.f("ix_ak_delivery_deviation_case_id"), table_name="ak_delivery_deviation")
    op.drop_table("ak_delivery_deviation")
    op.drop_index(op.f("ix_ak_decision_case_id"), table_name="ak_decision")
    op.drop_table("ak_decision")
    op.drop_index(op.f("ix_ak_activity_kind"), table_name="ak_activity")
    op.drop_table("ak_activity")
