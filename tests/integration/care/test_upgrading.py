"""From every released version to this one, with data: people go on where they were, and no other schema is touched."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

import stegvis
from engine.clock import SystemClock
from engine.errors import SchemaMismatch
from engine.sealed_file import reading_sealed
from engine.store.database import Database
from engine.store.dumping import load_as_dumped, read_manifest
from engine.store.migrating import versions
from engine.store.schema import recurring, recurring_run
from processes.family import find_families
from tests.harness import ANNA
from tests.integration.care.lived_in import opened

RELEASED = Path(__file__).parents[2] / "fixtures" / "released"
PARTS = find_families().parts
READERS = (
    ("verify",),
    ("instances",),
    ("incidents",),
    ("serve",),
    ("worker",),
    ("recurring",),
    ("backup", "never.backup"),
)
"""Commands that open a database that is there."""

pytestmark = pytest.mark.parametrize("release", sorted(RELEASED.glob("*.backup")), ids=lambda file: file.stem)


@pytest.fixture
def left(release: Path, database_kind: str, blank: Callable[[str], str]) -> str:
    """The address of a database as a released version left it."""
    url = blank(database_kind)
    with (
        Database.open(url, parts=PARTS) as database,
        reading_sealed(release, []) as lines,
        database.transaction(SystemClock()) as uow,
    ):
        manifest = read_manifest(next(lines))
        load_as_dumped(uow, lines, manifest, database.parts, lambda *_: None)
        assert versions(uow.connection, database.parts) == dict(manifest.schema)
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(stegvis.main, arguments)


def test_it_is_migrated_sound_and_worked_in(left: str) -> None:
    assert run("migrate", "--database", left).exit_code == 0

    with opened(left) as engine:
        assert engine.verify() == []
        open_before = {item.id for item in engine.queries.open_items()}
        asked = next(item for item in engine.queries.open_items() if item.assignee == ANNA.id)
        engine.complete(asked.id, {}, actor=ANNA)
        engine.correlate("hello", "alone")
        engine.start("waits", {"k": "later"})
        engine.advance("P2M")
        assert {item.id for item in engine.queries.open_items()} != open_before
        assert engine.verify() == []


def test_what_recurring_work_had_last_said_is_its_first_run(left: str) -> None:
    run("migrate", "--database", left)

    with opened(left) as engine, engine.database.reading() as reader:
        rows = reader.query(select(recurring_run.c.name, recurring_run.c.milliseconds, recurring_run.c.outcome))
        assert [tuple(row) for row in rows] == [("forget-keys", 3000, "12 borttagna")]
        assert len(reader.query(select(recurring.c.name))) >= 2


def test_two_processes_that_migrate_at_once_do_no_harm(left: str) -> None:
    command = [sys.executable, "-m", "stegvis", "migrate", "--database", left]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    said = [each.communicate(timeout=120)[0] for each in both]

    assert [each.returncode for each in both] == [0, 0], said
    with opened(left) as engine:
        assert engine.verify() == []


def test_before_it_is_migrated_every_command_says_what_to_run(
    left: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in READERS:
        done = run(*command, "--database", left)

        assert done.exit_code == 3, done.output
        assert "SCHEMA_MISMATCH" in done.stderr
        assert "stegvis migrate" in " ".join(done.stderr.split())
    assert not list(tmp_path.glob("*.backup"))


def test_a_database_of_a_later_program_is_not_touched(
    left: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Database.open(left) as database, database.transaction(SystemClock()) as uow:
        uow.connection.execute(text("UPDATE schema_version_engine SET version_num = '9999'"))

    for command in (*READERS, ("migrate",)):
        done = run(*command, "--database", left)

        assert done.exit_code == 3, done.output
        said = " ".join(done.stderr.split())
        assert "9999" in said
        assert "later program" in said
    with Database.open(left, parts=PARTS) as database, pytest.raises(SchemaMismatch, match="9999"):
        database.migrate()


def test_an_old_backup_is_restored_and_brought_forward(
    release: Path, database_kind: str, blank: Callable[[str], str]
) -> None:
    target = blank(database_kind)

    done = run("restore", str(release), target)

    assert done.exit_code == 0, done.output
    assert "Allt stämmer." in done.stdout
    with opened(target) as engine:
        engine.advance("P1M")
        assert engine.verify() == []
