"""Stores to run on: the same tests on each.

PostgreSQL joins them where STEGVIS_TEST_POSTGRES is the URL of a database that may create others.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.harness import Journey, new_database

BeginJourney = Callable[..., Journey]


SERVER = os.environ.get("STEGVIS_TEST_POSTGRES")
STORES = ["sqlite-file", "sqlite-memory", *(["postgresql"] if SERVER else [])]


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new, empty store."""
    if request.param == "postgresql":
        yield from _postgres()
    else:
        yield new_database(tmp_path) if request.param == "sqlite-file" else "sqlite://"


def _postgres() -> Iterator[str]:
    assert SERVER is not None
    name = f"stegvis_{uuid.uuid4().hex}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def begin(store_url: str, tmp_path: Path) -> Iterator[BeginJourney]:
    """Begins journeys on the store and closes them afterwards."""
    begun: list[Journey] = []

    def begin_journey(**options: Any) -> Journey:
        journey = Journey.begin(tmp_path, url=store_url, **options)
        begun.append(journey)
        return journey

    yield begin_journey
    for journey in begun:
        journey.assert_sound()
        journey.engine.close()
