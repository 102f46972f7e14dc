"""The diagram as the linter sees it: processes, scopes, nodes and flows, with the author's own ids and names.

Nothing is mended here: what is missing stays missing, so that a rule can say so. Built in one pass, in linear time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from lxml import etree

from engine.bpmn.executable import executable_processes
from engine.bpmn.xml import BPMN, ZEEBE

B: Final = f"{{{BPMN}}}"
Z: Final = f"{{{ZEEBE}}}"

TASKS: Final = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    }
)
SUB_PROCESSES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES: Final = TASKS | SUB_PROCESSES | {"callActivity"}
GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
NODES: Final = ACTIVITIES | GATEWAYS | EVENTS
ROOTS_OF_MEANING: Final = frozenset({"message", "signal", "error", "escalation"})


@dataclass(slots=True, eq=False)
class EventDefinition:
    """What an event waits for or throws: `kind` is "timer", "message" and so on."""

    kind: str
    xml: etree._Element

    @property
    def reference(self) -> str | None:
        """The id after messageRef, signalRef, errorRef or escalationRef, without its prefix."""
        return local_reference(self.xml.get(f"{self.kind}Ref"))


@dataclass(slots=True, eq=False)
class Flow:
    """One sequence flow; `source` and `target` are None where the references lead nowhere."""

    id: str | None
    name: str | None
    xml: etree._Element
    scope: Scope
    source_ref: str | None
    target_ref: str | None
    condition: str | None
    source: Node | None = None
    target: Node | None = None


@dataclass(slots=True, eq=False)
class Node:
    """One task, event, gateway or sub-process, tied to its flows."""

    id: str | None
    name: str | None
    tag: str
    xml: etree._Element
    scope: Scope
    events: tuple[EventDefinition, ...] = ()
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)
    host: Node | None = None
    inner: Scope | None = None

    @property
    def kind(self) -> str:
        """The kind of its first event definition, "none" without one."""
        return self.events[0].kind if self.events else "none"

    @property
    def is_event_sub_process(self) -> bool:
        """Whether it starts by an event instead of by a flow."""
        return self.tag in SUB_PROCESSES and self.xml.get("triggeredByEvent") in {"true", "1"}

    @property
    def is_interrupting(self) -> bool:
        """For boundary and start events: whether the event ends what it interrupts."""
        attribute = "cancelActivity" if self.tag == "boundaryEvent" else "isInterrupting"
        return self.xml.get(attribute, "true") not in {"false", "0"}

    @property
    def loop(self) -> etree._Element | None:
        """Its multi-instance or standard loop, if any."""
        found = self.xml.find(f"{B}multiInstanceLoopCharacteristics")
        return found if found is not None else self.xml.find(f"{B}standardLoopCharacteristics")

    @property
    def default(self) -> str | None:
        """The id of its default flow."""
        return self.xml.get("default")

    def extension(self, tag: str) -> etree._Element | None:
        """Its first `zeebe:` extension element of that name."""
        holder = self.xml.find(f"{B}extensionElements")
        return None if holder is None else holder.find(f"{Z}{tag}")


@dataclass(slots=True, eq=False)
class Scope:
    """A process or the inside of a sub-process: what flows may not leave."""

    id: str | None
    name: str | None
    tag: str
    xml: etree._Element
    parent: Scope | None
    owner: Node | None
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)

    @property
    def process(self) -> Scope:
        """The process that it lies in, itself for a process."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def starts(self) -> list[Node]:
        """Its start events."""
        return [node for node in self.nodes if node.tag == "startEvent"]


@dataclass(eq=False)
class Document:
    """One BPMN file, indexed."""

    file: str
    root: etree._Element
    scopes: list[Scope] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    elements: list[etree._Element] = field(default_factory=list)  # of BPMN's own namespace, in document order
    by_id: dict[str, etree._Element] = field(default_factory=dict)

    @cached_property
    def node_by_id(self) -> dict[str, Node]:
        """The flow nodes that have an id; the first one wins where an id stands twice."""
        found: dict[str, Node] = {}
        for node in self.nodes:
            if node.id:
                found.setdefault(node.id, node)
        return found

    @cached_property
    def processes(self) -> list[Scope]:
        """The processes, in document order."""
        return [scope for scope in self.scopes if scope.parent is None]

    @cached_property
    def checked_scopes(self) -> list[Scope]:
        """The scopes that will run: of the executable processes, of all when none is."""
        executable = {id(process.xml) for process in self.executable}
        return [scope for scope in self.scopes if id(scope.process.xml) in executable] or self.scopes

    @cached_property
    def executable(self) -> list[Scope]:
        """The processes that run."""
        found = {id(process) for process in executable_processes(self.root)}
        return [process for process in self.processes if id(process.xml) in found]

    @cached_property
    def documentation_ids(self) -> frozenset[str | None]:
        """The ids of all that lies in processes that do not run, where others do."""
        runs = {id(process.xml) for process in self.executable}
        aside = [process.xml for process in self.processes if runs and id(process.xml) not in runs]
        return frozenset(each.get("id") for process in aside for each in process.iter(f"{B}*") if each.get("id"))

    @cached_property
    def checked_nodes(self) -> list[Node]:
        """The nodes that will run."""
        return [node for scope in self.checked_scopes for node in scope.nodes]

    @cached_property
    def is_plain(self) -> bool:
        """Whether the file carries no Camunda 8 extension at all: plain BPMN."""
        return next(self.root.iter(f"{Z}*"), None) is None

    def referred(self, reference: str | None, tag: str) -> etree._Element | None:
        """The element of that tag with that id."""
        found = self.by_id.get(reference) if reference else None
        return found if found is not None and found.tag == B + tag else None


