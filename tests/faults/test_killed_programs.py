"""Web processes and workers killed with -9 at random instants under load: the outcome is that of a quiet run."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine.engine import Engine
from processes.family import find_families
from tests.databases import NewDatabase
from tests.faults.office import TASKS_EACH, found, is_idle, outcome, programs
from tests.faults.people import Crowd, Person, Tally

CASES, PEOPLE, KILLS = 10, 10, 4
PARTS = find_families().parts


def live_through(url: str, folder: Path, kills: int, chance: random.Random, kind: str) -> tuple[list[object], Tally]:
    """Let people answer all there is, killing a program now and then; the outcome, and what they saw."""
    folder.mkdir()
    found(url, CASES)
    tally = Tally()
    workers = 2 if kind == "postgresql" else 0
    with programs(url, folder, webs=2, workers=workers) as (webs, working), Engine.open(url, parts=PARTS) as engine:
        users = ("hanna", "samir")
        people = [Person(users[n % 2], webs, random.Random(chance.random()), tally) for n in range(PEOPLE)]
        crowd = Crowd(people, lambda: is_idle(engine))
        crowd.start()
        for number, after in enumerate(sorted(chance.sample(range(1, CASES * TASKS_EACH), kills))):
            if not tally.wait_for(after, crowd.at_work):
                break
            victim = chance.choice(working if number % 2 and working else webs)
            victim.kill()
            victim.start()
        crowd.wait(120)
        assert engine.verify() == []
        return list(outcome(engine)), tally


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_whoever_is_killed_each_task_is_done_once(
    new_database_url: NewDatabase, database_kind: str, tmp_path: Path, seed: int
) -> None:
    quiet, _ = live_through(new_database_url(PARTS), tmp_path / "quiet", 0, random.Random(seed), database_kind)

    disturbed, tally = live_through(
        new_database_url(PARTS), tmp_path / "disturbed", KILLS, random.Random(seed), database_kind
    )

    assert disturbed == quiet
    assert tally.odd == []
    assert tally.statuses[302] >= CASES * TASKS_EACH
    assert tally.lost > 0, "nobody noticed the kills, so nothing was tested"
