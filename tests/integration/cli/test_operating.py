"""The commands that run models: publish, start, instances, incidents, decide."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import stegvis
from tests.bpmn_builder import CHOICE, bpmn, call, end, flows, process, start

DONE, NO, WRONG_USAGE, FAILED = 0, 1, 2, 3
CALLER = bpmn(process("ring", start("s"), call("c", "val"), end("e"), flows("s->c->e")))
DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">
<inputData id="i" name="dag"><variable id="v" name="dag" typeRef="date"/></inputData>
<decision id="helg" name="Helg"><variable id="w" name="Helg" typeRef="boolean"/>
<informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>
<literalExpression id="l"><text>day of week(dag) in ("Saturday", "Sunday")</text></literalExpression>
</decision></definitions>"""


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the families' first release."""
    file = tmp_path_factory.mktemp("cli") / "founded.sqlite"
    with stegvis.installation(f"sqlite:///{file}"):
        pass
    return file


@pytest.fixture
def run(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on a database of its own."""
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(founded, tmp_path / "stegvis.sqlite")
    Path("val.bpmn").write_bytes(CHOICE)
    Path("ring.bpmn").write_bytes(CALLER)
    Path("helg.dmn").write_text(DECISION, "utf-8")
    environment = {"STEGVIS_DATABASE": f"sqlite:///{tmp_path}/stegvis.sqlite"}

    def run_command(*arguments: str) -> Result:
        return CliRunner(env=environment).invoke(stegvis.main, arguments)

    return run_command


@pytest.fixture
def published(run: Callable[..., Result]) -> Callable[..., Result]:
    """The same with the two processes published."""
    assert run("publish", "val.bpmn", "ring.bpmn", "--note", "val", "--author", "Anna").exit_code == DONE
    return run


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == DONE, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_publishing_tells_the_release_and_its_new_versions(run: Callable[..., Result]) -> None:
    (release,) = rows(run("publish", "val.bpmn", "--note", "Val", "--author", "Anna", "--json"))

    assert (release["number"], release["author"], release["note"]) == (2, "Anna", "Val")
    assert [(each["process_id"], each["version"]) for each in release["definitions"]] == [("val", 1)]


def test_a_file_takes_the_place_of_the_releases_file_of_that_name(run: Callable[..., Result], tmp_path: Path) -> None:
    with stegvis.installation(f"sqlite:///{tmp_path}/stegvis.sqlite") as room:
        plan = room.engine.queries.release_files(1)["aktivitetskrav/plan.bpmn"]
    Path("plan.bpmn").write_bytes(plan.replace(b"</", b"\n</", 1))

    (release,) = rows(run("publish", "plan.bpmn", "--note", "Radbrytning", "--author", "Anna", "--json"))

    assert [each["file"] for each in release["definitions"]] == ["aktivitetskrav/plan.bpmn"]


def test_a_folder_is_published_under_its_name(run: Callable[..., Result]) -> None:
    Path("egna").mkdir()
    Path("egna/val.bpmn").write_bytes(CHOICE)
    Path("egna/notes.txt").write_text("not published", "utf-8")

    (release,) = rows(run("publish", "egna", "--note", "Val", "--author", "Anna", "--json"))

    assert [each["file"] for each in release["definitions"]] == ["egna/val.bpmn"]


def test_a_file_with_errors_is_refused_with_its_findings(run: Callable[..., Result]) -> None:
    Path("val.bpmn").write_bytes(CHOICE.replace(b"belopp &gt; 100", b"belopp &gt;"))

    told = run("publish", "val.bpmn", "--note", "Val", "--author", "Anna", "--json")
    shown = run("publish", "val.bpmn", "--note", "Val", "--author", "Anna")

    assert (told.exit_code, shown.exit_code) == (NO, NO)
    assert [(each["code"], each["element"]) for each in json.loads(told.stdout)["findings"]] == [
        ("FEEL_SYNTAX", "g__a")
    ]
    assert "FEEL_SYNTAX" in shown.stdout


def test_an_instance_is_started_and_listed(published: Callable[..., Result]) -> None:
    (started,) = rows(published("start", "val", "--variables", '{"belopp": 100.5}', "--json"))
    rows(published("start", "val", "--variables", '{"belopp": 3}', "--json"))

    assert (started["state"], started["waits_at"]) == ("active", ["a"])
    listed = rows(published("instances", "--state", "active", "--process", "val", "--json"))
    assert {each["process_id"] for each in listed} == {"val"}
    assert started["instance"] in {each["id"] for each in listed}
    assert rows(published("instances", "--state", "failed", "--json")) == []
    assert started["instance"] in published("instances").stdout


@pytest.mark.parametrize("variables", ["nonsense", "[1]", '{"x": {"$feel": ["date", "never"]}}'])
def test_variables_that_are_none_are_refused_in_one_red_line(published: Callable[..., Result], variables: str) -> None:
    result = published("start", "val", "--variables", variables)

    assert result.exit_code == FAILED
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_a_process_nobody_published_is_not_found(published: Callable[..., Result]) -> None:
    result = published("start", "saknas")

    assert (result.exit_code, "NOT_FOUND" in result.stderr) == (FAILED, True)


def the_incident(run: Callable[..., Result]) -> dict[str, Any]:
    rows(run("start", "ring", "--json"))
    (incident,) = rows(run("incidents", "--json"))
    assert incident["element_id"] == "g"
    return incident


def states(run: Callable[..., Result]) -> set[tuple[str, str]]:
    return {(each["process_id"], each["state"]) for each in rows(run("instances", "--json"))}


def test_an_incident_is_tried_again_with_changed_variables(published: Callable[..., Result]) -> None:
    incident = the_incident(published)
    assert incident["id"] in published("incidents").stdout

    assert published("incidents", "retry", incident["id"], "--variables", '{"belopp": 500}').exit_code == DONE

    assert rows(published("incidents", "--json")) == []
    assert states(published) == {("ring", "active"), ("val", "active")}


def test_an_incident_tried_again_in_vain_is_there_again(published: Callable[..., Result]) -> None:
    incident = the_incident(published)

    assert published("incidents", "retry", incident["id"]).exit_code == DONE

    (again,) = rows(published("incidents", "--json"))
    assert again["id"] != incident["id"]


def test_an_incidents_token_is_moved(published: Callable[..., Result]) -> None:
    incident = the_incident(published)

    moved = published("incidents", "move", incident["id"], "b", "--json")
    assert moved.exit_code == DONE
    assert rows(moved) == [
        {"incident": incident["id"], "done": "moved", "instance": incident["instance_id"], "state": "active"}
    ]

    assert rows(published("incidents", "--json")) == []
    assert published("incidents", "move", incident["id"], "b").exit_code == FAILED


def test_an_incidents_instance_is_cancelled_with_its_caller(published: Callable[..., Result]) -> None:
    incident = the_incident(published)

    assert published("incidents", "cancel", incident["id"]).exit_code == DONE

    assert rows(published("incidents", "--json")) == []
    assert states(published) == {("ring", "cancelled"), ("val", "cancelled")}


def test_a_decision_is_made_with_typed_inputs_and_its_trace(run: Callable[..., Result]) -> None:
    (told,) = rows(run("decide", "helg.dmn", "helg", "--input", '{"dag": "2026-11-22"}', "--json"))

    assert (told["value"], told["doubts"]) == (True, [])
    assert told["trace"]["inputs"] == {"dag": "2026-11-22"}


def test_a_decision_that_rests_on_nothing_is_doubted(run: Callable[..., Result]) -> None:
    result = run("decide", "helg.dmn", "helg", "--json")

    assert result.exit_code == NO
    assert json.loads(result.stdout)["doubts"]


def test_a_decision_that_is_not_there_is_not_found(run: Callable[..., Result]) -> None:
    assert run("decide", "helg.dmn", "saknas").exit_code == FAILED


@pytest.mark.parametrize(
    "arguments",
    [
        ("publish", "val.bpmn"),
        ("publish", "saknas.bpmn", "--note", "x", "--author", "y"),
        ("instances", "--state", "x"),
    ],
)
def test_wrong_usage_is_told(run: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == WRONG_USAGE


@pytest.mark.parametrize(
    "command", ["publish", "start", "instances", "incidents", "incidents retry", "incidents move", "incidents cancel",
                "decide"]
)  # fmt: skip
def test_each_command_explains_itself_with_an_example(run: Callable[..., Result], command: str) -> None:
    result = run(*command.split(), "--help")

    assert result.exit_code == DONE
    assert f"Example: stegvis {command}" in result.stdout
