"""Whether this process lives, whether it can serve, and its metrics; nothing of this says anything about a case."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address

from flask import Blueprint, Response, abort, jsonify, request

from engine.errors import StegvisError
from engine.operations import Pulse, pulse
from engine.store.states import RunState
from forms.backend import backend
from forms.request_reports import Watch

LATE = timedelta(seconds=60)
"""How late timers and jobs may be before somebody should look."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Warned:
    """Something that needs looking after, although pages are served."""

    code: str
    seconds: int | None = None
    count: int | None = None
    work: str | None = None

    def as_dict(self) -> dict[str, str | int]:
        """Only what is said."""
        told = {"code": self.code, "seconds": self.seconds, "count": self.count, "work": self.work}
        return {name: value for name, value in told.items() if value is not None}


def health_blueprint(watch: Watch) -> Blueprint:
    """The addresses that machines ask; they need no login."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        """200 as long as this process answers; asks nothing of the database."""
        return jsonify({"status": "ok"})

    @blueprint.get("/readyz")
    def ready() -> Response:
        """200 while the database answers and has a schema that is known, else 503; details for those who may know."""
        try:
            backend().engine.database.require_schema()
            found = pulse(backend().engine) if may_read_metrics() else None  # strangers cost no counting
        except StegvisError as error:
            logger.error("not ready", extra={"code": error.code})
            return _answer(503, {"status": "unavailable"}, {"code": error.code})
        told = [] if found is None else [each.as_dict() for each in warnings(found)]
        return _answer(200, {"status": "ok"}, {"warnings": told})

    @blueprint.get("/metrics")
    def metrics() -> Response:
        """The metrics, for those who may read them."""
        exposition = watch.exposition() if may_read_metrics() else None
        if exposition is None:
            abort(404)
        return Response(exposition, content_type=METRICS_TYPE)

    return blueprint


def warnings(found: Pulse) -> list[Warned]:
    """What somebody should look at."""
    told = [] if found.somebody_works else [Warned("NOBODY_WORKS")]
    if found.timer_lag > LATE:
        told.append(Warned("TIMERS_LATE", round(found.timer_lag.total_seconds()), found.timers.due))
    if found.job_lag > LATE:
        told.append(Warned("JOBS_LATE", round(found.job_lag.total_seconds())))
    for each in found.recurring:
        if each.latest is not None and each.latest.state in (RunState.FAILED, RunState.INTERRUPTED):
            told.append(Warned("RECURRING_FAILED", work=each.work.name))
    return told


def may_read_metrics() -> bool:
    """Whether whoever asks has the token, or sits in a network that needs none."""
    settings = backend().settings
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.metrics_token and hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
        return True
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in network for network in settings.metrics_networks)


def _answer(status: int, told: dict[str, str], details: dict[str, object]) -> Response:
    response = jsonify({**told, **details} if may_read_metrics() else told)
    response.status_code = status
    return response
