"""What people are told in lists and on pages: names instead of codes, and nothing of cases that are not theirs."""

from __future__ import annotations

import pytest

from engine.access import Viewer
from engine.cases import Party
from engine.protocols import Actor
from engine.store.rows import InboxFilter
from tests.integration.forms.town import NAMESPACES, Town, form_file, user_task

SYSTEM = Actor("prov", "Prov")
HELP = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES}>
  <process id="stod" name="Stöd" isExecutable="true">
    <startEvent id="start" name="Stöd begärt"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="ordna"/>
    {user_task("ordna", "Ordna stöd", "stod", "konsulent")}
    <sequenceFlow id="f2" sourceRef="ordna" targetRef="slut"/>
    <endEvent id="slut" name="Stöd ordnat"/>
  </process>
</definitions>""".encode()
VOCABULARY = """
hidden = ["arendeId"]
[names]
kravFran = "Kravet gäller från"
utfall = "Utfall"
[values]
ej_intratt = "har inte inträtt"
""".encode()
KIM = Viewer("kim", "Kim Konsulent", "arbete", frozenset({"konsulent"}), all_units=True)


@pytest.fixture
def helped(town: Town) -> Town:
    """The town, where another organisation has a task in a case that it has no part in."""
    files = {"prov/stod.bpmn": HELP, "prov/stod.form": form_file("stod", []), "prov/vocabulary.toml": VOCABULARY}
    town.engine.publish(files, author="prov", note="")
    variables = {"arendeId": town.case_id, "kravFran": "2026-11-01", "utfall": "ej_intratt", "beslutadAv": "carl"}
    town.engine.start("stod", variables, case_id=town.case_id, actor=SYSTEM)
    return town


def test_whoever_may_not_see_a_case_is_told_no_title_and_given_no_way_in(helped: Town) -> None:
    kim, item = helped.browser("kim"), helped.item(name="Ordna stöd")

    for text in (kim.text("/uppgifter"), kim.text(f"/uppgifter/{item.id}")):
        assert "2026-0001" in text
        assert ">Prövning<" not in text
        assert f"/arenden/{helped.case_id}" not in text
        assert "kravFran" not in text


def test_a_title_that_is_not_told_is_not_found_by_searching_for_it(helped: Town) -> None:
    inbox = helped.engine.queries.inbox

    assert inbox(KIM, InboxFilter(text="Prövning")).total == 0
    assert inbox(KIM, InboxFilter(text="2026-0001")).total == 1
    assert "Prövning" in helped.browser("anna").text("/uppgifter?sok=Prövning")


def test_after_the_handover_has_ended_nothing_of_the_case_is_left(helped: Town) -> None:
    kim, item = helped.browser("kim"), helped.item(name="Ordna stöd")
    helped.engine.add_party(helped.case_id, Party("arbete", fields=("kravFran",)), actor=SYSTEM)
    seen = kim.text(f"/arenden/{helped.case_id}")
    assert "Stöd" in seen
    assert "1 nov. 2026" in seen
    assert "har inte inträtt" not in seen
    assert "Bedöm behov" not in seen

    helped.engine.end_party(helped.case_id, "arbete", actor=SYSTEM)

    assert kim.get(f"/arenden/{helped.case_id}").status_code == 404
    assert "2026-0001" not in kim.text("/arenden")
    assert "Prövning" not in kim.text(f"/uppgifter/{item.id}")
    assert "nov. 2026</dd>" not in kim.text(f"/uppgifter/{item.id}").split("Om uppgiften")[0]


def test_an_organisation_with_a_part_is_not_told_who_else_has_one(helped: Town) -> None:
    helped.engine.add_party(helped.case_id, Party("arbete", fields=()), actor=SYSTEM)
    helped.engine.add_party(helped.case_id, Party("vard", fields=("kravFran",), basis="samtycke"), actor=SYSTEM)
    queries = helped.engine.queries
    anna = Viewer("anna", "Anna", "social", frozenset({"handlaggare"}), frozenset({"norr"}))

    assert [party.organisation for party in queries.parties(KIM, helped.case_id)] == ["social", "arbete"]
    assert [party.organisation for party in queries.parties(anna, helped.case_id)] == ["social", "arbete", "vard"]


def test_variables_and_codes_are_called_as_the_vocabulary_says(helped: Town) -> None:
    text = helped.browser("anna").text(f"/arenden/{helped.case_id}")

    assert "Kravet gäller från" in text
    assert "1 nov. 2026" in text
    assert "har inte inträtt" in text
    assert "Carl Chef" in text
    for code in ("kravFran", "ej_intratt", "arendeId", "2026-11-01", ">carl<"):
        assert code not in text, code


def test_what_waits_for_somebody_comes_before_what_is_newer(helped: Town) -> None:
    helped.engine.publish({"prov/paus.bpmn": HELP.replace(b'"stod"', b'"paus"').replace("Stöd".encode(), b"Paus")
                           .replace(b"<userTask", b"<manualTask").replace(b"</userTask", b"</manualTask")},
                          author="prov", note="")  # fmt: skip
    helped.engine.start("paus", {}, case_id=helped.case_id, actor=SYSTEM)

    text = helped.browser("anna").text(f"/arenden/{helped.case_id}").split('id="processer"')[1]

    assert text.index("Prövning av behov") < text.index("Paus")


def test_a_leader_is_told_why_the_questions_are_closed(town: Town) -> None:
    text = town.browser("carl").text(f"/uppgifter/{town.item().id}")

    assert "Uppgiften väntar på någon med rollen Handläggare" in text
    assert "Uppgiften väntar på någon" not in town.browser("anna").text(f"/uppgifter/{town.item().id}")
