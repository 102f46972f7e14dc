"""Addresses of our own pages, quicker than the routing map builds them: a page has some fifty."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flask import Flask, current_app, g, has_request_context, request, url_for
from werkzeug.routing import BuildError

EXTENSION = "stegvis.addresses"
_PLAIN = re.compile(r"[0-9A-Za-z._~-]+")
"""What stands in an address as it is, in a path as in a query."""
_PLACE = "plats0{}0slut"


@dataclass(frozen=True)
class _Known:
    """What is known of an application mounted in one place: its routes do not change while it runs."""

    shapes: dict[tuple[str, tuple[str, ...]], str | None] = field(default_factory=dict)
    files: dict[tuple[str, str], str] = field(default_factory=dict)


def set_up_addresses(app: Flask) -> None:
    """Let templates build addresses here too."""
    app.extensions[EXTENSION] = {}
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values: object) -> str:
    """As Flask's `url_for`, which answers where anything but plain texts is given."""
    for value in values.values():
        if type(value) is not str or _PLAIN.fullmatch(value) is None:
            return url_for(endpoint, **values)  # type: ignore[arg-type]
    if not has_request_context():
        return url_for(endpoint, **values)  # type: ignore[arg-type]
    shapes, names = _known().shapes, tuple(values)
    if (endpoint, names) not in shapes:
        shapes[endpoint, names] = _shape(endpoint, names)
    shape = shapes[endpoint, names]
    return url_for(endpoint, **values) if shape is None else shape.format(*values.values())  # type: ignore[arg-type]


def file_address(name: str, version: str) -> str:
    """The address of a file of ours in a version."""
    files = _known().files
    if (name, version) not in files:
        files[name, version] = url_for("static", filename=name, v=version)
    return files[name, version]


def _known() -> _Known:
    found: _Known | None = g.get("addresses")
    if found is None:
        mounted: dict[str, _Known] = current_app.extensions[EXTENSION]
        found = g.addresses = mounted.setdefault(request.environ.get("SCRIPT_NAME", ""), _Known())
    return found


def _shape(endpoint: str, names: tuple[str, ...]) -> str | None:
    """The address with a place for each value; None where the values may decide more than what stands there."""
    if endpoint.startswith(".") or any(name.startswith("_") for name in names):
        return None
    if endpoint not in current_app.view_functions or len(list(current_app.url_map.iter_rules(endpoint))) != 1:
        return None
    places = [_PLACE.format(index) for index in range(len(names))]
    try:
        built = url_for(endpoint, **dict(zip(names, places, strict=True)))  # type: ignore[arg-type]
    except (BuildError, ValueError):
        return None  # a place that takes numbers only, or one without a value: Flask says so when it is asked
    shape = built.replace("{", "{{").replace("}", "}}")
    for index, place in enumerate(places):
        if shape.count(place) != 1:
            return None
        shape = shape.replace(place, f"{{{index}}}")
    return shape
