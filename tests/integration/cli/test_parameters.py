"""`stegvis parameters` lists, tells the history and changes, and says plainly what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import stegvis


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    environment = {"STEGVIS_DATABASE": f"sqlite:///{tmp_path}/stegvis.sqlite"}
    return lambda *arguments: CliRunner(env=environment).invoke(stegvis.main, ["parameters", *arguments])


def test_a_change_is_made_listed_and_remembered(run: Callable[..., Result]) -> None:
    made = run(
        *("set", "beslut_arbetsdagar", "7", "--from", "2026-02-01", "--unit", "sdf_norr"),
        *("--reason", "Nämnden § 12", "--author", "Nina Nämnd", "--json"),
    )
    assert made.exit_code == 0, made.output
    change = json.loads(made.stdout)
    assert (change["value"], change["unit"], change["author"]) == (7, "sdf_norr", "Nina Nämnd")
    listed = {each["name"]: each for each in json.loads(run("list", "--json").stdout)}
    assert listed["beslut_arbetsdagar"]["units"] == [change]
    assert listed["beslut_arbetsdagar"]["holds"]["change"] is None
    history = json.loads(run("history", "beslut_arbetsdagar", "--json").stdout)
    assert history[0] == change
    assert "ändring 1 av Nina Nämnd: Nämnden § 12" in run("history", "beslut_arbetsdagar").stdout
    assert run("set", "beslut_arbetsdagar", "--withdraw", "--unit", "sdf_norr", "--reason", "Åter").exit_code == 0
    assert "återtagen" in run("history", "beslut_arbetsdagar").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("set", "okand", "1", "--reason", "x"), 3, "okand"),
        (("set", "beslut_arbetsdagar", "sju", "--reason", "x"), 3, "ett tal"),
        (("set", "beslut_arbetsdagar", "7", "--reason", "x", "--unit", "vaster"), 3, "vaster"),
        (("set", "beslut_arbetsdagar", "7", "--reason", " "), 3, "Skälet"),
        (("set", "beslut_arbetsdagar", "--reason", "x"), 2, "--withdraw"),
        (("set", "beslut_arbetsdagar", "7", "--withdraw", "--reason", "x"), 2, "--withdraw"),
        (("set", "beslut_arbetsdagar", "7"), 2, "--reason"),
        (("history", "okand"), 3, "okand"),
    ],
)
def test_what_cannot_be_is_refused(
    run: Callable[..., Result], arguments: tuple[str, ...], code: int, told: str
) -> None:
    refused = run(*arguments)
    assert (refused.exit_code, told in refused.stderr) == (code, True), refused.stderr
