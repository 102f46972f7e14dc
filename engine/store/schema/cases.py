"""Cases, who has a part in them, and the words by which they are found."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from engine.store.columns import UtcDateTime
from engine.store.schema.base import SERIAL, metadata

case_ = Table(
    "case_",
    metadata,
    Column("id", Text, primary_key=True),
    Column("family", Text, nullable=False),
    Column("reference", Text, nullable=False),  # what people call it; unique within its family
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("history_seq", Integer, nullable=False, server_default=text("0")),  # the chain's head: see event
    Column("history_hash", LargeBinary),
    UniqueConstraint("family", "reference"),
    Index("ix_case__created_at", "created_at", "id"),
    Index(
        "ix_case__closed_at",
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
    Index("ix_case__state", "state", "created_at", "id"),
)

case_party = Table(
    "case_party",  # which organisation (and unit of it) takes part in a case, since when, and what it may see
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, ForeignKey("case_.id"), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("unit", Text),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Column("basis", Text),  # the legal ground of a hand-over
    Column("fields", Text),  # JSON list of variable names handed over; null: all
    Index("ix_case_party_case_id", "case_id", "organisation"),
    Index("ix_case_party_organisation", "organisation", "unit", "case_id"),
)

case_word = Table(
    "case_word",  # how cases are found by text: see engine.store.case_words
    metadata,
    Column("word", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Column("case_id", Text, ForeignKey("case_.id"), primary_key=True),
    Column("of_title", Boolean, primary_key=True),  # else of the reference, which whoever sees a task is told
    Index("ix_case_word_case_id", "case_id", "word"),
    sqlite_with_rowid=False,
)
