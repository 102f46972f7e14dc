"""BPMN's structural rules: where flows may go, what starts and ends, what may hang on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.check.known import Known
from engine.bpmn.check.model import ACTIVITIES, Document, Flow, Node, Scope
from engine.bpmn.check.rules import ERROR, WARNING, Rule, Spot
from engine.findings import Finding

FLOW_OVER_BORDER = Rule(
    "FLOW_OVER_BORDER",
    ERROR,
    "Flödet ”{what}” går från {source} till {target} över en delprocess eller process kant.",
    "The flow “{what}” goes from {source} to {target} across the border of a sub-process or process.",
    "Låt flödet gå till delprocessens kant, eller använd ett meddelande mellan processer.",
    "Let the flow go to the border of the sub-process, or use a message between processes.",
    "an arrow from outside straight to a task in a sub-process",
)
FLOW_WITHOUT_ENDS = Rule(
    "FLOW_WITHOUT_ENDS",
    ERROR,
    "Flödet ”{what}” saknar början eller slut.",
    "The flow “{what}” lacks its beginning or its end.",
    "Dra flödet från ett element till ett annat, eller ta bort det.",
    "Draw the flow from one element to another, or remove it.",
    '`<sequenceFlow sourceRef="A"/>`',
)
FLOW_TWICE = Rule(
    "FLOW_TWICE",
    WARNING,
    "Två flöden utan villkor går från ”{what}” till {target}; steget görs då två gånger.",
    "Two flows without condition go from “{what}” to {target}; that step is then done twice.",
    "Ta bort det ena flödet.",
    "Remove one of the flows.",
    "two arrows between the same two tasks",
)
START_WITH_INCOMING = Rule(
    "START_WITH_INCOMING",
    ERROR,
    "Ett flöde leder in till starthändelsen ”{what}”.",
    "A flow leads into the start event “{what}”.",
    "Låt flödet gå till steget efter starten i stället.",
    "Let the flow go to the step after the start instead.",
    "a loop back to the start circle",
)
END_WITH_OUTGOING = Rule(
    "END_WITH_OUTGOING",
    ERROR,
    "Ett flöde leder ut från sluthändelsen ”{what}”.",
    "A flow leads out of the end event “{what}”.",
    "Gör händelsen till en mellanhändelse, eller ta bort flödet.",
    "Make the event an intermediate one, or remove the flow.",
    "an arrow from the end circle to another task",
)
BOUNDARY_WITH_INCOMING = Rule(
    "BOUNDARY_WITH_INCOMING",
    ERROR,
    "Ett flöde leder in till kanthändelsen ”{what}”.",
    "A flow leads into the boundary event “{what}”.",
    "Låt flödet gå till aktiviteten eller till ett steg efter kanthändelsen.",
    "Let the flow go to the activity, or to a step after the boundary event.",
    "an arrow into a timer on a task's border",
)
BOUNDARY_NOT_ATTACHED = Rule(
    "BOUNDARY_NOT_ATTACHED",
    ERROR,
    "Kanthändelsen ”{what}” sitter inte på någon aktivitet.",
    "The boundary event “{what}” is not attached to any activity.",
    "Fäst den på kanten av en uppgift eller delprocess, eller gör den till en mellanhändelse.",
    "Attach it to the border of a task or sub-process, or make it an intermediate event.",
    "`boundaryEvent` without `attachedToRef`",
)
BOUNDARY_NOT_ON_ACTIVITY = Rule(
    "BOUNDARY_NOT_ON_ACTIVITY",
    ERROR,
    "Kanthändelsen ”{what}” sitter på {host}, som inte är en aktivitet i samma del av diagrammet.",
    "The boundary event “{what}” is attached to {host}, which is not an activity in the same part of the diagram.",
    "Fäst den på en uppgift, anropsaktivitet eller delprocess som ligger bredvid den.",
    "Attach it to a task, call activity or sub-process that lies beside it.",
    "a timer on the border of a gateway",
)
BOUNDARY_WITHOUT_OUTGOING = Rule(
    "BOUNDARY_WITHOUT_OUTGOING",
    WARNING,
    "Från kanthändelsen ”{what}” leder inget flöde: när den inträffar händer ingenting mer.",
    "No flow leads from the boundary event “{what}”: when it happens, nothing more does.",
    "Dra ett flöde från händelsen till det som ska göras.",
    "Draw a flow from the event to what is to be done.",
    "a timer on a task with no arrow out",
)
TWO_DEFAULTS = Rule(
    "TWO_DEFAULTS",
    ERROR,
    "”{what}” har mer än ett standardflöde: {value}.",
    "“{what}” has more than one default flow: {value}.",
    "Låt bara ett flöde vara standard och ge de andra villkor.",
    "Let only one flow be the default, and give the others conditions.",
    '`default="Flow_1 Flow_2"`',
)
DEFAULT_NOT_OUTGOING = Rule(
    "DEFAULT_NOT_OUTGOING",
    ERROR,
    "Standardflödet ”{value}” går inte ut från ”{what}”.",
    "The default flow “{value}” does not leave “{what}”.",
    "Välj ett av dess egna utgående flöden som standard.",
    "Choose one of its own outgoing flows as the default.",
    "`default` names a flow of another gateway",
)
DEFAULT_WITH_CONDITION = Rule(
    "DEFAULT_WITH_CONDITION",
    ERROR,
    "Standardflödet ”{value}” från ”{what}” har ett villkor; ett standardflöde tas när inget villkor stämmer.",
    "The default flow “{value}” of “{what}” has a condition; a default flow is taken when no condition holds.",
    "Ta bort villkoret eller standardmarkeringen.",
    "Remove the condition or the default mark.",
    "a flow with both a slash and a condition",
)
DEFAULT_NOT_ALLOWED = Rule(
    "DEFAULT_NOT_ALLOWED",
    ERROR,
    "”{what}” har ett standardflöde, men här väljs inget flöde.",
    "“{what}” has a default flow, but no flow is chosen here.",
    "Ta bort standardmarkeringen, eller använd en exklusiv gateway.",
    "Remove the default mark, or use an exclusive gateway.",
    "a default flow from a parallel gateway",
)
EVENT_GATEWAY_TARGET = Rule(
    "EVENT_GATEWAY_TARGET",
    ERROR,
    "Den händelsestyrda gatewayen ”{what}” leder till {target}, som inte väntar på en händelse.",
    "The event-based gateway “{what}” leads to {target}, which does not wait for an event.",
    "Låt varje flöde gå direkt till en mellanhändelse (meddelande, tid, signal, villkor) eller en mottagaruppgift.",
    "Let each flow go straight to a catch event (message, timer, signal, condition) or a receive task.",
    "an event-based gateway followed by a user task",
)
EVENT_GATEWAY_TARGET_SHARED = Rule(
    "EVENT_GATEWAY_TARGET_SHARED",
    ERROR,
    "{target}, som följer på den händelsestyrda gatewayen ”{what}”, har också andra inkommande flöden.",
    "{target}, which follows the event-based gateway “{what}”, also has other incoming flows.",
    "Rita en egen händelse för det andra flödet.",
    "Draw an event of its own for the other flow.",
    "a catch event after the gateway that a second arrow also enters",
)
EVENT_GATEWAY_TOO_FEW = Rule(
    "EVENT_GATEWAY_TOO_FEW",
    ERROR,
    "Den händelsestyrda gatewayen ”{what}” har färre än två utgående flöden.",
    "The event-based gateway “{what}” has fewer than two outgoing flows.",
    "Lägg till en händelse att vänta på, eller ta bort gatewayen.",
    "Add an event to wait for, or remove the gateway.",
    "an event-based gateway with a single timer",
)
EVENT_GATEWAY_STARTS = Rule(
    "EVENT_GATEWAY_STARTS",
    ERROR,
    "Den händelsestyrda gatewayen ”{what}” ska starta processen; det kör motorn inte.",
    "The event-based gateway “{what}” is to start the process; the engine does not run that.",
    "Rita en starthändelse för varje meddelande i stället.",
    "Draw one start event for each message instead.",
    '`instantiate="true"` on an event-based gateway',
)
NO_START = Rule(
    "NO_START",
    ERROR,
    "”{what}” har ingen starthändelse, så inget i den skulle börja.",
    "“{what}” has no start event, so nothing in it would begin.",
    "Rita en starthändelse med ett flöde till det första steget.",
    "Draw a start event with a flow to the first step.",
    "an empty process, or one that is a single loop",
)
PROCESS_WITHOUT_START = Rule(
    "PROCESS_WITHOUT_START",
    WARNING,
    "Processen ”{what}” har ingen starthändelse; alla steg utan inkommande flöde börjar då på en gång.",
    "The process “{what}” has no start event; all steps without incoming flow then begin at once.",
    "Rita en starthändelse med ett flöde till det första steget.",
    "Draw a start event with a flow to the first step.",
    "a process that begins with a task",
)
SUB_PROCESS_WITHOUT_START = Rule(
    "SUB_PROCESS_WITHOUT_START",
    WARNING,
    "Delprocessen ”{what}” har ingen starthändelse; alla steg utan inkommande flöde börjar då på en gång.",
    "The sub-process “{what}” has no start event; all steps without incoming flow then begin at once.",
    "Rita en starthändelse med ett flöde till det första steget.",
    "Draw a start event with a flow to the first step.",
    "a sub-process that begins with a task",
)
SEVERAL_STARTS = Rule(
    "SEVERAL_STARTS",
    ERROR,
    "”{what}” har {count} starthändelser utan slag; det går inte att veta var den börjar.",
    "“{what}” has {count} start events without a kind; there is no telling where it begins.",
    "Behåll en, eller ge de andra ett slag (meddelande, tid, signal).",
    "Keep one, or give the others a kind (message, timer, signal).",
    "two plain start circles in one process",
)
EVENT_SUB_PROCESS_STARTS = Rule(
    "EVENT_SUB_PROCESS_STARTS",
    ERROR,
    "Händelsedelprocessen ”{what}” ska ha exakt en starthändelse men har {count}.",
    "The event sub-process “{what}” must have exactly one start event but has {count}.",
    "Rita en händelsedelprocess för varje händelse.",
    "Draw one event sub-process for each event.",
    "an event sub-process with two start events",
)
EVENT_SUB_PROCESS_FLOW = Rule(
    "EVENT_SUB_PROCESS_FLOW",
    ERROR,
    "Ett flöde leder till eller från händelsedelprocessen ”{what}”; den startas av sin händelse.",
    "A flow leads to or from the event sub-process “{what}”; it is started by its event.",
    "Ta bort flödet, eller gör den till en vanlig delprocess.",
    "Remove the flow, or make it an ordinary sub-process.",
    "an arrow into a dotted sub-process",
)
EVENT_SUB_PROCESS_BOUNDARY = Rule(
    "EVENT_SUB_PROCESS_BOUNDARY",
    ERROR,
    "”{what}” sitter på kanten av en händelsedelprocess, vilket BPMN inte tillåter.",
    "“{what}” is attached to the border of an event sub-process, which BPMN does not allow.",
    "Lägg en vanlig delprocess i händelsedelprocessen och fäst händelsen på den.",
    "Put an ordinary sub-process inside the event sub-process and attach the event to that.",
    "a timer on the border of a dotted sub-process",
)
LOOP_ON_EVENT_SUB_PROCESS = Rule(
    "LOOP_ON_EVENT_SUB_PROCESS",
    ERROR,
    "Händelsedelprocessen ”{what}” är markerad för upprepning, vilket BPMN inte tillåter.",
    "The event sub-process “{what}” is marked to repeat, which BPMN does not allow.",
    "Lägg en upprepad delprocess inuti den.",
    "Put a repeated sub-process inside it.",
    "multi-instance on an event sub-process",
)
MESSAGE_FLOW_INSIDE_POOL = Rule(
    "MESSAGE_FLOW_INSIDE_POOL",
    ERROR,
    "Meddelandeflödet ”{what}” börjar och slutar i samma pool.",
    "The message flow “{what}” begins and ends in the same pool.",
    "Använd ett vanligt flöde inom poolen; meddelandeflöden går mellan pooler.",
    "Use a sequence flow within the pool; message flows go between pools.",
    "a dashed arrow between two tasks of one pool",
)


def findings(document: Document, _known: Known) -> Iterator[Finding]:
    """Breaches of BPMN's structure in the whole file."""
    for flow in document.flows:
        yield from _flow(flow)
    for node in document.nodes:
        yield from _node(node)
    for scope in document.checked_scopes:
        yield from _starts(scope)
    yield from _message_flows(document)


