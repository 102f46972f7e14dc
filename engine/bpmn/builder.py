"""Builds the specs of one process from its part of the normalised tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from lxml import etree

from engine.bpmn import extensions as zeebe
from engine.bpmn.definitions import EventKind, Flow
from engine.bpmn.elements import ACTIVITIES, SPECS, ElementFactory
from engine.bpmn.model import Process, StartEvent
from engine.bpmn.reader import Reader
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.events import BoundarySpec, CatchSpec, EventStartSpec, StartSpec, ThrowSpec
from engine.bpmn.specs.gateways import EventGatewaySpec, InclusiveGatewaySpec
from engine.bpmn.specs.scopes import EventSubProcessSpec, ProcessGraph, ProcessSpec, ScopeSpec
from engine.bpmn.specs.upstream import upstream_of
from engine.bpmn.xml import BPMN, local_name, namespace

_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    "adHocSubProcess": ("Ad hoc-delprocess", "An ad-hoc sub-process"),
    "transaction": ("Transaktion", "A transaction"),
    "complexGateway": ("Komplex gateway", "A complex gateway"),
    "callChoreography": ("Koreografi", "A choreography"),
}
_MAX_PATHS: Final = 5_000_000


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
        self._factory = ElementFactory(reader, self._graph, self._lanes)

    def build(self) -> Process:
        """The process, frozen; what could not be built is among the reader's findings."""
        root = self._root
        self._read_lanes()
        spec = ProcessSpec(self._graph, self._factory.describe(root, None))
        self._graph.start = spec
        self._fill(spec, root)
        if not self._reader.findings:
            self._graph.has_conditions = any(
                each.event is not None and each.event.kind is EventKind.CONDITION for each in self._specs()
            )
            self._graph.has_inclusive_joins = any(each.is_inclusive_join for each in self._specs())
            self._look_upstream()
        self._graph.freeze()
        flows = {flow.id: flow for each in self._specs() for flow in each.flows}
        return Process(
            id=spec.name,
            name=root.get("name"),
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

    def _look_upstream(self) -> None:
        specs = self._specs()
        joins = [each for each in specs if isinstance(each, InclusiveGatewaySpec) and each.is_inclusive_join]
        if sum(len(join.incoming) for join in joins) * len(specs) > _MAX_PATHS:
            self._refuse(
                joins[0],
                "TOO_MANY_INCLUSIVE_JOINS",
                "Processen har för många inklusiva sammanflöden för sin storlek; dela upp den.",
                "The process has too many inclusive joins for its size; divide it.",
            )
            return
        for join in joins:
            join.upstream = upstream_of(join, specs)

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
            elif name in SPECS:
                spec = self._factory.make(child, scope)
                if spec is None:
                    continue
                inner[spec.name] = spec
                if isinstance(spec, ScopeSpec):
                    self._fill(spec, child)
        self._connect(inner, element)
        self._attach(inner)
        self._link(inner, scope)
        self._begin(scope, inner)

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
        spec.element = replace(
            spec.element,
            incoming=tuple(flow.id for flow in incoming),
            outgoing=tuple(flow.id for flow in outgoing),
        )

    def _attach(self, inner: Mapping[str, ElementSpec]) -> None:
        for spec in inner.values():
            if not isinstance(spec, BoundarySpec):
                continue
            host = inner.get(spec.attached_to)
            if host is None or host.element.type not in ACTIVITIES:
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


def _bpmn_children(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if namespace(child) == BPMN)


def _is_link(spec: ElementSpec) -> bool:
    return spec.event is not None and spec.event.kind is EventKind.LINK


def _link_name(spec: ElementSpec) -> str:
    name = spec.event.name if spec.event is not None else None
    return (name.literal if name is not None else None) or ""
