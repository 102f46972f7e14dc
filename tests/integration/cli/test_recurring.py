"""`stegvis recurring` lists, runs and remembers what runs by the calendar."""

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
    return lambda *arguments: CliRunner(env=environment).invoke(stegvis.main, arguments)


def test_work_is_listed_run_and_remembered_with_who_ran_it(run: Callable[..., Result]) -> None:
    before = {each["name"]: each for each in json.loads(run("recurring", "--json").stdout)}
    assert before["kontroll"]["latest"] is None
    assert before["kontroll"]["title"] == "Kontroll av lagret"
    done = json.loads(run("recurring", "run", "kontroll", "--json").stdout)
    assert (done["state"], done["outcome"]) == ("ok", "allt stämmer")
    assert done["actor"].startswith("cli:")
    after = {each["name"]: each for each in json.loads(run("recurring", "--json").stdout)}
    assert after["kontroll"]["latest"] == done
    assert json.loads(run("recurring", "history", "kontroll", "--json").stdout) == [done]
    assert "allt stämmer" in run("recurring").stdout


@pytest.mark.parametrize("command", ["run", "history"])
def test_unknown_work_is_refused_with_what_there_is(run: Callable[..., Result], command: str) -> None:
    refused = run("recurring", command, "okand")
    assert refused.exit_code == 3
    assert "kontroll" in refused.stderr