def label(node: Node) -> str:
    """How a message names another element than the one it stands at."""
    return f"”{node.name or node.id or node.tag}”"


def _flow(flow: Flow) -> Iterator[Finding]:
    if flow.source_ref is None or flow.target_ref is None:
        yield FLOW_WITHOUT_ENDS.at(flow)
        return
    ends = [end for end in (flow.source, flow.target) if end is not None]
    if any(end.scope is not flow.scope for end in ends):
        source, target = (label(end) if end else "?" for end in (flow.source, flow.target))
        yield FLOW_OVER_BORDER.at(flow, source=source, target=target)


def _node(node: Node) -> Iterator[Finding]:
    if node.tag == "startEvent" and node.incoming:
        yield START_WITH_INCOMING.at(node)
    elif node.tag == "endEvent" and node.outgoing:
        yield END_WITH_OUTGOING.at(node)
    elif node.tag == "boundaryEvent":
        yield from _boundary(node)
    elif node.tag == "eventBasedGateway":
        yield from _event_gateway(node)
    if node.is_event_sub_process:
        if node.incoming or node.outgoing:
            yield EVENT_SUB_PROCESS_FLOW.at(node)
        if node.loop is not None:
            yield LOOP_ON_EVENT_SUB_PROCESS.at(node)
    yield from _default(node)
    twins = Counter(id(flow.target) for flow in node.outgoing if flow.condition is None and flow.id != node.default)
    if any(count > 1 for count in twins.values()):
        target = next(flow.target for flow in node.outgoing if twins[id(flow.target)] > 1)
        yield FLOW_TWICE.at(node, target=label(target) if target else "?")


