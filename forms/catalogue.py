"""The texts that the front end shows: found in its source, and held against their translations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from forms.i18n import CATALOGUES

SOURCE = Path(__file__).parent
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
_IGNORED = ("web", "static", "translations")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def used() -> Catalog:
    """Every text that the source marks, with where it stands."""
    catalogue = Catalog(project="stegvis", fuzzy=False)
    found = extract_from_dir(
        SOURCE,
        _METHODS,
        _OPTIONS,
        directory_filter=lambda folder: Path(folder).name not in (*_IGNORED, "__pycache__"),
    )
    for file, _line, message, comments, context in found:
        catalogue.add(message, None, [(file, None)], auto_comments=comments, context=context)
    return catalogue


def faults(language: str) -> Iterator[str]:
    """What is missing or wrong in one language's translations, one sentence each."""
    translated = _read(language)
    for message in used():
        if not message.id:
            continue
        found = translated.get(message.id)
        name = message.id if isinstance(message.id, str) else message.id[0]
        if found is None or not _is_whole(found.string):
            yield f"{name!r} has no translation"
        elif found.fuzzy:
            yield f"{name!r} has a translation that nobody has confirmed"
        elif _placeholders(found.id) != _placeholders(found.string):
            yield f"{name!r} has other placeholders than its translation"
    wanted = used()
    for message in translated:
        if message.id and wanted.get(message.id) is None:
            yield f"{message.id!r} is translated but not used"


def update(language: str) -> None:
    """Bring one language's file up to what the source uses: new texts are added untranslated, unused ones go."""
    translated = _read(language)
    translated.update(used(), no_fuzzy_matching=True)
    translated.obsolete.clear()
    translated.msgid_bugs_address, translated.language_team, translated.last_translator = "-", language, "Stegvis"
    with _file(language).open("wb") as target:
        write_po(target, translated, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)


def _read(language: str) -> Catalog:
    with _file(language).open("rb") as source:
        return read_po(source, locale=language)


def _file(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def _is_whole(text: object) -> bool:
    return all(text) if isinstance(text, (tuple, list)) else bool(text)


def _placeholders(text: object) -> set[str]:
    texts = text if isinstance(text, (tuple, list)) else (text,)
    return {found for each in texts for found in _PLACEHOLDER.findall(str(each))}
