"""Elements, events and attributes that would not run right: refused with what to draw instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.bpmn.check import supported
from engine.bpmn.check.known import Known
from engine.bpmn.check.model import Document, Node, Z, bpmn_tag
from engine.bpmn.check.rules import ERROR, WARNING, Rule, Spot
from engine.findings import Finding

_REFUSED_SV: Final = "”{what}” är {kind}, som motorn inte kör."
_REFUSED_EN: Final = "“{what}” is {kind_en}, which the engine does not run."


def _refused(code: str, example: str) -> Rule:
    return Rule(code, ERROR, _REFUSED_SV, _REFUSED_EN, "{instead}", "{instead_en}", example)


COMPENSATION = _refused("COMPENSATION", "a compensation boundary event, or a task marked `isForCompensation`")
CHOREOGRAPHY = _refused("CHOREOGRAPHY", "a `choreography` with choreography tasks")
COMPLEX_GATEWAY = _refused("COMPLEX_GATEWAY", "a gateway with an asterisk")
AD_HOC_SUB_PROCESS = _refused("AD_HOC_SUB_PROCESS", "a sub-process with a tilde")
TRANSACTION = _refused("TRANSACTION", "a sub-process with a double border, or a cancel event")
REFUSED_RULES: Final = {
    rule.code: rule for rule in (COMPENSATION, CHOREOGRAPHY, COMPLEX_GATEWAY, AD_HOC_SUB_PROCESS, TRANSACTION)
}
UNKNOWN_ELEMENT = Rule(
    "UNKNOWN_ELEMENT",
    ERROR,
    "Elementet <{tag}> (”{what}”) finns inte i BPMN som motorn känner den, och skulle tyst hoppas över.",
    "The element <{tag}> (“{what}”) is not part of BPMN as the engine knows it, and would silently be skipped.",
    "Ta bort det eller rita det med de element som editorn erbjuder.",
    "Remove it, or draw it with the elements that the editor offers.",
    "`<bpmn:magicTask>` in a hand-written file",
)
MISPLACED_ELEMENT = Rule(
    "MISPLACED_ELEMENT",
    ERROR,
    "<{tag}> (”{what}”) står inuti <{parent}>, där det inte hör hemma, och skulle tyst hoppas över.",
    "<{tag}> (“{what}”) stands inside <{parent}>, where it does not belong, and would silently be skipped.",
    "Flytta det till processen eller händelsen som det hör till.",
    "Move it to the process or the event it belongs to.",
    "a `sequenceFlow` written inside a task",
)
IGNORED_ELEMENT = Rule(
    "IGNORED_ELEMENT",
    WARNING,
    "Elementet <{tag}> i ”{what}” har ingen verkan här.",
    "The element <{tag}> in “{what}” has no effect here.",
    "{instead}",
    "{instead_en}",
    "`<bpmn:potentialOwner>` in a user task",
)
UNKNOWN_EXTENSION = Rule(
    "UNKNOWN_EXTENSION",
    ERROR,
    "Tillägget zeebe:{tag} på ”{what}” läses inte av motorn, och diagrammet skulle inte betyda detsamma.",
    "The extension zeebe:{tag} on “{what}” is not read by the engine, and the diagram would not mean the same.",
    "Ta bort tillägget och rita det som egna steg i diagrammet.",
    "Remove the extension and draw it as steps of their own in the diagram.",
    "`<zeebe:executionListeners>` on a task",
)
QUANTITY = Rule(
    "QUANTITY",
    ERROR,
    "”{what}” har {attribute}={value}; motorn räknar alltid ett flöde i taget.",
    "“{what}” has {attribute}={value}; the engine always counts one token at a time.",
    "Ta bort attributet, och använd en parallell gateway för att invänta flera flöden.",
    "Remove the attribute, and use a parallel gateway to wait for several flows.",
    '`startQuantity="2"` on a task',
)
MULTI_INSTANCE_BEHAVIOR = Rule(
    "MULTI_INSTANCE_BEHAVIOR",
    ERROR,
    "”{what}” upprepas med behavior={value}; motorn kör bara All (alla blir klara, inga händelser emellan).",
    "“{what}” repeats with behavior={value}; the engine only runs All (all finish, no events in between).",
    "Ta bort attributet behavior. Sätt ett slutvillkor (completionCondition) om färre räcker.",
    "Remove the attribute behavior. Set a completion condition if fewer are enough.",
    '`behavior="None"` on multi-instance',
)
EVENT_KIND = Rule(
    "EVENT_KIND",
    ERROR,
    "”{what}”: en händelse av slaget {kind} kan inte stå här ({position}); den skulle passeras utan verkan.",
    "“{what}”: an event of the kind {kind} cannot stand here ({position}); it would be passed without effect.",
    "Välj ett av slagen: {allowed}.",
    "Choose one of the kinds: {allowed}.",
    "an intermediate catch event of the kind error",
)
UNKNOWN_EVENT = Rule(
    "UNKNOWN_EVENT",
    ERROR,
    "”{what}” har en händelse av okänt slag (<{tag}>).",
    "“{what}” has an event of an unknown kind (<{tag}>).",
    "Välj meddelande, tid, signal, villkor, fel eller eskalering.",
    "Choose message, timer, signal, condition, error or escalation.",
    "`<bpmn:moodEventDefinition>` in a catch event",
)
SEVERAL_EVENTS = Rule(
    "SEVERAL_EVENTS",
    ERROR,
    "”{what}” väntar på eller skickar {count} händelser på en gång; motorn kör en per händelsesymbol.",
    "“{what}” waits for or throws {count} events at once; the engine runs one for each event symbol.",
    "Rita en händelse för var och en, efter en händelsestyrd eller parallell gateway.",
    "Draw one event for each, after an event-based or a parallel gateway.",
    "a catch event with both a message and a timer, or `parallelMultiple`",
)
ERROR_NOT_INTERRUPTING = Rule(
    "ERROR_NOT_INTERRUPTING",
    ERROR,
    "”{what}” fångar ett fel utan att avbryta; i BPMN avbryter ett fel alltid.",
    "“{what}” catches an error without interrupting; in BPMN an error always interrupts.",
    "Gör händelsen avbrytande, eller använd eskalering för det som ska fortsätta.",
    "Make the event interrupting, or use an escalation for what is to continue.",
    "a dashed error event on the border of a sub-process",
)


def findings(document: Document, _known: Known) -> Iterator[Finding]:
    """What of this file the engine would not run right."""
    for element in document.elements:
        yield from _element(element)
    for node in document.nodes:
        yield from _attributes(node)
        yield from _events(node)
    for element in document.root.iter(f"{Z}*"):
        tag = element.tag[len(Z) :]
        if tag not in supported.ZEEBE_READ and not _is_inside_unknown(element):
            yield UNKNOWN_EXTENSION.at(_owner(element), tag=tag)


def _element(element: etree._Element) -> Iterator[Finding]:
    tag = bpmn_tag(element) or ""
    refusal = supported.REFUSED_ELEMENTS.get(tag)
    if refusal is not None:
        yield refuse(refusal, _spot(element))
    elif tag in supported.IGNORED:
        instead, instead_en = supported.IGNORED[tag]
        yield IGNORED_ELEMENT.at(_owner(element), tag=tag, instead=instead, instead_en=instead_en)
    elif tag.endswith("EventDefinition") and tag not in supported.EVENT_DEFINITIONS:
        yield UNKNOWN_EVENT.at(_owner(element), tag=tag)
    elif tag in supported.PARENTS and (parent := _parent_tag(element)) not in supported.PARENTS[tag]:
        yield MISPLACED_ELEMENT.at(_spot(element) if element.get("id") else _owner(element), tag=tag, parent=parent)
    elif tag not in supported.RUNNING and tag not in supported.PARTS_OF_IGNORED and not _is_of_a_tool(element):
        yield UNKNOWN_ELEMENT.at(_spot(element) if element.get("id") else _owner(element), tag=tag)


def _attributes(node: Node) -> Iterator[Finding]:
    for attribute, only in supported.ONLY_VALUE.items():
        value = node.xml.get(attribute, only).strip()
        if value != only:
            yield QUANTITY.at(node, attribute=attribute, value=value)
    if node.xml.get("isForCompensation") in {"true", "1"}:
        yield refuse(supported.COMPENSATION, node)
    behavior = None if node.loop is None else node.loop.get("behavior")
    if behavior is not None and behavior != supported.MULTI_INSTANCE_BEHAVIOR:
        yield MULTI_INSTANCE_BEHAVIOR.at(node, value=behavior)


def _events(node: Node) -> Iterator[Finding]:
    position = position_of(node)
    if position is None:
        return
    if len(node.events) > 1 or node.xml.get("parallelMultiple") in {"true", "1"}:
        yield SEVERAL_EVENTS.at(node, count=len(node.events))
    allowed = supported.EVENT_KINDS[position]
    kinds = [event.kind for event in node.events] or ["none"]
    for kind in dict.fromkeys(kinds):
        if kind == "compensate":
            yield refuse(supported.COMPENSATION, node)
        elif kind == "cancel":
            yield refuse(supported.REFUSED_ELEMENTS["transaction"], node)
        elif kind not in allowed and (kind == "none" or f"{kind}EventDefinition" in supported.EVENT_DEFINITIONS):
            yield EVENT_KIND.at(node, kind=kind, position=position, allowed=", ".join(sorted(allowed)))
    if "error" in kinds and position in {"boundaryEvent", "event sub-process start"} and not node.is_interrupting:
        yield ERROR_NOT_INTERRUPTING.at(node)


def position_of(node: Node) -> str | None:
    """Where an event stands, in the words of the table of events; None for what is no event."""
    if node.tag != "startEvent":
        return node.tag if node.tag in supported.EVENT_KINDS else None
    owner = node.scope.owner
    if owner is None:
        return "process start"
    return "event sub-process start" if owner.is_event_sub_process else "sub-process start"


def refuse(refusal: supported.Refusal, place: Node | Spot) -> Finding:
    """The finding that an element is of a kind that does not run."""
    return REFUSED_RULES[refusal.code].at(
        place,
        kind=refusal.what,
        kind_en=refusal.what_en,
        instead=refusal.instead,
        instead_en=refusal.instead_en,
    )


def _parent_tag(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else (bpmn_tag(parent) or str(parent.tag).rpartition("}")[2])


def _spot(element: etree._Element) -> Spot:
    return Spot(element.get("id"), element.get("name"))


def _owner(element: etree._Element) -> Spot:
    """The nearest element around (or at) this one that a person can point at."""
    current: etree._Element | None = element
    while current is not None:
        tag = bpmn_tag(current)
        if tag in supported.RUNNING and current.get("id") and not (tag or "").endswith("EventDefinition"):
            return _spot(current)
        current = current.getparent()
    return Spot()


def _is_of_a_tool(element: etree._Element) -> bool:
    """Whether it lies in a tool's own settings, where some forget to say that the namespace is theirs."""
    return any(bpmn_tag(around) == "extensionElements" for around in element.iterancestors())


def _is_inside_unknown(element: etree._Element) -> bool:
    parent = element.getparent()
    return (
        parent is not None
        and isinstance(parent.tag, str)
        and (parent.tag.startswith(Z) and parent.tag[len(Z) :] not in supported.ZEEBE_READ)
    )
