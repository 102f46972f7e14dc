"""The tables of a person's week over time: the steps of a ramp-up."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, Table, Text, UniqueConstraint

from engine.store.schema import SERIAL
from processes.aktivitetskrav.records.columns import Hours
from processes.aktivitetskrav.records.tables import metadata

ramp_step = Table(
    "ak_ramp_step",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("plan_id", SERIAL, ForeignKey("ak_plan.id"), nullable=False),
    Column("number", Integer, nullable=False),  # counts per plan, from 1
    Column("hours", Hours, nullable=False),  # per week, of all activities together
    Column("weeks", Integer, nullable=False),  # how long it lasts; longer where somebody held it
    Column("begun_on", Date),  # null: still to come
    Column("ended_on", Date),
    Column("held_because", Text),
    UniqueConstraint("plan_id", "number"),
)
