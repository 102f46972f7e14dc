"""`seed`, `import-decisions`, `sample-decisions`: what fills a database with cases."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from commands.options import as_json, database_option
from commands.output import FOUND_PROBLEMS, print_result, progress
from commands.root import Root, pass_root
from processes.aktivitetskrav.autopilot.seeding import seed
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.aktivitetskrav.sample import sample_decisions
from processes.family import find_families
from timers.calendar import WorkingCalendar


@click.command("seed", epilog="Example: stegvis seed --cases 300 --months 6 --seed 1 --json")
@database_option()
@click.option("--cases", default=300, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--months", default=6, show_default=True, type=click.IntRange(1, 120))
@click.option("--seed", "seed_number", default=1, show_default=True, help="The same number gives the same counts.")
@as_json
@pass_root
def seed_command(root: Root, database: str, cases: int, months: int, seed_number: int, as_json: bool) -> None:
    """Drive the real engine on a clock of its own over months of fictitious work, as staff would do it."""
    print_result(seed_database(root, database, cases=cases, months=months, seed_number=seed_number), as_json)


@click.command("import-decisions", epilog="Example: stegvis import-decisions beslut-2026-10.csv --json")
@click.argument("file", type=click.Path(path_type=Path))
@database_option()
@click.option("--reject-file", "rejects", type=click.Path(path_type=Path), help="For rejected rows.")
@as_json
@pass_root
def import_command(root: Root, file: Path, database: str, rejects: Path | None, as_json: bool) -> None:
    """Import monthly decisions (docs/import.md tells the format); the same file twice changes nothing."""
    with root.installation(database) as room, progress() as tell:
        result = import_decisions(
            room.engine,
            file,
            room.families.roles,
            reject_path=rejects,
            progress=lambda step: tell(_PHASES[step.phase], step.done, step.total),
        )
    if not as_json:
        for fault in result.faults:
            click.echo(f"rad {fault.line}, {fault.column}: {fault.reason}", err=True)
    print_result(asdict(result), as_json)
    if result.rejected:
        sys.exit(FOUND_PROBLEMS)


@click.command("sample-decisions", epilog="Example: stegvis sample-decisions --persons 300 --months 8 --seed 1 > b.csv")
@click.option("--persons", default=300, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--months", default=8, show_default=True, type=click.IntRange(1, 600))
@click.option("--seed", "seed_number", default=1, show_default=True, help="The same number gives the same file.")
def sample_command(persons: int, months: int, seed_number: int) -> None:
    """Write monthly decisions of fictitious persons, as a file for import-decisions."""
    for line in sample_decisions(persons, months, seed_number, find_families().roles.case_units):
        click.echo(line, nl=False)


_PHASES = {"checking": "Läser filen", "importing": "Importerar", "running": "Kör det som startats"}


def seed_database(
    root: Root, database: str, *, cases: int, months: int, seed_number: int, until: datetime | None = None
) -> Mapping[str, Any]:
    families = find_families()
    with progress() as tell:
        result = seed(
            lambda clock: root.open_installation(database, clock=clock).engine,
            families.roles,
            WorkingCalendar(families.calendar),
            cases=cases,
            months=months,
            seed=seed_number,
            until=until,
            progress=lambda step: tell(f"{cases} ärenden, {step.day}", step.done, step.total),
        )
    return asdict(result)


COMMANDS = (seed_command, import_command, sample_command)
