"""Rendering a page with its status."""

from __future__ import annotations

from flask import Response, make_response, render_template

from forms.i18n import language


def page(template: str, *, status: int = 200, **context: object) -> Response:
    """The rendered template as a response."""
    response = make_response(render_template(template, **context), status)
    response.headers["Content-Language"] = language()
    return response


