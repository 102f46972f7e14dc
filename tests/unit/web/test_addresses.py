"""Addresses are those of Flask's own `url_for`, whatever is put in them."""

from __future__ import annotations

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

from forms.addresses import address, file_address, set_up_addresses

ASKED: list[tuple[str, dict[str, object]]] = [
    ("home", {}),
    ("task", {"item_id": "9f2c"}),
    ("task", {"item_id": "9f2c", "flik": "mina"}),
    ("task", {"flik": "mina", "item_id": "a.b~c_d-e"}),
    ("task", {"item_id": "å/{0} ?"}),
    ("task", {"item_id": "{}"}),
    ("home", {"sok": "Åsa & Bo", "sida": "2"}),
    ("home", {"sok": "", "sida": None}),
    ("home", {"sida": 3}),
    ("home", {"sida": ["1", "2"]}),
    ("home", {"_anchor": "om", "flik": "mina"}),
    ("home", {"_external": True}),
    ("release", {"number": 7}),
    ("release", {"number": "7"}),
    ("static", {"filename": "css/base.css", "v": "abc"}),
    ("two", {"which": "a"}),
    ("two", {"which": "b"}),
]


def _view(**_values: object) -> str:
    return ""


@pytest.fixture
def app() -> Flask:
    found = Flask(__name__)
    set_up_addresses(found)
    for rule, endpoint in (
        ("/", "home"),
        ("/uppgifter/<item_id>", "task"),
        ("/releaser/<int:number>", "release"),
        ("/a", "two"),
        ("/val/<which>", "two"),
    ):
        defaults = {"which": "a"} if rule == "/a" else None
        found.add_url_rule(rule, endpoint, view_func=_view, defaults=defaults)
    return found


@pytest.mark.parametrize("mounted", ["", "/stegvis"])
def test_addresses_are_those_that_flask_gives(app: Flask, mounted: str) -> None:
    # given pages that are mounted at the root or below it
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": mounted}):
        for _ in range(2):  # the first time a shape is learnt, the second it is known
            for endpoint, values in ASKED:
                # when an address is asked for, then it is the one that Flask builds
                assert address(endpoint, **values) == url_for(endpoint, **values)
        assert file_address("css/base.css", "1a") == url_for("static", filename="css/base.css", v="1a")


def test_the_same_application_may_be_mounted_in_two_places(app: Flask) -> None:
    found = []
    for mounted in ("", "/stegvis", ""):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": mounted}):
            found.append((address("task", item_id="1"), file_address("a.js", "2")))
    assert found == [
        ("/uppgifter/1", "/static/a.js?v=2"),
        ("/stegvis/uppgifter/1", "/stegvis/static/a.js?v=2"),
        ("/uppgifter/1", "/static/a.js?v=2"),
    ]


def test_what_flask_refuses_is_refused(app: Flask) -> None:
    with app.test_request_context("/"):
        for _ in range(2):
            with pytest.raises(BuildError):
                address("task")
            with pytest.raises(BuildError):
                address("nowhere", item_id="1")
