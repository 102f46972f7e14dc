"""An import that is killed loses nothing, doubles nothing, and is finished by the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.clock import ManualClock
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.aktivitetskrav.sample import sample_decisions
from tests.integration.journey.conftest import START, Town, published, published_on_postgresql, town

__all__ = ["published", "published_on_postgresql", "town"]  # fixtures

_SCRIPT = textwrap.dedent("""
    import sys
    from pathlib import Path
    from engine.clock import ManualClock
    from processes.aktivitetskrav.decisions_import import import_decisions
    from processes.family import find_families
    from tests.integration.journey.conftest import START, Town
    from timers.calendar import WorkingCalendar

    families = find_families()
    with Town(sys.argv[1], families, WorkingCalendar()).open(ManualClock(START)) as engine:
        print("ready", flush=True)
        import_decisions(engine, Path(sys.argv[2]), families.roles,
                         progress=lambda step: print(step.phase, step.done, flush=True))
""")


@pytest.fixture
def kind(database_kind: str) -> str:
    """Both databases, each in its turn."""
    return database_kind


@pytest.mark.slow
def test_a_killed_import_is_finished_by_the_next(town: Town, tmp_path: Path) -> None:
    # given: a file, and an import of it that is killed in the middle, twice
    path = tmp_path / "sample.csv"
    path.write_text("".join(sample_decisions(60, 4, 1, town.families.roles.case_units)), encoding="utf-8")
    rows = len(path.read_text(encoding="utf-8").splitlines()) - 1
    for stop_after in ("importing 50", "importing 150"):
        _import_and_kill(town.url, path, stop_after)
        with town.open(ManualClock(START)) as engine:
            assert engine.verify() == []

    # when
    with town.open(ManualClock(START)) as engine:
        result = import_decisions(engine, path, town.families.roles)

        # then
        assert result.unchanged >= 150
        assert result.imported + result.unchanged == rows
        assert engine.verify() == []
        with engine.database.reading() as reader:
            assert reader.scalar(text("SELECT count(*) FROM ak_support_decision")) == rows
            assert reader.scalar(text("SELECT count(*) FROM message WHERE name = 'BistandBeslutat'")) == rows
            started = "SELECT count(*) FROM process_instance p JOIN process_definition d ON d.id = p.definition_id"
            assert reader.scalar(text(f"{started} WHERE d.process_id = 'manadsbeslut'")) == rows


def _import_and_kill(url: str, path: Path, stop_after: str) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, url, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert worker.stdout is not None
    with worker.stdout as told:
        for line in told:
            if line.strip() == stop_after:
                break
        else:
            pytest.fail("the import ended before it could be killed")
        worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
