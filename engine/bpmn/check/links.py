"""Links: two ends of one name in one scope."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.model import EventDefinition, Node, Scope
from engine.bpmn.check.rules import ERROR, Rule
from engine.findings import Finding

LINK_WITHOUT_NAME = Rule(
    "LINK_WITHOUT_NAME",
    ERROR,
    "Länken ”{what}” har inget länknamn.",
    "The link “{what}” has no link name.",
    "Ge länken samma namn i båda ändar.",
    "Give the link the same name at both ends.",
    "a link event with an empty link name",
)
LINK_WITHOUT_CATCH = Rule(
    "LINK_WITHOUT_CATCH",
    ERROR,
    "Länken ”{link}” från ”{what}” leder ingenstans i samma process eller delprocess.",
    "The link “{link}” from “{what}” leads nowhere in the same process or sub-process.",
    "Rita den mottagande länkhändelsen med samma länknamn, eller dra ett flöde.",
    "Draw the catching link event with the same link name, or draw a flow.",
    "a throwing link whose catching end is missing",
)
LINK_WITHOUT_THROW = Rule(
    "LINK_WITHOUT_THROW",
    ERROR,
    "Ingen länk leder till ”{what}” (”{link}”) i samma process eller delprocess.",
    "No link leads to “{what}” (“{link}”) in the same process or sub-process.",
    "Rita den skickande länkhändelsen med samma länknamn, eller dra ett flöde.",
    "Draw the throwing link event with the same link name, or draw a flow.",
    "a catching link whose throwing end is missing",
)
LINK_CATCH_TWICE = Rule(
    "LINK_CATCH_TWICE",
    ERROR,
    "Länken ”{link}” tas emot på flera ställen; ”{what}” är det andra.",
    "The link “{link}” is caught in several places; “{what}” is the second.",
    "Behåll en mottagande länkhändelse för varje länknamn.",
    "Keep one catching link event for each link name.",
    "two catching links with the same name",
)


def link_name(node: Node, event: EventDefinition) -> str | None:
    """The name that pairs the two ends of a link: the link's own, else the event's."""
    return (event.xml.get("name") or node.name or "").strip() or None


def pairs(scope: Scope) -> Iterator[Finding]:
    """Ends of links without a name, or without exactly one other end in the same scope."""
    ends: dict[str, list[tuple[str, Node]]] = {"intermediateThrowEvent": [], "intermediateCatchEvent": []}
    for node in scope.nodes:
        for event in node.events:
            name = link_name(node, event) if event.kind == "link" else None
            if event.kind == "link" and name is None:
                yield LINK_WITHOUT_NAME.at(node)
            elif name is not None and node.tag in ends:
                ends[node.tag].append((name, node))
    thrown = {name for name, _ in ends["intermediateThrowEvent"]}
    caught = {name for name, _ in ends["intermediateCatchEvent"]}
    for name, node in ends["intermediateThrowEvent"]:
        if name not in caught:
            yield LINK_WITHOUT_CATCH.at(node, link=name)
    seen: set[str] = set()
    for name, node in ends["intermediateCatchEvent"]:
        if name not in thrown:
            yield LINK_WITHOUT_THROW.at(node, link=name)
        if name in seen:
            yield LINK_CATCH_TWICE.at(node, link=name)
        seen.add(name)
