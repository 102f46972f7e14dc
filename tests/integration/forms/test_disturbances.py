"""What goes wrong around a command: racing people, a database that goes away, sessions that end, odd requests."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.errors import StoreUnavailable
from engine.history import EventKind
from tests.integration.forms.town import Town, build_town

ANSWERS = {"f.bedomning": "Ett långt resonemang", "f.niva": "lag"}
POSTS = ["/uppgifter/{item}", "/uppgifter/{item}/utkast", "/uppgifter/{item}/ta", "/uppgifter/{item}/slapp",
         "/uppgifter/{item}/ta-over", "/processer/provning/starta", "/processer/provning/kontrollera",
         "/processer/provning/publicera", "/arenden/{case}/handelser/provning/start"]  # fmt: skip


@pytest.fixture
def filed(tmp_path: Path) -> Iterator[Town]:
    """A town whose database is a file, so that threads meet in it as they do in a server."""
    built = build_town(f"sqlite:///{tmp_path / 'stad.sqlite'}")
    yield built
    built.engine.close()


def ready(town: Town, user: str, address: str) -> Callable[[], TestResponse]:
    """A person who has the page open and only has to press the button."""
    browser = town.browser(user)
    token = browser.token()
    return lambda: browser.client.post(address, data={"csrf_token": token, **ANSWERS})


@pytest.mark.parametrize("users", [("anna", "bo"), ("anna", "anna"), ("anna", "bo", "anna", "bo", "anna", "bo")])
def test_of_people_who_complete_at_once_one_is_first_and_the_others_are_told(
    filed: Town, users: tuple[str, ...]
) -> None:
    item = filed.item()
    buttons = [ready(filed, user, f"/uppgifter/{item.id}") for user in users]
    together, answers = threading.Barrier(len(users)), []

    def press(button: Callable[[], TestResponse]) -> None:
        together.wait(timeout=30)
        answers.append(button())

    threads = [threading.Thread(target=press, args=(button,)) for button in buttons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [302] + [409] * (len(users) - 1)
    assert all("Ett långt resonemang" in answer.text for answer in answers if answer.status_code == 409)
    done = [
        line
        for line in filed.engine.queries.history(item.instance_id).items
        if line.kind == EventKind.COMPLETED and line.element == "bedom"
    ]
    assert len(done) == 1
    assert filed.engine.verify() == []


@pytest.mark.parametrize("address", POSTS)
def test_while_the_database_is_away_everybody_is_told_so_and_nothing_is_lost(
    town: Town, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    town.app.testing = False
    carl, item = town.browser("carl"), town.item()
    carl.post(f"/uppgifter/{item.id}/ta-over")
    token, before = carl.token(), town.item()
    with monkeypatch.context() as away:

        def unavailable(*_arguments: object, **_more: object) -> Any:
            raise StoreUnavailable("could not connect to server at 10.1.2.3")

        away.setattr(town.engine.database, "transaction", unavailable)
        away.setattr(town.engine.database, "reading", unavailable)
        response = carl.client.post(
            address.format(item=item.id, case=town.case_id), data={"csrf_token": token, **ANSWERS}
        )

    told = response.text
    assert response.status_code == 503
    assert "Databasen svarar inte just nu" in told
    assert "10.1.2.3" not in told
    assert town.item() == before


def test_pages_say_that_the_database_is_away(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.app.testing = False
    anna = town.browser("anna")

    def unavailable(*_arguments: object, **_more: object) -> Any:
        raise StoreUnavailable("away")

    monkeypatch.setattr(town.engine.database, "reading", unavailable)

    for address in ("/uppgifter", f"/uppgifter/{'0' * 32}", "/arenden", f"/arenden/{town.case_id}", "/processer"):
        assert anna.get(address).status_code == 503, address
    assert anna.get("/readyz").status_code == 503
    assert anna.get("/healthz").status_code == 200
    assert anna.get("/om").status_code == 200


@pytest.mark.parametrize("address", POSTS)
def test_whoever_sends_after_the_session_has_ended_is_asked_to_log_in(town: Town, address: str) -> None:
    anna, where = town.browser("anna"), address.format(item=town.item().id, case=town.case_id)
    token = anna.token()
    anna.client.delete_cookie("stegvis")

    response = anna.client.post(
        where, data={"csrf_token": token, **ANSWERS}, headers={"Referer": f"http://localhost{where}"}
    )

    assert response.status_code == 401
    assert "Din session har gått ut" in response.text
    assert response.text.count('value="Ett långt resonemang"') == response.text.count('name="user"')
    assert town.item().assignee is None


def odd(client: FlaskClient, address: str, token: str) -> Iterator[tuple[str, TestResponse]]:
    """The same address in ways that no page of ours sends."""
    headers = {"X-CSRFToken": token}
    yield "no token", client.post(address, data=ANSWERS)
    yield "JSON", client.post(address, json={"f.bedomning": ["x"]}, headers=headers)
    yield "broken JSON", client.post(address, data=b'{"a":', content_type="application/json", headers=headers)
    yield (
        "JSON that is no object",
        client.post(address, data=b"[[1]]", content_type="application/json", headers=headers),
    )
    yield "NUL", client.post(address, data={"csrf_token": token, "f.bedomning": "a\0b", "_key": "\0" * 32})
    yield "not UTF-8", client.post(address, data=b"f.bedomning=%ff%fe&_add=%ff", headers=headers,
                                   content_type="application/x-www-form-urlencoded")  # fmt: skip
    yield (
        "repeated",
        client.post(address, data={"csrf_token": token, "f.bedomning": ["a", "b"], "f.niva": ["lag"] * 50}),
    )
    yield "a file", client.post(address, data={"csrf_token": token, "f.bedomning": (BytesIO(b"x"), "x.exe")})
    strange = {"f.": "", "f.barn.99999.namn": "x", "f.barn.-1": "y", "_add": "f.barn" * 9, "f.__class__": "z"}
    yield "odd names", client.post(address, data={"csrf_token": token, **strange})
    yield "many", client.post(address, data={"csrf_token": token, **{f"f.x{number}": "y" for number in range(5_000)}})
    yield (
        "a key that is none",
        client.post(address, data={"csrf_token": token, "_key": "../../etc/passwd", "f.niva": "x"}),
    )
    yield (
        "bytes",
        client.post(address, data=bytes(range(256)), content_type="application/octet-stream", headers=headers),
    )
    yield "no boundary", client.post(address, data=b"--x", content_type="multipart/form-data", headers=headers)


@pytest.mark.parametrize("user", ["anna", "carl"])
@pytest.mark.parametrize("address", POSTS)
def test_odd_requests_are_refused_and_complete_nothing(town: Town, address: str, user: str) -> None:
    town.app.testing = False
    town.app.config["PROPAGATE_EXCEPTIONS"] = False
    browser, item = town.browser(user), town.item()
    where = address.format(item=item.id, case=town.case_id)
    if user == "anna":
        browser.post(f"/uppgifter/{item.id}/ta")

    answers = dict(odd(browser.client, where, browser.token()))

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 500} == {}
    assert answers["no token"].status_code == 400
    assert town.item().id == item.id
    assert browser.get("/uppgifter").status_code == 200


def test_a_token_of_another_session_is_refused(town: Town) -> None:
    foreign = town.browser("bo").token()

    response = town.browser("anna").client.post(f"/uppgifter/{town.item().id}/ta", data={"csrf_token": foreign})

    assert response.status_code == 400
    assert town.item().assignee is None


def test_a_session_from_before_the_login_is_not_carried_into_it(town: Town) -> None:
    browser = town.browser()
    before = browser.token()
    browser.post("/logga-in", {"user": "anna"})

    assert browser.client.post("/logga-ut", data={"csrf_token": before}).status_code == 400
    assert re.search("Anna Norr", browser.text("/uppgifter"))
