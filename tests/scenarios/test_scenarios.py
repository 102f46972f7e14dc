"""The journey's scenarios, one test a process, what they leave untouched, and what the runner says when one fails."""

import json

import pytest
from click.testing import CliRunner

import stegvis
from commands.output import FOUND_PROBLEMS
from engine.errors import InvalidDocument, NotFound
from processes.family import PROCESSES
from processes.scenarios import Coverage, read_scenarios, run_scenarios

FILES = sorted(PROCESSES.glob("*/scenarios/*.feature"))
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))
UNTOUCHED: dict[str, str] = {}
"""Elements and exits that no scenario can touch, and why."""


def test_every_diagram_has_scenarios_and_every_file_of_them_a_diagram():
    assert [file.stem for file in FILES] == [diagram.stem for diagram in DIAGRAMS]


def test_there_are_many_scenarios_and_each_has_a_name_of_its_own():
    names = [(file.stem, scenario["name"]) for file in FILES for scenario in read_scenarios(file)]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_scenarios_pass_and_touch_every_element_and_exit_of_their_diagram(file):
    coverage = Coverage()
    results = list(run_scenarios([file], stegvis.installation, coverage))
    assert [str(result) for result in results if not result.passed] == []
    assert {f"{gap.process_id}/{gap.element_id}" for gap in coverage.gaps(file.stem)} == {
        each for each in UNTOUCHED if each.startswith(f"{file.stem}/")
    }


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


def test_what_no_scenario_touches_is_told_by_element_and_exit(tmp_path):
    # given: a scenario in which nothing happens
    coverage = Coverage()
    # when
    list(run_scenarios([written(tmp_path, "    Givet att dagens datum är 2026-08-01")], stegvis.installation, coverage))
    # then
    assert len(coverage.gaps()) == coverage.total > 300
    gaps = {gap.element_id: gap.name for gap in coverage.gaps("kravintrade")}
    assert gaps["omfattning_drojer"] == "Bedömningen dröjer"
    assert "Har kravet inträtt?: Ja" in gaps.values()


def test_the_command_tells_results_and_coverage_as_json(tmp_path):
    # given
    file = written(tmp_path, "    När biståndsbeslut kommer för 2026-07")
    # when: a file outside the family knows only the generic sentences
    answer = CliRunner().invoke(stegvis.main, ["scenarios", str(file), "--coverage", "--json"])
    # then
    assert answer.exit_code == FOUND_PROBLEMS
    result, coverage = (json.loads(line) for line in answer.stdout.splitlines())
    assert (result["passed"], result["line"]) == (False, 3)
    assert coverage["coverage"]["touched"] == 0
    assert {"process_id", "element_id", "name"} == set(coverage["coverage"]["untouched"][0])


def test_a_file_that_is_no_gherkin_is_refused(tmp_path):
    file = tmp_path / "x.feature"
    file.write_text("hej", "utf-8")
    with pytest.raises(InvalidDocument, match=r"x\.feature"):
        list(run_scenarios([file], stegvis.installation))


def test_a_folder_without_scenarios_is_said(tmp_path):
    with pytest.raises(NotFound, match="inga scenarier"):
        list(run_scenarios([tmp_path], stegvis.installation))
