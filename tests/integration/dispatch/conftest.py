"""A store of each kind with processes on it, and bells that ring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine import jobs
from tests.integration.dispatch.house import FILES, Bells, House


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again soon."""
    monkeypatch.setattr(jobs, "FIRST_BACKOFF", timedelta(milliseconds=300))


@pytest.fixture
def bells() -> Bells:
    """The handler of the job type `ring`."""
    return Bells()


@pytest.fixture
def house(database_url: str, bells: Bells) -> Iterator[House]:
    """Processes on a new database with three published processes; on SQLite, and on PostgreSQL."""
    opened = House(database_url, bells.handlers)
    opened.web().publish(FILES, author="a", note="n")
    yield opened
    opened.close()
