"""docs/requirements.md tells the truth: what it names exists, and each requirement stands in it once."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest

from processes.family import find_families
from processes.scenarios import read_scenarios

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "processes" / "aktivitetskrav"
STATES = {"met", "partly", "missing"}
COLUMNS = 7


@dataclass(frozen=True)
class Requirement:
    """One row of the table."""

    id: str
    state: str
    where: str
    scenarios: tuple[str, ...]
    missing: str


def rows() -> list[Requirement]:
    """The table's rows."""
    found = []
    for line in (ROOT / "docs" / "requirements.md").read_text("utf-8").splitlines():
        if line.startswith("| R"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            cells += [""] * (COLUMNS - len(cells))
            found.append(
                Requirement(cells[0], cells[3], cells[4], tuple(re.findall(r"\*([^*]+)\*", cells[5])), cells[6])
            )
    return found


def elements() -> set[str]:
    """Every element of every diagram, as process#element."""
    return {
        f"{diagram.stem}#{element.get('id')}"
        for diagram in FOLDER.glob("*.bpmn")
        for element in ET.parse(diagram).iter()
    }


@pytest.fixture(scope="module")
def table() -> list[Requirement]:
    """The table, read once."""
    return rows()


def test_every_requirement_stands_in_the_table_once(table: list[Requirement]) -> None:
    assert [row.id for row in table] == [f"R{number:02d}" for number in range(1, 95)]
    assert {row.state for row in table} == STATES


def test_every_element_rule_parameter_and_file_that_is_named_exists(table: list[Requirement]) -> None:
    # given
    known = elements() | {path.name for path in FOLDER.iterdir()} | find_families().parameters.names
    # when
    named = {(row.id, name) for row in table for name in re.findall(r"`([^`]+)`", row.where + row.missing)}
    # then
    assert named
    assert {(row, name) for row, name in named if name not in known} == set()


def test_every_scenario_that_is_named_exists(table: list[Requirement]) -> None:
    # given
    known = {
        f"{file.stem}: {scenario['name']}"
        for file in (FOLDER / "scenarios").glob("*.feature")
        for scenario in read_scenarios(file)
    }
    # when
    named = {(row.id, name) for row in table for name in row.scenarios}
    # then
    assert named
    assert {(row, name) for row, name in named if name not in known} == set()


def test_what_is_met_says_where_and_what_is_not_says_what_is_missing(table: list[Requirement]) -> None:
    assert [row.id for row in table if (row.state == "missing") != (not row.where)] == []
    assert [row.id for row in table if (row.state == "met") != (not row.missing)] == []
