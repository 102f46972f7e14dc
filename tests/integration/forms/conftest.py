from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.forms.town import Town, build_town


@pytest.fixture
def town() -> Iterator[Town]:
    """A fresh town for each test."""
    built = build_town()
    yield built
    built.engine.close()
