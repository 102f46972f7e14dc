"""How often the process that ran a job ended under it: such a job runs alone the next time.

Revision: 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("job", sa.Column("lost", sa.Integer(), nullable=False, server_default=sa.text("0")))
