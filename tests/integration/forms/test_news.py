from __future__ import annotations

import pytest

from engine.protocols import Actor
from tests.integration.forms.town import NAMESPACES, Town, form_file

WAITING = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES}>
  <message id="m" name="SvarInkommet"><extensionElements>
    <zeebe:subscription correlationKey="=arendeId"/></extensionElements></message>
  <process id="vantan" name="Väntan på svar" isExecutable="true">
    <startEvent id="start" name="Fråga ställd"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="svar"/>
    <intermediateCatchEvent id="svar" name="Svar från AF">
      <extensionElements><zeebe:properties>
        <zeebe:property name="registreras_med" value="svar"/>
        <zeebe:property name="registreras_av" value="handlaggare, chef"/>
      </zeebe:properties></extensionElements>
      <messageEventDefinition messageRef="m"/>
    </intermediateCatchEvent>
    <sequenceFlow id="f2" sourceRef="svar" targetRef="slut"/>
    <endEvent id="slut" name="Svar mottaget"/>
  </process>
</definitions>""".encode()
SYSTEM = Actor("prov", "Prov")


@pytest.fixture
def waiting(town: Town) -> Town:
    """The town with a case that waits for an answer."""
    answer = form_file(
        "svar", [{"type": "textarea", "key": "svarText", "label": "Svar", "validate": {"required": True}}]
    )
    town.engine.publish({"prov/vantan.bpmn": WAITING, "prov/svar.form": answer}, author="prov", note="")
    town.engine.start("vantan", {"arendeId": town.case_id}, case_id=town.case_id, actor=SYSTEM)
    return town


ADDRESS = "/arenden/{}/handelser/vantan/svar"


def test_news_that_the_case_waits_for_can_be_registered_with_its_form(waiting: Town) -> None:
    browser, address = waiting.browser("anna"), ADDRESS.format(waiting.case_id)

    assert address in browser.text(f"/arenden/{waiting.case_id}")
    assert browser.post(address, {"f.svarText": ""}).status_code == 422
    done = browser.post(address, {"f.svarText": "De samråder gärna.", "_key": "a" * 32}, follow_redirects=True)

    assert "Registrerat: Svar från AF" in done.text
    instance = next(
        row for row in waiting.engine.queries.find_instances(process_id="vantan").items if row.process_id == "vantan"
    )
    assert waiting.engine.queries.variables(instance.id)["svarText"] == "De samråder gärna."
    assert address not in browser.text(f"/arenden/{waiting.case_id}")


def test_news_is_offered_only_to_the_roles_and_parties_it_names(waiting: Town) -> None:
    address = ADDRESS.format(waiting.case_id)

    for user in ("kim", "siv"):
        assert waiting.browser(user).get(address).status_code == 404
        assert waiting.browser(user).post(address, {"f.svarText": "x"}).status_code == 404
    assert waiting.browser("carl").get(address).status_code == 200
    assert waiting.browser("anna").get(address.replace("svar", "slut")).status_code == 404
