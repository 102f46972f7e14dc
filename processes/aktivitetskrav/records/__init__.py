"""The registers of the activity requirement: persons, months, hand-overs, placements, plans, decisions, deviations.

Rows are written in the transaction of the command that caused them (a job, a form, an import), never on their own.
Personnummer stand in `person` and nowhere else: everything else refers to the case's id or the person's register id.
"""

from __future__ import annotations

from pathlib import Path

from engine.store.migrating import SchemaPart
from processes.aktivitetskrav.records import change_tables, oversight_tables, time_tables
from processes.aktivitetskrav.records.tables import metadata

assert {change_tables.metadata, oversight_tables.metadata, time_tables.metadata} == {metadata}  # all are of one part
PART = SchemaPart("aktivitetskrav", metadata, Path(__file__).parent / "migrations" / "versions")
"""The registers' tables with their own line of migrations; hand it to `Engine.open(parts=...)`."""
