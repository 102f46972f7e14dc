"""Parameters that people change at run time: appended, never changed.

Revision: 0005.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSAL = "parameter changes are append-only"


def upgrade() -> None:
    """Make the table, and triggers that keep it append-only."""
    op.create_table(
        "parameter_change",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("for_unit", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_parameter_change")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER parameter_change_no_{action.lower()} BEFORE {action} ON parameter_change "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_parameter_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER parameter_change_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON parameter_change "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_parameter_change()"
    )
