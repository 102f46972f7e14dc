"""A line of the history as a sentence that a caseworker can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from engine.bpmn import Element
from engine.history import EventKind
from engine.store.rows import EventRow
from forms.wording.labels import Labels
from forms.wording.names import organisation_name, unit_name
from forms.wording.values import value_words

Lookup = Callable[[str | None, str | None], Element | None]
"""Finds an element by instance and element id; None where it is not known."""
_SPLITS = frozenset({"exclusiveGateway", "inclusiveGateway"})
_SILENT = frozenset({"parallelGateway", "eventBasedGateway", "sequenceFlow"})
_AUTOMATIC = frozenset({"serviceTask", "sendTask", "scriptTask", "businessRuleTask", "boundaryEvent", "startEvent"})


@dataclass(frozen=True)
class HistoryLine:
    """One line as it is shown."""

    at: datetime
    sentence: str
    by: str
    details: list[tuple[str, str]] = field(default_factory=list)


def history_lines(events: Iterable[EventRow], lookup: Lookup, labels: Labels) -> list[HistoryLine]:
    """The events as sentences, their variables called as `labels` do; what only routes is left out."""
    lines = []
    for event in events:
        element = lookup(event.instance_id, event.element)
        if element is not None and _is_noise(event, element):
            continue
        lines.append(HistoryLine(event.at, _sentence(event, element), event.actor_name, _details(event, labels)))
    return lines


def _is_noise(event: EventRow, element: Element) -> bool:
    """What routes, what the system begins (its end is told), and messages whose own element is told."""
    if event.kind in (EventKind.MESSAGE_SENT, EventKind.MESSAGE_RECEIVED):
        return True
    if event.kind == EventKind.ENTERED and element.type in _AUTOMATIC:
        return True
    return element.type in _SILENT or (element.type in _SPLITS and not element.name)


def _sentence(event: EventRow, element: Element | None) -> str:
    name = event.name or (element.name if element else None) or event.element or ""
    try:
        kind = EventKind(event.kind)
    except ValueError:
        return f"{event.kind}: {name}"  # written by a later version of the program
    if kind in (EventKind.COMPLETED, EventKind.ENTERED, EventKind.CANCELLED):
        return _step(kind, name, element)
    payload = event.payload or {}
    sentences = {
        EventKind.CASE_OPENED: _("Ärendet öppnades."),
        EventKind.CASE_CLOSED: _("Ärendet avslutades."),
        EventKind.DISPOSED: _("Ärendets innehåll gallrades."),
        EventKind.PARTY_ADDED: _party_added(event, payload),
        EventKind.PARTY_ENDED: _("%(name)s har inte längre del i ärendet.", name=organisation_name(event.name)),
        EventKind.STARTED: _("Processen ”%(name)s” startade.", name=name),
        EventKind.ENDED: _("Processen ”%(name)s” är slut.", name=name),
        EventKind.FAILED: _("Det gick fel vid ”%(name)s”.", name=name),
        EventKind.CLAIMED: _("Tog uppgiften ”%(name)s”.", name=name),
        EventKind.RELEASED: _("Släppte uppgiften ”%(name)s” till gruppen.", name=name),
        EventKind.ASSIGNED: _("Fördelade uppgiften ”%(name)s”.", name=name),
        EventKind.MESSAGE_SENT: _("Meddelandet ”%(name)s” skickades.", name=name),
        EventKind.MESSAGE_RECEIVED: _("Meddelandet ”%(name)s” togs emot.", name=name),
        EventKind.SIGNAL_SENT: _("Signalen ”%(name)s” skickades.", name=name),
        EventKind.DECIDED: _("Beslutstabellen vid ”%(name)s” gav sitt förslag.", name=name),
        EventKind.ESCALATED: _("”%(name)s” eskalerades.", name=name),
        EventKind.JOB_FAILED: _("”%(name)s” misslyckades och görs om.", name=name),
        EventKind.INCIDENT: _("”%(name)s” har stannat och behöver ses över.", name=name),
        EventKind.RETRIED: _("”%(name)s” gjordes om.", name=name),
        EventKind.VARIABLES_SET: _("Uppgifter i processen ändrades för hand."),
        EventKind.SUSPENDED: _("Processen ”%(name)s” pausades.", name=name),
        EventKind.RESUMED: _("Processen ”%(name)s” fortsätter.", name=name),
        EventKind.MOVED: _("Processen flyttades för hand till ”%(name)s”.", name=name),
        EventKind.DEADLINE_MOVED: _deadline_moved(name, payload),
        EventKind.REPAIRED: _("Databasens rader för ”%(name)s” rättades efter en kontroll.", name=name),
        EventKind.MIGRATED: _("Processen ”%(name)s” gick över till en ny version av sitt diagram.", name=name),
    }
    return sentences.get(kind, f"{event.kind}: {name}")


def _step(kind: EventKind, name: str, element: Element | None) -> str:
    tag = element.type if element else ""
    if kind is EventKind.ENTERED:
        return (
            _("Uppgiften ”%(name)s” kom in.", name=name)
            if tag == "userTask"
            else _("Väntar vid ”%(name)s”.", name=name)
        )
    if kind is EventKind.CANCELLED:
        return _("”%(name)s” blev inte längre aktuell.", name=name)
    if tag == "userTask":
        return _("Uppgiften ”%(name)s” slutfördes.", name=name)
    if tag in _SPLITS:
        return _("Vägval: %(name)s", name=name)
    if tag.endswith("Event"):
        return _("”%(name)s” inträffade.", name=name)
    return _("”%(name)s” är gjort.", name=name)


def _party_added(event: EventRow, payload: Mapping[str, object]) -> str:
    unit = payload.get("unit")
    name = organisation_name(event.name)
    return _("%(name)s har fått del i ärendet.", name=f"{name}, {unit_name(str(unit))}" if unit else name)


def _deadline_moved(name: str, payload: Mapping[str, object]) -> str:
    old, new = value_words(payload.get("old")), value_words(payload.get("new"))
    return _("Fristen för ”%(name)s” flyttades från %(old)s till %(new)s.", name=name, old=old, new=new)


def _details(event: EventRow, labels: Labels) -> list[tuple[str, str]]:
    payload = event.payload or {}
    changes = payload.get("changes")
    if isinstance(changes, Mapping):
        return labels.listed({str(name): value for name, value in changes.items()})
    trace = payload.get("trace")
    if isinstance(trace, Mapping):
        return _reasons(trace)
    told = {"reason": _("Skäl"), "message": _("Meddelande"), "basis": _("Rättslig grund"), "assignee": _("Till")}
    return [
        (label, labels.told(key, payload[key])[1]) for key, label in told.items() if isinstance(payload.get(key), str)
    ]


def _annotation(name: str) -> str:
    """What a column of a table's remarks is called; a rule's own description is its reason."""
    return _("Skäl") if name in ("", "description") else name


def _reasons(trace: Mapping[str, object]) -> list[tuple[str, str]]:
    """The annotations of the rules that matched: why the table proposed what it proposed."""
    found: list[tuple[str, str]] = []

    def visit(part: object) -> None:
        if isinstance(part, Mapping):
            annotations = part.get("annotations")
            if isinstance(annotations, Mapping):
                found.extend((_annotation(str(name)), value_words(text)) for name, text in annotations.items() if text)
            for inner in part.values():
                visit(inner)
        elif isinstance(part, (list, tuple)):
            for inner in part:
                visit(inner)

    visit(trace)
    return found[:50]
