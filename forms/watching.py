"""Each request has an id and is told of when it is answered: for logs, metrics and traces."""

from __future__ import annotations

import re
import secrets
from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

from forms.request_reports import RequestReport, Watch
from forms.settings import Settings

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")


def set_up_watching(app: Flask, settings: Settings, watch: Watch) -> None:
    """Give each request its id (that of the proxy before us, where there is one) and tell `watch` of it."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "") if settings.proxy_hops else ""
        g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        g.begun = perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)
        watch.request_began(g.request_id, _endpoint())

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        actor = current_user.get_id() if current_user and current_user.is_authenticated else None
        seconds = perf_counter() - g.begun
        watch.request_ended(
            RequestReport(g.request_id, _endpoint(), request.method, response.status_code, seconds, actor)
        )
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()  # what this thread does next is no part of the request


def request_id() -> str:
    """The id of the request that is being answered."""
    return str(g.request_id)


def _endpoint() -> str:
    return request.endpoint or "none"
