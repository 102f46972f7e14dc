"""The one place that turns errors into pages (or problem+json for our own scripts)."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Conflict, Forbidden, InvalidInput, NotFound, StegvisError, StoreUnavailable, TooLarge
from forms.auth.views import ask_for_login
from forms.pages import page, problem, wants_json

logger = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[StegvisError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (Forbidden, 403),
    (TooLarge, 413),
    (InvalidInput, 422),
    (StoreUnavailable, 503),
)


def set_up_errors(app: Flask) -> None:
    """Map every error to a page that says what happened and what to do."""
    app.register_error_handler(StegvisError, _stegvis_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def status_of(error: StegvisError) -> int:
    """The HTTP status of an error of ours."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _stegvis_error(error: StegvisError) -> Response:
    status = status_of(error)
    if status >= 500:
        logger.error("a request failed", extra={"code": error.code, "endpoint": request.endpoint}, exc_info=error)
    # What may not be seen is told like what does not exist: the message could say more than the reader may know.
    detail = error.message if status in (403, 422) else None
    return _answer(status, error.code, detail)


def _csrf_error(error: CSRFError) -> AnyResponse:
    if not current_user.is_authenticated:
        return ask_for_login()
    return _answer(400, "CSRF", _("Sidan var för gammal för att skickas. Gå tillbaka, ladda om den och försök igen."))


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(error.get_response())
    response = _answer(status, f"HTTP_{status}", None)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _unexpected(error: Exception) -> Response:
    logger.exception("unexpected error", extra={"endpoint": request.endpoint}, exc_info=error)
    return _answer(InternalServerError.code, "UNEXPECTED", None)


def _answer(status: int, code: str, detail: str | None) -> Response:
    if wants_json():
        return problem(status, code, detail or _headline(status))
    return page(
        "errors/error.html",
        status=status,
        status_code=status,
        code=code,
        headline=_headline(status),
        advice=_advice(status),
        detail=detail,
    )


def _headline(status: int) -> str:
    headlines = {
        400: _("Det gick inte att förstå begäran"),
        401: _("Du behöver logga in"),
        403: _("Du har inte behörighet till det här"),
        404: _("Sidan finns inte"),
        405: _("Så kan sidan inte användas"),
        409: _("Någon hann före"),
        413: _("Det du skickade är för stort"),
        422: _("Något behöver rättas"),
        429: _("För många försök"),
        503: _("Databasen svarar inte just nu"),
    }
    return headlines.get(status, _("Något gick fel hos oss"))


def _advice(status: int) -> str:
    advice = {
        400: _("Gå tillbaka och försök igen. Det du har skrivit i en uppgift finns kvar som utkast."),
        401: _("Logga in igen så kommer du tillbaka hit."),
        403: _("Be din chef om behörighet om du behöver den för ditt arbete."),
        404: _("Adressen kan vara fel, eller så hör uppgiften eller ärendet till någon annan än dig."),
        405: _("Gå tillbaka och använd knapparna på sidan."),
        409: _("Inget har ändrats av dig. Läs vad som hänt och bestäm om något mer behöver göras."),
        413: _("Korta texten eller dela upp den. Det senast sparade utkastet finns kvar."),
        422: _("Läs meddelandet, gå tillbaka och rätta."),
        429: _("Vänta en minut och försök igen."),
        503: _("Vänta en stund och försök igen. Inget har ändrats, och sparade utkast finns kvar."),
    }
    return advice.get(status, _("Felet är antecknat. Försök igen; sparade utkast finns kvar."))
