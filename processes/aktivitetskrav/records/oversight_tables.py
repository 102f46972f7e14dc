"""The tables of what looks at many cases: reminders, reports, inventories, providers, log reviews, disposal.

They belong to the same metadata as the registers of cases (`tables`) and are made by the same line of migrations.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from engine.store.columns import UtcDateTime
from engine.store.schema import SERIAL
from processes.aktivitetskrav.records.tables import metadata

reminder = Table(
    "ak_reminder",  # what somebody was reminded of
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, index=True),
    Column("work_item_id", Text, nullable=False, index=True),
    Column("task", Text, nullable=False),
    Column("role", Text),
    Column("assignee", Text),
    Column("at", UtcDateTime, nullable=False),
)

# --- reports to authorities -----------------------------------------------------------------------------------------

report = Table(
    "ak_report",  # one frozen set of figures; a correction freezes a new version
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("kind", Text, nullable=False),  # ReportKind
    Column("period", Text, nullable=False),  # 2026-K4, 2026-10
    Column("version", Integer, nullable=False),  # counts per kind and period, from 1
    Column("instance_id", Text, nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", UtcDateTime),
    Column("file", Text),  # CSV, in full: for the authority, not for lists
    Column("receipt", Text),
    Column("handed_in_on", Date),
    UniqueConstraint("kind", "period", "version"),
)

report_row = Table(
    "ak_report_row",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("report_id", SERIAL, ForeignKey("ak_report.id"), nullable=False),
    Column("section", Text, nullable=False),  # hinder, insats, kvalitet
    Column("code", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("number", Integer, nullable=False),
    UniqueConstraint("report_id", "section", "code", "measure"),
)

# --- needs and supply -----------------------------------------------------------------------------------------------

inventory = Table(
    "ak_inventory",  # målgruppsinventering
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("instance_id", Text, nullable=False),
    Column("taken_on", Date, nullable=False),
)

inventory_row = Table(
    "ak_inventory_row",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("inventory_id", SERIAL, ForeignKey("ak_inventory.id"), nullable=False),
    Column("unit", Text),  # null: the whole municipality
    Column("dimension", Text, nullable=False),  # Dimension
    Column("code", Text, nullable=False),
    Column("people", Integer, nullable=False),
    Column("places", Integer),  # of the catalogue; null where places are not counted by this dimension
    UniqueConstraint("inventory_id", "unit", "dimension", "code"),
)

improvement = Table(
    "ak_improvement",  # what an inventory or an evaluation led to
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("kind", Text, nullable=False),  # inventering, utvardering
    Column("instance_id", Text, nullable=False),
    Column("proposal", Text),
    Column("outcome", Text, nullable=False),
    Column("motivation", Text),
    Column("decided_by", Text),
    Column("decided_on", Date, nullable=False),
    Column("followed_up_on", Date),
    Column("result", Text),
)

# --- providers ------------------------------------------------------------------------------------------------------

provider = Table(
    "ak_provider",  # an agreement with whoever gives an activity
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),  # ProviderKind
    Column("activity_id", Text, ForeignKey("ak_activity.id"), nullable=False, unique=True),
    Column("supervisor", Text),  # handledare
    Column("requirements", JSON, nullable=False),  # the codes of the requirements that are met
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("approved_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("end_reason", Text),
)

provider_check = Table(
    "ak_provider_check",  # one follow-up of a provider's quality
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("provider_id", SERIAL, ForeignKey("ak_provider.id"), nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    Column("note", Text),
    Column("checked_by", Text, nullable=False),
    Column("checked_on", Date, nullable=False),
)

# --- log reviews and disposal ---------------------------------------------------------------------------------------

log_review = Table(
    "ak_log_review",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("instance_id", Text, nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("reads_from", UtcDateTime, nullable=False),
    Column("reads_until", UtcDateTime, nullable=False),
    Column("outcome", Text),
    Column("note", Text),
    Column("reviewed_by", Text),
    Column("reviewed_at", UtcDateTime),
)

log_review_row = Table(
    "ak_log_review_row",  # a read that was drawn, and why
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("review_id", SERIAL, ForeignKey("ak_log_review.id"), nullable=False),
    Column("read_id", SERIAL, nullable=False),  # of the engine's read_log
    Column("reason", Text, nullable=False),  # DrawnBecause
    UniqueConstraint("review_id", "read_id"),
)

disposal = Table(
    "ak_disposal",  # gallring: a list, its approval and what came of it
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("instance_id", Text, nullable=False),
    Column("listed_on", Date, nullable=False),
    Column("approved_by", Text),
    Column("disposed_at", UtcDateTime),
)

disposal_row = Table(
    "ak_disposal_row",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("disposal_id", SERIAL, ForeignKey("ak_disposal.id"), nullable=False),
    Column("case_id", Text, nullable=False),
    Column("last_entry_on", Date, nullable=False),
    Column("kept_because", Text),  # null: to be disposed of
    Column("disposed_at", UtcDateTime),
    UniqueConstraint("disposal_id", "case_id"),
    Index("ix_ak_disposal_row_case_id", "case_id"),
)
