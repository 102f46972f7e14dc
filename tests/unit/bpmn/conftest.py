"""Every behaviour is run twice: as it is, and through a snapshot after each operation."""

import pytest

from tests.bpmn_driver import Driver


@pytest.fixture(params=["in memory", "stored at every step"])
def run(request: pytest.FixtureRequest) -> Driver:
    """A driver that has not started yet."""
    return Driver(stored=request.param != "in memory")
