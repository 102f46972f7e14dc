"""The room of those who run the installation: one blueprint, closed to everybody else."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _

from engine.errors import Forbidden, InvalidInput
from engine.slowness import Usual
from engine.store.rows import Paging
from forms.backend import backend, may
from processes.roles import Permission

PAGE_SIZE = 25
EXTENSION = "stegvis-usual"

blueprint = Blueprint("operations", __name__, url_prefix="/drift")


@blueprint.before_request
def require_permission() -> None:
    """Nobody enters who may not operate the engine."""
    if not may(Permission.OPERATE):
        raise Forbidden(_("Sidorna om driften är för dem som sköter systemet."))


@dataclass(frozen=True)
class RoomLink:
    """One page of the room, in its menu."""

    label: str
    address: str
    current: bool


def room_links() -> list[RoomLink]:
    """The pages of the room."""
    entries = [
        (_("Översikt"), "overview", ("overview",)),
        (_("Incidenter"), "incidents", ("incidents", "cause", "incident", "ask_retry_all", "bulk", "instance")),
        (_("Jobb"), "jobs", ("jobs",)),
        (_("Tidur"), "timers", ("timers",)),
        (_("Väntar länge"), "stuck", ("stuck",)),
        (_("Återkommande"), "recurring", ("recurring", "recurring_work", "ask_run")),
        (_("Utgåvor"), "releases", ("releases", "release")),
        (_("Flöde"), "flow", ("flow",)),
    ]
    here = (request.endpoint or "").rpartition(".")[2]
    return [RoomLink(label, url_for(f"operations.{name}"), here in names) for label, name, names in entries]


def page_asked() -> Paging:
    """Which page of a list the address names."""
    text = request.args.get("sida") or "1"
    if not text.isascii() or not text.isdigit() or len(text) > 6 or int(text) < 1:
        raise InvalidInput(_("Sidan i adressen är inget sidnummer."))
    return Paging(int(text), PAGE_SIZE)


def usual() -> Usual:
    """What elements usually take, kept for this application."""
    known = current_app.extensions.get(EXTENSION)
    if not isinstance(known, Usual):
        known = current_app.extensions[EXTENSION] = Usual(backend().engine)
    return known
