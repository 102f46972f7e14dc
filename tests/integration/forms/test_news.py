from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.protocols import Actor
from tests.integration.forms.town import NAMESPACES, Town, form_file, user_task

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


AGREEMENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES}>
  <message id="m" name="AvtalSagtUpp"><extensionElements>
    <zeebe:subscription correlationKey="=avtal"/></extensionElements></message>
  <process id="avtal" name="Avtal" isExecutable="true">
    <startEvent id="start" name="Avtal föreslaget"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="godkann"/>
    {user_task("godkann", "Godkänn avtalet", "svar", "chef")}
    <sequenceFlow id="f2" sourceRef="godkann" targetRef="uppsagt"/>
    <intermediateCatchEvent id="uppsagt" name="Avtalet sägs upp">
      <extensionElements><zeebe:properties>
        <zeebe:property name="registreras_med" value="svar"/>
        <zeebe:property name="registreras_av" value="chef"/>
        <zeebe:property name="registreras_om" value="namn"/>
        <zeebe:property name="bekraftas" value="En uppsägning går inte att ta tillbaka."/>
      </zeebe:properties></extensionElements>
      <messageEventDefinition messageRef="m"/>
    </intermediateCatchEvent>
    <sequenceFlow id="f3" sourceRef="uppsagt" targetRef="slut"/>
    <endEvent id="slut" name="Avslutat"/>
  </process>
</definitions>""".encode()
PROCESS_PAGE = "/processer/avtal"


def agreement(town: Town, name: str) -> tuple[str, str]:
    """An approved agreement: the id of its instance, and the address at which it is said that it ends."""
    instance = town.engine.start("avtal", {"avtal": name.lower(), "namn": name}, actor=SYSTEM)
    (item,) = town.engine.queries.open_items(instance_id=instance)
    town.engine.complete(item.id, {"svarText": "Godkänt"}, actor=SYSTEM)
    return instance, f"{PROCESS_PAGE}/pagaende/{instance}/handelser/uppsagt"


@pytest.fixture
def agreed(waiting: Town) -> Town:
    """The town with a process of agreements, which belong to no case."""
    waiting.engine.publish({"prov/avtal.bpmn": AGREEMENT}, author="prov", note="")
    return waiting


def has_ended(town: Town, instance: str) -> bool:
    return town.engine.queries.find_instance(instance).ended_at is not None


def test_news_about_what_belongs_to_no_case_is_offered_on_the_processs_page_by_what_it_is_about(agreed: Town) -> None:
    # given
    _, bakery = agreement(agreed, "Bageriet")
    _, garden = agreement(agreed, "Plantskolan")
    agreed.clock.advance(timedelta(days=40))
    _, again = agreement(agreed, "Bageriet")
    # when
    shown = agreed.browser("carl").text(PROCESS_PAGE)
    # then: two about the same are told apart by when they began
    begun = [
        re.search(rf'href="{each}">Avtalet sägs upp: Bageriet</a>.*?sedan ([^<]+)<', shown) for each in (bakery, again)
    ]
    assert None not in begun
    assert begun[0][1] != begun[1][1]
    assert f'href="{garden}">Avtalet sägs upp: Plantskolan<' in shown


def test_what_cannot_be_taken_back_is_sent_only_when_it_is_confirmed_and_only_to_its_instance(agreed: Town) -> None:
    # given
    (bakery, address), (garden, _) = agreement(agreed, "Bageriet"), agreement(agreed, "Plantskolan")
    browser, answers = agreed.browser("carl"), {"f.svarText": "Ugnen är <trasig>.", "_key": "b" * 32}
    # when
    assert browser.post(address, {"f.svarText": ""}).status_code == 422
    asked = browser.post(address, answers)
    # then: what was typed is told back, and nothing has happened
    assert "En uppsägning går inte att ta tillbaka." in asked.text
    assert asked.text.count("Ugnen är &lt;trasig&gt;.") == 2  # to read, and to send again
    assert not has_ended(agreed, bakery)
    # and when it is to be changed, the form has the answers
    assert "Ugnen är &lt;trasig&gt;." in browser.post(address, {**answers, "_changed": "1"}).text
    assert not has_ended(agreed, bakery)
    # and when it is confirmed, twice by a double click
    for _click in range(2):
        done = browser.post(address, {**answers, "_confirmed": "1"})
    # then
    assert has_ended(agreed, bakery)
    assert agreed.engine.queries.variables(bakery)["svarText"] == "Ugnen är <trasig>."
    assert not has_ended(agreed, garden)
    assert done.status_code == 404
    assert "Avtalet sägs upp: Bageriet" not in browser.text(PROCESS_PAGE)


def test_only_the_roles_it_names_may_say_that_an_agreement_ends(agreed: Town) -> None:
    # given
    instance, address = agreement(agreed, "Bageriet")
    # when: the process page is everybody's, what stands alone is not
    for user in ("anna", "kim"):
        browser = agreed.browser(user)
        # then
        assert "Avtalet sägs upp: Bageriet" not in browser.text(PROCESS_PAGE)
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"f.svarText": "x", "_confirmed": "1"}).status_code == 404
    assert not has_ended(agreed, instance)
