"""The inbox and the task page: parse, call, render."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Conflict, InvalidInput
from forms.auth.views import safe_target
from forms.backend import actor, backend, viewer
from forms.pages import page, wants_json
from forms.schema.raw import RawAnswers
from forms.tasks.drafts import draft_answer, saved_words
from forms.tasks.inbox import InboxAddress
from forms.tasks.inbox_page import inbox_page
from forms.tasks.pages import answering, refusal_of, rights, shown_page, task_page, typed_answers
from forms.tasks.sent import answers_with_rows, pressed_row_button, sent_answers, sent_key

blueprint = Blueprint("tasks", __name__, url_prefix="/uppgifter")


@blueprint.get("")
def inbox() -> Response:
    """My tasks, my group's, the late ones."""
    return page("tasks/inbox.html", **inbox_page(InboxAddress.of(request.args)))


@blueprint.get("/<item_id>")
def task(item_id: str) -> Response:
    """One task with its form."""
    detail = backend().engine.queries.work_item(viewer(), item_id)
    return page("tasks/task.html", task=shown_page(detail))


@blueprint.post("/<item_id>")
def complete(item_id: str) -> AnyResponse:
    """Check the answers and complete the task; whatever goes wrong, what was typed stays."""
    if pressed_row_button():
        return _change_rows(item_id)
    engine, raw, key = backend().engine, sent_answers(), sent_key()
    detail = engine.queries.work_item(viewer(), item_id)
    rights(detail).require_answering()
    form = answering(detail, raw)
    if form.filled.problems and rights(detail).is_open:
        return page("tasks/task.html", status=422, task=task_page(detail, form.judged()))
    try:
        engine.complete(item_id, form.filled.values, actor=actor(), key=key and f"{item_id}:{actor().id}:{key}")
    except Conflict as conflict:
        return _overtaken(item_id, raw, conflict)
    except InvalidInput as error:
        refused = task_page(detail, form.refused(error), refusal=refusal_of(error, form))
        return page("tasks/task.html", status=422, task=refused)
    flash(_("Klart: %(task)s.", task=detail.item.name), "ok")
    return redirect(url_for("tasks.inbox", flik="mina"))


@blueprint.post("/<item_id>/utkast")
def save_draft(item_id: str) -> AnyResponse:
    """Keep what has been typed; a script is told what the page should now show."""
    raw = sent_answers()
    detail = backend().engine.queries.work_item(viewer(), item_id)
    rights(detail).require_answering()
    if wants_json():
        backend().engine.save_draft(item_id, raw.to_json(), actor=actor())
        return jsonify(draft_answer(answering(detail, raw)))
    try:
        backend().engine.save_draft(item_id, raw.to_json(), actor=actor())
    except Conflict as conflict:
        return _overtaken(item_id, raw, conflict)
    flash(saved_words(), "ok")
    return redirect(url_for("tasks.task", item_id=item_id))


@blueprint.post("/<item_id>/ta")
def claim(item_id: str) -> AnyResponse:
    """Take a task."""
    detail = backend().engine.queries.work_item(viewer(), item_id)
    held = not rights(detail).is_open or rights(detail).is_mine or rights(detail).is_others
    rights(detail).require(held or rights(detail).may_claim)  # who has it already is for the command to say
    try:
        backend().engine.claim(item_id, actor=actor())
    except Conflict as conflict:
        return _overtaken(item_id, RawAnswers({}), conflict)
    flash(_("Uppgiften är din."), "ok")
    return redirect(url_for("tasks.task", item_id=item_id))


@blueprint.post("/<item_id>/slapp")
def release(item_id: str) -> AnyResponse:
    """Give a task back to the group."""
    detail = backend().engine.queries.work_item(viewer(), item_id)
    rights(detail).require(rights(detail).may_release)
    backend().engine.release(item_id, actor=actor())
    flash(_("Uppgiften är tillbaka hos gruppen. Utkastet finns kvar."), "ok")
    return redirect(safe_target(request.form.get("tillbaka")) or url_for("tasks.task", item_id=item_id))


@blueprint.post("/<item_id>/ta-over")
def take_over(item_id: str) -> AnyResponse:
    """Move a colleague's task to oneself; for those who lead that work."""
    detail = backend().engine.queries.work_item(viewer(), item_id)
    rights(detail).require(rights(detail).may_take_over)
    backend().engine.assign(item_id, actor(), actor=actor())
    flash(_("Uppgiften är din."), "ok")
    return redirect(url_for("tasks.task", item_id=item_id))


def _change_rows(item_id: str) -> Response:
    """Add or remove a row of a repeated section; the answers so far are kept as a draft."""
    raw = answers_with_rows()
    detail = backend().engine.queries.work_item(viewer(), item_id)
    rights(detail).require_answering()
    backend().engine.save_draft(item_id, raw.to_json(), actor=actor())
    return page("tasks/task.html", task=task_page(detail, answering(detail, raw).shown()))


def _overtaken(item_id: str, raw: RawAnswers, conflict: Conflict) -> Response:
    """409: who was first and when, with everything that was typed."""
    detail = backend().engine.queries.work_item(viewer(), item_id)
    answers = typed_answers(answering(detail, raw)) if raw.texts else []
    return page("tasks/overtaken.html", status=409, detail=detail, answers=answers, message=conflict.message)
