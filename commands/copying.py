"""`copy-database`: from SQLite to PostgreSQL and back."""

from __future__ import annotations

from dataclasses import asdict

import click

from commands.options import as_json
from commands.output import print_result, progress
from commands.queue import migrate_queue_of
from engine.clock import SystemClock
from engine.store.copying import copy_database
from engine.store.database import Database
from processes.family import find_families


@click.command(
    "copy-database",
    epilog="Example: stegvis copy-database sqlite:///var/stegvis.sqlite postgresql+psycopg://stegvis@db/stegvis",
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@as_json
def copy(source: str, target: str, as_json: bool) -> None:
    """Copy a whole database to an empty one of either kind, and compare every table by its checksum.

    Stop what writes to FROM first: what is written there later is not copied. All of it or nothing: where the copy is
    broken off, TO stays empty, and the command can be given again.
    """
    parts = find_families().parts
    with (
        Database.open(source, parts=parts) as reading,
        Database.open(target, parts=parts) as writing,
        progress() as tell,
    ):
        tables = copy_database(reading, writing, SystemClock(), tell)
        migrate_queue_of(writing)
    if not as_json:
        for each in tables:
            click.echo(f"{each.name:24} {each.rows:>10}  {each.checksum}")
    rows = sum(each.rows for each in tables)
    print_result({"rows": rows, "tables": [asdict(each) for each in tables]}, as_json)


COMMANDS = (copy,)
