"""`stegvis check` on what lies on a disk: foreign corpora, broken files, links and folders."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import stegvis
from tests.bpmn_builder import bpmn, end, flows, process, start, user

PLAIN = bpmn(process("p", start("s"), user("u", "zeebe:formDefinition formId='f'"), end("e"), flows("s->u->e")))


def run(*arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(stegvis.main, ["check", "--json", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def codes(line: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in line["findings"] if finding["severity"] == "error"}


def test_files_that_only_lie_together_may_share_a_process_id(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_bytes(PLAIN)
    (tmp_path / "b.bpmn").write_bytes(PLAIN + b"\n")

    code, lines = run(tmp_path)

    assert code == 0
    assert [line["errors"] for line in lines] == [0, 0]
    assert "PROCESS_ID_TWICE" in {finding["code"] for line in lines for finding in line["findings"]}


def test_what_cannot_be_read_gets_a_finding_and_the_rest_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_bytes(PLAIN)
    (tmp_path / "lost.bpmn").symlink_to(tmp_path / "nowhere.bpmn")
    (tmp_path / "round.bpmn").symlink_to("round.bpmn")
    (tmp_path / "down").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.bpmn")

    code, lines = run(tmp_path)

    assert code == 1
    assert {Path(line["file"]).name: codes(line) for line in lines} == {
        "a.bpmn": set(),
        "lost.bpmn": {"FILE_UNREADABLE"},
        "pipe.bpmn": {"FILE_UNREADABLE"},
        "round.bpmn": {"FILE_UNREADABLE"},
    }


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.bpmn").open("wb") as file:
        file.truncate(50_000_000_000)

    code, (line,) = run(tmp_path / "huge.bpmn")

    assert (code, codes(line)) == (1, {"FILE_TOO_LARGE"})


def test_a_folder_with_nothing_to_check_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")

    assert run(tmp_path)[0] == 2


@pytest.mark.parametrize(
    "name", ["Upper.BPMN", "-dash.bpmn", "å ä ö.bpmn", "two\nlines.bpmn", os.fsdecode(b"\xff.bpmn")]
)
def test_any_name_is_told_on_one_line_of_valid_json(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PLAIN)

    code, (line,) = run(tmp_path)

    assert code == 0
    assert Path(line["file"]).suffix.lower() == ".bpmn"
