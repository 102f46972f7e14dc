"""The page on which a person registers news about a case."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import NotFound
from engine.store.rows import CaseRow, Paging
from forms.backend import backend, viewer
from forms.cases.registering import Registration, registrations
from forms.cases.registration_page import Place, send, show

blueprint = Blueprint("news", __name__, url_prefix="/arenden/<case_id>/handelser/<process_id>/<element_id>")


@blueprint.get("")
def form(case_id: str, process_id: str, element_id: str) -> Response:
    """The form of one piece of news."""
    return show(*_find(case_id, process_id, element_id))


@blueprint.post("")
def register(case_id: str, process_id: str, element_id: str) -> AnyResponse:
    """Send the news into the case."""
    return send(*_find(case_id, process_id, element_id))


def _find(case_id: str, process_id: str, element_id: str) -> tuple[Place, Registration]:
    view = backend().engine.queries.case_view(viewer(), case_id, Paging(1, 1), purpose="register")
    offered = registrations(view.case, view.instances)
    found = [each for each in offered if (each.process_id, each.element.id) == (process_id, element_id)]
    if not found:
        raise NotFound()
    return _place(view.case, found[0]), found[0]


def _place(case: CaseRow, wanted: Registration) -> Place:
    back = url_for("cases.case", case_id=case.id)
    where = {"case_id": case.id, "process_id": wanted.process_id, "element_id": wanted.element.id}
    return Place(
        crumbs=((_("Ärenden"), url_for("cases.cases")), (case.reference, back), (wanted.name, None)),
        about=f"{wanted.process_name} · {_('ärende %(reference)s', reference=case.reference)}",
        action=url_for("news.register", **where),
        back=back,
        identity=case.id,
        case_id=case.id,
    )
