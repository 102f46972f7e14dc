"""A database that goes away while people and jobs are at work: commands are refused whole, and nothing is lost."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.engine import Engine
from engine.store import database as database_module
from tests.faults.busy_process import open_engine, prepare
from tests.faults.mill import Mill
from tests.faults.small_disk import SmallDisk
from tests.faults.test_kill import counts
from tests.harness import new_database
from tests.postgres import Cluster, StopMode

CASES, THREADS = 16, 4
ROUNDS = 5
AHEAD = 10
"""So many commands may be answered while the connections are being cut: some are under way then."""

Disturbance = Callable[[Mill], None]


def mill_through(engine: Engine, disturb: Disturbance) -> tuple[list[list[tuple[object, ...]]], Mill]:
    """Carry all cases to their end while `disturb` has its way; what the store holds then."""
    prepare(engine)
    mill = Mill(engine, CASES, THREADS)
    mill.start()
    disturb(mill)
    mill.finish()
    assert engine.verify() == []
    return counts(engine), mill


@pytest.fixture
def undisturbed(tmp_path: Path) -> list[list[tuple[object, ...]]]:
    """What the store holds after a quiet run."""
    with open_engine(new_database(tmp_path)) as engine:
        return mill_through(engine, lambda mill: None)[0]


def stopped(cluster: Cluster) -> None:
    cluster.stop()


def stopped_at_once(cluster: Cluster) -> None:
    cluster.stop(StopMode.IMMEDIATE)


def killed(cluster: Cluster) -> None:
    cluster.kill()


@pytest.mark.slow
@pytest.mark.parametrize("take_away", [stopped, stopped_at_once, killed])
def test_a_server_that_is_taken_away_and_comes_back(
    own_cluster: Cluster, undisturbed: list[object], take_away: Callable[[Cluster], None]
) -> None:
    chance = random.Random(take_away.__name__)

    def disturb(mill: Mill) -> None:
        turn = 0
        for _ in range(ROUNDS):
            turn += chance.randint(10, 60)
            if not mill.wait_for_turn(turn):
                return
            mill.up.clear()
            take_away(own_cluster)
            own_cluster.start()
            mill.up.set()

    with open_engine(own_cluster.new_database()) as engine:
        outcome, mill = mill_through(engine, disturb)

    assert outcome == undisturbed
    assert mill.refused > 0, "nobody noticed, so nothing was tested"


@pytest.mark.slow
def test_connections_that_are_cut_in_the_middle_of_commands(own_cluster: Cluster, undisturbed: list[object]) -> None:
    chance, cut = random.Random(7), []

    def disturb(mill: Mill) -> None:
        turn = 0
        mill.allow(AHEAD)
        while mill.wait_for_turn(turn):
            cut.append(own_cluster.cut_connections())
            turn = mill.turns + chance.randint(1, 15)
            mill.allow(turn + AHEAD)

    with open_engine(own_cluster.new_database()) as engine:
        outcome, mill = mill_through(engine, disturb)

    assert outcome == undisturbed
    assert len(cut) > 2, "of 80 turns that people need at least, none is further than 30 from the next cut"
    assert mill.refused > 0, "nobody noticed, so nothing was tested"


@pytest.mark.slow
def test_a_file_that_another_program_holds_now_and_then(
    tmp_path: Path, undisturbed: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.01)
    url, chance = new_database(tmp_path), random.Random(3)

    def disturb(mill: Mill) -> None:
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
        turn = 0
        for _ in range(ROUNDS * 3):
            turn += chance.randint(5, 30)
            if not mill.wait_for_turn(turn):
                break
            other.execute("BEGIN IMMEDIATE")
            before = mill.refused
            mill.wait_until(lambda before=before: mill.refused > before)  # type: ignore[misc]
            other.execute("ROLLBACK")
        other.close()

    with open_engine(url) as engine:
        outcome, mill = mill_through(engine, disturb)

    assert outcome == undisturbed
    assert mill.refused > 0, "nobody noticed, so nothing was tested"


@pytest.mark.slow
def test_a_servers_disk_that_fills_up_and_gets_room_again(
    full_disk_server: SmallDisk, undisturbed: list[object]
) -> None:
    def disturb(mill: Mill) -> None:
        for turn in (20, 200, 400):
            if not mill.wait_for_turn(turn):
                return
            mill.up.clear()
            before = mill.refused
            full_disk_server.fill()
            mill.wait_until(lambda before=before: mill.refused > before)  # type: ignore[misc]
            full_disk_server.make_room()
            mill.up.set()

    url = full_disk_server.url()
    Engine.open(url, create=True).close()
    with open_engine(url) as engine:
        outcome, mill = mill_through(engine, disturb)

    assert outcome == undisturbed
    assert mill.refused > 0, "nobody noticed, so nothing was tested"
