"""News about what belongs to no case, such as an agreement: what a process waits for, offered on the process's page."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import NotFound
from forms.backend import backend, viewer
from forms.cases.registering import Registration, awaited
from forms.cases.registration_page import Place, send, show
from forms.wording.moments import day

blueprint = Blueprint(
    "standing_news", __name__, url_prefix="/processer/<process_id>/pagaende/<instance_id>/handelser/<element_id>"
)


@blueprint.get("")
def form(process_id: str, instance_id: str, element_id: str) -> Response:
    """The form of one piece of news."""
    return show(*_find(process_id, instance_id, element_id))


@blueprint.post("")
def register(process_id: str, instance_id: str, element_id: str) -> AnyResponse:
    """Send the news to who waits for it."""
    return send(*_find(process_id, instance_id, element_id))


def standing_registrations(process_id: str) -> list[Registration]:
    """What the reader may register about running instances of a process that belong to no case, by what it is about."""
    instances = backend().engine.queries.standing_alone(viewer(), process_id)
    return sorted(awaited(instances), key=lambda each: (each.name, each.about, each.since, each.instance_id or ""))


def _find(process_id: str, instance_id: str, element_id: str) -> tuple[Place, Registration]:
    offered = standing_registrations(process_id)
    found = [each for each in offered if (each.instance_id, each.element.id) == (instance_id, element_id)]
    if not found:
        raise NotFound()
    return _place(found[0], instance_id), found[0]


def _place(wanted: Registration, instance_id: str) -> Place:
    back = url_for("processes.process", process_id=wanted.process_id)
    where = {"process_id": wanted.process_id, "instance_id": instance_id, "element_id": wanted.element.id}
    return Place(
        crumbs=((_("Processer"), url_for("processes.processes")), (wanted.process_name, back), (wanted.name, None)),
        about=" · ".join(each for each in (wanted.process_name, wanted.about, _since(wanted)) if each),
        action=url_for("standing_news.register", **where),
        back=back,
        identity=instance_id,
    )


def _since(wanted: Registration) -> str:
    return "" if wanted.since is None else _("sedan %(when)s", when=day(wanted.since))
