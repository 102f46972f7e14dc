"""Conditions and choices: which flows carry a condition, which must, and which may not."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.known import Known
from engine.bpmn.check.model import ACTIVITIES, GATEWAYS, Document, Flow, Node
from engine.bpmn.check.rules import ERROR, WARNING, Rule
from engine.findings import Finding

CONDITION_NOT_ALLOWED = Rule(
    "CONDITION_NOT_ALLOWED",
    ERROR,
    "Flödet ”{what}” från {source} har ett villkor, men där väljs inget flöde: alla tas.",
    "The flow “{what}” from {source} has a condition, but no flow is chosen there: all are taken.",
    "Ta bort villkoret, eller sätt en exklusiv eller inkluderande gateway före.",
    "Remove the condition, or put an exclusive or inclusive gateway before it.",
    "a condition on a flow from a parallel gateway or an event",
)
CONDITION_EMPTY = Rule(
    "CONDITION_EMPTY",
    ERROR,
    "Flödet ”{what}” har ett villkor utan innehåll.",
    "The flow “{what}” has a condition without content.",
    "Skriv villkoret i FEEL, till exempel = manader >= 3, eller ta bort det.",
    "Write the condition in FEEL, for example = months >= 3, or remove it.",
    "`<conditionExpression/>`",
)
CONDITION_ON_ONLY_FLOW = Rule(
    "CONDITION_ON_ONLY_FLOW",
    WARNING,
    "Flödet ”{what}” är det enda från {source} och har ändå ett villkor; stämmer det inte, stannar ärendet där.",
    "The flow “{what}” is the only one from {source} and still has a condition; if it does not hold, the case stops.",
    "Ta bort villkoret, eller rita också vart ärendet går när det inte stämmer.",
    "Remove the condition, or also draw where the case goes when it does not hold.",
    "a condition on a task's only arrow",
)
CONDITION_MISSING = Rule(
    "CONDITION_MISSING",
    ERROR,
    "{count} flöde(n) från ”{what}” saknar villkor utan att vara standardflöde; det går inte att veta när de ska tas.",
    "{count} flow(s) from “{what}” lack a condition without being the default; there is no telling when to take them.",
    "Ge varje flöde ett villkor, utom ett som markeras som standardflöde.",
    "Give each flow a condition, except one that is marked as the default.",
    "an exclusive gateway with a bare arrow that is not the default",
)
NO_DEFAULT = Rule(
    "NO_DEFAULT",
    WARNING,
    "”{what}” har inget standardflöde; stämmer inget villkor stannar ärendet där som en incident.",
    "“{what}” has no default flow; if no condition holds, the case stops there as an incident.",
    "Markera ett av flödena som standardflöde.",
    "Mark one of the flows as the default.",
    "an exclusive gateway where every flow has a condition",
)
GATEWAY_SPLITS_AND_JOINS = Rule(
    "GATEWAY_SPLITS_AND_JOINS",
    WARNING,
    "Gatewayen ”{what}” både samlar och delar flöden, vilket är svårt att läsa.",
    "The gateway “{what}” both joins and splits flows, which is hard to read.",
    "Rita två gateways: en som samlar, en som delar.",
    "Draw two gateways: one that joins, one that splits.",
    "one diamond with two arrows in and two out",
)
GATEWAY_WITHOUT_FLOWS = Rule(
    "GATEWAY_WITHOUT_FLOWS",
    WARNING,
    "Från gatewayen ”{what}” leder inget flöde.",
    "No flow leads from the gateway “{what}”.",
    "Rita en sluthändelse där flödet tar slut.",
    "Draw an end event where the flow ends.",
    "a diamond with no arrow out",
)

_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})


def findings(document: Document, _known: Known) -> Iterator[Finding]:
    """Conditions and choices of what runs."""
    for node in document.checked_nodes:
        for flow in node.outgoing:
            yield from _condition(node, flow)
        if len(node.outgoing) > 1 and (node.tag in _CHOOSING or node.tag in ACTIVITIES):
            yield from _choice(node)
        if node.tag in GATEWAYS:
            if len(node.incoming) > 1 and len(node.outgoing) > 1:
                yield GATEWAY_SPLITS_AND_JOINS.at(node)
            if not node.outgoing and node.tag != "eventBasedGateway":
                yield GATEWAY_WITHOUT_FLOWS.at(node)


def _condition(node: Node, flow: Flow) -> Iterator[Finding]:
    if flow.condition is None:
        return
    source = f"”{node.name or node.id}”"
    if node.tag not in ACTIVITIES and node.tag not in _CHOOSING:
        yield CONDITION_NOT_ALLOWED.at(flow, source=source)
    elif flow.condition.lstrip("= \t\r\n") == "":
        yield CONDITION_EMPTY.at(flow)
    elif len(node.outgoing) == 1:
        yield CONDITION_ON_ONLY_FLOW.at(flow, source=source)


def _choice(node: Node) -> Iterator[Finding]:
    bare = [flow for flow in node.outgoing if flow.condition is None and flow.id != node.default]
    if node.tag == "exclusiveGateway" and bare:
        yield CONDITION_MISSING.at(node, count=len(bare))
    elif not bare and node.default is None:
        yield NO_DEFAULT.at(node)
