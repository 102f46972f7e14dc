"""Let activities say when they take place each week."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; activities from before have no times, which clash with nothing."""
    op.add_column("ak_activity", sa.Column("times", sa.JSON(), nullable=True))
