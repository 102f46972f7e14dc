"""Languages: Swedish is what the source is written in, English comes from a gettext catalogue."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_translations

LANGUAGES = {"sv": "Svenska", "en": "English"}
DEFAULT_LANGUAGE = "sv"
SESSION_KEY = "language"
CATALOGUES = Path(__file__).parent / "translations"
EXTENSION = "stegvis.catalogues"


def language() -> str:
    """The reader's language: what they chose, else Swedish."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    found: str | None = g.get("language")
    if found is None:
        chosen = session.get(SESSION_KEY) or request.cookies.get(SESSION_KEY)
        found = g.language = chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE
    return found


def set_up_languages(app: Flask) -> None:
    """Load the catalogues, and give templates the current language."""
    folder = str(compiled_catalogues())
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LANGUAGE
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Stockholm"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = folder
    Babel(app, locale_selector=language)
    app.extensions[EXTENSION] = {code: Translations.load(folder, [code]) for code in LANGUAGES}
    # A page asks for a few hundred texts: which catalogue they come from is found once a request.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["languages"] = LANGUAGES


def catalogue_of(app: Flask, code: str) -> NullTranslations:
    """One language's texts; they do not change while the program runs."""
    return cast(NullTranslations, app.extensions[EXTENSION][code])


def _catalogue() -> NullTranslations:
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return cast(NullTranslations, g.catalogue)


def compiled_catalogues(source: Path = CATALOGUES) -> Path:
    """The folder with up-to-date compiled catalogues: `source`, or a temporary one where that cannot be written."""
    for catalogue in sorted(source.glob("*/LC_MESSAGES/*.po")):
        compiled = catalogue.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= catalogue.stat().st_mtime_ns:
            continue
        try:
            _compile(catalogue, compiled)
        except OSError:
            return _compiled_elsewhere(source)
    return source


def _compiled_elsewhere(source: Path) -> Path:
    target = Path(tempfile.mkdtemp(prefix="stegvis-catalogues-"))
    for catalogue in sorted(source.glob("*/LC_MESSAGES/*.po")):
        compiled = target / catalogue.relative_to(source).with_suffix(".mo")
        compiled.parent.mkdir(parents=True)
        _compile(catalogue, compiled)
    return target


def _compile(catalogue: Path, compiled: Path) -> None:
    with catalogue.open("rb") as text:
        messages = read_po(text, locale=catalogue.parent.parent.name)
    # Written beside and moved into place: two web processes may start at once.
    with tempfile.NamedTemporaryFile(dir=compiled.parent, suffix=".mo.tmp", delete=False) as binary:
        write_mo(binary, messages)
    written = Path(binary.name)
    written.chmod(0o644)  # temporary files are private; this one is read by every web process
    written.replace(compiled)
