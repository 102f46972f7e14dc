"""The journey's scenarios, each as a test of its own, and what the runner says when one fails."""

import pytest

import stegvis
from engine.errors import InvalidDocument, NotFound
from processes.family import PROCESSES
from processes.scenarios import read_scenarios, run_scenario, run_scenarios, steps_for

FILES = sorted(PROCESSES.glob("*/scenarios/*.feature"))
ALL = [(file, scenario) for file in FILES for scenario in read_scenarios(file)]


def test_there_are_scenarios():
    assert ALL


@pytest.mark.parametrize(("file", "scenario"), ALL, ids=[f"{file.stem}: {each['name']}" for file, each in ALL])
def test_scenario(file, scenario):
    result = run_scenario(scenario, str(file), steps_for(file), stegvis.installation)
    assert result.passed, str(result)


def written(folder, *lines):
    file = folder / "test.feature"
    file.write_text("\n".join(("# language: sv", "Egenskap: Test", "  Scenario: Ett", *lines)), "utf-8")
    return file


def test_a_step_that_nobody_knows_fails_the_scenario(tmp_path):
    (result,) = run_scenarios([written(tmp_path, "    När månen är full")], stegvis.installation)
    assert not result.passed
    assert result.failed_step == "månen är full"


def test_a_failing_step_says_where_the_case_stands(tmp_path):
    (result,) = run_scenarios(
        [written(tmp_path, '    Så ska uppgiften "Finns inte" ligga hos rollen admin')], stegvis.installation
    )
    assert not result.passed
    assert "Finns inte" in result.message
    assert "Öppet: inga uppgifter" in result.message


def test_a_file_that_is_no_gherkin_is_refused(tmp_path):
    file = tmp_path / "x.feature"
    file.write_text("hej", "utf-8")
    with pytest.raises(InvalidDocument, match=r"x\.feature"):
        list(run_scenarios([file], stegvis.installation))


def test_a_folder_without_scenarios_is_said(tmp_path):
    with pytest.raises(NotFound, match="inga scenarier"):
        list(run_scenarios([tmp_path], stegvis.installation))