def _boundary(node: Node) -> Iterator[Finding]:
    if node.incoming:
        yield BOUNDARY_WITH_INCOMING.at(node)
    if not node.xml.get("attachedToRef"):
        yield BOUNDARY_NOT_ATTACHED.at(node)
    elif node.host is not None:
        if node.host.tag not in ACTIVITIES or node.host.scope is not node.scope:
            yield BOUNDARY_NOT_ON_ACTIVITY.at(node, host=label(node.host))
        elif node.host.is_event_sub_process:
            yield EVENT_SUB_PROCESS_BOUNDARY.at(node)
    if not node.outgoing and node.kind != "compensate":
        yield BOUNDARY_WITHOUT_OUTGOING.at(node)


def _default(node: Node) -> Iterator[Finding]:
    default = node.default
    if default is None:
        return
    if node.tag not in ACTIVITIES and node.tag not in {"exclusiveGateway", "inclusiveGateway", "complexGateway"}:
        yield DEFAULT_NOT_ALLOWED.at(node)
        return
    own = {flow.id: flow for flow in node.outgoing}
    if len(default.split()) > 1:
        yield TWO_DEFAULTS.at(node, value=default)
    elif default not in own:
        yield DEFAULT_NOT_OUTGOING.at(node, value=default)
    elif own[default].condition is not None:
        yield DEFAULT_WITH_CONDITION.at(node, value=own[default].name or default)


