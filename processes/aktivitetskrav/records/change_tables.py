"""The tables of what happens to a case from outside: corrected decisions, changed numbers, mergers, moves."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Table, Text

from engine.store.columns import UtcDateTime
from engine.store.schema import SERIAL
from processes.aktivitetskrav.records.tables import metadata

decision_change = Table(
    "ak_decision_change",  # which decision took another's place, and what the law asks to be noted about it
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("decision_id", SERIAL, ForeignKey("ak_decision.id"), nullable=False),
    Column("new_decision_id", SERIAL, ForeignKey("ak_decision.id"), nullable=False),
    Column("kind", Text, nullable=False),  # rattelse (FL 36 §) or andring (FL 37-38 §§)
    Column("direction", Text),  # to the person's advantage, neither, or detriment; null for a slip of the pen
    Column("ground", Text),  # which of the law's cases allows a change to the detriment
    Column("ground_text", Text),
    Column("text", Text, nullable=False),  # what it says now
    Column("registered_at", UtcDateTime, nullable=False),
)

former_identity = Table(
    "ak_former_identity",  # numbers a person had before: rows that come with them still find the person
    metadata,
    Column("number", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("person_id", SERIAL, ForeignKey("ak_person.id"), nullable=False, index=True),
    Column("until", UtcDateTime, nullable=False),
)

merger = Table(
    "ak_merger",  # two cases that turned out to be one person's
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),  # the one that lives on
    Column("merged_case_id", Text, nullable=False, unique=True),
    Column("merged_person_id", SERIAL, ForeignKey("ak_person.id"), nullable=False),
    Column("ongoing", Text, nullable=False),  # what a person chose for what was under way: avsluta or flytta
    Column("motivation", Text),
    Column("decided_by", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
)

unit_change = Table(
    "ak_unit_change",  # a case that moved between districts
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("from_unit", Text, nullable=False),
    Column("to_unit", Text, nullable=False),
    Column("moved_on", Date, nullable=False),
    Column("reason", Text),
    Column("registered_at", UtcDateTime, nullable=False),
)
