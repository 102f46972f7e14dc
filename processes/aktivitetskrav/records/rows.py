"""How a register row is added."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, insert

from engine.store.unit_of_work import UnitOfWork


def add_row(uow: UnitOfWork, table: Table, **values: Any) -> int:
    """Insert one row; its new id."""
    key = uow.connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])
