"""What kinds of elements a diagram has, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from engine.bpmn import Element, EventKind


def element_kind(element: Element) -> str:
    """`Uppgift för en person`, `Tidur`, `Vägval` ..."""
    if element.type.endswith("Event") or element.type == "boundaryEvent":
        return _event_kind(element)
    kinds = {
        "userTask": _("Uppgift för en person"),
        "manualTask": _("Arbete utanför systemet"),
        "serviceTask": _("Systemet gör"),
        "sendTask": _("Systemet skickar"),
        "receiveTask": _("Väntar på besked"),
        "scriptTask": _("Uträkning"),
        "businessRuleTask": _("Beslutstabell"),
        "callActivity": _("Annan process"),
        "subProcess": _("Delprocess"),
        "exclusiveGateway": _("Vägval: en väg"),
        "inclusiveGateway": _("Vägval: en eller flera vägar"),
        "parallelGateway": _("Flera vägar samtidigt"),
        "eventBasedGateway": _("Det som händer först"),
        "task": _("Steg"),
    }
    return kinds.get(element.type, element.type)


def _event_kind(element: Element) -> str:
    if element.event is EventKind.TIMER:
        return _("Tidur")
    if element.event is EventKind.MESSAGE:
        return _("Besked skickas") if element.type in ("endEvent", "intermediateThrowEvent") else _("Besked tas emot")
    kinds = {"startEvent": _("Början"), "endEvent": _("Slut"), "boundaryEvent": _("Händelse vid steget")}
    return kinds.get(element.type, _("Händelse"))
