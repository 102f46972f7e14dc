"""`backup` and `restore`: a whole database as one file, and back into an empty one."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import make_url

from commands.files import is_new, remove_database
from commands.options import as_json, configured, database_option
from commands.output import FOUND_PROBLEMS, print_result, progress
from commands.queue import migrate_queue_of
from commands.root import Root, pass_root
from engine.clock import SystemClock
from engine.errors import StegvisError
from engine.row_faults import ProblemKind
from engine.sealed_file import identities_of, reading_sealed, recipients_of, write_sealed
from engine.store.database import Database
from engine.store.dumping import Manifest, dump, load
from processes.family import find_families


@click.command(
    epilog="Example: stegvis backup /backup/stegvis-2026-11-30.backup --encrypt-to age1... --database sqlite:///var/s.db"
)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--encrypt-to",
    "recipients",
    metavar="RECIPIENT",
    multiple=True,
    help="Who can open it: an age recipient (age1...) or an SSH public key; may be given several times.",
)
@database_option()
@as_json
@pass_root
def backup(root: Root, file: Path | None, recipients: tuple[str, ...], database: str, as_json: bool) -> None:
    """Write a backup of the whole database to a new file, while people work: all of one moment.

    Without FILE it goes into the folder that is configured, named after the moment (UTC).

    The file appears under its name when it is complete and on the disk, readable by its owner only. It can be restored
    into SQLite and into PostgreSQL, by this version of Stegvis or a later one.
    """
    settings, now = configured().backup, SystemClock().now()
    if file is None:
        if settings.folder is None:
            raise click.UsageError("Say which file to write, or configure backup.folder.")
        file = Path(settings.folder) / f"stegvis-{now:%Y-%m-%dT%H%MZ}.backup"
    keys, told = recipients_of(recipients or settings.recipients), []
    with Database.open(database, parts=find_families().parts) as opened, progress() as tell:
        lines = dump(opened, root.version, now, tell, told.append)
        write_sealed(file, lines, keys)
    print_result({"file": str(file), "bytes": file.stat().st_size, "encrypted": bool(keys), **_said(told[0])}, as_json)


@click.command(
    epilog="Example: stegvis restore stegvis-2026-11-30.backup postgresql+psycopg://stegvis@db/new --identity key.txt"
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("target", metavar="TARGET")
@click.option(
    "--identity",
    "identities",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The key that opens it: as age-keygen writes it, or an SSH private key; may be given several times.",
)
@as_json
@pass_root
def restore(root: Root, file: Path, target: str, identities: tuple[Path, ...], as_json: bool) -> None:
    """Fill a database that has no tables from a backup, bring its schema to this program's version, and verify it.

    All of it or nothing: where the file is damaged, TARGET stays as it was. Exit code 1 where `verify` finds problems.
    """
    keys, made_here = identities_of(identities), is_new(target)
    try:
        with (
            reading_sealed(file, keys) as lines,
            Database.open(target, parts=find_families().parts) as opened,
            progress() as tell,
        ):
            manifest, tables = load(opened, lines, SystemClock(), tell)
            migrate_queue_of(opened)
    except StegvisError:
        if made_here:
            remove_database(Path(str(make_url(target).database)))
        raise
    with root.installation(target) as room, progress() as tell:
        tell("Kontrollerar databasen", 0, None)
        problems = [each for each in room.engine.verify() if each.kind is not ProblemKind.OVERDUE]  # nobody worked yet
    result = {**_said(manifest), "tables": [asdict(each) for each in tables], "problems": [str(p) for p in problems]}
    print_result(result, as_json)
    if not as_json:
        click.echo("\n".join(map(str, problems)) or "Allt stämmer.")
    if problems:
        sys.exit(FOUND_PROBLEMS)


def _said(manifest: Manifest) -> dict[str, object]:
    return {
        "made_at": manifest.made_at.isoformat(),
        "program": manifest.program,
        "schema": dict(manifest.schema),
        "rows": sum(manifest.rows.values()),
    }


COMMANDS = (backup, restore)
