"""Builds the specs of one process from its part of the normalised tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from lxml import etree

from engine.bpmn import extensions as zeebe
from engine.bpmn.definitions import EventDefinition, EventKind, Flow
from engine.bpmn.model import Element, Process, StartEvent
from engine.bpmn.reader import Reader
from engine.bpmn.specs import loops
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.calls import CallActivitySpec
from engine.bpmn.specs.events import BoundarySpec, CatchSpec, EndSpec, EventStartSpec, StartSpec, ThrowSpec
from engine.bpmn.specs.gateways import (
    EventGatewaySpec,
    ExclusiveGatewaySpec,
    InclusiveGatewaySpec,
    ParallelGatewaySpec,
)
from engine.bpmn.specs.scopes import EventSubProcessSpec, ProcessGraph, ProcessSpec, ScopeSpec, SubProcessSpec
from engine.bpmn.specs.tasks import (
    DecisionTaskSpec,
    JobSpec,
    PassingSpec,
    ScriptTaskSpec,
    SendTaskSpec,
    UserTaskSpec,
)
from engine.bpmn.specs.upstream import upstream_of
from engine.bpmn.xml import BPMN, local_name, namespace

_SPECS: Final[Mapping[str, type[ElementSpec]]] = {
    "task": PassingSpec,
    "manualTask": PassingSpec,
    "userTask": UserTaskSpec,
    "serviceTask": JobSpec,
    "sendTask": SendTaskSpec,
    "receiveTask": CatchSpec,
    "scriptTask": ScriptTaskSpec,
    "businessRuleTask": DecisionTaskSpec,
    "callActivity": CallActivitySpec,
    "subProcess": SubProcessSpec,
    "exclusiveGateway": ExclusiveGatewaySpec,
    "parallelGateway": ParallelGatewaySpec,
    "inclusiveGateway": InclusiveGatewaySpec,
    "eventBasedGateway": EventGatewaySpec,
    "startEvent": StartSpec,
    "intermediateCatchEvent": CatchSpec,
    "intermediateThrowEvent": ThrowSpec,
    "endEvent": EndSpec,
    "boundaryEvent": BoundarySpec,
}
_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    "adHocSubProcess": ("Ad hoc-delprocess", "An ad-hoc sub-process"),
    "transaction": ("Transaktion", "A transaction"),
    "complexGateway": ("Komplex gateway", "A complex gateway"),
    "callChoreography": ("Koreografi", "A choreography"),
}
_THROWN: Final = (EventKind.ERROR, EventKind.ESCALATION)
_ACTIVITIES: Final = frozenset(
    name for name in _SPECS if name.endswith("ask") or name in ("callActivity", "subProcess")
)


class Builder:
    """Builds one process."""

    def __init__(self, reader: Reader, element: etree._Element, file: str, digest: str) -> None:
        """`element` is the bpmn:process; findings go to `reader`."""
        self._reader = reader
        self._root = element
        self._file = file
        self._digest = digest
        self._graph = ProcessGraph(element.get("id") or "", file)
        self._lanes: dict[str, str] = {}
        self._lane_names: list[str] = []
        self._links: dict[tuple[str, str], ElementSpec] = {}
        self._throws: list[tuple[str, str, ElementSpec]] = []

    def build(self) -> Process:
        """The process, frozen; what could not be built is among the reader's findings."""
        root = self._root
        self._read_lanes()
        spec = ProcessSpec(self._graph, self._describe(root, None))
        self._graph.start = spec
        self._fill(spec, root)
        if not self._reader.findings:
            self._graph.has_conditions = any(
                each.event is not None and each.event.kind is EventKind.CONDITION for each in self._specs()
            )
            self._graph.has_inclusive_joins = any(each.is_inclusive_join for each in self._specs())
            for each in self._specs():
                if isinstance(each, InclusiveGatewaySpec) and each.is_inclusive_join:
                    each.upstream = upstream_of(each, self._specs())
        self._graph.freeze()
        flows = {flow.id: flow for each in self._specs() for flow in each.flows}
        return Process(
            id=spec.name,
            name=root.get("name"),
            executable=(root.get("isExecutable") or "").lower() == "true",
            version_tag=zeebe.attribute(root, "versionTag", "value"),
            documentation=zeebe.text_of(root, "documentation"),
            lanes=tuple(self._lane_names),
            elements=MappingProxyType({each.name: each.element for each in self._specs()}),
            flows=MappingProxyType(flows),
            starts=tuple(
                StartEvent(each.name, each.element.name, each.event)
                for each in self._specs()
                if isinstance(each, StartSpec) and each.container is spec
            ),
            file=self._file,
            digest=self._digest,
            graph=self._graph,
        )

    def _refuse(self, spec: ElementSpec, code: str, swedish: str, english: str) -> None:
        self._reader.refuse_element(spec.name, spec.element.name, code, swedish, english)

    def _specs(self) -> list[ElementSpec]:
        return list(self._graph.task_specs.values())

    # ------------------------------------------------------------------ one scope

    def _fill(self, scope: ScopeSpec, element: etree._Element) -> None:
        inner: dict[str, ElementSpec] = {}
        for child in _bpmn_children(element):
            name = local_name(child)
            if name in _REFUSED:
                swedish, english = _REFUSED[name]
                self._reader.refuse(
                    child, "UNSUPPORTED_ELEMENT", f"{swedish} kan inte köras.", f"{english} cannot be run."
                )
            elif name in _SPECS:
                spec = self._element(child, scope)
                if spec is not None:
                    inner[spec.name] = spec
        self._connect(inner, element)
        self._attach(inner)
        self._link(inner, scope)
        self._begin(scope, inner)

    def _element(self, element: etree._Element, scope: ScopeSpec) -> ElementSpec | None:
        name = local_name(element)
        made = element.get("id") or ""
        if made in self._graph.task_specs:
            self._reader.refuse(
                element, "DUPLICATE_ID", f"Id {made} finns två gånger.", f"The id {made} is used twice."
            )
            return None
        for attribute in ("startQuantity", "completionQuantity"):
            if (element.get(attribute) or "1") != "1":
                self._reader.refuse(
                    element, "UNSUPPORTED_QUANTITY", f"{attribute} kan inte köras.", f"{attribute} cannot be run."
                )
        if element.get("isForCompensation") == "true":
            self._reader.refuse(
                element, "UNSUPPORTED_ELEMENT", "Kompensation kan inte köras.", "Compensation cannot be run."
            )
        event = self._event(element)
        described = self._describe(element, scope, event)
        kind: type[ElementSpec] = _SPECS[name]
        if name == "subProcess" and element.get("triggeredByEvent") == "true":
            kind = EventSubProcessSpec
        elif name == "startEvent" and isinstance(scope, EventSubProcessSpec):
            kind = EventStartSpec
        spec = kind(self._graph, described)
        spec.container = scope
        spec.event = event
        spec.inputs_mapped = self._reader.mappings(element, "input")
        spec.outputs_mapped = self._reader.mappings(element, "output")
        self._define(spec, element)
        if isinstance(spec, ScopeSpec):
            self._fill(spec, element)
        return spec

    def _event(self, element: etree._Element) -> EventDefinition | None:
        name = local_name(element)
        if name.endswith("Event"):
            return self._reader.event(element)
        if name in ("receiveTask", "sendTask"):
            reference = element.get("messageRef")
            if reference:
                return self._reader.referred(element, EventKind.MESSAGE, reference)
            if name == "receiveTask":
                self._reader.refuse(
                    element,
                    "MESSAGE_MISSING",
                    "Mottagaruppgiften saknar meddelande.",
                    "The receive task has no message.",
                )
        return None

    def _define(self, spec: ElementSpec, element: etree._Element) -> None:
        reader = self._reader
        job = reader.job(element)
        if isinstance(spec, JobSpec | ThrowSpec):
            spec.job = job
        if isinstance(spec, ScriptTaskSpec) and job is None:
            spec.script = reader.script(element)
        elif isinstance(spec, DecisionTaskSpec) and job is None:
            spec.decision = reader.decision(element)
        elif isinstance(spec, UserTaskSpec):
            spec.definition = reader.user_task(element)
        elif isinstance(spec, CallActivitySpec):
            spec.call = reader.call(element)
        if local_name(element) in _ACTIVITIES:
            spec.loop = reader.loop(element)
            spec.loop_behaviour = loops
        if isinstance(spec, BoundarySpec):
            spec.attached_to = element.get("attachedToRef") or ""
            spec.interrupting = (element.get("cancelActivity") or "true") != "false"
        elif isinstance(spec, EventStartSpec):
            spec.interrupting = (element.get("isInterrupting") or "true") != "false"
        self._check_event(spec, element)

    def _check_event(self, spec: ElementSpec, element: etree._Element) -> None:
        kind = spec.event.kind if spec.event is not None else EventKind.NONE
        allowed = {
            StartSpec: {EventKind.NONE, EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITION},
            EventStartSpec: {
                EventKind.MESSAGE,
                EventKind.TIMER,
                EventKind.SIGNAL,
                EventKind.CONDITION,
                EventKind.ERROR,
                EventKind.ESCALATION,
            },
            BoundarySpec: {
                EventKind.MESSAGE,
                EventKind.TIMER,
                EventKind.SIGNAL,
                EventKind.CONDITION,
                EventKind.ERROR,
                EventKind.ESCALATION,
            },
            CatchSpec: {EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITION, EventKind.LINK},
            EndSpec: {
                EventKind.NONE,
                EventKind.MESSAGE,
                EventKind.SIGNAL,
                EventKind.ERROR,
                EventKind.ESCALATION,
                EventKind.TERMINATE,
            },
            ThrowSpec: {
                EventKind.NONE,
                EventKind.MESSAGE,
                EventKind.SIGNAL,
                EventKind.ESCALATION,
                EventKind.LINK,
            },
        }.get(type(spec))
        name = spec.event.name if spec.event is not None else None
        if spec.can_be_entered is False and name is not None and name.expression is not None and kind in _THROWN:
            self._reader.refuse(
                element,
                "CODE_NOT_FIXED",
                "Koden för ett fel eller en eskalering som fångas måste vara en fast text.",
                "The code of an error or escalation that is caught must be a fixed text.",
            )
        if allowed is not None and kind not in allowed:
            self._reader.refuse(
                element,
                "UNSUPPORTED_EVENT",
                f"En händelse av slaget {kind.value} kan inte stå här.",
                f"An event of the kind {kind.value} cannot stand here.",
            )

    # ------------------------------------------------------------------ what ties elements together

    def _connect(self, inner: dict[str, ElementSpec], element: etree._Element) -> None:
        outgoing: dict[str, list[Flow]] = {}
        incoming: dict[str, list[Flow]] = {}
        for child in _bpmn_children(element):
            if local_name(child) != "sequenceFlow":
                continue
            source, target = child.get("sourceRef") or "", child.get("targetRef") or ""
            if source not in inner or target not in inner:
                self._reader.refuse(
                    child,
                    "FLOW_WITHOUT_END",
                    "Sekvensflödet binder inte ihop två element i samma process eller delprocess.",
                    "The sequence flow does not connect two elements of the same process or sub-process.",
                )
                continue
            text = zeebe.text_of(child, "conditionExpression")
            condition = self._reader.expression(child, text)
            flow = Flow(child.get("id") or "", source, target, child.get("name"), condition)
            outgoing.setdefault(source, []).append(flow)
            incoming.setdefault(target, []).append(flow)
        defaults = {child.get("id"): child.get("default") for child in _bpmn_children(element)}
        for name, spec in inner.items():
            spec.default = defaults.get(name)
            self._tie(spec, inner, outgoing.get(name, []), incoming.get(name, []))

    def _tie(
        self, spec: ElementSpec, inner: Mapping[str, ElementSpec], outgoing: list[Flow], incoming: list[Flow]
    ) -> None:
        spec.flows, spec.incoming = tuple(outgoing), tuple(incoming)
        for flow in outgoing:
            target = inner[flow.target]
            spec.targets[flow.target] = target
            spec.connect(target)
        if isinstance(spec, InclusiveGatewaySpec) and len(incoming) > 1:
            spec.is_join = spec.is_inclusive_join = True
        if isinstance(spec, EventGatewaySpec):
            for flow in outgoing:
                if not isinstance(inner[flow.target], CatchSpec):
                    self._refuse(
                        inner[flow.target],
                        "EVENT_GATEWAY_TARGET",
                        "Efter en händelsestyrd gateway får bara händelser och mottagaruppgifter stå.",
                        "Only events and receive tasks may follow an event-based gateway.",
                    )
            if not outgoing:
                self._refuse(
                    spec,
                    "EVENT_GATEWAY_TARGET",
                    "Den händelsestyrda gatewayen leder ingenstans.",
                    "The event-based gateway leads nowhere.",
                )
        object.__setattr__(spec.element, "incoming", tuple(flow.id for flow in incoming))
        object.__setattr__(spec.element, "outgoing", tuple(flow.id for flow in outgoing))

    def _attach(self, inner: Mapping[str, ElementSpec]) -> None:
        for spec in inner.values():
            if not isinstance(spec, BoundarySpec):
                continue
            host = inner.get(spec.attached_to)
            if host is None or host.element.type not in _ACTIVITIES:
                self._refuse(
                    spec,
                    "BOUNDARY_WITHOUT_ACTIVITY",
                    "Kanthändelsen sitter inte på någon aktivitet.",
                    "The boundary event is not attached to an activity.",
                )
            else:
                host.boundaries = (*host.boundaries, spec)

    def _link(self, inner: dict[str, ElementSpec], scope: ScopeSpec) -> None:
        catches = {_link_name(spec): spec for spec in inner.values() if isinstance(spec, CatchSpec) and _is_link(spec)}
        for spec in inner.values():
            if not isinstance(spec, ThrowSpec) or not _is_link(spec):
                continue
            target = catches.get(_link_name(spec))
            if target is None:
                self._refuse(
                    spec,
                    "LINK_WITHOUT_TARGET",
                    "Länken har inget mål med samma namn.",
                    "The link has no target of the same name.",
                )
                continue
            flow = Flow(f"link:{spec.name}", spec.name, target.name)
            spec.flows = (*spec.flows, flow)
            target.incoming = (*target.incoming, flow)
            spec.targets[target.name] = target
            spec.connect(target)

    def _begin(self, scope: ScopeSpec, inner: Mapping[str, ElementSpec]) -> None:
        if isinstance(scope, EventSubProcessSpec):
            starts = [spec for spec in inner.values() if isinstance(spec, EventStartSpec)]
            if len(starts) != 1:
                self._refuse(
                    scope,
                    "EVENT_SUBPROCESS_START",
                    "En händelsestyrd delprocess ska ha exakt en starthändelse.",
                    "An event sub-process must have exactly one start event.",
                )
            elif scope.container is not None:
                around = scope.container
                around.event_starts = (*around.event_starts, starts[0])
            return
        begins = [spec for spec in inner.values() if isinstance(spec, StartSpec)]
        if begins:
            scope.first = tuple(spec for spec in begins if spec.event is None)
            if len(scope.first) != 1 and not isinstance(scope, ProcessSpec):
                self._refuse(
                    scope,
                    "SUBPROCESS_START",
                    "En delprocess ska börja med en enda starthändelse, utan händelsetyp.",
                    "A sub-process must begin with a single start event, of no kind.",
                )
        else:
            scope.first = tuple(
                spec
                for spec in inner.values()
                if not spec.incoming and not isinstance(spec, BoundarySpec | EventSubProcessSpec) and not _is_link(spec)
            )

    # ------------------------------------------------------------------ what people see

    def _read_lanes(self) -> None:
        for lane in self._root.iter(f"{{{BPMN}}}lane"):
            name = (lane.get("name") or "").strip()
            if not name:
                continue
            self._lane_names.append(name)
            for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
                self._lanes[(reference.text or "").strip()] = name

    def _describe(
        self, element: etree._Element, scope: ElementSpec | None, event: EventDefinition | None = None
    ) -> Element:
        made = element.get("id") or ""
        lane = self._lanes.get(made) or (scope.element.lane if scope is not None else None)
        return Element(
            id=made,
            type=local_name(element),
            name=element.get("name") or None,
            documentation=zeebe.text_of(element, "documentation"),
            lane=lane,
            role=zeebe.attribute(element, "assignmentDefinition", "candidateGroups") or lane,
            form_id=zeebe.attribute(element, "formDefinition", "formId"),
            task_type=zeebe.attribute(element, "taskDefinition", "type"),
            called_process=zeebe.attribute(element, "calledElement", "processId") or element.get("calledElement"),
            called_decision=zeebe.attribute(element, "calledDecision", "decisionId"),
            properties=MappingProxyType(zeebe.properties(element)),
            headers=MappingProxyType(zeebe.headers(element)),
            parent=scope.name if scope is not None and scope.container is not None else None,
            attached_to=element.get("attachedToRef"),
            interrupting=(element.get("cancelActivity") or element.get("isInterrupting") or "true") != "false",
            event=event.kind if event is not None else None,
        )


def _bpmn_children(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if namespace(child) == BPMN)


def _is_link(spec: ElementSpec) -> bool:
    return spec.event is not None and spec.event.kind is EventKind.LINK


def _link_name(spec: ElementSpec) -> str:
    name = spec.event.name if spec.event is not None else None
    return (name.literal if name is not None else None) or ""
