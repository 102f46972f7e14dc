"""The list of parameters, one with its history, and changing it: asked for, shown with what it does, then confirmed."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Forbidden, NotFound
from engine.parameter_desk import ChangeRequest
from engine.parameter_values import Certainty, Parameter
from forms.backend import actor, backend, may
from forms.pages import page
from forms.parameters.change_form import FIELDS, ChangeForm
from forms.parameters.parameter_page import (
    ParameterFilter,
    certainty_name,
    effect_of,
    held_before,
    place_name,
    shown,
    standings,
    written,
)
from forms.tasks.sent import new_key, sent_key
from processes.roles import Permission

blueprint = Blueprint("parameters", __name__, url_prefix="/parametrar")
MOST_AT_ONCE = 500
"""Deadlines that are counted again while somebody waits for the page; more of them wait for the night."""
_WORDS = {
    "shown": shown,
    "written": written,
    "certainty_name": certainty_name,
    "place_name": place_name,
    "certainties": tuple(Certainty),
}


@blueprint.before_request
def require_permission() -> None:
    """Only those who may change parameters come here."""
    if not may(Permission.CHANGE_PARAMETERS):
        raise Forbidden(_("Din roll får inte se eller ändra parametrar."))


@blueprint.get("")
def parameters() -> Response:
    """Every parameter as it stands today."""
    certainty = request.args.get("sakerhet", "")
    narrowed = ParameterFilter(
        text=request.args.get("sok", "").strip()[:100],
        certainty=Certainty(certainty) if certainty in {each.value for each in Certainty} else None,
        changed=request.args.get("andrade") == "1",
    )
    return page("parameters/parameters.html", standings=standings(narrowed), narrowed=narrowed, **_WORDS)


@blueprint.get("/<name>")
def parameter(name: str) -> Response:
    """One parameter: what holds, its history, and the form to change it."""
    return _parameter_page(name, ChangeForm.blank(backend().today()))


@blueprint.post("/<name>/granska")
def review(name: str) -> Response:
    """What a change would do, before it is made."""
    base, form = _base(name), ChangeForm.of(request.form)
    desk = backend().engine.parameters
    asked = form.request(desk, base)
    if asked is None:
        return _parameter_page(name, form, status=422)
    found = backend().engine.deadlines.preview((desk.require(asked),), asked.valid_from)
    return page(
        "parameters/confirm.html",
        base=base,
        asked=asked,
        before=held_before(name, asked.valid_from, asked.for_unit),
        effect=effect_of(found),
        at_once=asked.valid_from <= backend().today() and 0 < len(found.moves) <= MOST_AT_ONCE,
        fields={field: form.sent.get(field, "") for field in FIELDS},
        key=new_key(),
        **_WORDS,
    )


@blueprint.post("/<name>")
def change(name: str) -> AnyResponse:
    """Make the change that has been reviewed, and count deadlines again at once if that is asked for."""
    base, form, key = _base(name), ChangeForm.of(request.form), sent_key()
    engine = backend().engine
    asked = form.request(engine.parameters, base)
    if asked is None:
        return _parameter_page(name, form, status=422)
    engine.parameters.change(asked, actor=actor(), key=key and f"parameter:{name}:{actor().id}:{key}")
    flash(_("%(name)s är ändrad.", name=base.description_sv.rstrip(".")), "ok")
    if request.form.get("rakna_om") == "1":
        _recount(asked)
    return redirect(url_for("parameters.parameter", name=name))


def _recount(asked: ChangeRequest) -> None:
    done = backend().engine.deadlines.run(actor=actor(), reason=asked.reason)
    flash(
        ngettext("%(num)d frist räknades om.", "%(num)d frister räknades om.", len(done.moves)),
        "ok",
    )
    if done.refused:
        flash(
            ngettext(
                "%(num)d frist står kvar: den skulle redan ha gått ut.",
                "%(num)d frister står kvar: de skulle redan ha gått ut.",
                len(done.refused),
            ),
            "warning",
        )


def _base(name: str) -> Parameter:
    series = backend().engine.parameters.live.base.get(name)
    if series is None:
        raise NotFound()
    return series[-1]


def _parameter_page(name: str, form: ChangeForm, status: int = 200) -> Response:
    base, desk = _base(name), backend().engine.parameters
    return page(
        "parameters/parameter.html",
        status=status,
        base=base,
        standing=next(each for each in desk.standing() if each.name == name),
        history=desk.history(name),
        form=form,
        units=sorted(desk.live.units, key=place_name),
        **_WORDS,
    )
