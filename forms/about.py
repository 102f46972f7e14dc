"""The page about this installation, and the address that tells whether it lives."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.backend import backend
from forms.pages import page

blueprint = Blueprint("about", __name__)


@blueprint.get("/")
def home() -> AnyResponse:
    """The inbox is where work begins."""
    return redirect(url_for("tasks.inbox"))


@blueprint.get("/om")
def about() -> AnyResponse:
    """Version, and the accessibility statement."""
    return page("about.html", version=backend().settings.version)


@blueprint.get("/healthz")
def health() -> Response:
    """200 while the database answers; nothing else is told to strangers."""
    backend().engine.queries.releases()
    return jsonify({"status": "ok"})
