"""The case page tells which values the case has used; a task's form goes by the owner's value."""

from __future__ import annotations

from datetime import date

import pytest

from engine.parameter_desk import ChangeRequest
from engine.protocols import Actor
from tests.integration.forms.town import NAMESPACES, Town, form_file

CARL = Actor("carl", "Carl Chef")
DUE = '=add working days(today(), parameter("svarstid"))'
ASKS = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES}>
  <process id="svar" name="Invänta svar" isExecutable="true">
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="u"/>
    <userTask id="u" name="Läs svaret"><extensionElements>
      <zeebe:formDefinition formId="svar"/><zeebe:assignmentDefinition candidateGroups="handlaggare"/>
      <zeebe:taskSchedule dueDate='{DUE}'/>
    </extensionElements></userTask>
    <sequenceFlow id="f2" sourceRef="u" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>""".encode()
SHOWS = form_file("svar", [{"type": "text", "text": 'Svara inom {{ parameter("svarstid") }} dagar.'}])
HEADING = "Värden som ärendet har använt"
NOTHING = "Ärendet har inte använt något värde än."


@pytest.fixture
def using(town: Town) -> Town:
    """A case in Norr that has used Norr's own value, and one in Söder that has used none."""
    town.engine.publish({"prov/svar.bpmn": ASKS, "prov/svar.form": SHOWS}, author="Carl Chef", note="n")
    asked = ChangeRequest("svarstid", 8, date(2026, 11, 23), "Nämnden § 12", "norr", "Protokoll 2026-11-20")
    town.engine.parameters.change(asked, actor=CARL)
    town.engine.start("svar", case_id=town.case_id)
    return town


def told(page: str) -> str:
    """The page's part about values."""
    return page[page.index('id="parametrar"') : page.index('id="historik"')]


def test_the_case_page_tells_value_measure_unit_day_and_source(using: Town) -> None:
    part = told(using.browser("anna").text(f"/arenden/{using.case_id}"))
    for words in (
        HEADING,
        "<details",
        "Tid att svara.",
        "<strong>8</strong>",
        "arbetsdagar",
        "Norr",
        "23 nov. 2026",
        "Protokoll 2026-11-20",
        "Carl Chef",
    ):
        assert words in part
    assert NOTHING not in part
    assert part.count("<tr>") == 2  # the head, and the one value, however often it was used


def test_each_value_is_told_once_with_every_value_that_was_used(using: Town) -> None:
    using.engine.start("svar", case_id=using.case_id)
    asked = ChangeRequest("svarstid", None, date(2026, 11, 23), "Fel", "norr")
    using.engine.parameters.change(asked, actor=CARL)
    using.engine.start("svar", case_id=using.case_id)

    part = told(using.browser("anna").text(f"/arenden/{using.case_id}"))
    assert part.count("Tid att svara.") == 2
    for words in ("<strong>8</strong>", "<strong>5</strong>", "Hela kommunen", "Eget val"):
        assert words in part


def test_a_case_that_has_used_nothing_says_so_in_both_languages(using: Town) -> None:
    case = using.open_case("2026-0002", "norr")
    assert NOTHING in told(using.browser("anna").text(f"/arenden/{case}"))
    assert "The case has not used any value yet." in told(using.browser("anna", "en").text(f"/arenden/{case}"))


def test_a_value_that_the_files_no_longer_have_is_told_as_it_was_used(using: Town) -> None:
    parameters = using.engine.parameters.live
    parameters.base = {}
    parameters.follow(using.engine.database, using.clock)
    part = told(using.browser("anna").text(f"/arenden/{using.case_id}"))
    for words in ("svarstid", "<strong>8</strong>", "Står inte längre i filerna"):
        assert words in part


def test_a_tasks_form_shows_the_value_of_the_unit_that_owns_the_case(using: Town) -> None:
    south = using.open_case("2026-0003", "soder")
    using.engine.start("svar", case_id=south)
    anna = using.browser("carl")
    shown = {case: anna.text(f"/uppgifter/{using.item(case, 'Läs svaret').id}") for case in (using.case_id, south)}
    assert "Svara inom 8 dagar." in shown[using.case_id]
    assert "Svara inom 5 dagar." in shown[south]
