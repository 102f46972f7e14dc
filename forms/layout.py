"""What every page shares: navigation, icons, filters of the templates."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, current_app, request
from flask_babel import gettext as _
from markupsafe import Markup

from forms.addresses import address, file_address
from forms.backend import backend, may
from forms.diagrams import viewer_files
from forms.schema.markup import html_of_markdown
from forms.wording import moments, names
from forms.wording.due import Due, due_words
from forms.wording.elements import element_kind
from forms.wording.help import help_text
from forms.wording.problems import problem_words
from forms.wording.schedules import schedule_words
from processes.roles import Permission

EDITOR_ENDPOINT = "editor.edit"
"""The editor's page of one process, as its blueprint names it."""


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the main menu."""

    label: str
    address: str
    icon: str
    current: bool


def set_up_layout(app: Flask) -> None:
    """Give templates their filters and globals."""
    sprite = _version(f"{app.static_folder}/icons.svg")
    filters: dict[str, Callable[..., object]] = {
        "day": moments.day,
        "moment": moments.moment,
        "deadline": moments.deadline,
        "deadline_day": moments.deadline_day,
        "long_day": moments.long_day,
        "machine": moments.machine,
        "week": moments.week,
        "clock_time": moments.clock_time,
        "role_name": names.role_name,
        "person_name": names.person_name,
        "element_kind": element_kind,
        "unit_name": names.unit_name,
        "organisation_name": names.organisation_name,
        "case_state": names.case_state,
        "instance_state": names.instance_state,
        "work_item_state": names.work_item_state,
        "problem_words": problem_words,
        "schedule_words": schedule_words,
        "markdown": html_of_markdown,
        "help_text": help_text,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(
        navigation=navigation,
        due=due,
        icon=lambda name: icon(name, sprite),
        static_file=lambda name: static_file(app, name),
        in_language=names.in_language,
        may=lambda permission: may(Permission(permission)),
        site=lambda: backend().settings,
        viewer_files=viewer_files,
        editor_address=editor_address,
        here=lambda: request.full_path.rstrip("?"),
        now=lambda: backend().now(),
    )


def navigation() -> list[NavigationItem]:
    """The main menu."""
    entries = [
        (_("Uppgifter"), "tasks.inbox", "inbox"),
        (_("Ärenden"), "cases.cases", "folder"),
        (_("Processer"), "processes.processes", "flow"),
    ]
    if may(Permission.OPERATE):
        entries.append((_("Drift"), "operations.overview", "pulse"))
    if may(Permission.CHANGE_PARAMETERS):
        entries.append((_("Parametrar"), "parameters.parameters", "sliders"))
    room = (request.endpoint or "").split(".")[0]
    return [
        NavigationItem(label, address(endpoint), symbol, room == endpoint.split(".")[0])
        for label, endpoint, symbol in entries
    ]


def due(due_at: datetime | None) -> Due:
    """A due time in words."""
    return due_words(due_at, backend().now(), backend().calendar)


def editor_address(process_id: str) -> str | None:
    """Where the reader may edit a process; None where they may not, or no editor is installed."""
    if EDITOR_ENDPOINT not in current_app.view_functions or not may(Permission.EDIT_PROCESSES):
        return None
    return address(EDITOR_ENDPOINT, process_id=process_id)


def icon(name: str, version: str) -> Markup:
    """A drawing from our own sprite; silent for screen readers, as words always stand beside it."""
    return _drawing(name, file_address("icons.svg", version))


@lru_cache(maxsize=256)
def _drawing(name: str, sprite: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>').format(
        sprite, name
    )


def static_file(app: Flask, name: str) -> str:
    """The address of a file of ours; it changes when the file does, so that no browser keeps an old one."""
    return file_address(name, _version(f"{app.static_folder}/{name}"))


def _version(path: str) -> str:
    try:
        stamp = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        stamp = 0
    known = _VERSIONS.get(path)
    if known is None or known[0] != stamp:
        known = (stamp, sha256(Path(path).read_bytes()).hexdigest()[:12] if stamp else "0")
        _VERSIONS[path] = known
    return known[1]


_VERSIONS: dict[str, tuple[int, str]] = {}
