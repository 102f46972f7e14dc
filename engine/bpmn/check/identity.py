"""Ids and references: each id once and well-formed, each reference to something of the right kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.bpmn.check.known import Known
from engine.bpmn.check.model import ACTIVITIES, NODES, Document, bpmn_tag, local_reference
from engine.bpmn.check.rules import ERROR, FILE, MAX_ID, WARNING, Rule, Spot
from engine.bpmn.check.supported import EVENT_DEFINITIONS
from engine.bpmn.executable import is_marked
from engine.findings import Finding

DUPLICATE_ID = Rule(
    "DUPLICATE_ID",
    ERROR,
    "Id:t ”{value}” används av mer än ett element; flöden och händelser kan då hamna fel.",
    "The id “{value}” is used by more than one element; flows and events may then go astray.",
    "Ge elementen olika id.",
    "Give the elements different ids.",
    'two tasks with `id="Task_1"`',
)
INVALID_ID = Rule(
    "INVALID_ID",
    ERROR,
    "Id:t ”{value}” är inte giltigt.",
    "The id “{value}” is not valid.",
    "Börja id:t med en bokstav eller understreck, och använd bara bokstäver, siffror, punkt, bindestreck och "
    "understreck.",
    "Begin the id with a letter or an underscore, and use only letters, digits, dots, hyphens and underscores.",
    '`id="1 task"`',
)
ID_TOO_LONG = Rule(
    "ID_TOO_LONG",
    ERROR,
    "Id:t som börjar ”{value}” är {length} tecken långt; {limit} är det mesta.",
    "The id that begins “{value}” is {length} characters long; {limit} is the most.",
    "Ge elementet ett kortare id.",
    "Give the element a shorter id.",
    "an id of 300 characters",
)
UNKNOWN_REFERENCE = Rule(
    "UNKNOWN_REFERENCE",
    ERROR,
    "”{what}”: {attribute} pekar på ”{value}”, men något sådant ({wanted}) finns inte i filen.",
    "“{what}”: {attribute} points to “{value}”, but no such {wanted} is in the file.",
    "Peka på något som finns, eller skapa det.",
    "Point to something that exists, or create it.",
    '`messageRef="Message_9"` where no message has that id',
)
STALE_REFERENCE = Rule(
    "STALE_REFERENCE",
    WARNING,
    "”{what}”: <{attribute}> nämner flödet ”{value}”, som inte hör dit. Flödets egna ändar gäller.",
    "“{what}”: <{attribute}> names the flow “{value}”, which does not belong there. The flow's own ends count.",
    "Spara filen på nytt från en BPMN-editor.",
    "Save the file anew from a BPMN editor.",
    "`<incoming>Flow_9</incoming>` left after the flow was deleted",
)
PROCESS_ID_MISSING = Rule(
    "PROCESS_ID_MISSING",
    ERROR,
    "En process i filen saknar id och kan därför inte startas.",
    "A process in the file has no id and cannot be started.",
    "Ge processen ett id.",
    "Give the process an id.",
    "`<bpmn:process>` without `id`",
)
NO_PROCESS = Rule(
    "NO_PROCESS",
    ERROR,
    "Filen innehåller ingen process.",
    "The file contains no process.",
    "Rita minst en process med start, steg och slut.",
    "Draw at least one process with a start, steps and an end.",
    "a file with only a `collaboration`",
)
NO_EXECUTABLE_PROCESS = Rule(
    "NO_EXECUTABLE_PROCESS",
    ERROR,
    "Ingen process i filen är markerad som körbar, så ingenting skulle hända.",
    "No process in the file is marked as executable, so nothing would happen.",
    "Markera processen som körbar (Executable) i egenskapspanelen.",
    "Mark the process as executable in the properties panel.",
    '`<bpmn:process isExecutable="false">` as the only one',
)
EXECUTABLE_NOT_SAID = Rule(
    "EXECUTABLE_NOT_SAID",
    WARNING,
    "”{what}” säger inte om den är körbar. Eftersom ingen process i filen är markerad tas den som körbar.",
    "“{what}” does not say whether it is executable. As no process of the file is marked, it is taken to be.",
    "Markera processen som körbar (Executable) i egenskapspanelen.",
    "Mark the process as executable in the properties panel.",
    "`<bpmn:process>` without `isExecutable`",
)
PROCESS_ID_TWICE = Rule(
    "PROCESS_ID_TWICE",
    ERROR,
    "Processen ”{value}” finns också i filen {other}.",
    "The process “{value}” also stands in the file {other}.",
    "Ge en av processerna ett annat id.",
    "Give one of the processes another id.",
    'two files with `<bpmn:process id="plan">`',
)

# The first letter and the rest of an XML name without a colon.
_NCNAME: Final = re.compile(r"[^\W\d][\w.\-·]*")


@dataclass(frozen=True, slots=True)
class _Reference:
    attribute: str
    wanted: str
    targets: frozenset[str]


def _to(attribute: str, *targets: str, wanted: str = "") -> _Reference:
    return _Reference(attribute, wanted or targets[0], frozenset(targets))


# Attributes that refer: by the tag that carries them.
ATTRIBUTES: Final[dict[str, tuple[_Reference, ...]]] = {
    "sequenceFlow": (
        _Reference("sourceRef", "element", NODES),
        _Reference("targetRef", "element", NODES),
    ),
    "boundaryEvent": (_Reference("attachedToRef", "activity", NODES),),
    "messageEventDefinition": (_to("messageRef", "message"),),
    "signalEventDefinition": (_to("signalRef", "signal"),),
    "errorEventDefinition": (_to("errorRef", "error"),),
    "escalationEventDefinition": (_to("escalationRef", "escalation"),),
    "compensateEventDefinition": (_Reference("activityRef", "activity", ACTIVITIES),),
    "receiveTask": (_to("messageRef", "message"),),
    "sendTask": (_to("messageRef", "message"),),
    "participant": (_to("processRef", "process"),),
    "dataObjectReference": (_to("dataObjectRef", "dataObject"),),
}
# Child elements whose text refers.
CHILDREN: Final[dict[str, _Reference]] = {
    "flowNodeRef": _Reference("flowNodeRef", "element", NODES | {"dataObjectReference", "dataStoreReference"}),
    "eventDefinitionRef": _Reference("eventDefinitionRef", "event definition", EVENT_DEFINITIONS),
}


def findings(document: Document, _known: Known) -> Iterator[Finding]:
    """Ids and references of the whole file."""
    yield from _processes(document)
    yield from _ids(document)
    message_ends = NODES | {"participant"}
    for element in document.elements:
        tag = bpmn_tag(element) or ""
        for reference in ATTRIBUTES.get(tag, ()):
            yield from _refers(document, element, reference, element.get(reference.attribute))
        if tag in CHILDREN:
            parent = element.getparent()
            yield from _refers(document, element if parent is None else parent, CHILDREN[tag], element.text or "")
        elif tag == "messageFlow":
            for attribute in ("sourceRef", "targetRef"):
                reference = _Reference(attribute, "element", message_ends)
                yield from _refers(document, element, reference, element.get(attribute) or "")
    yield from _stale(document)


def _processes(document: Document) -> Iterator[Finding]:
    if not document.processes:
        yield NO_PROCESS.at(FILE)
    elif not document.executable:
        yield NO_EXECUTABLE_PROCESS.at(document.processes[0])
    for process in document.executable:
        if not is_marked(process.xml):
            yield EXECUTABLE_NOT_SAID.at(process)
    for process in document.processes:
        if not process.id:
            yield PROCESS_ID_MISSING.at(process)


def _ids(document: Document) -> Iterator[Finding]:
    seen: set[str] = set()
    said: set[str] = set()
    for element in document.elements:
        identity = element.get("id")
        if identity is None:
            continue
        spot = Spot(identity, element.get("name"))
        if len(identity) > MAX_ID:
            yield ID_TOO_LONG.at(spot, value=identity, length=len(identity), limit=MAX_ID)
        elif not _NCNAME.fullmatch(identity):
            yield INVALID_ID.at(spot, value=identity)
        if identity in seen and identity not in said:
            said.add(identity)
            yield DUPLICATE_ID.at(spot, value=identity)
        seen.add(identity)


def _refers(document: Document, element: etree._Element, reference: _Reference, value: str | None) -> Iterator[Finding]:
    if value is None:
        return
    found = document.by_id.get(local_reference(value) or "")
    if found is None or bpmn_tag(found) not in reference.targets:
        yield UNKNOWN_REFERENCE.at(
            _pointable(element), attribute=reference.attribute, value=value, wanted=reference.wanted
        )


def _stale(document: Document) -> Iterator[Finding]:
    for node in document.nodes:
        for tag, flows in (("incoming", node.incoming), ("outgoing", node.outgoing)):
            named = [local_reference(child.text) or "" for child in node.xml.iterchildren(f"{{*}}{tag}")]
            if not named:
                continue
            own = {flow.id for flow in flows}
            for value in named:
                if value not in own:
                    yield STALE_REFERENCE.at(node, attribute=tag, value=value)


def _pointable(element: etree._Element) -> Spot:
    """The element itself, or for an event definition the event that holds it."""
    if (bpmn_tag(element) or "").endswith("EventDefinition"):
        parent = element.getparent()
        if parent is not None and bpmn_tag(parent) in NODES:
            element = parent
    return Spot(element.get("id"), element.get("name"))
