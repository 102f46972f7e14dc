"""What machines ask: is it alive, can it serve, how does it do; and what strangers are not told."""

from __future__ import annotations

import dataclasses
import socket
from datetime import timedelta
from ipaddress import ip_network
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask

from commands.observing.metrics import Metrics
from engine.engine import Engine
from engine.errors import InvalidInput, StoreUnavailable
from engine.workers import WorkerKind, beat, this_process
from forms.app import create_app
from tests.integration.forms.town import Town, build_town
from timers.calendar import WorkingCalendar

TOKEN = "en-nyckel-som-är-lång-nog"
GIVEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def town() -> Any:
    """A town of one case."""
    built = build_town()
    yield built
    built.engine.close()


def application(town: Town, **settings: Any) -> Flask:
    """The town's pages with metrics of their own."""
    metrics = Metrics("1.2.3")
    metrics.watch_store(town.engine)
    town.engine.observer = metrics
    chosen = dataclasses.replace(town.settings, metrics_token=TOKEN, **settings)
    return create_app(town.engine, town.roles, chosen, calendar=WorkingCalendar(), watch=metrics)


def away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database does not answer any more."""

    def unavailable(*_arguments: object, **_more: object) -> Any:
        raise StoreUnavailable("postgresql://hemlig@10.1.2.3 is away")

    monkeypatch.setattr(engine.database, "reading", unavailable)


def test_a_stranger_hears_that_it_lives_and_serves_and_nothing_else(town: Town) -> None:
    browser = application(town).test_client()

    assert browser.get("/healthz").json == {"status": "ok"}
    assert browser.get("/readyz").json == {"status": "ok"}
    assert browser.get("/metrics").status_code == 404


def test_without_its_database_it_lives_and_cannot_serve(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = application(town).test_client()
    away(town.engine, monkeypatch)

    assert browser.get("/healthz").status_code == 200
    stranger, known = browser.get("/readyz"), browser.get("/readyz", headers=GIVEN)
    assert (stranger.status_code, stranger.json) == (503, {"status": "unavailable"})
    assert (known.status_code, known.json) == (503, {"status": "unavailable", "code": "STORE_UNAVAILABLE"})
    assert b"stegvis_database_up 0.0" in browser.get("/metrics", headers=GIVEN).data


def test_what_is_late_is_a_warning_to_those_who_may_know(town: Town) -> None:
    browser = application(town).test_client()
    town.clock.advance(timedelta(days=3, minutes=5))
    me = this_process(WorkerKind.WORKER)
    before = browser.get("/readyz", headers=GIVEN).json
    beat(town.engine, me, timedelta(minutes=1))

    told = browser.get("/readyz", headers=GIVEN).json

    late = {"code": "TIMERS_LATE", "seconds": 300, "count": 1}
    assert before == {"status": "ok", "warnings": [{"code": "NOBODY_WORKS"}, late]}
    assert told == {"status": "ok", "warnings": [late]}


@pytest.mark.parametrize(
    ("headers", "networks", "status"),
    [
        (GIVEN, (), 200),
        ({"Authorization": "Bearer wrong"}, (), 404),
        ({"Authorization": f"Bearer {TOKEN}x"}, (), 404),
        ({}, ("127.0.0.0/8",), 200),
        ({}, ("10.0.0.0/8", "::/0"), 404),
    ],
)
def test_metrics_are_for_those_with_the_token_or_in_the_network(
    town: Town, headers: dict[str, str], networks: tuple[str, ...], status: int
) -> None:
    allowed = tuple(ip_network(each) for each in networks)

    found = application(town, metrics_networks=allowed).test_client().get("/metrics", headers=headers)

    assert found.status_code == status


def test_the_metrics_tell_what_was_done_and_how_the_store_stands(town: Town) -> None:
    app = application(town)
    browser = app.test_client()
    town.open_case("2026-0002", "norr")
    town.clock.advance(timedelta(days=4))
    browser.get("/om")

    told = browser.get("/metrics", headers=GIVEN).text

    for line in (
        'stegvis_info{version="1.2.3"} 1.0',
        'stegvis_commands_total{command="start",outcome="done"} 1.0',
        'stegvis_command_seconds_count{command="start"} 1.0',
        'stegvis_web_requests_total{endpoint="about.about",status="200"} 1.0',
        "stegvis_work_items_open 2.0",
        "stegvis_work_items_overdue 2.0",
        "stegvis_timers_due 2.0",
        "stegvis_timer_lag_seconds 86400.0",
        "stegvis_dispatcher_lag_seconds 86400.0",
        "stegvis_incidents_open 0.0",
        'stegvis_processes{kind="worker"} 0.0',
        'stegvis_instances{state="active"} 2.0',
        "stegvis_database_up 1.0",
    ):
        assert line in told.splitlines(), line
    assert "2026-0002" not in told


def test_the_stores_counts_are_kept_for_some_seconds(town: Town) -> None:
    browser = application(town).test_client()
    browser.get("/metrics", headers=GIVEN)
    town.open_case("2026-0002", "norr")

    assert "stegvis_work_items_open 1.0" in browser.get("/metrics", headers=GIVEN).text


def test_each_answer_bears_the_id_that_its_lines_bear(town: Town) -> None:
    own = application(town).test_client().get("/om", headers={"X-Request-ID": "given-by-a-stranger"})
    behind = application(town, proxy_hops=1).test_client()
    given = behind.get("/om", headers={"X-Request-ID": "given-by-the-proxy"})
    odd = behind.get("/om", headers={"X-Request-ID": "<script>"})

    assert own.headers["X-Request-ID"].isalnum()
    assert given.headers["X-Request-ID"] == "given-by-the-proxy"
    assert odd.headers["X-Request-ID"].isalnum()


def test_a_process_without_pages_gives_its_metrics_at_an_address_of_their_own(town: Town) -> None:
    metrics = Metrics("1.2.3")
    metrics.watch_store(town.engine)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.listen()
        with pytest.raises(InvalidInput), metrics.served("127.0.0.1", port):
            pass

    with metrics.served("127.0.0.1", port), urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        assert b"stegvis_work_items_open 1.0" in answer.read()
