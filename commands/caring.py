"""`verify` and `migrate`: the database's own health and version."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from commands.files import require_there
from commands.options import as_json, database_option, operator
from commands.output import FOUND_PROBLEMS, progress
from commands.queue import migrate_queue_of
from commands.root import Root, pass_root
from engine.engine import Engine
from engine.repair import Repaired
from processes.family import find_families


@click.command(epilog="Example: stegvis verify --database sqlite:///var/demo.sqlite --json")
@click.option("--repair", is_flag=True, help="Make rows again from the snapshots; then check once more.")
@database_option()
@as_json
@pass_root
def verify(root: Root, repair: bool, database: str, as_json: bool) -> None:
    """Check hash chains, that every waiting element has its row and every row its element, and that timers fire.

    With --repair, rows that are missing, wrong or left over are mended; each case's history tells it. Broken chains are
    told and never mended. People can work meanwhile. Exit code 1 where problems are left.
    """
    require_there(database)
    mended: list[Repaired] = []
    with root.installation(database) as room, progress() as tell:
        if repair:
            for each in room.engine.repair(operator()):
                mended.append(each)
                tell("Rättar", len(mended), None)
        tell("Kontrollerar databasen", 0, None)
        problems = room.engine.verify()
    if as_json:
        told = {"problems": [asdict(each) for each in problems], "repaired": [asdict(each) for each in mended]}
        click.echo(json.dumps(told if repair else {"problems": told["problems"]}, ensure_ascii=False, default=str))
    else:
        for one in mended:
            done = one.remedy.value or f"not mended {one.detail}".rstrip()
            click.echo(f"{done}: {one.problem.kind}: {one.problem.where}: {one.problem.message}")
        for problem in problems:
            click.echo(f"{problem.kind}: {problem.where}: {problem.message}")
        click.echo(f"{len(problems)} problem" if problems else "Allt stämmer.")
    if problems:
        sys.exit(FOUND_PROBLEMS)


@click.command(epilog="Example: stegvis migrate --database sqlite:///var/stegvis.sqlite")
@database_option()
def migrate(database: str) -> None:
    """Bring the database's schema to this program's version (take a backup first)."""
    with Engine.open(database, parts=find_families().parts, create=True) as engine:
        migrate_queue_of(engine.database)
    click.echo("Databasens schema är aktuellt.")


COMMANDS = (verify, migrate)
