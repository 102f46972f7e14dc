"""How urgent a job is, and which processes are alive.

Revision: 0004.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table; jobs that wait already count as of a batch."""
    op.add_column("job", sa.Column("urgency", sa.Integer(), nullable=False, server_default=sa.text("2")))
    op.create_index("ix_job_urgency", "job", ["state", "urgency", "due_at", "id"], unique=False)
    op.create_table(
        "worker",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_worker")),
    )
    op.create_index("ix_worker_seen_at", "worker", ["seen_at"], unique=False)
