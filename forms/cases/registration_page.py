"""The page of one piece of news: its form, filled in, confirmed where it cannot be taken back, and sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Response, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Conflict
from forms.backend import actor, backend
from forms.cases.registering import Registration
from forms.pages import page
from forms.schema.raw import PREFIX, ROWS, SHOWN, RawAnswers
from forms.schema.view import FormView
from forms.tasks.answering import Answering
from forms.tasks.pages import typed_answers
from forms.tasks.sent import answers_with_rows, new_key, pressed_row_button, sent_answers, sent_key

NOT_KEPT = timedelta(0)
"""News that nobody waits for any more is told to whoever registers it, not kept for later."""
CONFIRMED, CHANGED = "_confirmed", "_changed"
"""The buttons of the confirmation: send it, or go back to the form."""


@dataclass(frozen=True)
class Place:
    """Where news is registered: in a case, or in a process that belongs to none."""

    crumbs: tuple[tuple[str, str | None], ...]
    about: str
    action: str
    """The address of the form."""
    back: str
    """Where one comes afterwards."""
    identity: str
    """Tells the place from all others: the same page sent twice is registered once."""
    case_id: str | None = None


def show(place: Place, wanted: Registration) -> Response:
    """The empty form."""
    return _page(place, wanted, _answering(place, wanted, None).shown())


def send(place: Place, wanted: Registration) -> AnyResponse:
    """Register what was filled in, once it is whole and, where the diagram asks for it, confirmed."""
    if pressed_row_button():
        return _page(place, wanted, _answering(place, wanted, answers_with_rows()).shown())
    answering = _answering(place, wanted, sent_answers())
    if answering.filled.problems:
        return _page(place, wanted, answering.judged(), status=422)
    if CHANGED in request.form:
        return _page(place, wanted, answering.shown())
    if wanted.confirmation and CONFIRMED not in request.form:
        return _confirmation(place, wanted, answering)
    _correlate(place, wanted, answering)
    flash(_("Registrerat: %(name)s.", name=wanted.name), "ok")
    return redirect(place.back)


def _correlate(place: Place, wanted: Registration, answering: Answering) -> None:
    key = sent_key()
    case = {} if place.case_id is None else {"arendeId": place.case_id}
    outcome = backend().engine.correlate(
        wanted.message,
        wanted.key,
        {**answering.filled.values, **case},
        message_id=key and f"{place.identity}:{wanted.process_id}:{wanted.element.id}:{actor().id}:{key}",
        ttl=NOT_KEPT,
        actor=actor(),
    )
    if not outcome.instances and not outcome.duplicate:
        raise Conflict(
            _("Ärendet väntar inte längre på det här.") if place.case_id else _("Ingen väntar längre på det här.")
        )


def _answering(place: Place, wanted: Registration, raw: RawAnswers | None) -> Answering:
    source = backend().engine.queries.form(wanted.form_id, release=wanted.release)
    known = {} if place.case_id is None else {"arendeId": place.case_id}
    return Answering.of(source, known, raw, place.case_id)


def _page(place: Place, wanted: Registration, view: FormView, status: int = 200) -> Response:
    key = sent_key() or new_key()
    return page("cases/register.html", status=status, place=place, wanted=wanted, form=view, key=key)


def _confirmation(place: Place, wanted: Registration, answering: Answering) -> Response:
    sent = [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name.startswith((PREFIX, ROWS)) or name == SHOWN
    ]
    return page(
        "cases/register_confirm.html",
        place=place,
        wanted=wanted,
        answers=typed_answers(answering),
        sent=sent,
        key=sent_key() or new_key(),
        confirmed=CONFIRMED,
        changed=CHANGED,
    )
