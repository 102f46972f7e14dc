"""Backups: of one moment while people work, whole or not there, and restored into either kind of database."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import inspect

import stegvis
from engine.clock import SystemClock
from engine.errors import Damaged, InvalidInput, SchemaMismatch, StoreUnavailable
from engine.sealed_file import FileUnusable, KeyNeeded, identities_of, reading_sealed, recipients_of, write_sealed
from engine.store.database import Database
from engine.store.dumping import Manifest, dump, load
from processes.family import find_families
from tests.integration.care.lived_in import opened
from tests.integration.care.test_copying import OTHER, contents

PARTS = find_families().parts


def run(*arguments: str) -> Result:
    return CliRunner().invoke(stegvis.main, arguments)


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    """An age key in a file, and who it is for."""
    made = pyrage.x25519.Identity.generate()
    file = tmp_path / "key.txt"
    file.write_text(f"# created for a test\n{made}\n")
    return file, str(made.to_public())


@pytest.fixture
def made(lived_in_file: Path, tmp_path: Path) -> Path:
    """A backup that is not encrypted."""
    file = tmp_path / "made.backup"
    assert run("backup", str(file), "--database", f"sqlite:///{lived_in_file}").exit_code == 0
    return file


def test_an_encrypted_backup_is_restored_into_the_other_kind_with_every_row(
    lived_in: str, database_kind: str, blank: Callable[[str], str], key: tuple[Path, str], tmp_path: Path
) -> None:
    file, target = tmp_path / "town.backup", blank(OTHER[database_kind])

    saved = run("backup", str(file), "--encrypt-to", key[1], "--database", lived_in, "--json")
    restored = run("restore", str(file), target, "--identity", str(key[0]), "--json")

    assert (saved.exit_code, restored.exit_code) == (0, 0), saved.output + restored.output
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir() if "town" in each.name) == ["town.backup"]
    assert b"rende med" not in file.read_bytes()
    said = json.loads(restored.stdout)
    assert said["problems"] == []
    assert said["rows"] == json.loads(saved.stdout)["rows"] == sum(rows for rows, _ in contents(lived_in).values())
    before = {name: sums for name, sums in contents(lived_in).items() if name != "recurring"}
    assert {name: sums for name, sums in contents(target).items() if name != "recurring"} == before


def test_a_backup_made_while_people_work_is_of_one_moment(
    lived_in: str, database_kind: str, blank: Callable[[str], str], tmp_path: Path
) -> None:
    file, target = tmp_path / "busy.backup", blank(OTHER[database_kind])
    before = contents(lived_in)
    with opened(lived_in) as people, Database.open(lived_in, parts=PARTS) as database:

        def work_meanwhile(*_: Any) -> None:
            case = people.open_case("test", f"meanwhile-{meanwhile.append(1) or len(meanwhile)}")  # type: ignore[func-returns-value]
            people.start("waits", {"k": case}, case_id=case)
            people.run_until_idle()

        meanwhile: list[int] = []
        write_sealed(file, dump(database, "test", SystemClock().now(), work_meanwhile, lambda _: None), [])
        assert len(people.queries.open_items()) > len(meanwhile) > 20

    with Database.open(target, parts=PARTS) as database, reading_sealed(file, []) as lines:
        load(database, lines, SystemClock(), lambda *_: None)

    assert contents(target) == before
    with opened(target) as engine:
        assert engine.verify() == []


def test_a_backup_that_fails_leaves_no_file(lived_in: str, tmp_path: Path, key: tuple[Path, str]) -> None:
    def fail(*_: Any) -> None:
        raise StoreUnavailable

    for recipients in ([], recipients_of([key[1]])):
        with Database.open(lived_in, parts=PARTS) as database, pytest.raises(StoreUnavailable):
            write_sealed(tmp_path / "b", dump(database, "test", SystemClock().now(), fail, lambda _: None), recipients)
    assert not [each for each in tmp_path.iterdir() if each.name.startswith((".b", "b"))]


def test_a_file_that_is_there_is_not_written_over(made: Path, lived_in_file: Path) -> None:
    before = made.read_bytes()
    done = run("backup", str(made), "--database", f"sqlite:///{lived_in_file}")
    assert done.exit_code == 3
    assert "FILE_UNUSABLE" in done.stderr
    assert made.read_bytes() == before


def test_a_folder_that_is_not_there_is_said(lived_in_file: Path, tmp_path: Path) -> None:
    done = run("backup", str(tmp_path / "no" / "b"), "--database", f"sqlite:///{lived_in_file}")
    assert done.exit_code == 3
    assert "FILE_UNUSABLE" in done.stderr


def restored(file: Path, target: Path, *keys: Path) -> None:
    url = f"sqlite:///{target}"
    with Database.open(url, parts=PARTS) as database, reading_sealed(file, identities_of(keys)) as lines:
        load(database, lines, SystemClock(), lambda *_: None)


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_a_damaged_or_cut_file_is_said_and_leaves_the_target_as_it_was(
    made: Path, encrypted: bool, key: tuple[Path, str], tmp_path: Path
) -> None:
    if encrypted:
        with reading_sealed(made, []) as lines:
            write_sealed(tmp_path / "sealed", lines, recipients_of([key[1]]))
    content = (tmp_path / "sealed" if encrypted else made).read_bytes()
    size = len(content)
    spoilt = [content[:cut] for cut in (0, 5, 300, size // 2, size - 1)]
    for place in (30, size // 3, size - 200, size - 3):
        spoilt.append(content[:place] + bytes([content[place] ^ 0x21]) + content[place + 1 :])
    spoilt.append(content + b"more")
    for number, each in enumerate(spoilt):
        file, target = tmp_path / f"spoilt-{number}", tmp_path / f"target-{number}.sqlite"
        file.write_bytes(each)
        with pytest.raises((Damaged, KeyNeeded)):
            restored(file, target, key[0])
        with Database.open(f"sqlite:///{target}") as database, database.reading() as reader:
            assert inspect(reader.connection).get_table_names() == [], number


def test_the_command_leaves_no_file_of_its_own_where_the_backup_is_damaged(made: Path, tmp_path: Path) -> None:
    made.write_bytes(made.read_bytes()[:-100])
    done = run("restore", str(made), f"sqlite:///{tmp_path}/target.sqlite")
    assert done.exit_code == 3
    assert "DAMAGED" in done.stderr
    assert not list(tmp_path.glob("target*"))


def test_rows_that_were_changed_added_or_taken_out_are_found(made: Path, tmp_path: Path) -> None:
    with reading_sealed(made, []) as read:
        lines = list(read)
    row = next(index for index, line in enumerate(lines) if line.startswith(b"["))
    changed = [*lines[:row], lines[row].replace(b"0", b"1"), *lines[row + 1 :]]
    without = [*lines[:row], *lines[row + 1 :]]
    twice = [*lines[: row + 1], *lines[row:]]
    no_end = lines[:-1]
    no_table = [lines[0], lines[-1]]
    stranger = [line.replace(b'{"table":"lease"', b'{"table":"schema_version_engine"') for line in lines]
    for number, each in enumerate((changed, without, no_end, no_table, stranger, [], [b"null"], [b"{}"], twice)):
        url = f"sqlite:///{tmp_path}/{number}.sqlite"
        with Database.open(url, parts=PARTS) as database, pytest.raises(Damaged):
            load(database, iter(each), SystemClock(), lambda *_: None)


def test_the_wrong_key_and_no_key_are_told_apart_from_damage(
    lived_in_file: Path, key: tuple[Path, str], tmp_path: Path
) -> None:
    file, other = tmp_path / "sealed.backup", tmp_path / "other.txt"
    other.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    database = f"sqlite:///{lived_in_file}"
    assert run("backup", str(file), "--encrypt-to", key[1], "--database", database).exit_code == 0
    for given in ([], ["--identity", str(other)]):
        done = run("restore", str(file), f"sqlite:///{tmp_path}/t.sqlite", *given)
        assert done.exit_code == 3
        assert "KEY_NEEDED" in done.stderr


@pytest.mark.parametrize("text", ["", "age1nonsense", "ssh-ed25519 x", "AGE-SECRET-KEY-1"])
def test_somebody_who_cannot_be_encrypted_to_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        recipients_of([text])


def test_a_file_without_a_key_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"# nothing", b"nonsense", b"\xff\xfe", b"-----BEGIN OPENSSH PRIVATE KEY-----"):
        (tmp_path / "key").write_bytes(content)
        with pytest.raises(InvalidInput):
            identities_of([tmp_path / "key"])
    with pytest.raises(FileUnusable):
        identities_of([tmp_path / "none"])


def test_a_database_with_tables_is_not_restored_into(made: Path, lived_in: str) -> None:
    before = contents(lived_in)
    done = run("restore", str(made), lived_in)
    assert done.exit_code == 3
    assert "TARGET_NOT_EMPTY" in done.stderr
    assert contents(lived_in) == before


def test_a_backup_of_a_later_program_is_refused(made: Path, tmp_path: Path) -> None:
    with reading_sealed(made, []) as read:
        lines = list(read)
    head = json.loads(lines[0])
    for schema in ({**head["schema"], "engine": "9999"}, {**head["schema"], "other": "0001"}):
        later = json.dumps({**head, "program": "9.0", "schema": schema}).encode()
        url = f"sqlite:///{tmp_path}/t.sqlite"
        with Database.open(url, parts=PARTS) as database, pytest.raises(SchemaMismatch, match=r"9\.0"):
            load(database, iter([later, *lines[1:]]), SystemClock(), lambda *_: None)


def test_the_manifest_says_what_is_in_it_before_the_first_line(lived_in_file: Path) -> None:
    heard: list[Manifest] = []
    with Database.open(f"sqlite:///{lived_in_file}", parts=PARTS) as database:
        lines = dump(database, "1.2.3", SystemClock().now(), lambda *_: None, heard.append)
        assert json.loads(next(lines))["rows"] == dict(heard[0].rows)
        lines.close()
    assert heard[0].program == "1.2.3"
    assert heard[0].rows["event"] == contents(f"sqlite:///{lived_in_file}")["event"][0]


def test_a_key_that_is_wanted_and_a_file_nobody_may_read(made: Path, tmp_path: Path) -> None:
    with pytest.raises(FileUnusable), reading_sealed(tmp_path / "none", []):
        pass
    assert os.access(made, os.R_OK)
    with pytest.raises(KeyNeeded), reading_sealed(_encrypted(made, tmp_path), []) as lines:
        next(lines)


def _encrypted(made: Path, folder: Path) -> Path:
    with reading_sealed(made, []) as lines:
        write_sealed(folder / "e", lines, recipients_of([str(pyrage.x25519.Identity.generate().to_public())]))
    return folder / "e"
