"""Recurring work: every run with who asked for it and how it went, and the schedule that the next turn was planned by.

Revision: 0003.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of runs, carry each work's last run over to it, and take it from where it stood."""
    runs = op.create_table(
        "recurring_run",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["recurring.name"], name=("fk_recurring_run_name")),
        sa.PrimaryKeyConstraint("id", name=("pk_recurring_run")),
    )
    op.create_index("ix_recurring_run_name", "recurring_run", ["name", "id"], unique=False)
    work = sa.table(
        "recurring",
        sa.column("name", sa.Text()),
        sa.column("last_at", UtcDateTime()),
        sa.column("seconds", sa.Integer()),
        sa.column("outcome", sa.Text()),
    )
    failed = work.c.outcome.startswith("misslyckades")
    op.execute(
        runs.insert().from_select(
            ["name", "begun_at", "milliseconds", "state", "outcome", "actor", "actor_name"],
            sa.select(
                work.c.name,
                work.c.last_at,
                work.c.seconds * 1000,
                sa.case((failed, "failed"), else_="ok"),
                sa.func.coalesce(work.c.outcome, ""),
                sa.literal("recurring"),
                sa.literal("Återkommande arbete"),
            ).where(work.c.last_at.is_not(None)),
        )
    )
    for column in ("last_at", "seconds", "outcome"):
        op.drop_column("recurring", column)  # not in a batch, which makes the table anew, under the runs' foreign key
    op.add_column("recurring", sa.Column("schedule", sa.Text(), nullable=False, server_default=""))
