"""The page about this installation."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
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
