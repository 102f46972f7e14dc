"""Make room for exemptions and adaptations, closing with later outcomes, and a new case after a closed one."""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import UtcDateTime
from processes.aktivitetskrav.records.columns import Hours

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ak_adaptation",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("hours", Hours(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("activities", sa.Text(), nullable=False),
        sa.Column("voluntary", sa.Text(), nullable=True),
        sa.Column("sick_grade", Hours(), nullable=True),
        sa.Column("certificate_until", sa.Date(), nullable=True),
        sa.Column("without_sickness_benefit", sa.Boolean(), nullable=True),
        sa.Column("decision_id", SERIAL, nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("lead_actor", sa.Text(), nullable=True),
        sa.Column("lead_contact", sa.Text(), nullable=True),
        sa.Column("lock_in_risk", sa.Boolean(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["ak_decision.id"], name=op.f("fk_ak_adaptation_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_adaptation")),
    )
    op.create_index(op.f("ix_ak_adaptation_case_id"), "ak_adaptation", ["case_id"], unique=False)
    op.create_table(
        "ak_certificate",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("adaptation_id", SERIAL, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("awaited_since", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["adaptation_id"], ["ak_adaptation.id"], name=op.f("fk_ak_certificate_adaptation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_certificate")),
    )
    op.create_index(op.f("ix_ak_certificate_case_id"), "ak_certificate", ["case_id"], unique=False)
    op.create_table(
        "ak_closing",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("outcome_code", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("dispose_on", sa.Date(), nullable=True),
        sa.Column("reentered_on", sa.Date(), nullable=True),
        sa.Column("archived_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_closing")),
    )
    op.create_index(op.f("ix_ak_closing_case_id"), "ak_closing", ["case_id"], unique=False)
    op.create_table(
        "ak_later_outcome",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("closing_id", SERIAL, nullable=False),
        sa.Column("days_after", sa.Integer(), nullable=False),
        sa.Column("income", sa.Text(), nullable=False),
        sa.Column("self_supporting", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["closing_id"], ["ak_closing.id"], name=op.f("fk_ak_later_outcome_closing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_later_outcome")),
    )
    op.create_index(op.f("ix_ak_later_outcome_case_id"), "ak_later_outcome", ["case_id"], unique=False)
    op.add_column("ak_person", sa.Column("deceased_on", sa.Date(), nullable=True))
    with op.batch_alter_table("ak_client") as batch:
        batch.drop_constraint("uq_ak_client_person_id", type_="unique")
        batch.create_index(op.f("ix_ak_client_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("ak_client") as batch:
        batch.drop_index(op.f("ix_ak_client_person_id"))
        batch.create_unique_constraint("uq_ak_client_person_id", ["person_id"])
    op.drop_column("ak_person", "deceased_on")
    op.drop_index(op.f("ix_ak_later_outcome_case_id"), table_name="ak_later_outcome")
    op.drop_table("ak_later_outcome")
    op.drop_index(op.f("ix_ak_closing_case_id"), table_name="ak_closing")
    op.drop_table("ak_closing")
    op.drop_index(op.f("ix_ak_certificate_case_id"), table_name="ak_certificate")
    op.drop_table("ak_certificate")
    op.drop_index(op.f("ix_ak_adaptation_case_id"), table_name="ak_adaptation")
    op.drop_table("ak_adaptation")
