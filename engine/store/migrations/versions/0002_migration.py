"""Moving running instances to another version of their process: the undertakings, and what became of each instance.

Revision: 0002.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "migration",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("source_id", SERIAL, nullable=False),
        sa.Column("target_id", SERIAL, nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["process_definition.id"], name=("fk_migration_source_id")),
        sa.ForeignKeyConstraint(["target_id"], ["process_definition.id"], name=("fk_migration_target_id")),
        sa.ForeignKeyConstraint(["release"], ["release.number"], name=("fk_migration_release")),
        sa.PrimaryKeyConstraint("id", name=("pk_migration")),
    )
    op.create_index("ix_migration_created_at", "migration", ["created_at"], unique=False)
    op.create_table(
        "migration_outcome",
        sa.Column("migration", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.LargeBinary(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["migration"], ["migration.id"], name=("fk_migration_outcome_migration")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=("fk_migration_outcome_instance_id")),
        sa.PrimaryKeyConstraint("migration", "instance_id", name=("pk_migration_outcome")),
    )
