"""Stores to run on: the same tests on a file, in memory and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Journey, new_database
from tests.postgres import Cluster

BeginJourney = Callable[..., Journey]


@pytest.fixture(params=["sqlite-file", "sqlite-memory", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new, empty store."""
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("shared_cluster")
        yield (url := cluster.new_database())
        cluster.drop_database(url)
    else:
        yield new_database(tmp_path) if request.param == "sqlite-file" else "sqlite://"


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
