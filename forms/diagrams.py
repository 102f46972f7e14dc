"""What the browser's viewer is given to draw a diagram; each page says the same in a table."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from forms.backend import backend
from forms.cases.standing import Standing

VIEWER_SCRIPT, VIEWER_STYLES = "dist/viewer.js", "dist/viewer.css"
_MARKS = {"task": "active", "incident": "incident"}


def diagram(digest: str) -> str:
    """The XML of a published diagram."""
    return backend().engine.queries.content(digest).decode("utf-8")


def token_mark(place: Standing) -> dict[str, str]:
    """A token as the viewer marks it."""
    return {"element": place.token.element_id, "kind": _MARKS.get(place.kind, "waiting"), "label": ""}


def viewer_files() -> tuple[str, str] | None:
    """Script and style sheet of the viewer; None where the front end was never built."""
    folder = Path(current_app.static_folder or "")
    return (VIEWER_SCRIPT, VIEWER_STYLES) if (folder / VIEWER_SCRIPT).exists() else None
