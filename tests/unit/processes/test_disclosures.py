"""What those outside a case see of it is drawn at their task: which fields, on which ground, no more than needed."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

from processes.family import find_families

FOLDER = Path(__file__).parents[3] / "processes" / "aktivitetskrav"
B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Z = "{http://camunda.org/schema/zeebe/1.0}"
ROLES = find_families().roles
IN_THE_CASE = {ROLES.organisation_of("handlaggare_eb"), ROLES.organisation_of("konsulent_am")}
"""The organisations that have a part in the case: its owner, and the one it is handed over to."""
ITS_PART_CAN_END = ROLES.organisation_of("konsulent_am")
"""The organisation whose part in a case ends when it is handed back or the requirement ceases."""
ENDS_ITS_PART = {"AterlamningBegard", "KravUpphor"}
NEVER = {
    "arendeId",
    "personId",
    "hushallId",
    "behovsniva",
    "hinder",
    "mal",
    "arbetsformaga",
    "sjukskriven",
    "kravstatus",
}


def outside_tasks() -> dict[str, tuple[set[str], str, set[str]]]:
    """Tasks of organisations without a part in the case: what each shows, on which ground, and what its form uses."""
    found = {}
    for path in FOLDER.glob("*.bpmn"):
        for task in ET.parse(path).iter(B + "userTask"):
            role = next(task.iter(Z + "assignmentDefinition")).get("candidateGroups", "")
            organisation = ROLES.organisation_of(role)
            if organisation in IN_THE_CASE or not _about_a_case(path):
                continue
            found[f"{path.stem}#{task.get('id')}"] = _drawn(task)
    return found


def tasks_that_may_outlive_a_part() -> dict[str, tuple[set[str], str, set[str]]]:
    """Tasks that stay open when the part of their organisation in the case ends: what each shows, why, what it uses.

    A diagram that is stopped by both messages that end the part leaves nothing open; an escalation goes to any chief.
    """
    found = {}
    for path in FOLDER.glob("*.bpmn"):
        if path.stem != "eskalering" and (not _about_a_case(path) or _stopped_by(path) >= ENDS_ITS_PART):
            continue
        for task in ET.parse(path).iter(B + "userTask"):
            role = next(task.iter(Z + "assignmentDefinition")).get("candidateGroups", "")
            if role.startswith("=") or ROLES.organisation_of(role) == ITS_PART_CAN_END:
                found[f"{path.stem}#{task.get('id')}"] = _drawn(task)
    return found


def _stopped_by(path: Path) -> set[str]:
    """The names of the messages that start an interrupting event sub-process of a diagram."""
    root = ET.parse(path).getroot()
    names = {each.get("id"): each.get("name", "") for each in root.iter(B + "message")}
    return {
        names[event.get("messageRef")]
        for stop in root.iter(B + "subProcess")
        if stop.get("triggeredByEvent") == "true"
        for start in stop.iter(B + "startEvent")
        if start.get("isInterrupting") != "false"
        for event in start.iter(B + "messageEventDefinition")
    }


def _drawn(task: ET.Element) -> tuple[set[str], str, set[str]]:
    """What a task shows to whoever does it, on which ground, and which variables its form's texts use."""
    told = {each.get("name"): each.get("value", "") for each in task.iter(Z + "property")}
    form = json.loads((FOLDER / f"{next(task.iter(Z + 'formDefinition')).get('formId')}.form").read_text("utf-8"))
    keys = {each["key"] for each in form["components"] if "key" in each}
    used = set(re.findall(r"{{(?:#if)?\s*(?:string\()?(\w+)", json.dumps(form))) - keys
    shown = {each for each in told.get("lamnar_ut", "").split(",") if each}
    return shown, told.get("lamnar_ut_grund", ""), used


def _about_a_case(path: Path) -> bool:
    """Whether a diagram's processes belong to a person's case: their messages are correlated by it."""
    return 'correlationKey="=arendeId"' in path.read_text("utf-8")


def test_childcare_and_providers_have_tasks_that_show_something() -> None:
    assert {"plan#ordna_barnomsorg", "leveransavvikelse#genomfor_atgard"} <= set(outside_tasks())


def test_every_task_of_somebody_outside_names_what_it_shows_and_why() -> None:
    tasks = outside_tasks() | tasks_that_may_outlive_a_part()
    told = {task: (shown, ground) for task, (shown, ground, _) in tasks.items()}
    assert {task for task, (shown, ground) in told.items() if not shown or len(ground) < 20} == set()


def test_they_see_what_their_form_shows_and_nothing_that_tells_of_the_persons_situation() -> None:
    for task, (shown, _, used) in (outside_tasks() | tasks_that_may_outlive_a_part()).items():
        assert used <= shown, task
        assert shown & NEVER == set(), task


def test_what_the_labour_market_side_has_left_when_its_part_ends_is_known() -> None:
    assert set(tasks_that_may_outlive_a_part()) == {
        "avvikelse#beskriv_handelsen",
        "leveransavvikelse#utred_leverans",
        "leveransavvikelse#besluta_atgard",
        "eskalering#sakra_uppgiften",
    }
