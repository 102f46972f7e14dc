"""The editor's server side: what it checks, what it refuses, what it publishes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from engine.clock import LOCAL_ZONE, ManualClock
from forms.app import create_app
from forms.settings import Settings
from stegvis import Installation, open_installation

MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=LOCAL_ZONE)
PAGE = "/processer/overlamning"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    opened = open_installation(
        f"sqlite:///{tmp_path_factory.mktemp('editor') / 'town.sqlite'}", clock=ManualClock(MONDAY)
    )
    with opened.engine:
        yield opened


class Owner:
    """A process owner's requests, with the tokens that the page gives its script."""

    def __init__(self, room: Installation, user: str) -> None:
        settings = Settings(secret_key="not secret, for tests only", login_limit="1000 per minute")
        app = create_app(room.engine, room.families.roles, settings, calendar=room.calendar)
        self.client: FlaskClient = app.test_client()
        self.client.post("/logga-in", data={"user": user, "csrf_token": self.token("/logga-in")})

    def token(self, address: str) -> str:
        found = re.search(r'(?:name="csrf_token" value="|"csrf": ?")([^"]+)"', self.client.get(address).text)
        return found[1] if found else ""

    def diagram(self) -> str:
        return self.client.get(f"{PAGE}/diagram.bpmn").text

    def publish(self, **sent: object) -> tuple[int, dict[str, object]]:
        answer = self.client.post(
            f"{PAGE}/publicera", json=sent, headers={"X-CSRFToken": self.token("/processer/overlamning/redigera")}
        )
        return answer.status_code, answer.get_json()

    def check(self, xml: str) -> list[dict[str, str]]:
        headers = {"X-CSRFToken": self.token("/processer/overlamning/redigera")}
        found: list[dict[str, str]] = self.client.post(
            f"{PAGE}/kontrollera", data=xml.encode(), headers=headers
        ).get_json()["findings"]
        return found


@pytest.fixture
def owner(room: Installation) -> Owner:
    return Owner(room, "petra")


def latest(room: Installation) -> int:
    return room.engine.queries.versions("overlamning")[0].version


def test_the_published_diagram_has_no_findings(owner: Owner) -> None:
    assert owner.check(owner.diagram()) == []


def test_findings_name_the_element_and_what_to_do(owner: Owner) -> None:
    broken = owner.diagram().replace('candidateGroups="konsulent_am"', 'candidateGroups="trollkarl"', 1)

    (finding,) = owner.check(broken)

    assert finding["element"] == "ta_emot_overlamning"
    assert finding["name"] == "Ta emot överlämning"
    assert finding["severity"] == "error"
    assert "trollkarl" in finding["message"]
    assert finding["remedy"]


def test_what_is_no_xml_is_a_finding_and_no_crash(owner: Owner) -> None:
    (finding,) = owner.check("inte ett diagram")

    assert finding["severity"] == "error"


def test_a_diagram_with_errors_is_not_published(owner: Owner, room: Installation) -> None:
    before = latest(room)
    broken = owner.diagram().replace("today()", "i morgon(", 1)

    status, answer = owner.publish(xml=broken, note="Slarv", version=before)

    assert status == 422
    assert answer["findings"]
    assert latest(room) == before


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
def test_a_version_needs_a_note_of_sensible_length(owner: Owner, room: Installation, note: str) -> None:
    before = latest(room)
    changed = owner.diagram().replace("Håll flerpartsmöte", "Håll möte")

    status, _answer = owner.publish(xml=changed, note=note, version=before)

    assert status == 422
    assert latest(room) == before


def test_an_unchanged_diagram_is_nothing_to_publish(owner: Owner, room: Installation) -> None:
    before = latest(room)

    status, answer = owner.publish(xml=owner.diagram(), note="Inget", version=before)

    assert status == 422
    assert "oförändrat" in str(answer["message"])
    assert latest(room) == before


@pytest.mark.parametrize(
    "sent", [{}, {"xml": 1, "note": "n", "version": 1}, {"xml": "<a/>", "note": "n", "version": True}]
)
def test_what_cannot_be_read_is_refused(owner: Owner, sent: dict[str, object]) -> None:
    status, _answer = owner.publish(**sent)

    assert status == 422


def test_the_note_author_and_version_are_kept_and_an_older_base_is_a_conflict(owner: Owner, room: Installation) -> None:
    before = latest(room)
    changed = owner.diagram().replace("Håll flerpartsmöte", "Håll trepartsmöte")

    status, answer = owner.publish(xml=changed, note=" Tre parter räcker ", version=before)
    again, refusal = owner.publish(xml=changed.replace("trepartsmöte", "möte"), note="Sent", version=before)

    assert (status, answer["version"]) == (200, before + 1)
    release = next(each for each in room.engine.queries.releases() if each.number == answer["release"])
    assert (release.author, release.note) == ("Petra Wall", "Tre parter räcker")
    assert again == 409
    assert refusal["version"] == before + 1
    assert latest(room) == before + 1


def test_a_version_that_never_was_is_not_found(owner: Owner) -> None:
    for address in (
        f"{PAGE}/redigera?version=99",
        f"{PAGE}/redigera?version=x",
        f"{PAGE}?version=99",
        f"{PAGE}?version=-1",
    ):
        assert owner.client.get(address).status_code == 404, address


def test_scripts_stay_strict_where_the_editor_may_style_itself(owner: Owner) -> None:
    policy = owner.client.get(f"{PAGE}/redigera").headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy
    assert policy.count("unsafe-inline") == 1


@pytest.mark.parametrize("address", ["redigera", "diagram.bpmn"])
def test_others_get_neither_page_nor_file(room: Installation, address: str) -> None:
    assert Owner(room, "hanna").client.get(f"{PAGE}/{address}").status_code == 403
