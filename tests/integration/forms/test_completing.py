from __future__ import annotations

import re
from datetime import timedelta

from engine.protocols import Actor
from tests.integration.forms.town import Browser, Town

GOOD = {"f.bedomning": "Behöver stöd.", "f.niva": "hog", "f.timmar": "12,5"}
BO = Actor("bo", "Bo Norr")


def page_key(browser: Browser, address: str) -> str:
    found = re.search(r'name="_key" value="([0-9a-f]{32})"', browser.text(address))
    assert found
    return found[1]


def test_good_answers_complete_the_task_with_typed_values(town: Town) -> None:
    item = town.item()

    response = town.browser("anna").post(f"/uppgifter/{item.id}", GOOD, follow_redirects=True)

    assert "Klart: Bedöm behov" in response.text
    variables = town.engine.queries.variables(item.instance_id)
    assert str(variables["timmar"]) == "12.5"
    assert variables["niva"] == "hog"
    assert town.item(name="Fatta beslut").role == "chef"


def test_bad_answers_give_422_with_a_summary_and_keep_what_was_typed(town: Town) -> None:
    item = town.item()

    response = town.browser("anna").post(
        f"/uppgifter/{item.id}", {"f.bedomning": "<b>Lång text</b>", "f.niva": "hog", "f.timmar": "många"}
    )

    assert response.status_code == 422
    assert "1 svar behöver rättas" in response.text
    assert 'href="#q-timmar"' in response.text
    assert 'aria-invalid="true"' in response.text
    assert "&lt;b&gt;Lång text&lt;/b&gt;" in response.text
    assert 'value="många"' in response.text
    assert town.item().id == item.id


def test_a_double_click_is_one_completion(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")
    answers = {**GOOD, "_key": page_key(browser, f"/uppgifter/{item.id}")}

    first = browser.post(f"/uppgifter/{item.id}", answers)
    second = browser.post(f"/uppgifter/{item.id}", answers)

    assert (first.status_code, second.status_code) == (302, 302)
    assert len(town.engine.queries.open_items(case_id=town.case_id)) == 1


def test_a_second_completion_is_told_who_was_first_and_loses_nothing(town: Town) -> None:
    item, late = town.item(), town.browser("anna")
    late.text(f"/uppgifter/{item.id}")
    town.browser("bo").post(f"/uppgifter/{item.id}", {"f.bedomning": "Först", "f.niva": "lag"})

    response = late.post(f"/uppgifter/{item.id}", {"f.bedomning": "Mitt långa svar", "f.niva": "hog", "f.timmar": "3"})

    assert response.status_code == 409
    assert "slutfördes av Bo Norr 23 nov. 2026 kl. 10:00" in response.text
    assert "Mitt långa svar" in response.text
    assert town.engine.queries.variables(item.instance_id)["bedomning"] == "Först"


def test_a_task_that_the_process_left_is_told_so(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")
    town.engine.cancel(item.instance_id, actor=BO, reason="prov")

    response = browser.post(f"/uppgifter/{item.id}", GOOD)

    assert response.status_code == 409
    assert "inte längre aktuell" in response.text


def test_a_completed_task_says_who_and_when(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")
    browser.post(f"/uppgifter/{item.id}", GOOD)

    text = browser.text(f"/uppgifter/{item.id}")

    assert "Slutförd av Anna Norr 23 nov. 2026 kl. 10:00" in text
    assert "Slutför uppgiften" not in text


def test_what_the_receiver_refuses_is_told_and_changes_nothing(town: Town) -> None:
    town.browser("anna").post(f"/uppgifter/{town.item().id}", GOOD)
    decision = town.item(name="Fatta beslut")

    response = town.browser("carl").post(f"/uppgifter/{decision.id}", {})

    assert response.status_code == 422
    assert "Ett avslag kräver en motivering." in response.text
    assert town.item(name="Fatta beslut").id == decision.id


def test_what_the_receiver_says_of_a_question_is_told_at_it(town: Town) -> None:
    town.browser("anna").post(f"/uppgifter/{town.item().id}", GOOD)
    decision = town.item(name="Fatta beslut")

    response = town.browser("carl").post(f"/uppgifter/{decision.id}", {"f.beviljas": "true", "f.jav": "ja"})

    assert response.status_code == 422
    assert 'href="#q-jav"' in response.text
    assert "Den som är jävig får inte besluta." in response.text


def test_hidden_answers_are_neither_required_nor_kept(town: Town) -> None:
    item = town.item()

    response = town.browser("anna").post(f"/uppgifter/{item.id}", {**GOOD, "f.niva": "lag", "f.timmar": "99"})

    assert response.status_code == 302
    assert "timmar" not in town.engine.queries.variables(item.instance_id)


def test_an_escalation_shows_on_the_original_task_and_on_its_own(town: Town) -> None:
    item = town.item()
    town.advance(timedelta(days=4))

    assert "Enhetschef fick veta det" in town.browser("anna").text(f"/uppgifter/{item.id}")
    assert "försenad" in town.browser("anna").text("/uppgifter?flik=forsenade")
    escalation = town.item(name="Försenad bedömning")
    assert "Det här är en eskalering av" in town.browser("carl").text(f"/uppgifter/{escalation.id}")


def test_claim_and_release_from_the_list_and_the_page(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")

    assert browser.post(f"/uppgifter/{item.id}/ta").status_code == 302
    assert town.item().assignee == "anna"
    assert "Bedöm behov" in browser.text("/uppgifter?flik=mina")
    assert browser.post(f"/uppgifter/{item.id}/slapp").status_code == 302
    assert town.item().assignee is None


def test_a_start_form_starts_the_process(town: Town) -> None:
    browser = town.browser("anna")

    refused = browser.post("/processer/provning/starta", {"f.manad": ""})
    started = browser.post("/processer/provning/starta", {"f.manad": "2026-12"})

    assert (refused.status_code, started.status_code) == (422, 302)
    assert len(town.engine.queries.open_items()) == 2
