"""Databases for tests that hold on SQLite and on PostgreSQL alike (see tests/postgres.py for the server).

    def test_something(database_url): ...          # a new database with the engine's schema: a file, and PostgreSQL
    def test_with_registers(new_database_url):     # makes as many as the test asks for, all on the same kind
        url = new_database_url(parts=find_families().parts)

Where a module wants a fixture of its own on both kinds, it takes `new_database_url` or `database_url` and is run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from engine.store.database import SchemaPart
from tests.harness import new_database
from tests.postgres import Cluster

NewDatabase = Callable[..., str]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database this run of the test is on."""
    return str(request.param)


@pytest.fixture
def new_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Makes databases with the schema of the engine (and of `parts`), gone after the test."""
    if database_kind == "sqlite":
        yield lambda parts=(): new_database(tmp_path, parts)
        return
    cluster: Cluster = request.getfixturevalue("shared_cluster")
    made: list[str] = []

    def make(parts: Sequence[SchemaPart] = ()) -> str:
        made.append(cluster.new_database(parts))
        return made[-1]

    yield make
    for url in made:
        cluster.drop_database(url)


@pytest.fixture
def database_url(new_database_url: NewDatabase) -> str:
    """The address of a new database with the engine's schema."""
    return new_database_url()