def _event_gateway(node: Node) -> Iterator[Finding]:
    if node.xml.get("instantiate") in {"true", "1"}:
        yield EVENT_GATEWAY_STARTS.at(node)
    if len(node.outgoing) < 2:
        yield EVENT_GATEWAY_TOO_FEW.at(node)
    for flow in node.outgoing:
        target = flow.target
        if target is None:
            continue
        waits = target.tag == "receiveTask" or (
            target.tag == "intermediateCatchEvent" and target.kind in {"message", "timer", "signal", "conditional"}
        )
        if not waits:
            yield EVENT_GATEWAY_TARGET.at(node, target=label(target))
        elif len(target.incoming) > 1:
            yield EVENT_GATEWAY_TARGET_SHARED.at(node, target=label(target))


def _starts(scope: Scope) -> Iterator[Finding]:
    starts = scope.starts
    owner = scope.owner
    if owner is not None and owner.tag == "adHocSubProcess":
        return
    if owner is not None and owner.is_event_sub_process:
        if len(starts) != 1:
            yield EVENT_SUB_PROCESS_STARTS.at(scope, count=len(starts))
        return
    if not starts:
        if owner is not None:
            yield SUB_PROCESS_WITHOUT_START.at(scope)
        else:
            yield (PROCESS_WITHOUT_START if any(_begins(node) for node in scope.nodes) else NO_START).at(scope)
    plain = [start for start in starts if not start.events]
    if len(plain) > 1:
        yield SEVERAL_STARTS.at(scope, count=len(plain))


def _begins(node: Node) -> bool:
    """Whether a node begins by itself where no start event is drawn."""
    return not node.incoming and node.tag != "boundaryEvent" and not node.is_event_sub_process


def _message_flows(document: Document) -> Iterator[Finding]:
    pools = {}
    for element in document.elements:
        if element.tag.endswith("}participant") and element.get("id"):
            pools[element.get("id")] = element.get("processRef") or element.get("id")
    for element in document.elements:
        if not element.tag.endswith("}messageFlow"):
            continue
        ends = []
        for attribute in ("sourceRef", "targetRef"):
            reference = (element.get(attribute) or "").rpartition(":")[2]
            node = document.node_by_id.get(reference)
            ends.append(node.scope.process.id if node is not None else pools.get(reference))
        if ends[0] is not None and ends[0] == ends[1]:
            yield MESSAGE_FLOW_INSIDE_POOL.at(Spot(element.get("id"), element.get("name")))
