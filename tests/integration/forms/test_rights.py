"""Every address that changes something, against every kind of person: who gets what answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.protocols import Actor
from tests.integration.forms.town import NAMESPACES, Browser, Town, form_file

NEWS = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES}>
  <message id="m" name="NyttHort"><extensionElements>
    <zeebe:subscription correlationKey="=arendeId"/></extensionElements></message>
  <process id="nyheter" name="Nyheter" isExecutable="true">
    <startEvent id="hort" name="Något nytt">
      <extensionElements><zeebe:properties>
        <zeebe:property name="registreras_med" value="nytt"/>
        <zeebe:property name="registreras_av" value="handlaggare"/>
      </zeebe:properties></extensionElements>
      <messageEventDefinition messageRef="m"/>
    </startEvent>
    <sequenceFlow id="f1" sourceRef="hort" targetRef="slut"/>
    <endEvent id="slut" name="Antecknat"/>
  </process>
</definitions>""".encode()
DONE, LOGIN, FORBIDDEN, MISSING, CONFLICT, UNREADABLE = 302, 401, 403, 404, 409, 422
OPEN = frozenset({"auth.login", "auth.logout"})
"""Nothing of anybody's is changed there."""

# Anna (Norr) has the task. Bo is her colleague, Siv works in another unit, Carl leads them both and edits processes,
# Kim is in another organisation that has no part in the case.
EXPECTED: dict[str, dict[str | None, int]] = {
    "tasks.complete": {"anna": DONE, "bo": FORBIDDEN, "carl": FORBIDDEN, "siv": MISSING, "kim": MISSING, None: LOGIN},
    "tasks.save_draft": {"anna": DONE, "bo": FORBIDDEN, "carl": FORBIDDEN, "siv": MISSING, "kim": MISSING, None: LOGIN},
    "tasks.claim": {"anna": DONE, "bo": CONFLICT, "carl": CONFLICT, "siv": MISSING, "kim": MISSING, None: LOGIN},
    "tasks.release": {"anna": DONE, "bo": FORBIDDEN, "carl": FORBIDDEN, "siv": MISSING, "kim": MISSING, None: LOGIN},
    "tasks.take_over": {"anna": FORBIDDEN, "bo": FORBIDDEN, "carl": DONE, "siv": MISSING, "kim": MISSING, None: LOGIN},
    "news.register": {"anna": DONE, "bo": DONE, "carl": MISSING, "siv": MISSING, "kim": MISSING, None: LOGIN},
    # No process waits for news outside of cases in this town; test_news.py has one that does.
    "standing_news.register": {
        **dict.fromkeys(("anna", "bo", "carl", "siv", "kim"), MISSING),
        None: LOGIN,
    },
    "processes.start": {"anna": DONE, "bo": DONE, "carl": FORBIDDEN, "siv": DONE, "kim": FORBIDDEN, None: LOGIN},
    "parameters.review": {
        "anna": FORBIDDEN,
        "bo": FORBIDDEN,
        "carl": 200,
        "siv": FORBIDDEN,
        "kim": FORBIDDEN,
        None: LOGIN,
    },
    "parameters.change": {
        "anna": FORBIDDEN,
        "bo": FORBIDDEN,
        "carl": DONE,
        "siv": FORBIDDEN,
        "kim": FORBIDDEN,
        None: LOGIN,
    },
    # What is asked about does not exist in this town: whoever may operate is told so, everybody else may not ask.
    **{
        f"operations.{name}": {
            "anna": FORBIDDEN,
            "bo": FORBIDDEN,
            "carl": MISSING,
            "siv": FORBIDDEN,
            "kim": FORBIDDEN,
            None: LOGIN,
        }
        for name in ("retry_all", "continue_bulk", "retry", "run")
    },
    "editor.check": {"anna": FORBIDDEN, "bo": FORBIDDEN, "carl": 200, "siv": FORBIDDEN, "kim": FORBIDDEN, None: LOGIN},
    "editor.publish": {
        "anna": FORBIDDEN,
        "bo": FORBIDDEN,
        "carl": UNREADABLE,
        "siv": FORBIDDEN,
        "kim": FORBIDDEN,
        None: LOGIN,
    },
}
ANSWERS = {"f.bedomning": "x", "f.niva": "lag", "f.manad": "2026-12", "f.vad": "nytt"} | {
    "varde": "7",
    "fran": "2026-12-01",
    "skal": "Nämnden § 12",
    "kalla": "Protokoll",
    "sakerhet": "DECIDED",
}


@pytest.fixture
def newsroom(town: Town) -> Town:
    """The town, where caseworkers may also register news."""
    form = form_file("nytt", [{"type": "textfield", "key": "vad", "label": "Vad?"}])
    town.engine.publish({"prov/nyheter.bpmn": NEWS, "prov/nytt.form": form}, author="prov", note="")
    return town


