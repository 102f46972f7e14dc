"""`stegvis migrate-instances`: plan, preview and run from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.clock import ManualClock
from stegvis import installation, main
from tests.harness import ANNA, START
from tests.integration.engine.test_migration import NEW, OLD, WITHOUT_B


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A database with one instance at each task of version 1, and two later versions."""
    url = f"sqlite:///{tmp_path / 'stegvis.db'}"
    forms = {
        f"egen/{name}.form": json.dumps({"id": name, "type": "default", "components": []}).encode()
        for name in ("gammal", "ny")
    }
    with installation(url, clock=ManualClock(START)) as room:
        room.engine.publish({"egen/p.bpmn": OLD.encode(), **forms}, author="test", note="")
        for _ in range(2):
            instance = room.engine.start("p", actor=ANNA)
        room.engine.complete(room.engine.queries.open_items(instance_id=instance)[0].id, {}, actor=ANNA)
        room.engine.publish({"egen/p.bpmn": NEW.encode()}, author="test", note="")
        room.engine.publish({"egen/p.bpmn": WITHOUT_B.encode()}, author="test", note="")
    return url


def run(*arguments: str) -> Result:
    """One command."""
    return CliRunner().invoke(main, ["migrate-instances", *arguments], catch_exceptions=False)


def test_a_plan_is_proposed_edited_tried_and_run(database: str, tmp_path: Path) -> None:
    proposed = run("plan", "p", "--to", "2", "--database", database)
    assert proposed.exit_code == 0
    assert "Bedöm -> Bedöm (samma namn)" in proposed.stderr
    assert "n är ny" not in proposed.stderr
    assert "Granska är ny" in proposed.stderr
    plan = json.loads(proposed.stdout)
    assert (plan["from"], plan["to"], plan["elements"]["a"]) == (1, 2, "a2")

    file = tmp_path / "plan.json"
    file.write_text(json.dumps({**plan, "elements": {**plan["elements"], "a": None}}))
    tried = run("preview", "p", "--plan", str(file), "--database", database, "--json")
    assert tried.exit_code == 1
    answer = json.loads(tried.stdout)
    assert (answer["total"], answer["movable"], answer["refused"]) == (2, 1, 1)
    assert answer["reasons"][0]["element_id"] == "a"
    assert (
        "kan inte flyttas: Bedöm: NO_COUNTERPART"
        in run("preview", "p", "--plan", str(file), "--database", database).stdout
    )

    file.write_text(json.dumps(plan))
    moved = run("run", "p", "--plan", str(file), "--reason", "ny blankett", "--database", database, "--json")
    assert moved.exit_code == 0
    result = json.loads(moved.stdout)
    assert (result["state"], result["moved"], result["refused"]) == ("done", 2, 0)
    again = run("run", "p", "--resume", result["id"], "--database", database, "--json")
    assert json.loads(again.stdout) == result


def test_the_only_other_version_is_where_to_move_from(database: str) -> None:
    result = run("preview", "p", "--database", database, "--json")
    assert json.loads(result.stdout)["total"] == 2
    result = run("run", "p", "--reason", "utan beslut", "--actor", "drift", "--database", database, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["moved"] == 1


def test_what_is_missing_is_said(database: str, tmp_path: Path) -> None:
    assert "--from" in run("preview", "q", "--database", database).stderr
    assert run("run", "p", "--database", database).exit_code == 2
    file = tmp_path / "plan.json"
    file.write_text('{"process": "annan", "from": 1, "to": 2, "elements": {}}')
    wrong = run("preview", "p", "--plan", str(file), "--database", database)
    assert wrong.exit_code == 3
    assert "INVALID_INPUT" in wrong.stderr
