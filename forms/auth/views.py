"""Demo login, logout and what happens when a session has ended."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Forbidden, StegvisError
from forms.auth.carrying import carried_answers, keep_as_draft
from forms.auth.people import find_user, seats
from forms.backend import backend
from forms.i18n import LANGUAGES, SESSION_KEY
from forms.pages import page, problem, wants_json

blueprint = Blueprint("auth", __name__)
SIGN_OUT_KEEPS = (SESSION_KEY,)
PUBLIC = frozenset(
    {
        "static",
        "auth.show_login",
        "auth.login",
        "auth.change_language",
        "about.about",
        "health.alive",
        "health.ready",
        "health.metrics",
    }
)
"""Endpoints that anybody may call."""


def set_up_login(app: Flask, limiter: Limiter) -> None:
    """Mount login and logout; every other page asks for a login through `login_required`."""
    manager = LoginManager(app)
    manager.session_protection = "basic"
    manager.user_loader(lambda user_id: find_user(user_id, backend().roles))
    app.register_blueprint(blueprint)
    # Limited here and not at the function: each application counts its own logins.
    app.view_functions["auth.login"] = limiter.limit(lambda: backend().settings.login_limit)(login)

    @app.before_request
    def require_login() -> AnyResponse | None:
        """Every page needs a login but these: what is new is closed until someone opens it."""
        if current_user.is_authenticated or request.endpoint is None or request.endpoint in PUBLIC:
            return None
        return ask_for_login()


def ask_for_login() -> AnyResponse:
    """Send a reader to the login page; whoever was sending answers is told that nothing is lost."""
    if wants_json():
        return problem(
            401,
            "SESSION_ENDED",
            _("Du är utloggad. Tryck på Spara utkast så får du logga in igen, och det du har skrivit följer med."),
        )
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("auth.show_login", till=request.full_path.rstrip("?")))
    return session_ended()


def session_ended() -> Response:
    """401 with the login form; the answers just sent travel along in it."""
    return page(
        "auth/login.html", status=401, ended=True, target=came_from(), carried=carried_answers(), seats=_seats()
    )


@blueprint.get("/logga-in")
def show_login() -> AnyResponse:
    """Who do you want to be?"""
    if current_user.is_authenticated:
        return redirect(url_for("tasks.inbox"))
    return page(
        "auth/login.html", ended=False, target=safe_target(request.args.get("till")), carried=None, seats=_seats()
    )


@blueprint.post("/logga-in")
def login() -> AnyResponse:
    """Log in as one of the demo's people."""
    if not backend().settings.demo:
        raise Forbidden(_("Demoinloggningen är avstängd."))
    person = find_user(request.form.get("user", ""), backend().roles)
    target = safe_target(request.form.get("till"))
    if person is None:
        raise Forbidden(_("Det finns ingen sådan demoanvändare."))
    kept = {name: session[name] for name in SIGN_OUT_KEEPS if name in session}
    session.clear()  # a new session for a new person: nothing of the old one may follow
    session.update(kept)
    session.permanent = True
    login_user(person)
    _keep_carried(target)
    return redirect(target or url_for("tasks.inbox"))


def _keep_carried(target: str | None) -> None:
    try:
        if keep_as_draft(target):
            flash(_("Det du hade skrivit är sparat som utkast."), "ok")
    except StegvisError:
        flash(_("Det du hade skrivit kunde inte sparas: uppgiften är inte längre öppen för dig."), "warning")


@blueprint.post("/logga-ut")
def logout() -> AnyResponse:
    """End the session."""
    kept = {name: session[name] for name in SIGN_OUT_KEEPS if name in session}
    logout_user()
    session.clear()
    session.update(kept)
    flash(_("Du är utloggad."), "ok")
    return redirect(url_for("auth.show_login"))


@blueprint.get("/sprak/<code>")
def change_language(code: str) -> AnyResponse:
    """Remember the language and go back."""
    if code in LANGUAGES:
        session[SESSION_KEY] = code
    return redirect(safe_target(request.args.get("tillbaka")) or url_for("tasks.inbox"))


def came_from() -> str | None:
    """The page a sent form stood on."""
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc == request.host:
        return safe_target(referrer.path)
    return None


def safe_target(target: str | None) -> str | None:
    """The address if it is a page of ours; never another host's."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(character) < 0x20 for character in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def _seats() -> list[object]:
    return list(seats(backend().roles)) if backend().settings.demo else []
