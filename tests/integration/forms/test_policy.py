from __future__ import annotations

import pytest

from tests.integration.forms.town import Town


@pytest.mark.parametrize("user", ["kim", "siv"])
def test_another_organisation_or_unit_finds_nothing(town: Town, user: str) -> None:
    item, browser = town.item(), town.browser(user)

    for address in (
        f"/uppgifter/{item.id}",
        f"/arenden/{town.case_id}",
    ):
        assert browser.get(address).status_code == 404, address
    for address in ("", "/utkast", "/ta", "/slapp", "/ta-over"):
        assert browser.post(f"/uppgifter/{item.id}{address}", {"f.bedomning": "x"}).status_code == 404, address
    assert "2026-0001" not in browser.text("/uppgifter?flik=alla")
    assert "2026-0001" not in browser.text("/arenden")
    assert town.item().has_draft is False


def test_a_drawing_fetched_by_itself_tells_of_no_case(town: Town) -> None:
    text = town.browser("anna").text(f"/arenden/{town.case_id}")
    assert 'data-tokens="[{&#34;element&#34;: &#34;bedom&#34;' in text

    drawing = town.browser("kim").get("/processer/provning/1/diagram.json")

    assert set(drawing.json) == {"xml"}


def test_a_head_of_unit_sees_the_groups_task_and_takes_it_over_openly(town: Town) -> None:
    item, chief = town.item(), town.browser("carl")
    town.browser("anna").post(f"/uppgifter/{item.id}/ta")

    text = chief.text(f"/uppgifter/{item.id}")
    assert "Anna Norr har uppgiften" in text
    assert "Slutför uppgiften" not in text
    assert chief.post(f"/uppgifter/{item.id}", {"f.bedomning": "x", "f.niva": "lag"}).status_code == 403

    assert chief.post(f"/uppgifter/{item.id}/ta-over").status_code == 302
    assert town.item().assignee == "carl"


def test_a_colleague_can_read_but_neither_answer_nor_take_over(town: Town) -> None:
    item, colleague = town.item(), town.browser("bo")
    town.browser("anna").post(f"/uppgifter/{item.id}/ta")

    assert "Du kan läsa men inte svara" in colleague.text(f"/uppgifter/{item.id}")
    assert colleague.post(f"/uppgifter/{item.id}", {"f.bedomning": "x"}).status_code == 403
    assert colleague.post(f"/uppgifter/{item.id}/utkast", {"f.bedomning": "x"}).status_code == 403
    assert colleague.post(f"/uppgifter/{item.id}/slapp").status_code == 403
    assert colleague.post(f"/uppgifter/{item.id}/ta-over").status_code == 403
    assert colleague.post(f"/uppgifter/{item.id}/ta").status_code == 409


def test_every_look_at_a_case_is_logged(town: Town) -> None:
    town.browser("anna").text(f"/arenden/{town.case_id}")

    assert {read.viewer for read in town.engine.queries.reads(case_id=town.case_id).items} == {"anna"}


@pytest.mark.parametrize("address", ["/", "/uppgifter", "/arenden", "/processer", "/uppgifter/x", "/arenden/x"])
def test_pages_ask_for_a_login_and_come_back(town: Town, address: str) -> None:
    response = town.browser().get(address)

    assert response.status_code == 302
    assert response.location.startswith("/logga-in?till=")


def test_only_a_role_that_may_start_gets_the_start_form(town: Town) -> None:
    assert town.browser("anna").get("/processer/provning/starta").status_code == 200
    assert town.browser("carl").get("/processer/provning/starta").status_code == 403
    assert town.browser("carl").post("/processer/provning/starta", {"f.manad": "x"}).status_code == 403


def test_health_and_about_are_open_to_everybody(town: Town) -> None:
    assert town.browser().get("/healthz").json == {"status": "ok"}
    assert town.browser().get("/om").status_code == 200
