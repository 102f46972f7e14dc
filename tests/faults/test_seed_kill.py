"""A seed that is killed leaves every case before or after a command, never within one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import datetime
from pathlib import Path

import pytest

from engine.clock import LOCAL_ZONE, ManualClock
from engine.verify import ProblemKind
from tests.integration.journey.conftest import Town, published, published_on_postgresql, town

__all__ = ["published", "published_on_postgresql", "town"]  # fixtures

_SCRIPT = textwrap.dedent("""
    import sys
    from processes.aktivitetskrav.autopilot.seeding import seed
    from processes.family import find_families
    from tests.integration.journey.conftest import Town
    from timers.calendar import WorkingCalendar

    families, calendar = find_families(), WorkingCalendar()
    seed(Town(sys.argv[1], families, calendar).open, families.roles, calendar, cases=30, months=4,
         progress=lambda step: print(step.day, flush=True))
""")


@pytest.fixture
def kind(database_kind: str) -> str:
    """Both databases, each in its turn."""
    return database_kind


@pytest.mark.slow
@pytest.mark.parametrize("day", ["2026-07-09", "2026-09-04"])
def test_a_killed_seed_leaves_a_sound_database(town: Town, day: str) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, town.url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert worker.stdout is not None
    with worker.stdout as told:
        for line in told:
            if line.strip() == day:
                break
        else:
            pytest.fail("the seed ended before it could be killed")
        worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL

    with town.open(ManualClock(datetime(2026, 9, 30, tzinfo=LOCAL_ZONE))) as engine:
        late = [problem for problem in engine.verify() if problem.kind is ProblemKind.OVERDUE]
        assert engine.verify() == late  # nobody has fired what fell due since the kill
        assert engine.queries.open_items() or day < "2026-09"
        engine.run_until_idle()
        assert engine.verify() == []
