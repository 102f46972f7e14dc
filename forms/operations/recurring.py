"""Recurring work: when it runs, how it went, and running it now."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Conflict, NotFound
from engine.recurring import RecurringWork, run_now, runs_of
from engine.recurring import recurring_work as standings
from engine.store.states import RunState
from forms.backend import actor, backend
from forms.operations.room import blueprint
from forms.pages import page

SHOWN_RUNS = 50


@blueprint.get("/aterkommande")
def recurring() -> Response:
    """All recurring work."""
    return page("operations/recurring.html", standings=standings(backend().engine))


@blueprint.get("/aterkommande/<name>")
def recurring_work(name: str) -> Response:
    """One piece of recurring work with its runs."""
    found = next((each for each in standings(backend().engine) if each.work.name == name), None)
    if found is None:
        raise NotFound
    runs = runs_of(backend().engine, name, SHOWN_RUNS)
    return page("operations/recurring_work.html", standing=found, runs=runs)


@blueprint.get("/aterkommande/<name>/kor")
def ask_run(name: str) -> Response:
    """Is it meant to run now?"""
    return page("operations/run_now.html", work=_work(name))


@blueprint.post("/aterkommande/<name>/kor")
def run(name: str) -> AnyResponse:
    """Run it now, and say how it went."""
    work = _work(name)
    try:
        done = run_now(backend().engine, name, actor())
    except Conflict:
        flash(_("”%(title)s” körs redan.", title=work.title), "warning")
    else:
        if done.state is RunState.OK:
            flash(_("”%(title)s” gick bra: %(outcome)s", title=work.title, outcome=done.outcome), "ok")
        else:
            flash(_("”%(title)s” misslyckades: %(outcome)s", title=work.title, outcome=done.outcome), "error")
    return redirect(url_for("operations.recurring_work", name=name))


def _work(name: str) -> RecurringWork:
    found = backend().engine.rooms.recurring.get(name)
    if found is None:
        raise NotFound
    return found