def bpmn_tag(element: etree._Element) -> str | None:
    """The local name of a BPMN element, None for anything of another namespace."""
    tag = element.tag
    return tag[len(B) :] if isinstance(tag, str) and tag.startswith(B) else None


def local_reference(text: str | None) -> str | None:
    """An id out of a reference, which may carry a namespace prefix."""
    stripped = (text or "").strip()
    return stripped.rpartition(":")[2] or None


def text_of(element: etree._Element | None) -> str | None:
    """The element's own text, trimmed; None when there is none."""
    if element is None:
        return None
    return (element.text or "").strip() or None


def build_document(root: etree._Element, file: str) -> Document:
    """Index a parsed file.

    Args:
        root: what `engine.bpmn.xml.parse_xml` gave.
        file: its name, for messages.
    """
    document = Document(file, root)
    for element in root.iter(f"{B}*"):
        document.elements.append(element)
        identity = element.get("id")
        if identity:
            document.by_id.setdefault(identity, element)
    for element in root.iterchildren(f"{B}process"):
        scope = Scope(element.get("id"), element.get("name"), "process", element, None, None)
        _fill(document, scope)
    _connect(document)
    return document


def _fill(document: Document, process: Scope) -> None:
    waiting = [process]
    while waiting:  # a list, not recursion: files may nest as deep as the parser lets them
        scope = waiting.pop()
        document.scopes.append(scope)
        for child in scope.xml.iterchildren(f"{B}*"):
            tag = bpmn_tag(child)
            if tag == "sequenceFlow":
                _add_flow(document, scope, child)
            elif tag in NODES:
                node = Node(child.get("id"), child.get("name"), tag, child, scope, _events_of(document, child))
                scope.nodes.append(node)
                document.nodes.append(node)
                if tag in SUB_PROCESSES:
                    node.inner = Scope(node.id, node.name, tag, child, scope, node)
                    waiting.append(node.inner)


def _add_flow(document: Document, scope: Scope, element: etree._Element) -> None:
    condition = element.find(f"{B}conditionExpression")
    flow = Flow(
        id=element.get("id"),
        name=element.get("name"),
        xml=element,
        scope=scope,
        source_ref=local_reference(element.get("sourceRef")),
        target_ref=local_reference(element.get("targetRef")),
        condition=None if condition is None else (text_of(condition) or ""),
    )
    scope.flows.append(flow)
    document.flows.append(flow)


def _events_of(document: Document, element: etree._Element) -> tuple[EventDefinition, ...]:
    return tuple(_definitions(document, element))


def _definitions(document: Document, element: etree._Element) -> Iterator[EventDefinition]:
    for child in element.iterchildren(f"{B}*"):
        tag = bpmn_tag(child) or ""
        if tag == "eventDefinitionRef":
            found = document.by_id.get(local_reference(child.text) or "")
            if found is not None and (bpmn_tag(found) or "").endswith("EventDefinition"):
                yield EventDefinition((bpmn_tag(found) or "")[: -len("EventDefinition")], found)
        elif tag.endswith("EventDefinition"):
            yield EventDefinition(tag[: -len("EventDefinition")], child)


def _connect(document: Document) -> None:
    nodes = document.node_by_id
    for flow in document.flows:
        flow.source = nodes.get(flow.source_ref or "")
        flow.target = nodes.get(flow.target_ref or "")
        if flow.source is not None and flow.target is not None:
            flow.source.outgoing.append(flow)
            flow.target.incoming.append(flow)
    for node in document.nodes:
        if node.tag == "boundaryEvent":
            node.host = nodes.get(local_reference(node.xml.get("attachedToRef")) or "")
            if node.host is not None:
                node.host.boundaries.append(node)
