"""Killed at any instant, nothing is lost and nothing done twice."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.engine import Engine
from tests.faults.busy_process import CASES, open_engine, prepare, work
from tests.harness import new_database

ROOT = Path(__file__).parents[2]
COUNTS = (
    "SELECT state, count(*) FROM process_instance GROUP BY state ORDER BY state",
    "SELECT state, count(*) FROM work_item GROUP BY state ORDER BY state",
    "SELECT nyckel, count(*) FROM register GROUP BY nyckel ORDER BY nyckel",
    "SELECT kind, element, count(*) FROM event GROUP BY kind, element ORDER BY kind, element",
    "SELECT count(*) FROM timer",
    "SELECT count(*) FROM job",
    "SELECT count(*) FROM subscription",
    "SELECT state, count(*) FROM message GROUP BY state",
    "SELECT count(*) FROM message_delivery",
)


def counts(engine: Engine) -> list[list[tuple[object, ...]]]:
    with engine.database.reading() as reader:
        return [[tuple(row) for row in reader.rows(text(statement))] for statement in COUNTS]


def run_and_kill(url: str, after_lines: int) -> bool:
    """Run the busy process and kill it after so many lines; whether it had come to its end before."""
    command = [sys.executable, "-m", "tests.faults.busy_process", url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout, start=1):
            if line.strip() == "done":
                process.wait()
                return True
            if number >= after_lines:
                process.kill()
                break
        process.wait()
    return False


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_killed_at_any_instant_the_outcome_is_that_of_an_undisturbed_run(
    tmp_path: Path, database_url: str, seed: int
) -> None:
    undisturbed = open_engine(new_database(tmp_path))
    prepare(undisturbed)
    work(undisturbed, lambda line: None)
    expected = counts(undisturbed)
    assert undisturbed.verify() == []
    undisturbed.close()

    url, chance = database_url, random.Random(seed)
    first = open_engine(url)
    prepare(first)
    first.close()
    kills = 0
    while not run_and_kill(url, after_lines=chance.randint(CASES + 1, CASES * 4)):
        kills += 1
        assert kills < 60, "it never comes to its end"
    disturbed = open_engine(url)
    assert kills >= 2
    assert disturbed.verify() == []
    assert counts(disturbed) == expected
    disturbed.close()
