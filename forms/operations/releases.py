"""Releases: who published what, when and why, and what changed."""

from __future__ import annotations

from flask import Response, url_for

from engine.errors import NotFound
from engine.operations import release_changes
from engine.store.rows import COUNT_BOUND, Page
from forms.backend import backend
from forms.operations.room import blueprint, page_asked
from forms.pages import page


@blueprint.get("/utgavor")
def releases() -> Response:
    """Every release, latest first."""
    everything, paging = backend().engine.queries.releases(), page_asked()
    shown = tuple(everything[paging.offset : paging.offset + paging.size])
    found = Page(shown, paging, min(len(everything), COUNT_BOUND))
    return page(
        "operations/releases.html", page=found, page_link=lambda other: url_for("operations.releases", sida=other)
    )


@blueprint.get("/utgavor/<int:number>")
def release(number: int) -> Response:
    """One release with what it changed."""
    found = next((each for each in backend().engine.queries.releases() if each.number == number), None)
    if found is None:
        raise NotFound
    return page("operations/release.html", release=found, changes=release_changes(backend().engine, number))
