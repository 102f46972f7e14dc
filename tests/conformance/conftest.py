"""Stores that are reopened between commands, and verified afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.reopened import Reopened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Callable[..., Reopened]]:
    """Makes stores with files published."""
    made: list[Reopened] = []

    def make(*files: bytes, **options: Any) -> Reopened:
        made.append(Reopened(tmp_path, *files, **options))
        return made[-1]

    yield make
    for each in made:
        each.assert_sound()
