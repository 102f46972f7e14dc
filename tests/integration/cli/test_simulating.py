"""`stegvis simulate`: shares of the households in processes of their own, added up."""

from __future__ import annotations

import json
import os
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner

from commands.simulating import IN_MEMORY, Simulation, SimulationLost, simulate
from engine.clock import Clock
from processes.aktivitetskrav.autopilot.seeding import SeedResult, seed
from processes.aktivitetskrav.autopilot.shares import Share, together
from processes.aktivitetskrav.sample import sample_rows
from stegvis import installation, main, open_installation

SMALL = Simulation(cases=6, months=2, seed=3)


def _alone(share: Share) -> SeedResult:
    with installation(IN_MEMORY) as room:
        roles, calendar = room.families.roles, room.calendar
    return seed(
        lambda clock: open_installation(IN_MEMORY, clock=clock).engine,
        roles,
        calendar,
        cases=SMALL.cases,
        months=SMALL.months,
        seed=SMALL.seed,
        choose=share.take,
    )


def test_processes_together_do_what_their_shares_do_alone() -> None:
    told: list[tuple[int, int]] = []

    found = simulate(open_installation, SMALL, 2, lambda done, total: told.append((done, total)))

    shares = [_alone(Share(number, 2)) for number in range(2)]
    assert all(share.counts.cases for share in shares), "a share without a case would show nothing"
    assert found == together(shares)
    assert found.counts.cases == sum(share.counts.cases for share in shares)
    assert found.counts.incidents == 0
    assert told == sorted(told)
    assert told[-1][0] <= told[-1][1]


@pytest.mark.parametrize("of", [1, 2, 5])
def test_every_row_is_in_one_share_and_households_never_part(of: int) -> None:
    rows = list(sample_rows(40, 3, 1, ["EB1"]))

    shares = [Share(number, of).take(rows) for number in range(of)]

    assert sorted(row.reference for share in shares for row in share) == sorted(row.reference for row in rows)
    homes = [{row.household for row in share} for share in shares]
    assert sum(map(len, homes)) == len(set().union(*homes))


def test_the_command_tells_what_there_was_to_do() -> None:
    run = CliRunner().invoke(main, ["simulate", "--cases", "3", "--months", "1", "--processes", "1", "--json"])

    assert run.exit_code == 0, run.output
    told = json.loads(run.stdout)
    assert told["counts"]["cases"] > 0
    assert told["counts"]["events"]["started"] >= told["counts"]["cases"]


def _dies(database: str, *, clock: Clock | None = None, **_more: Any) -> NoReturn:
    os._exit(9)  # as the kernel ends a process when memory runs out


def test_a_process_that_dies_is_an_error_and_no_smaller_result() -> None:
    with pytest.raises(SimulationLost):
        simulate(_dies, SMALL, 2)
