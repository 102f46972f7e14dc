"""What a browser may do with our pages: headers, cookies, tokens against forged requests, limits."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from secure import ContentSecurityPolicy, Secure
from secure.headers import (
    CacheControl,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from werkzeug.middleware.proxy_fix import ProxyFix

from forms.settings import Settings

MAX_REQUEST_BYTES = 4_000_000
INLINE_STYLES = frozenset({"editor.edit"})
"""Pages whose bundled editor writes style sheets of its own; scripts stay as strict there as everywhere."""


def set_up_security(app: Flask, settings: Settings) -> Limiter:
    """Configure sessions, CSRF tokens, request sizes and headers; returns the limiter for single views."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="stegvis",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=settings.session_minutes),
        SESSION_REFRESH_EACH_REQUEST=True,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        MAX_FORM_PARTS=6_000,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session: a long text must not die of it
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
        RATELIMIT_STORAGE_URI="memory://",
        RATELIMIT_HEADERS_ENABLED=False,
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    CSRFProtect(app)
    _set_up_headers(app, settings)
    limiter = Limiter(get_remote_address, app=app, default_limits=[])
    return limiter


def _set_up_headers(app: Flask, settings: Settings) -> None:
    usual, styled = _headers(settings, "'self'"), _headers(settings, "'self'", "'unsafe-inline'")

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in (styled if request.endpoint in INLINE_STYLES else usual).items():
            if name == "Cache-Control" and request.endpoint == "static":
                continue  # files of ours hold no personal data and may stay in the browser
            response.headers[name] = value
        return response


def _headers(settings: Settings, *styles: str) -> dict[str, str]:
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src(*styles)
        .img_src("'self'", "data:")
        .font_src("'self'", "data:")
        .connect_src("'self'")
        .form_action("'self'")
        .frame_ancestors("'none'")
        .base_uri("'none'")
    )
    headers = Secure(
        csp=policy,
        cache=CacheControl().no_store(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(31_536_000) if settings.secure_cookies else None,
        permissions=PermissionsPolicy().geolocation().camera().microphone(),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    ).headers
    return dict(headers)
