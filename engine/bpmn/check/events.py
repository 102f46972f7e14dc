"""Events: messages with name and key, signals and codes that are there, nothing caught twice at one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.check import links, timers
from engine.bpmn.check.known import Known
from engine.bpmn.check.model import B, Document, EventDefinition, Node, Scope, Z, text_of
from engine.bpmn.check.rules import ERROR, WARNING, Rule
from engine.bpmn.check.unsupported import position_of
from engine.findings import Finding

MESSAGE_MISSING = Rule(
    "MESSAGE_MISSING",
    ERROR,
    "”{what}” säger inte vilket meddelande det gäller.",
    "“{what}” does not say which message it concerns.",
    "Välj ett meddelande i egenskapspanelen.",
    "Choose a message in the properties panel.",
    "a receive task without message",
)
MESSAGE_WITHOUT_NAME = Rule(
    "MESSAGE_WITHOUT_NAME",
    WARNING,
    "Meddelandet {reference}, som ”{what}” använder, har inget namn; dess id används som namn.",
    "The message {reference}, which “{what}” uses, has no name; its id is used as the name.",
    "Ge meddelandet ett namn; det är namnet som parar ihop den som skickar och den som tar emot.",
    "Give the message a name; it is the name that pairs sender and receiver.",
    '`<bpmn:message id="m"/>`',
)
CORRELATION_KEY_MISSING = Rule(
    "CORRELATION_KEY_MISSING",
    ERROR,
    "”{what}” väntar på meddelandet {message} utan korrelationsnyckel; det kunde då hamna i fel ärende.",
    "“{what}” waits for the message {message} without a correlation key; it could then reach the wrong case.",
    "Ange meddelandets nyckel (subscription correlation key), till exempel =arendeId.",
    "Give the message's subscription correlation key, for example =arendeId.",
    "a message catch event whose message has no `zeebe:subscription`",
)
KEY_MISSING_IN_PLAIN = Rule(
    "KEY_MISSING_IN_PLAIN",
    WARNING,
    "”{what}” väntar på meddelandet {message} utan korrelationsnyckel; det når den som har väntat längst.",
    "“{what}” waits for the message {message} without a correlation key; it reaches whoever has waited longest.",
    "Ange meddelandets nyckel (subscription correlation key), om fler än ett ärende kan vänta.",
    "Give the message's subscription correlation key, if more than one case may wait.",
    "a message catch event in a file without any Camunda 8 extension",
)
THROW_KEY_MISSING = Rule(
    "THROW_KEY_MISSING",
    WARNING,
    "”{what}” skickar meddelandet {message} utan korrelationsnyckel; ingen som väntar med nyckel nås.",
    "“{what}” sends the message {message} without a correlation key; nobody who waits with a key is reached.",
    "Ange meddelandets nyckel, till exempel =arendeId.",
    "Give the message's key, for example =arendeId.",
    "a message end event whose message has no `zeebe:subscription`",
)
START_MESSAGE_TWICE = Rule(
    "START_MESSAGE_TWICE",
    ERROR,
    "Flera starthändelser i processen tar emot meddelandet {message}; ”{what}” är den andra.",
    "Several start events of the process receive the message {message}; “{what}” is the second.",
    "Behåll en starthändelse för meddelandet och välj väg efter den.",
    "Keep one start event for the message and choose the path after it.",
    "two message start events with the same message",
)
SIGNAL_MISSING = Rule(
    "SIGNAL_MISSING",
    ERROR,
    "”{what}” säger inte vilken signal det gäller, eller signalen saknar namn.",
    "“{what}” does not say which signal it concerns, or the signal has no name.",
    "Välj en signal med namn i egenskapspanelen.",
    "Choose a signal with a name in the properties panel.",
    "a signal event without `signalRef`",
)
ERROR_CODE_MISSING = Rule(
    "ERROR_CODE_MISSING",
    ERROR,
    "”{what}” skickar ett fel utan felkod.",
    "“{what}” throws an error without an error code.",
    "Välj ett fel med kod i egenskapspanelen.",
    "Choose an error with a code in the properties panel.",
    "an error end event without `errorRef`",
)
ESCALATION_CODE_MISSING = Rule(
    "ESCALATION_CODE_MISSING",
    ERROR,
    "”{what}” skickar en eskalering utan kod.",
    "“{what}” throws an escalation without a code.",
    "Välj en eskalering med kod i egenskapspanelen.",
    "Choose an escalation with a code in the properties panel.",
    "an escalation end event without `escalationRef`",
)
EVENT_CONDITION_MISSING = Rule(
    "EVENT_CONDITION_MISSING",
    ERROR,
    "Villkorshändelsen ”{what}” har inget villkor.",
    "The conditional event “{what}” has no condition.",
    "Skriv villkoret i FEEL.",
    "Write the condition in FEEL.",
    "a conditional event with an empty condition",
)
CATCH_TWICE = Rule(
    "CATCH_TWICE",
    ERROR,
    "”{what}” fångar samma sak ({caught}) som en annan händelse på samma ställe.",
    "“{what}” catches the same ({caught}) as another event at the same place.",
    "Ta bort den ena.",
    "Remove one of them.",
    "two error events with the same code on one sub-process",
)


def findings(document: Document, _known: Known) -> Iterator[Finding]:
    """Events of what runs."""
    for node in document.checked_nodes:
        for event in node.events:
            yield from _event(document, node, event)
        if node.tag == "receiveTask":
            yield from _message(document, node, node.xml.get("messageRef"), catches=position_of(node) or "receiveTask")
    for scope in document.checked_scopes:
        yield from links.pairs(scope)
        yield from _twice(document, scope)


def _event(document: Document, node: Node, event: EventDefinition) -> Iterator[Finding]:
    position = position_of(node) or node.tag
    throws = node.tag in {"intermediateThrowEvent", "endEvent"}
    if event.kind == "timer":
        yield from timers.timer(node, event, position)
    elif event.kind == "message":
        # A throwing event with a job type is a job: it needs no message.
        if throws and node.extension("taskDefinition") is not None:
            return
        yield from _message(document, node, event.xml.get("messageRef"), catches="" if throws else position)
    elif event.kind == "signal":
        signal = document.referred(event.reference, "signal")
        if event.xml.get("signalRef") is None or (signal is not None and not signal.get("name")):
            yield SIGNAL_MISSING.at(node)
    elif event.kind in {"error", "escalation"} and throws:
        thrown = document.referred(event.reference, event.kind)
        if event.xml.get(f"{event.kind}Ref") is None or (thrown is not None and not thrown.get(f"{event.kind}Code")):
            yield (ERROR_CODE_MISSING if event.kind == "error" else ESCALATION_CODE_MISSING).at(node)
    elif event.kind == "conditional" and not (text_of(event.xml.find(f"{B}condition")) or "").lstrip("= \n"):
        yield EVENT_CONDITION_MISSING.at(node)


def _message(document: Document, node: Node, reference: str | None, *, catches: str) -> Iterator[Finding]:
    """Judge a message by its reference; `catches` is the position it is caught at, empty where it is thrown."""
    if reference is None:
        yield MESSAGE_MISSING.at(node)
        return
    message = document.referred(reference.rpartition(":")[2], "message")
    if message is None:
        return  # said as an unknown reference
    if not message.get("name"):
        yield MESSAGE_WITHOUT_NAME.at(node, reference=reference)
    if correlation_key(node.xml) is None and correlation_key(message) is None:
        name = message.get("name") or reference
        if document.is_plain:
            if catches and catches != "process start":
                yield KEY_MISSING_IN_PLAIN.at(node, message=name)
        elif not catches:
            yield THROW_KEY_MISSING.at(node, message=name)
        elif catches != "process start":
            yield CORRELATION_KEY_MISSING.at(node, message=name)


def correlation_key(element: etree._Element) -> str | None:
    """The key in the `zeebe:subscription` of a message, or of the event that uses it."""
    for subscription in element.iterfind(f"{B}extensionElements/{Z}subscription"):
        key = (subscription.get("correlationKey") or "").strip()
        if key.lstrip("= "):
            return key
    return None


def _twice(document: Document, scope: Scope) -> Iterator[Finding]:
    if scope.parent is None:
        messages: Counter[str] = Counter()
        for start in scope.starts:
            caught = _caught(document, start)
            if caught and caught[0] == "message":
                messages[caught[1]] += 1
                if messages[caught[1]] == 2:
                    yield START_MESSAGE_TWICE.at(start, message=caught[1])
    places: list[list[Node]] = [node.boundaries for node in scope.nodes if len(node.boundaries) > 1]
    places.append(
        [start for node in scope.nodes if node.is_event_sub_process and node.inner for start in node.inner.starts]
    )
    for gateway in scope.nodes:
        if gateway.tag == "eventBasedGateway":
            places.append([flow.target for flow in gateway.outgoing if flow.target is not None])
    for catchers in places:
        seen: set[tuple[str, str]] = set()
        for catcher in catchers:
            caught = _caught(document, catcher)
            if caught is None:
                continue
            if caught in seen:
                yield CATCH_TWICE.at(catcher, caught=" ".join(caught).strip())
            seen.add(caught)


def _caught(document: Document, node: Node) -> tuple[str, str] | None:
    """What a catching event catches, comparably: two equal ones at one place cannot both get it."""
    if node.tag == "receiveTask":
        message = document.referred((node.xml.get("messageRef") or "").rpartition(":")[2], "message")
        return ("message", message.get("name", "")) if message is not None else None
    if not node.events:
        return None
    event = node.events[0]
    if event.kind == "message":
        message = document.referred(event.reference, "message")
        return ("message", message.get("name", "")) if message is not None else None
    if event.kind in {"error", "escalation"}:
        reference = event.reference
        found = document.referred(reference, event.kind)
        if reference is not None and found is None:
            return None
        return (event.kind, "" if found is None else found.get(f"{event.kind}Code", ""))
    return None
