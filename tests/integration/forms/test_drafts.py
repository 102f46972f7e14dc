from __future__ import annotations

from tests.integration.forms.town import Town

JSON = {"Accept": "application/json"}


def test_a_draft_by_script_is_kept_and_says_what_to_show(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")

    response = browser.post(
        f"/uppgifter/{item.id}/utkast",
        {"f.bedomning": "Halvt sk", "f.niva": "hog", "f.timmar": "tolv"},
        headers=JSON,
    )

    assert response.status_code == 200
    assert response.json is not None
    assert response.json["saved"] == "Utkastet sparades kl. 10:00."
    assert "f.timmar" not in response.json["hidden"]
    assert any("2026-11" in html for html in response.json["fragments"].values())
    text = browser.text(f"/uppgifter/{item.id}")
    assert "Halvt sk" in text
    assert 'value="tolv"' in text
    assert "behöver rättas" not in text


def test_a_draft_hides_what_the_answers_hide(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")

    response = browser.post(f"/uppgifter/{item.id}/utkast", {"f.niva": "lag"}, headers=JSON)

    assert response.json is not None
    assert "f.timmar" in response.json["hidden"]


def test_a_draft_by_button_comes_back_to_the_page(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")

    response = browser.post(f"/uppgifter/{item.id}/utkast", {"f.bedomning": "Sparat"}, follow_redirects=True)

    assert "Utkastet sparades" in response.text
    assert "Sparat" in response.text


def test_rows_are_added_and_removed_without_scripts(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")
    two = {"_rows.f.barn": "0,1", "f.barn.0.namn": "Ada", "f.barn.1.namn": "Bo", "f.bedomning": "Kvar"}

    added = browser.post(f"/uppgifter/{item.id}", {**two, "_add": "f.barn"})
    removed = browser.post(f"/uppgifter/{item.id}", {**two, "_remove": "f.barn:0"})

    assert added.status_code == 200
    assert added.text.count("Förnamn") == 3
    assert removed.text.count("Förnamn") == 1
    assert "Ada" not in removed.text
    assert "Kvar" in removed.text
    assert 'value="Bo"' in browser.text(f"/uppgifter/{item.id}")


def test_rows_become_a_list(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")

    browser.post(
        f"/uppgifter/{item.id}",
        {"f.bedomning": "x", "f.niva": "lag", "_rows.f.barn": "0,4", "f.barn.0.namn": "Ada", "f.barn.4.namn": "Bo"},
    )

    assert town.engine.queries.variables(item.instance_id)["barn"] == [{"namn": "Ada"}, {"namn": "Bo"}]


def test_an_ended_session_says_so_to_a_script(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")
    token = browser.token()
    browser.client.delete_cookie("stegvis")

    response = browser.client.post(
        f"/uppgifter/{item.id}/utkast", data={"csrf_token": token, "f.bedomning": "x"}, headers=JSON
    )

    assert response.status_code == 401
    assert response.json is not None
    assert response.json["code"] == "SESSION_ENDED"


def test_answers_sent_after_the_session_ended_come_along_through_the_login(town: Town) -> None:
    item, browser = town.item(), town.browser("anna")
    browser.client.delete_cookie("stegvis")

    page = browser.client.post(
        f"/uppgifter/{item.id}",
        data={"f.bedomning": "Inte <borta>", "f.niva": "lag"},
        headers={"Referer": f"http://localhost/uppgifter/{item.id}"},
    )
    assert page.status_code == 401
    assert "Din session har gått ut" in page.text
    assert 'name="f.bedomning" value="Inte &lt;borta&gt;"' in page.text

    back = browser.post(
        "/logga-in",
        {"user": "anna", "till": f"/uppgifter/{item.id}", "f.bedomning": "Inte <borta>", "f.niva": "lag"},
        follow_redirects=True,
    )
    assert "sparat som utkast" in back.text
    assert "Inte &lt;borta&gt;" in back.text


def test_another_person_who_logs_in_cannot_keep_them(town: Town) -> None:
    item = town.item()

    back = town.browser().post(
        "/logga-in", {"user": "kim", "till": f"/uppgifter/{item.id}", "f.bedomning": "x"}, follow_redirects=True
    )

    assert back.status_code == 404
    assert town.item().has_draft is False


def test_answers_that_another_site_sends_are_not_carried(town: Town) -> None:
    page = town.browser().client.post(
        f"/uppgifter/{town.item().id}",
        data={"f.bedomning": "Planterat"},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "http://example.org"},
    )

    assert page.status_code == 401
    assert "Planterat" not in page.text
