"""The pages of parameters: found, read, changed after a look at what the change does, and remembered."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.integration.forms.town import NAMESPACES, Town

DUE = '=add working days(today(), parameter("svarstid"))'
PROPERTY = '<zeebe:properties><zeebe:property name="rakna_om" value="vid_andring"/></zeebe:properties>'
SENT = {
    "varde": "8",
    "fran": "2026-11-23",
    "enhet": "",
    "skal": "Nämnden § 12",
    "kalla": "Protokoll 2026-11-20",
    "sakerhet": "DECIDED",
}
ASKS = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES}>
  <process id="svar" name="Invänta svar" isExecutable="true">
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="u"/>
    <userTask id="u" name="Läs svaret"><extensionElements>
      <zeebe:assignmentDefinition candidateGroups="handlaggare"/><zeebe:taskSchedule dueDate='{DUE}'/>{PROPERTY}
    </extensionElements></userTask>
    <sequenceFlow id="f2" sourceRef="u" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>""".encode()


@pytest.fixture
def asking(town: Town) -> Town:
    """The town, where two answers are waited for, until the end of 30 November."""
    town.engine.publish({"prov/svar.bpmn": ASKS}, author="Carl Chef", note="n")
    for _ in range(2):
        town.engine.start("svar")
    return town


def confirmed(page: str) -> dict[str, str]:
    """What the confirmation's button sends."""
    form = page[page.index('action="/parametrar/svarstid"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def due(town: Town) -> list[date]:
    return [
        item.due_at.date() for item in town.engine.queries.open_items() if item.name == "Läs svaret" and item.due_at
    ]


def test_the_list_tells_what_holds_how_sure_it_is_and_where_it_comes_from(town: Town) -> None:
    carl = town.browser("carl")
    text = carl.text("/parametrar")
    for words in ("Tid att svara.", "<strong>5</strong>", "arbetsdagar", "Antagande", "Eget val"):
        assert words in text
    assert "Parametrar</span>" in text
    assert "Tid att svara." in carl.text("/parametrar?sok=SVARA&sakerhet=ASSUMPTION")
    for narrowed in ("sok=finns+inte", "sakerhet=LAW", "andrade=1"):
        assert "Ingen parameter passar urvalet" in carl.text(f"/parametrar?{narrowed}")


def test_a_change_is_reviewed_with_what_it_moves_then_made_and_counted_at_once(asking: Town) -> None:
    carl = asking.browser("carl")
    review = carl.post("/parametrar/svarstid/granska", SENT)

    assert review.status_code == 200
    assert "2 frister räknas om" in review.text
    assert "Läs svaret</span>: 2" in review.text
    assert "5 → <strong>8</strong>" in review.text
    assert len(asking.engine.parameters.history("svarstid")) == 1
    before = due(asking)
    sent = confirmed(review.text)
    assert carl.post("/parametrar/svarstid", {**sent, "rakna_om": "1"}).status_code == 302
    assert carl.post("/parametrar/svarstid", {**sent, "rakna_om": "1"}).status_code == 302  # a double click
    assert [after - day for after, day in zip(due(asking), before, strict=True)] == [timedelta(days=3)] * 2
    (made, base) = asking.engine.parameters.history("svarstid")
    assert (made.value, base.value) == (8, 5)
    assert made.change is not None
    assert (made.change.author_name, made.change.reason) == ("Carl Chef", "Nämnden § 12")
    page = carl.text("/parametrar/svarstid")
    for words in ("Nämnden § 12", "Protokoll 2026-11-20", "Carl Chef", "Kommunens beslut"):
        assert words in page
    assert "Tid att svara." in carl.text("/parametrar?andrade=1")


def test_a_change_for_a_unit_from_a_later_day_waits_and_counts_nothing_now(asking: Town) -> None:
    carl, before = asking.browser("carl"), due(asking)
    review = carl.post("/parametrar/svarstid/granska", {**SENT, "fran": "2027-02-01", "enhet": "norr"})

    assert "Ingen pågående frist ändras" in review.text  # of cases in no district
    assert 'name="rakna_om"' not in review.text
    carl.post("/parametrar/svarstid", confirmed(review.text))
    page = carl.text("/parametrar/svarstid")
    assert "Från 1 feb. 2027" in page
    assert "Norr" in page
    assert due(asking) == before
    assert asking.engine.parameters.live.value("svarstid", date(2026, 12, 1), "norr") == 5


def test_a_change_is_withdrawn(town: Town) -> None:
    carl = town.browser("carl")
    carl.post("/parametrar/svarstid", SENT)
    review = carl.post("/parametrar/svarstid/granska", {**SENT, "varde": "", "aterta": "1", "skal": "Fel beslut"})
    assert "8 → <strong>återtagen</strong>" in review.text
    carl.post("/parametrar/svarstid", confirmed(review.text))
    assert town.engine.parameters.live.value("svarstid", date(2026, 12, 1)) == 5


@pytest.mark.parametrize("address", ["/parametrar/svarstid/granska", "/parametrar/svarstid"])
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"varde": ""}, "varde"),
        ({"varde": "sju"}, "varde"),
        ({"varde": "2,5"}, "varde"),
        ({"varde": "-1"}, "varde"),
        ({"fran": "i morgon"}, "fran"),
        ({"fran": "1066-10-14"}, "varde"),
        ({"enhet": "vaster"}, "varde"),
        ({"skal": " "}, "skal"),
        ({"kalla": ""}, "kalla"),
        ({"sakerhet": "KANSKE"}, "sakerhet"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_changed(
    town: Town, address: str, wrong: dict[str, str], field: str
) -> None:
    answer = town.browser("carl").post(address, {**SENT, **wrong})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "Nämnden § 12" in answer.text or field == "skal"  # what was typed is still there
    assert len(town.engine.parameters.history("svarstid")) == 1


@pytest.mark.parametrize("address", ["/parametrar", "/parametrar/svarstid"])
def test_only_who_may_change_parameters_sees_them(town: Town, address: str) -> None:
    assert town.browser("anna").get(address).status_code == 403
    assert town.browser("carl").get(address).status_code == 200
    assert "Parametrar" not in town.browser("anna").text("/uppgifter")


def test_a_parameter_that_there_is_not_is_not_found(town: Town) -> None:
    carl = town.browser("carl")
    assert carl.get("/parametrar/okand").status_code == 404
    assert carl.post("/parametrar/okand", SENT).status_code == 404


def test_the_pages_are_in_english_too(town: Town) -> None:
    carl = town.browser("carl", language="en")
    assert "Parameters" in carl.text("/parametrar")
    assert "Review the change" in carl.text("/parametrar/svarstid")
