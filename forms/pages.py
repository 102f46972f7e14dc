"""Answering with a page, or with problem+json where one of our scripts asked."""

from __future__ import annotations

from flask import Response, jsonify, make_response, render_template, request

from forms.i18n import language
from forms.rendering import template


def page(name: str, *, status: int = 200, **context: object) -> Response:
    """The template of that name, rendered in the reader's language, as a response."""
    response = make_response(render_template(template(name), **context), status)
    response.headers["Content-Language"] = language()
    return response


def wants_json() -> bool:
    """Whether one of our scripts asked, not a person."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def problem(status: int, code: str, detail: str) -> Response:
    """A problem as scripts read it (RFC 9457)."""
    response = jsonify({"status": status, "code": code, "detail": detail})
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
