"""What processes, elements, standings and durations are called, for those who see no case."""

from __future__ import annotations

from datetime import timedelta

from babel.numbers import format_decimal
from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.errors import StegvisError
from engine.store.pulse_rows import JobStanding
from engine.store.rows import DefinitionRow
from engine.store.states import RunState
from forms.backend import backend
from forms.i18n import language


def process_name(process_id: str | None) -> str:
    """A process' name; its id where nobody has it any more, a dash where there is none."""
    found = _definitions().get(process_id or "")
    return found.name if found else process_id or "–"


def element_name(process_id: str | None, element_id: str | None) -> str:
    """An element's name in the latest version; its id where that has none, a dash where there is none."""
    definition = _definitions().get(process_id or "")
    if definition is None or element_id is None:
        return element_id or "–"
    try:
        process = backend().models.process(definition.digest, definition.file, definition.process_id)
    except StegvisError:
        return element_id
    element = process.element(element_id)
    return (element.name if element else None) or element_id


def standing_name(standing: JobStanding | str) -> str:
    """Where a job stands."""
    return {
        JobStanding.READY: _("redo"),
        JobStanding.WAITING: _("väntar på nytt försök"),
        JobStanding.LEASED: _("utlämnat"),
        JobStanding.SUSPENDED: _("pausat"),
        JobStanding.DEAD: _("dött"),
    }[JobStanding(standing)]


def run_state_name(state: RunState) -> str:
    """How a run of recurring work went."""
    return {
        RunState.RUNNING: _("pågår"),
        RunState.OK: _("gick bra"),
        RunState.FAILED: _("misslyckades"),
        RunState.INTERRUPTED: _("avbröts"),
    }[state]


def duration_words(duration: timedelta | None) -> str:
    """`3 dagar`, `4,5 timmar`, `12 minuter`, `8 sekunder`; a dash for none."""
    if duration is None:
        return "–"
    seconds = max(duration.total_seconds(), 0.0)
    if seconds < 1:
        return _("%(count)s ms", count=round(seconds * 1000))
    if seconds < 90:
        return ngettext("%(num)d sekund", "%(num)d sekunder", round(seconds))
    if seconds < 90 * 60:
        return ngettext("%(num)d minut", "%(num)d minuter", round(seconds / 60))
    if seconds < 48 * 3600:
        return _("%(count)s timmar", count=number(seconds / 3600))
    return _("%(count)s dagar", count=number(seconds / 86400))


def lag_words(lag: timedelta) -> str:
    """How far behind somebody is; nothing is said of less than a second."""
    return _("efter: %(lag)s", lag=duration_words(lag)) if lag >= timedelta(seconds=1) else _("i tid")


def took_words(milliseconds: int | None) -> str:
    """How long something took; a dash while it goes on."""
    return duration_words(None if milliseconds is None else timedelta(milliseconds=milliseconds))


def number(value: float) -> str:
    """A number with at most one decimal, as the reader writes it."""
    return format_decimal(round(value, 1) if value < 100 else round(value), format="#,##0.#", locale=language())


def size_words(count: int) -> str:
    """`12,3 MB`."""
    size, unit = count / 1024, "kB"
    for larger in ("MB", "GB"):
        if size >= 1024:
            size, unit = size / 1024, larger
    return f"{number(size)} {unit}"


def short_id(identity: str | None) -> str:
    """The first characters of an id, enough to tell rows apart."""
    return identity[:8] if identity else "–"


def count_words(total: int, is_exact: bool) -> str:
    """How many rows a list has."""
    return ngettext("%(num)d rad", "%(num)d rader", total) if is_exact else _("Fler än %(number)s rader", number=total)


def _definitions() -> dict[str, DefinitionRow]:
    """The latest version of each process, asked once a request."""
    if "stegvis_definitions" not in g:
        g.stegvis_definitions = {row.process_id: row for row in backend().engine.queries.definitions()}
    found: dict[str, DefinitionRow] = g.stegvis_definitions
    return found
