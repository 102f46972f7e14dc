"""What these tests make ready is let go of after them: there is a bound to how many statements are kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.store import prepared


@pytest.fixture(autouse=True)
def kept_statements() -> Iterator[None]:
    """The statements that were ready before a test are those that are ready after it."""
    before = dict(prepared._KEPT)
    yield
    prepared._KEPT.clear()
    prepared._KEPT.update(before)
