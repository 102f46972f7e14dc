"""The pages of those who run it: what they show, to whom, and what they do."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.bulk_retry import latest_bulks
from engine.engine import Engine
from engine.errors import StoreUnavailable
from engine.protocols import SYSTEM
from engine.recurring import RecurringWork
from engine.store.states import IncidentState
from engine.workers import WorkerKind, beat, this_process
from tests.bpmn_builder import CHOICE
from tests.integration.forms.town import Browser, Town, build_town

PAGES = (
    "/drift",
    "/drift/incidenter",
    "/drift/incidenter?sortera=oldest",
    "/drift/incidenter?sortera=nonsense&sida=2",
    "/drift/incidenter/{cause}",
    "/drift/incidenter/{cause}?sortera=nyast",
    "/drift/incidenter/{cause}/kor-om",
    "/drift/incident/{incident}",
    "/drift/instans/{instance}",
    "/drift/jobb",
    "/drift/jobb?typ=none&lage=dead&sortera=newest",
    "/drift/tidur",
    "/drift/tidur?dagar=1",
    "/drift/tidur?dagar=7",
    "/drift/tidur?dagar=500",
    "/drift/vantar-lange",
    "/drift/vantar-lange?ganger=10&process=none&sortera=waited",
    "/drift/aterkommande",
    "/drift/aterkommande/prov",
    "/drift/aterkommande/prov/kor",
    "/drift/utgavor",
    "/drift/utgavor/1",
    "/drift/flode",
    "/drift/flode?dagar=90",
    "/drift/flode?sortera=median",
)


def work(_engine: Engine) -> str:
    """Recurring work that always goes well."""
    return "klart som det skulle"


@pytest.fixture
def town() -> Iterator[Town]:
    """A town where three instances have stopped for one cause, one of them in a case of somebody."""
    built = build_town()
    known = {"prov": RecurringWork("prov", "Provarbete", "0 3 * * *", work)}
    beat(built.engine, this_process(WorkerKind.ALL), timedelta(minutes=1))
    built.engine.rooms = dataclasses.replace(built.engine.rooms, recurring=known)
    yield built
    built.engine.close()


@pytest.fixture
def stopped(town: Town) -> dict[str, str]:
    """What the addresses need."""
    town.engine.publish({"prov/val.bpmn": CHOICE}, author="Carl Chef", note="Vägval")
    for _ in range(2):
        town.engine.start("val", {"hemligt": "Gunhild"})
    town.engine.start("val", {"hemligt": "Gunhild"}, case_id=town.case_id)
    rows = town.engine.queries.incidents().items
    cause = re.search(r"/drift/incidenter/([0-9a-f]{20})", operator(town).text("/drift/incidenter"))
    assert cause is not None
    row = next(row for row in rows if row.case_id is None)
    return {"cause": cause[1], "incident": row.id, "instance": row.instance_id or ""}


def operator(town: Town, language: str = "sv") -> Browser:
    """A browser of whoever runs the installation."""
    return town.browser("carl", language)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_shows_in_both_languages_without_inline_style_or_script(
    town: Town, stopped: dict[str, str], language: str
) -> None:
    browser = operator(town, language)
    for address in PAGES:
        text = browser.text(address.format(**stopped))

        assert f'<html lang="{language}">' in text, address
        assert text.count("<h1") == 1, address
        assert not re.search(r"\sstyle=|<script>|<style", text), address


def test_nobody_else_enters_or_sees_the_way_in(town: Town, stopped: dict[str, str]) -> None:
    caseworker = town.browser("anna")

    assert "/drift" not in caseworker.text("/uppgifter")
    assert 'href="/drift"' in operator(town).text("/uppgifter")
    for address in PAGES:
        assert caseworker.get(address.format(**stopped)).status_code == 403, address
    assert caseworker.post(f"/drift/incident/{stopped['incident']}/kor-om").status_code == 403
    assert town.browser().get("/drift").status_code == 302


def test_the_first_page_says_what_needs_somebody(town: Town, stopped: dict[str, str]) -> None:
    text = operator(town).text("/drift")

    assert "3 incidenter är öppna." in text
    town.clock.advance(timedelta(days=3, hours=2))
    later = operator(town).text("/drift")
    assert "1 tidur är försenat, det äldsta 2 timmar." in later
    assert "Ingen process kör tidur och jobb." in later


def test_where_all_is_well_it_says_so(town: Town) -> None:
    browser = operator(town)

    assert "Inget behöver ses över." in browser.text("/drift")
    assert "Inga incidenter" in browser.text("/drift/incidenter")
    assert "Inga jobb väntar" in browser.text("/drift/jobb")
    assert "Inga tidur är försenade" in browser.text("/drift/tidur")
    assert "Inget att jämföra med än" in browser.text("/drift/vantar-lange")
    assert "Inga slutförda uppgifter" in browser.text("/drift/flode")
    assert "Har inte körts än" in browser.text("/drift/aterkommande/prov")


def test_what_a_case_holds_is_shown_only_to_those_who_see_the_case(town: Town, stopped: dict[str, str]) -> None:
    in_case = next(row for row in town.engine.queries.incidents().items if row.case_id is not None)
    browser = operator(town)

    own = browser.text(f"/drift/incident/{in_case.id}")
    alone = browser.text(f"/drift/incident/{stopped['incident']}")

    assert "Gunhild" in own
    assert "belopp" in own
    assert "Gunhild" not in alone
    assert "Visas bara för den som har del i ärendet." in alone
    everything = " ".join(browser.text(each) for each in ("/drift/incidenter", f"/drift/incidenter/{stopped['cause']}"))
    assert "Gunhild" not in everything
    assert "2026-0001" not in everything


def test_one_incident_is_tried_again(town: Town, stopped: dict[str, str]) -> None:
    browser = operator(town)
    town.engine.set_variables(stopped["instance"], {"belopp": 200}, actor=SYSTEM)

    answer = browser.post(
        f"/drift/incident/{stopped['incident']}/kor-om", {"skal": "Beloppet är ifyllt"}, follow_redirects=True
    )

    assert "Körs om." in answer.text
    assert town.engine.queries.find_instance(stopped["instance"]).active_elements == ("a",)
    again = browser.post(f"/drift/incident/{stopped['incident']}/kor-om", follow_redirects=True)
    assert "kan inte köras om nu" in again.text


def test_all_of_a_cause_are_tried_again_after_a_question_with_a_report(town: Town, stopped: dict[str, str]) -> None:
    browser = operator(town)
    question = browser.text(f"/drift/incidenter/{stopped['cause']}/kor-om")
    key = re.search(r'name="_key" value="(\w+)"', question)
    assert key is not None
    assert "Köra om 3 incidenter?" in question

    for _double_click in range(2):
        answer = browser.post(
            f"/drift/incidenter/{stopped['cause']}/kor-om", {"skal": "Rättat", "_key": key[1]}, follow_redirects=True
        )

    (bulk,) = latest_bulks(town.engine)
    assert (bulk.retried, bulk.refused, bulk.total, bulk.reason) == (3, 0, 3, "Rättat")
    assert "Samma fel har inträffat igen." in answer.text
    assert "Carl Chef" in answer.text
    assert "Rättat" in browser.text(f"/drift/omkorningar/{bulk.id}")


def test_an_unfinished_retry_is_told_and_can_be_carried_on(
    town: Town, stopped: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from forms.operations import incidents

    browser = operator(town)
    monkeypatch.setattr(
        incidents, "_carry_on_for_a_while", lambda _bulk_id: None
    )  # the process ends right after the beginning
    browser.post(f"/drift/incidenter/{stopped['cause']}/kor-om")
    monkeypatch.undo()
    (bulk,) = latest_bulks(town.engine, only_unfinished=True)

    assert "En omkörning är inte klar: 0 av 3." in browser.text("/drift")
    assert "data-continue" not in browser.text(f"/drift/omkorningar/{bulk.id}")
    browser.post(f"/drift/omkorningar/{bulk.id}/fortsatt")
    assert latest_bulks(town.engine, only_unfinished=True) == []


def test_recurring_work_is_run_now_after_a_question(town: Town) -> None:
    browser = operator(town)

    answer = browser.post("/drift/aterkommande/prov/kor", follow_redirects=True)

    assert "”Provarbete” gick bra: klart som det skulle" in answer.text
    assert "Carl Chef" in browser.text("/drift/aterkommande/prov")


def test_what_does_not_exist_is_not_found(town: Town) -> None:
    browser = operator(town)
    for address in (
        "/drift/incidenter/none",
        "/drift/incidenter/none/kor-om",
        "/drift/incident/none",
        "/drift/instans/none",
        "/drift/omkorningar/none",
        "/drift/aterkommande/none",
        "/drift/aterkommande/none/kor",
        "/drift/utgavor/99",
    ):
        assert browser.get(address).status_code == 404, address
    for address in (
        "/drift/incident/none/kor-om",
        "/drift/incidenter/none/kor-om",
        "/drift/omkorningar/none/fortsatt",
        "/drift/aterkommande/none/kor",
    ):
        assert browser.post(address).status_code == 404, address


@pytest.mark.parametrize("page", ["x", "0", "-1", "9999999", "٣"])
def test_a_page_number_that_is_none_is_refused(town: Town, page: str) -> None:
    assert operator(town).get("/drift/jobb", query_string={"sida": page}).status_code == 422


def test_a_reason_that_is_too_long_is_refused_and_kept(town: Town, stopped: dict[str, str]) -> None:
    browser, long = operator(town), "x" * 501

    answer = browser.post(f"/drift/incidenter/{stopped['cause']}/kor-om", {"skal": long})

    assert answer.status_code == 422
    assert long in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert browser.post(f"/drift/incident/{stopped['incident']}/kor-om", {"skal": long}).status_code == 422
    assert town.engine.queries.incidents(state=IncidentState.RESOLVED).items == ()


def test_without_its_database_every_page_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.app.testing = False
    browser = operator(town)

    def unavailable(*_arguments: object, **_more: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(town.engine.database, "reading", unavailable)

    for address in (
        "/drift",
        "/drift/incidenter",
        "/drift/jobb",
        "/drift/tidur",
        "/drift/vantar-lange",
        "/drift/flode",
    ):
        assert browser.get(address).status_code == 503, address


def test_a_list_has_pages_that_link_to_each_other(town: Town) -> None:
    town.engine.publish({"prov/val.bpmn": CHOICE}, author="Carl Chef", note="Vägval")
    for _ in range(27):
        town.engine.start("val")
    browser = operator(town)
    cause = re.search(r"/drift/incidenter/[0-9a-f]{20}", browser.text("/drift/incidenter"))
    assert cause is not None

    first, second = browser.text(cause[0]), browser.text(f"{cause[0]}?sida=2")

    assert f'href="{cause[0]}?sida=2"' in first
    assert (first.count('href="/drift/incident/'), second.count('href="/drift/incident/')) == (25, 2)
