"""Make the table of ramp-up steps."""

import sqlalchemy as sa
from alembic import op

from processes.aktivitetskrav.records.columns import Hours

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table; plans from before have no steps."""
    op.create_table(
        "ak_ramp_step",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("plan_id", SERIAL, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hours", Hours(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("held_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["ak_plan.id"], name=op.f("fk_ak_ramp_step_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_ramp_step")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_ak_ramp_step_plan_id")),
    )
    op.create_index(op.f("ix_ak_ramp_step_case_id"), "ak_ramp_step", ["case_id"], unique=False)
