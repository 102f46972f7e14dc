"""Incidents know their cause; they are tried again in bulk; what operators ask of the store has its indexes.

Revision: 0006.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.causes import cause_of, pattern_of
from engine.store.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BATCH = 1_000
INDEXES = (
    ("ix_work_item_completed_at", "work_item", ("completed_at", "definition_id", "element_id", "created_at", "state"),
     "state = 'completed'"),
    ("ix_work_item_element_id", "work_item", ("definition_id", "element_id", "created_at", "id", "state"),
     "state = 'open'"),
    ("ix_process_instance_ended_at", "process_instance", ("definition_id", "ended_at", "id"), "ended_at IS NOT NULL"),
    ("ix_case__closed_at", "case_", ("closed_at",), "closed_at IS NOT NULL"),
)  # fmt: skip


def upgrade() -> None:
    """Give each incident its cause, and make tables and indexes."""
    op.add_column("incident", sa.Column("process_id", sa.Text(), nullable=True))
    op.add_column("incident", sa.Column("pattern", sa.Text(), nullable=False, server_default=""))
    op.add_column("incident", sa.Column("cause", sa.Text(), nullable=False, server_default=""))
    _find_causes()
    op.create_index("ix_incident_cause", "incident", ["state", "cause", "created_at", "id"])
    op.create_index("ix_subscription_element_id", "subscription", ["process_id", "element_id", "created_at", "id"])
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    _make_tables()


def _find_causes() -> None:
    incident = sa.table(
        "incident", *(sa.column(name) for name in ("id", "instance_id", "element_id", "code", "message")),
        sa.column("process_id"), sa.column("pattern"), sa.column("cause"),
    )  # fmt: skip
    instance = sa.table("process_instance", sa.column("id"), sa.column("definition_id"))
    definition = sa.table("process_definition", sa.column("id"), sa.column("process_id"))
    found = (
        sa.select(incident.c.id, incident.c.element_id, incident.c.code, incident.c.message, definition.c.process_id)
        .select_from(
            incident.outerjoin(instance, instance.c.id == incident.c.instance_id).outerjoin(
                definition, definition.c.id == instance.c.definition_id
            )
        )
        .order_by(incident.c.id)
        .limit(BATCH)
    )
    change = incident.update().where(incident.c.id == sa.bindparam("of"))
    change = change.values(process_id=sa.bindparam("process"), pattern=sa.bindparam("like"), cause=sa.bindparam("why"))
    connection, after = op.get_bind(), ""
    while rows := connection.execute(found.where(incident.c.id > after)).all():
        for row in rows:
            like = pattern_of(row.message)
            why = cause_of(row.process_id, row.element_id, row.code, like)
            connection.execute(change, {"of": row.id, "process": row.process_id, "like": like, "why": why})
        after = rows[-1].id


def _make_tables() -> None:
    op.create_table(
        "bulk_retry",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("pk_bulk_retry")),
    )
    op.create_index("ix_bulk_retry_created_at", "bulk_retry", ["created_at", "id"])
    op.create_index("ix_bulk_retry_finished_at", "bulk_retry", ["finished_at", "created_at"])
    op.create_table(
        "bulk_retry_outcome",
        sa.Column("bulk_retry", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["bulk_retry"], ["bulk_retry.id"], name=("fk_bulk_retry_outcome_bulk_retry")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=("fk_bulk_retry_outcome_incident_id")),
        sa.PrimaryKeyConstraint("bulk_retry", "incident_id", name=("pk_bulk_retry_outcome")),
    )
    op.create_index("ix_bulk_retry_outcome_state", "bulk_retry_outcome", ["bulk_retry", "state", "incident_id"])
