"""`simulate`: what a number of cases would make of the processes as they are, on stores in memory that nobody keeps."""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass

import click

from commands.options import as_json
from commands.output import print_result, progress
from commands.root import OpenInstallation, Root, pass_root
from engine.errors import StegvisError
from processes.aktivitetskrav.autopilot.seeding import SeedProgress, SeedResult, seed
from processes.aktivitetskrav.autopilot.shares import Share, together
from processes.family import find_families
from timers.calendar import WorkingCalendar

IN_MEMORY = "sqlite://"
_SECONDS_BETWEEN_LOOKS = 0.5
_COLLECTED = (50_000, 20, 100)
"""How seldom a process looks for garbage in cycles: commands leave little of it, and looking costs a few per cent."""

Days = multiprocessing.Queue  # of how many days a process has lived through since it told last


class SimulationLost(StegvisError):
    """A process of the simulation has ended before its time: most likely there is too little memory for so many."""

    code = "SIMULATION_LOST"


@dataclass(frozen=True)
class Simulation:
    """What is simulated: `cases` persons over `months` months, by the chances that `seed` gives."""

    cases: int
    months: int
    seed: int


@click.command("simulate", epilog="Example: stegvis simulate --cases 8000 --months 12 --json")
@click.option("--cases", default=300, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--months", default=12, show_default=True, type=click.IntRange(1, 120))
@click.option("--seed", "seed_number", default=1, show_default=True, help="The same numbers give the same counts.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="The households are shared among so many processes, each a municipality of its own. [default: one a core]",
)
@as_json
@pass_root
def simulate_command(
    root: Root, cases: int, months: int, seed_number: int, processes: int | None, as_json: bool
) -> None:
    """Live through months of fictitious work in memory, and count what there was to do; nothing is kept."""
    count = processes or min(os.cpu_count() or 1, cases)
    with progress() as tell:
        result = simulate(
            root.open_installation,
            Simulation(cases, months, seed_number),
            count,
            lambda done, total: tell(f"{cases} ärenden", done, total),
        )
    print_result(asdict(result), as_json)


def simulate(
    open_installation: OpenInstallation,
    simulation: Simulation,
    processes: int,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> SeedResult:
    """Simulate with so many processes of the operating system; what they come to together.

    tell: is given the days lived through and those there are, in all shares together. Raises SimulationLost.
    """
    context = multiprocessing.get_context("spawn")
    days: Days[tuple[int, int]] = context.Queue()
    with ProcessPoolExecutor(processes, context, _prepare, (days,)) as pool:
        shares = [Share(number, processes) for number in range(processes)]
        running = [pool.submit(_live, open_installation, simulation, share) for share in shares]
        _follow(running, days, tell)
        try:
            return together([each.result() for each in running])
        except BrokenProcessPool as error:
            raise SimulationLost from error


def _follow(running: list[Future[SeedResult]], days: Days[tuple[int, int]], tell: Callable[[int, int], None]) -> None:
    done = 0
    while not all(each.done() for each in running):
        try:
            more, total = days.get(timeout=_SECONDS_BETWEEN_LOOKS)
        except queue.Empty:
            continue
        done += more
        tell(done, total * len(running))


_days: list[Days[tuple[int, int]]] = []
"""In a process of the simulation: whom it tells how far it has come."""


def _prepare(days: Days[tuple[int, int]]) -> None:
    _days[:] = [days]
    gc.set_threshold(*_COLLECTED)


def _live(open_installation: OpenInstallation, simulation: Simulation, share: Share) -> SeedResult:
    families = find_families()

    def tell(step: SeedProgress) -> None:
        _days[0].put((1, step.total))

    return seed(
        lambda clock: open_installation(IN_MEMORY, clock=clock).engine,
        families.roles,
        WorkingCalendar(families.calendar),
        cases=simulation.cases,
        months=simulation.months,
        seed=simulation.seed,
        progress=tell,
        choose=share.take,
    )


COMMANDS = (simulate_command,)
