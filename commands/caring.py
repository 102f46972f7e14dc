"""`verify` and `migrate`: the database's own health and version."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from commands.options import as_json, database_option
from commands.output import FOUND_PROBLEMS, progress
from commands.queue import migrate_queue_of
from commands.root import Root, pass_root
from engine.engine import Engine
from processes.family import find_families


@click.command(epilog="Example: stegvis verify --database sqlite:///var/demo.sqlite --json")
@database_option()
@as_json
@pass_root
def verify(root: Root, database: str, as_json: bool) -> None:
    """Check hash chains, and that every waiting element has its row and every row its element."""
    with root.installation(database) as room, progress() as tell:
        tell("Kontrollerar databasen", 0, None)
        problems = room.engine.verify()
    if as_json:
        click.echo(json.dumps({"problems": [asdict(problem) for problem in problems]}, ensure_ascii=False, default=str))
    else:
        for problem in problems:
            click.echo(str(problem))
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
