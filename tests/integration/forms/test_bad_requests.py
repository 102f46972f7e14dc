from __future__ import annotations

import logging

import pytest

from forms.app import create_app
from forms.settings import Settings
from tests.integration.forms.town import Town
from timers.calendar import WorkingCalendar


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("f.bedomning", "x" * 1_000_000, "högst 2000 tecken"),
        ("f.bedomning", "a\x00b", "osynliga tecken"),
        ("f.niva", "hemlig", "Välj ett av de svar som finns"),
        ("f.timmar", "1e9999", "Skriv ett tal"),
        ("f.timmar", "41", "större än 40"),
    ],
)
def test_bad_answers_are_told_and_change_nothing(town: Town, field: str, text: str, told: str) -> None:
    item = town.item()
    answers = {"f.bedomning": "x", "f.niva": "hog", "f.timmar": "3", field: text}

    response = town.browser("anna").post(f"/uppgifter/{item.id}", answers)

    assert response.status_code == 422
    assert told in response.text
    assert town.item().id == item.id


def test_fields_that_the_form_does_not_have_are_left_out(town: Town) -> None:
    item = town.item()

    town.browser("anna").post(
        f"/uppgifter/{item.id}", {"f.bedomning": "x", "f.niva": "lag", "f.manad": "1999-01", "f.admin": "ja"}
    )

    variables = town.engine.queries.variables(item.instance_id)
    assert variables["manad"] == "2026-11"
    assert "admin" not in variables


def test_a_request_that_is_too_large_is_refused(town: Town) -> None:
    item = town.item()

    response = town.browser("anna").post(f"/uppgifter/{item.id}", {"f.bedomning": "x" * 5_000_000})

    assert response.status_code == 413
    assert "för stort" in response.text


@pytest.mark.parametrize("address", ["/uppgifter/x", "/uppgifter/x/ta", "/logga-ut", "/processer/provning/starta"])
def test_posts_without_a_token_are_refused(town: Town, address: str) -> None:
    response = town.browser("anna").client.post(address, data={"f.x": "y"})

    assert response.status_code == 400
    assert "för gammal" in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/uppgifter/finns-inte",
        "/uppgifter/%00",
        "/uppgifter/' OR 1=1 --",
        "/arenden/finns-inte",
        "/processer/finns-inte",
        "/processer/finns-inte/starta",
        "/processer/provning/99/diagram.json",
        "/hittepa",
    ],
)
def test_what_does_not_exist_is_a_page_that_says_so(town: Town, address: str) -> None:
    response = town.browser("anna").get(address)

    assert response.status_code == 404
    assert "Sidan finns inte" in response.text


@pytest.mark.parametrize("address", ["/uppgifter/x/ta", "/uppgifter/x/utkast", "/logga-ut"])
def test_reading_what_only_can_be_sent_is_refused(town: Town, address: str) -> None:
    response = town.browser("anna").get(address)

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    "query", ["sida=0", "sida=-1", "sida=x", "sida=99999999999999999999", "sida=999999", "senast=i%20morgon"]
)
def test_addresses_that_no_link_says_are_refused(town: Town, query: str) -> None:
    assert town.browser("anna").get(f"/uppgifter?{query}").status_code == 422


@pytest.mark.parametrize(
    "query", ["flik=x&sortera=y", "sok=%25_%5C'\"", "sok=a%00b", "roll=x&enhet=y&process=z", "sida=7"]
)
def test_addresses_that_narrow_to_nothing_show_an_empty_list(town: Town, query: str) -> None:
    assert town.browser("anna").get(f"/uppgifter?{query}").status_code == 200


@pytest.mark.parametrize(
    "target", ["//example.org", "https://example.org/", "/\\example.org", "javascript:alert(1)", "/a\nb"]
)
def test_login_never_leads_to_another_host(town: Town, target: str) -> None:
    response = town.browser().post("/logga-in", {"user": "anna", "till": target})

    assert response.location == "/uppgifter"


def test_an_unknown_person_cannot_log_in(town: Town) -> None:
    assert town.browser().post("/logga-in", {"user": "ingen"}).status_code == 403


def test_without_demo_nobody_can_become_a_demo_user(town: Town) -> None:
    settings = Settings(secret_key="prov-nyckel-nog-lang", demo=False)
    town.app = create_app(town.engine, town.roles, settings, calendar=WorkingCalendar())
    browser = town.browser()

    assert "Anna Norr" not in browser.text("/logga-in")
    page = browser.client.post("/logga-in", data={"user": "anna"})
    assert page.status_code in (400, 401, 403)
    assert browser.get("/uppgifter").status_code == 302


def test_logins_are_limited(town: Town) -> None:
    settings = Settings(secret_key="prov-nyckel-nog-lang", login_limit="3 per hour")
    town.app = create_app(town.engine, town.roles, settings, calendar=WorkingCalendar())
    browser = town.browser()

    answers = [browser.post("/logga-in", {"user": "anna"}).status_code for _ in range(5)]

    assert answers[-1] == 429


def test_pages_carry_their_protective_headers(town: Town) -> None:
    headers = town.browser("anna").get("/uppgifter").headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(town: Town) -> None:
    browser = town.browser()
    cookie = browser.post("/logga-in", {"user": "anna"}).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_logout_ends_the_session(town: Town) -> None:
    browser = town.browser("anna")

    assert browser.post("/logga-ut").status_code == 302
    assert browser.get("/uppgifter").status_code == 302


def test_what_is_typed_never_reaches_the_log(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        town.browser("anna").post(f"/uppgifter/{town.item().id}", {"f.bedomning": "Hemlig uppgift", "f.niva": "x"})

    assert "Hemlig" not in caplog.text


def test_an_unexpected_error_is_a_page_without_details(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.app.testing = False
    browser = town.browser("anna")

    def broken(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("hemlig orsak")

    monkeypatch.setattr(town.engine.queries, "cases", broken)
    response = browser.get("/arenden")

    assert response.status_code == 500
    assert "Något gick fel hos oss" in response.text
    assert "hemlig" not in response.text
