"""From one element of a diagram to its spec: of which kind it is, what it does, and what people see of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lxml import etree

from engine.bpmn import extensions as zeebe
from engine.bpmn.definitions import EventDefinition, EventKind
from engine.bpmn.model import Element
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
from engine.bpmn.specs.scopes import EventSubProcessSpec, ProcessGraph, ScopeSpec, SubProcessSpec
from engine.bpmn.specs.tasks import (
    DecisionTaskSpec,
    JobSpec,
    PassingSpec,
    ScriptTaskSpec,
    SendTaskSpec,
    UserTaskSpec,
)
from engine.bpmn.xml import local_name

SPECS: Final[Mapping[str, type[ElementSpec]]] = {
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
_THROWN: Final = (EventKind.ERROR, EventKind.ESCALATION)
ACTIVITIES: Final = frozenset(name for name in SPECS if name.endswith("ask") or name in ("callActivity", "subProcess"))
_HAPPENING: Final = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITION})
_SENT: Final = frozenset({EventKind.NONE, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION})
_ALLOWED: Final[Mapping[type[ElementSpec], frozenset[EventKind]]] = {
    StartSpec: _HAPPENING | {EventKind.NONE},
    EventStartSpec: _HAPPENING | {EventKind.ERROR, EventKind.ESCALATION},
    BoundarySpec: _HAPPENING | {EventKind.ERROR, EventKind.ESCALATION},
    CatchSpec: _HAPPENING | {EventKind.LINK},
    EndSpec: _SENT | {EventKind.ERROR, EventKind.TERMINATE},
    ThrowSpec: _SENT | {EventKind.LINK},
}


class ElementFactory:
    """Makes the specs of one process."""

    def __init__(self, reader: Reader, graph: ProcessGraph, lanes: Mapping[str, str]) -> None:
        """`lanes` are the lanes' names by the ids of their elements; findings go to `reader`."""
        self._reader = reader
        self._graph = graph
        self._lanes = lanes

    def describe(
        self, element: etree._Element, scope: ElementSpec | None, event: EventDefinition | None = None
    ) -> Element:
        """What people see of the element."""
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

    def make(self, element: etree._Element, scope: ScopeSpec) -> ElementSpec | None:
        """The spec of one element of `scope`; None when its id is taken."""
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
        described = self.describe(element, scope, event)
        kind: type[ElementSpec] = SPECS[name]
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
        if local_name(element) in ACTIVITIES:
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
        allowed = _ALLOWED.get(type(spec))
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
