"""A migration that is killed at any instant goes on where it was, and does nothing twice."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.migrating_process import INSTANCES, open_engine, prepare

ROOT = Path(__file__).parents[2]
ROWS = (
    "SELECT id, element_id, due_at, draft, draft_at, assignee, created_at, state FROM work_item ORDER BY id",
    "SELECT id, due_at, turn, created_at FROM timer WHERE element_id = 't' ORDER BY id",
)


def carry_on_and_kill(url: str, migration: str, after_lines: int) -> bool:
    """Carry a migration on and kill it after so many instances; whether it had come to its end before."""
    command = [sys.executable, "-m", "tests.faults.migrating_process", url, migration]
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
def test_a_killed_migration_goes_on_and_moves_each_instance_once(database_url: str) -> None:
    # given a migration with everything still to do
    url = database_url
    engine = open_engine(url)
    migration = prepare(engine)

    def rows() -> list[list[tuple[object, ...]]]:
        with engine.database.reading() as reader:
            return [[tuple(row) for row in reader.rows(text(statement))] for statement in ROWS]

    before = rows()

    # when it is killed again and again
    chance = random.Random(4)
    turns = 0
    while not carry_on_and_kill(url, migration, chance.randint(3, 15)):
        turns += 1
        assert engine.verify() == []

    # then every instance has moved once, with all it had
    assert turns >= 2
    done = engine.migrations.status(migration)
    assert (done.state, done.moved, done.refused) == ("done", INSTANCES, 0)
    assert rows() == before
    with engine.database.reading() as reader:
        told = reader.rows(text("SELECT instance_id, count(*) FROM event WHERE kind = 'migrated' GROUP BY instance_id"))
        added = reader.scalar(text("SELECT count(*) FROM timer WHERE element_id = 'n'"))
    assert [row[1] for row in told] == [1] * INSTANCES
    assert added == INSTANCES
    assert engine.verify() == []
    engine.close()
