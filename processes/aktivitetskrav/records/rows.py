"""How a register row is added."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, insert

from engine.store.unit_of_work import UnitOfWork
from processes.aktivitetskrav.records.tables import metadata

_INSERT = {table: insert(table).returning(table.c.id) for table in metadata.sorted_tables if "id" in table.c}
"""Made once, so that the store keeps them ready."""


def add_row(uow: UnitOfWork, table: Table, **values: Any) -> int:
    """Insert one row into a table that numbers its rows; the new id."""
    return uow.insert(_INSERT[table], values)
