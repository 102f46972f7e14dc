"""The registers' tables and their migrations say the same."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.clock import ManualClock
from engine.store.database import Database
from processes.aktivitetskrav.records import PART
from tests.integration.journey.conftest import START


def test_migrations_make_exactly_the_tables() -> None:
    database = Database.open("sqlite://", parts=[PART])
    database.migrate()

    with database.transaction(ManualClock(START)) as uow:
        context = MigrationContext.configure(uow.connection, opts={"include_object": _ours})
        differences = compare_metadata(context, PART.metadata)
    database.close()

    assert differences == []


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return kind != "table" or str(name).startswith("ak_")
