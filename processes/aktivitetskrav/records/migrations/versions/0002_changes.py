"""Make the tables of what happens to a case from outside: corrected decisions, changed numbers, mergers, moves."""

import re

import sqlalchemy as sa
from alembic import op

from engine.store.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


_TAKEN_APART = re.compile(r"\{'year': ([0-9]{4}), 'month': ([0-9]{1,2})\}")
"""How months of deviations were written before; nothing could read them."""


def _mend_months() -> None:
    table = sa.table("ak_deviation", sa.column("id", SERIAL), sa.column("month", sa.Text()))
    rows = op.get_bind().execute(sa.select(table.c.id, table.c.month).where(table.c.month.startswith("{"))).all()
    for row in rows:
        match = _TAKEN_APART.fullmatch(row.month)
        month = None if match is None else f"{match[1]}-{int(match[2]):02d}"
        op.get_bind().execute(sa.update(table).where(table.c.id == row.id).values(month=month))


def upgrade() -> None:
    """Make the tables, and write the months of deviations as months."""
    _mend_months()
    op.create_table(
        "ak_decision_change",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("decision_id", SERIAL, nullable=False),
        sa.Column("new_decision_id", SERIAL, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("ground_text", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["ak_decision.id"], name=op.f("fk_ak_decision_change_decision_id")),
        sa.ForeignKeyConstraint(
            ["new_decision_id"], ["ak_decision.id"], name=op.f("fk_ak_decision_change_new_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_decision_change")),
    )
    op.create_index(op.f("ix_ak_decision_change_case_id"), "ak_decision_change", ["case_id"], unique=False)
    op.create_table(
        "ak_former_identity",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", SERIAL, nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["ak_person.id"], name=op.f("fk_ak_former_identity_person_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ak_former_identity")),
    )
    op.create_index(op.f("ix_ak_former_identity_person_id"), "ak_former_identity", ["person_id"], unique=False)
    op.create_table(
        "ak_merger",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("merged_case_id", sa.Text(), nullable=False),
        sa.Column("merged_person_id", SERIAL, nullable=False),
        sa.Column("ongoing", sa.Text(), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["merged_person_id"], ["ak_person.id"], name=op.f("fk_ak_merger_merged_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_merger")),
        sa.UniqueConstraint("merged_case_id", name=op.f("uq_ak_merger_merged_case_id")),
    )
    op.create_index(op.f("ix_ak_merger_case_id"), "ak_merger", ["case_id"], unique=False)
    op.create_table(
        "ak_unit_change",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("from_unit", sa.Text(), nullable=False),
        sa.Column("to_unit", sa.Text(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ak_unit_change")),
    )
    op.create_index(op.f("ix_ak_unit_change_case_id"), "ak_unit_change", ["case_id"], unique=False)
