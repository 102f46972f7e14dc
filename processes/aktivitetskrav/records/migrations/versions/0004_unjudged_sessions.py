"""The days that wait to be judged, by day: most of the register has been.

Revision: 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNJUDGED = sa.text("outcome IS NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_ak_session_unjudged", "ak_session", ["day", "id"], sqlite_where=UNJUDGED, postgresql_where=UNJUDGED
    )
