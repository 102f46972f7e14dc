"""The list of processes, one process, and starting one by hand."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Forbidden, InvalidInput, NotFound
from forms.backend import actor, backend, may
from forms.diagrams import diagram
from forms.pages import page
from forms.processes.process_page import ProcessCard, process_card, process_cards
from forms.processes.registering_views import standing_registrations
from forms.schema.raw import RawAnswers
from forms.schema.view import FormView
from forms.tasks.answering import Answering
from forms.tasks.sent import answers_with_rows, new_key, pressed_row_button, sent_answers, sent_key
from processes.roles import Permission

blueprint = Blueprint("processes", __name__, url_prefix="/processer")


@blueprint.get("")
def processes() -> Response:
    """What is published."""
    return page("processes/processes.html", cards=process_cards())


@blueprint.get("/<process_id>")
def process(process_id: str) -> Response:
    """One process: diagram and steps, of the latest version or of the one that `version` names; all versions."""
    asked = request.args.get("version", "")
    version = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 10 else None
    if asked and version is None:
        raise NotFound()
    releases = {release.number: release for release in backend().engine.queries.releases()}
    card = process_card(process_id, version)
    news = [] if card.is_older else standing_registrations(process_id)
    return page("processes/process.html", card=card, releases=releases, news=news)


@blueprint.get("/<process_id>/<int:version>/diagram.json")
def process_diagram(process_id: str, version: int) -> Response:
    """The diagram of a version, without anybody's tokens."""
    found = [row for row in process_card(process_id).versions if row.version == version]
    if not found:
        raise NotFound()
    return jsonify({"xml": diagram(found[0].digest)})


@blueprint.get("/<process_id>/starta")
def start_form(process_id: str) -> Response:
    """The form that starts a process."""
    card = _startable(process_id)
    return _start_page(card, _answering(card, None).shown())


@blueprint.post("/<process_id>/starta")
def start(process_id: str) -> AnyResponse:
    """Start a process with the form's answers."""
    card, key = _startable(process_id), sent_key()
    if pressed_row_button():
        return _start_page(card, _answering(card, answers_with_rows()).shown())
    form = _answering(card, sent_answers())
    if form.filled.problems:
        return _start_page(card, form.judged(), status=422)
    try:
        backend().engine.start(
            process_id, form.filled.values, actor=actor(), key=key and f"start:{process_id}:{actor().id}:{key}"
        )
    except InvalidInput as error:
        return _start_page(card, form.refused(error), status=422)
    flash(_("%(name)s har startat.", name=card.latest.name), "ok")
    return redirect(url_for("processes.process", process_id=process_id))


def _startable(process_id: str) -> ProcessCard:
    card = process_card(process_id)
    if not card.starts_by_hand:
        raise NotFound()
    if not may(Permission.START):
        raise Forbidden(_("Din roll får inte starta processer för hand."))
    return card


def _answering(card: ProcessCard, raw: RawAnswers | None) -> Answering:
    element = card.start_element
    source = backend().engine.queries.form(element.form_id) if element is not None and element.form_id else None
    return Answering.of(source, {}, raw, None)


def _start_page(card: ProcessCard, form: FormView, status: int = 200) -> Response:
    key = sent_key() or new_key()
    return page("processes/start.html", status=status, card=card, form=form, key=key)
