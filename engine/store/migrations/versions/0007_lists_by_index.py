"""Lists by index: the inbox by unit, cases by word, newest cases by state, instances, messages, incidents and looks.

Revision: 0007.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.case_words import word_rows

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
CALLED = sa.text("parent_id IS NOT NULL")
BATCH = 2_000
REPLACED = {
    "ix_process_instance_definition_id": ("process_instance", ["definition_id", "state", "started_at", "id"]),
    "ix_process_instance_state": ("process_instance", ["state", "started_at", "id"]),
    "ix_incident_state": ("incident", ["state", "created_at", "id"]),
    "ix_read_log_case_id": ("read_log", ["case_id", "at", "id"]),
    "ix_read_log_viewer": ("read_log", ["viewer", "at", "id"]),
}


def upgrade() -> None:
    """Make the indexes anew, and write the words of the cases there are."""
    for name, (table, columns) in REPLACED.items():
        op.drop_index(name, table)
        op.create_index(name, table, columns)
    op.drop_index("ix_process_instance_parent_id", "process_instance")
    op.create_index(
        "ix_process_instance_parent_id",
        "process_instance",
        ["parent_id"],
        sqlite_where=CALLED,
        postgresql_where=CALLED,
    )
    op.create_index("ix_case__state", "case_", ["state", "created_at", "id"])
    op.create_index("ix_message_state", "message", ["state", "id"])
    op.create_index("ix_read_log_at", "read_log", ["at", "id"])
    op.create_index(
        "ix_work_item_inbox_unit",
        "work_item",
        ["role", "unit", "due_order", "id", "organisation", "assignee", "definition_id", "state"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    _make_words()


def _make_words() -> None:
    words = op.create_table(
        "case_word",
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("of_title", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name="fk_case_word_case_id"),
        sa.PrimaryKeyConstraint("word", "case_id", "of_title", name="pk_case_word"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_word_case_id", "case_word", ["case_id", "word"])
    case_ = sa.table("case_", sa.column("id"), sa.column("reference"), sa.column("title"))
    connection, after = op.get_bind(), ""
    while cases := connection.execute(
        sa.select(case_.c.id, case_.c.reference, case_.c.title)
        .where(case_.c.id > after)
        .order_by(case_.c.id)
        .limit(BATCH)
    ).all():
        connection.execute(sa.insert(words), [row for case in cases for row in word_rows(*case)])
        after = cases[-1].id