def addresses(town: Town) -> dict[str, str]:
    """The addresses that take POST, by endpoint, about Anna's task."""
    values = {
        "item_id": town.item().id,
        "case_id": town.case_id,
        "process_id": "provning",
        "element_id": "hort",
        "name": "svarstid",
        "cause": "okand",
        "bulk_id": "okand",
        "incident_id": "okand",
        "instance_id": "okand",
    }
    found = {}
    with town.app.test_request_context():
        for rule in town.app.url_map.iter_rules():
            if "POST" in (rule.methods or ()):
                wanted = {name: values[name] for name in rule.arguments}
                if rule.endpoint.startswith("news."):
                    wanted["process_id"] = "nyheter"
                found[rule.endpoint] = town.app.url_for(rule.endpoint, **wanted)
    return found


def send(browser: Browser, endpoint: str, address: str) -> int:
    """Send what the address takes."""
    if endpoint.startswith("editor."):
        body: Any = b"<x/>" if endpoint == "editor.check" else json.dumps({"xml": "", "note": "", "version": 1})
        headers = {"X-CSRFToken": browser.token()}
        return browser.client.post(address, data=body, headers=headers, content_type="application/json").status_code
    return browser.post(address, ANSWERS).status_code


def test_the_table_has_every_address_that_changes_something(town: Town) -> None:
    assert set(addresses(town)) - OPEN == set(EXPECTED)


@pytest.mark.parametrize("endpoint", sorted(EXPECTED))
def test_each_person_may_do_what_the_table_says(newsroom: Town, endpoint: str) -> None:
    newsroom.browser("anna").post(f"/uppgifter/{newsroom.item().id}/ta")
    address = addresses(newsroom)[endpoint]
    last = [person for person in EXPECTED[endpoint] if EXPECTED[endpoint][person] in (DONE, 200)]
    order = sorted(EXPECTED[endpoint], key=lambda person: (person in last, str(person)))

    got = {person: send(newsroom.browser(person), endpoint, address) for person in order}

    assert got == EXPECTED[endpoint]


@pytest.mark.parametrize("endpoint", sorted(EXPECTED))
def test_who_is_refused_changes_nothing(newsroom: Town, endpoint: str) -> None:
    newsroom.browser("anna").post(f"/uppgifter/{newsroom.item().id}/ta")
    address, queries = addresses(newsroom)[endpoint], newsroom.engine.queries
    values = newsroom.engine.parameters.history("svarstid")
    before = (newsroom.item(), queries.history(newsroom.case_id).total, queries.find_instances().total)

    for person, status in EXPECTED[endpoint].items():
        if status in (LOGIN, FORBIDDEN, MISSING, CONFLICT):
            send(newsroom.browser(person), endpoint, address)

    assert (newsroom.item(), queries.history(newsroom.case_id).total, queries.find_instances().total) == before
    assert newsroom.engine.parameters.history("svarstid") == values


def test_a_task_taken_between_two_looks_is_not_completed_by_another(town: Town) -> None:
    item, slow = town.item(), town.browser("bo")
    complete = town.engine.complete

    def taken_first(*arguments: Any, **more: Any) -> None:
        town.engine.claim(item.id, actor=Actor("anna", "Anna Norr"))
        complete(*arguments, **more)

    town.engine.complete = taken_first  # type: ignore[method-assign]
    response = slow.post(f"/uppgifter/{item.id}", ANSWERS)

    assert response.status_code == CONFLICT
    assert "Anna Norr har tagit uppgiften" in response.text
    assert town.item().assignee == "anna"


def test_a_key_that_somebody_else_used_is_no_answer(town: Town) -> None:
    item, key = town.item(), "0" * 32
    assert town.browser("anna").post(f"/uppgifter/{item.id}", {**ANSWERS, "_key": key}).status_code == DONE

    assert town.browser("anna").post(f"/uppgifter/{item.id}", {**ANSWERS, "_key": key}).status_code == DONE
    assert town.browser("bo").post(f"/uppgifter/{item.id}", {**ANSWERS, "_key": key}).status_code == CONFLICT


def test_nothing_is_registered_in_a_closed_case(newsroom: Town) -> None:
    anna, address = newsroom.browser("anna"), f"/arenden/{newsroom.case_id}/handelser/nyheter/hort"
    assert anna.get(address).status_code == 200
    newsroom.engine.cancel(newsroom.item().instance_id, actor=Actor("carl", "Carl"))
    newsroom.engine.close_case(newsroom.case_id)

    assert anna.post(address, ANSWERS).status_code == MISSING
    assert newsroom.engine.queries.find_instances(process_id="nyheter").total == 0


@pytest.mark.parametrize("address", ["/arenden/{case}", "/uppgifter/{item}", "/arenden/{case}/handelser/nyheter/hort"])
def test_one_page_is_one_look(newsroom: Town, address: str) -> None:
    newsroom.browser("anna").text(address.format(case=newsroom.case_id, item=newsroom.item().id))

    looks = newsroom.engine.queries.reads(case_id=newsroom.case_id).items
    assert [look.viewer for look in looks] == ["anna"]


def test_a_page_of_a_case_that_may_not_be_seen_is_no_look(newsroom: Town) -> None:
    assert newsroom.browser("kim").get(f"/arenden/{newsroom.case_id}").status_code == MISSING

    assert newsroom.engine.queries.reads(case_id=newsroom.case_id).total == 0
