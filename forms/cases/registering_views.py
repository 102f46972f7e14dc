"""The page on which a person registers news about a case."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Conflict, NotFound
from engine.store.rows import CaseRow, Paging
from forms.backend import actor, backend, viewer
from forms.cases.registering import Registration, registrations
from forms.i18n import gettext as _
from forms.pages import page
from forms.schema.raw import RawAnswers
from forms.schema.view import FormView
from forms.tasks.answering import Answering
from forms.tasks.sent import answers_with_rows, new_key, pressed_row_button, sent_answers, sent_key

blueprint = Blueprint("news", __name__, url_prefix="/arenden/<case_id>/handelser/<process_id>/<element_id>")
NOT_KEPT = timedelta(0)
"""News that nobody waits for any more is told to whoever registers it, not kept for later."""


@blueprint.get("")
def form(case_id: str, process_id: str, element_id: str) -> Response:
    """The form of one piece of news."""
    case, wanted = _find(case_id, process_id, element_id)
    return _page(case, wanted, _answering(case_id, wanted, None).shown())


@blueprint.post("")
def register(case_id: str, process_id: str, element_id: str) -> AnyResponse:
    """Send the news into the case."""
    (case, wanted), key = _find(case_id, process_id, element_id), sent_key()
    if pressed_row_button():
        return _page(case, wanted, _answering(case_id, wanted, answers_with_rows()).shown())
    answering = _answering(case_id, wanted, sent_answers())
    if answering.filled.problems:
        return _page(case, wanted, answering.judged(), status=422)
    outcome = backend().engine.correlate(
        wanted.message,
        wanted.key,
        {**answering.filled.values, "arendeId": case_id},
        message_id=key and f"{case_id}:{process_id}:{element_id}:{actor().id}:{key}",
        ttl=NOT_KEPT,
        actor=actor(),
    )
    if not outcome.instances and not outcome.duplicate:
        raise Conflict(_("Ärendet väntar inte längre på det här."))
    flash(_("Registrerat: %(name)s.", name=wanted.name), "ok")
    return redirect(url_for("cases.case", case_id=case_id))


def _find(case_id: str, process_id: str, element_id: str) -> tuple[CaseRow, Registration]:
    view = backend().engine.queries.case_view(viewer(), case_id, Paging(1, 1), purpose="register")
    offered = registrations(view.case, view.instances)
    found = [each for each in offered if (each.process_id, each.element.id) == (process_id, element_id)]
    if not found:
        raise NotFound()
    return view.case, found[0]


def _answering(case_id: str, wanted: Registration, raw: RawAnswers | None) -> Answering:
    source = backend().engine.queries.form(wanted.form_id, release=wanted.release)
    return Answering.of(source, {"arendeId": case_id}, raw, case_id)


def _page(case: CaseRow, wanted: Registration, view: FormView, status: int = 200) -> Response:
    return page("cases/register.html", status=status, case=case, wanted=wanted, form=view, key=sent_key() or new_key())
