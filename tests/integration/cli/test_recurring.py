"""`stegvis recurring` and `stegvis recompute-deadlines`: listed, run, remembered; refused with what there is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import stegvis
from tests.bpmn_builder import bpmn, end, flows, process, start, user, zeebe


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


RULE = "<zeebe:properties><zeebe:property name='rakna_om' value='vid_andring'/></zeebe:properties>"
ASKS = bpmn(
    process(
        "p",
        start("s"),
        user(
            "u",
            more=zeebe("taskSchedule", dueDate='=add working days(today(), parameter("beslut_arbetsdagar"))') + RULE,
        ),
        end("e"),
        flows("s->u->e"),
    )
).replace(b"-&gt;", b"_")


def test_deadlines_are_previewed_and_moved_after_a_change(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "p.bpmn").write_bytes(ASKS)
    published = run("publish", str(tmp_path / "p.bpmn"), "--note", "n", "--author", "a")
    assert published.exit_code == 0, published.output
    run("start", "p")
    assert json.loads(run("recompute-deadlines", "preview", "--json").stdout)["counts"]["moves"] == 0
    run("parameters", "set", "beslut_arbetsdagar", "20", "--from", "2026-01-01", "--reason", "§ 12")
    found = json.loads(run("recompute-deadlines", "preview", "--json").stdout)
    assert (found["counts"], found["moves"][0]["name"]) == ({"moves": 1, "refused": 0, "faults": 0}, "u")
    done = run("recompute-deadlines", "run", "--reason", "Längre tid", "--json")
    assert (done.exit_code, json.loads(done.stdout)["moved"]) == (0, found["moves"])
    assert "1 frister räknade, 0 ändras" in run("recompute-deadlines", "preview").stdout
    run("parameters", "set", "beslut_arbetsdagar", "0", "--from", "2026-01-01", "--reason", "§ 13")
    assert run("recompute-deadlines", "run").exit_code == 2


@pytest.mark.parametrize("command", ["run", "history"])
def test_unknown_work_is_refused_with_what_there_is(run: Callable[..., Result], command: str) -> None:
    refused = run("recurring", command, "okand")
    assert refused.exit_code == 3
    assert "kontroll" in refused.stderr
