"""What a reverse proxy says of a request is believed of as many proxies as are configured, and of no more."""

from __future__ import annotations

import dataclasses

from flask import request

from forms.app import create_app
from tests.integration.forms.town import Town
from timers.calendar import WorkingCalendar

FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "stegvis.example.org", "X-Forwarded-For": "192.0.2.7"}


def addressed(town: Town, hops: int) -> str:
    """The address that an application behind so many proxies is asked at, and by whom."""
    settings = dataclasses.replace(town.settings, proxy_hops=hops)
    app = create_app(town.engine, town.roles, settings, calendar=WorkingCalendar())
    seen: list[str] = []
    app.before_request(lambda: seen.append(f"{request.url_root} {request.remote_addr}"))
    app.test_client().get("/om", headers=FORWARDED)
    return seen[0]


def test_one_proxy_is_believed(town: Town) -> None:
    assert addressed(town, 1) == "https://stegvis.example.org/ 192.0.2.7"


def test_without_proxies_their_headers_say_nothing(town: Town) -> None:
    assert addressed(town, 0) == "http://localhost/ 127.0.0.1"
