"""What the runner runs, in one place: widen or narrow a row here, and the linter follows.

Everything of BPMN's own namespace is in exactly one of these tables; what is in none is refused as unknown, so that
nothing that changes the meaning of a diagram is ever silently ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.bpmn.check.model import ACTIVITIES, EVENTS, NODES, SUB_PROCESSES


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an element does not run, and what to draw instead."""

    code: str
    what: str
    what_en: str
    instead: str
    instead_en: str


COMPENSATION: Final = Refusal(
    "COMPENSATION",
    "kompensation",
    "compensation",
    "Rita återställandet som vanliga steg: ett felflöde eller en gateway som leder till uppgiften som ångrar.",
    "Draw the undoing as ordinary steps: an error path or a gateway that leads to the task that undoes.",
)
CHOREOGRAPHY: Final = Refusal(
    "CHOREOGRAPHY",
    "koreografi",
    "choreography",
    "Rita en process per deltagare med meddelanden mellan dem.",
    "Draw one process for each participant, with messages between them.",
)

# Elements that stand on the canvas (or in the file) and that the runner does not run.
REFUSED_ELEMENTS: Final[dict[str, Refusal]] = {
    "complexGateway": Refusal(
        "COMPLEX_GATEWAY",
        "komplex gateway",
        "a complex gateway",
        "Använd en inkluderande gateway, eller flera exklusiva efter varandra.",
        "Use an inclusive gateway, or several exclusive ones after each other.",
    ),
    "adHocSubProcess": Refusal(
        "AD_HOC_SUB_PROCESS",
        "ad hoc-delprocess",
        "an ad-hoc sub-process",
        "Rita en vanlig delprocess där en inkluderande gateway väljer vilka steg som görs.",
        "Draw an ordinary sub-process where an inclusive gateway chooses which steps are done.",
    ),
    "transaction": Refusal(
        "TRANSACTION",
        "transaktion",
        "a transaction",
        "Rita en vanlig delprocess med ett felflöde på kanten.",
        "Draw an ordinary sub-process with an error event on its border.",
    ),
    "choreography": CHOREOGRAPHY,
    "globalChoreographyTask": CHOREOGRAPHY,
    "choreographyTask": CHOREOGRAPHY,
    "callChoreography": CHOREOGRAPHY,
    "subChoreography": CHOREOGRAPHY,
}

# Which kinds of event run where; every other combination is refused.
EVENT_KINDS: Final[dict[str, frozenset[str]]] = {
    "process start": frozenset({"none", "message", "timer", "signal", "conditional"}),
    "sub-process start": frozenset({"none"}),
    "event sub-process start": frozenset({"message", "timer", "signal", "conditional", "error", "escalation"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "conditional", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link"}),
    "endEvent": frozenset({"none", "message", "signal", "escalation", "error", "terminate"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "conditional", "error", "escalation"}),
}

# Attributes whose other values would be ignored: element tags are not needed, the names are unique in BPMN.
ONLY_VALUE: Final[dict[str, str]] = {"startQuantity": "1", "completionQuantity": "1"}
MULTI_INSTANCE_BEHAVIOR: Final = "All"

# Legal elements that carry no behaviour, or whose behaviour the runner reads through their parent.
WITHOUT_BEHAVIOUR: Final = frozenset(
    {
        "definitions", "import", "extension", "extensionElements", "documentation", "text", "textAnnotation",
        "association", "group", "category", "categoryValue", "collaboration", "participant", "messageFlow",
        "participantMultiplicity", "process", "laneSet", "lane", "childLaneSet", "flowNodeRef", "sequenceFlow",
        "conditionExpression", "incoming", "outgoing", "eventDefinitionRef", "message", "signal", "error",
        "escalation", "itemDefinition", "interface", "operation", "inMessageRef", "outMessageRef", "errorRef",
        "dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "dataState", "ioSpecification",
        "dataInput", "dataOutput", "inputSet", "outputSet", "dataInputRefs", "dataOutputRefs", "inputSetRefs",
        "outputSetRefs", "optionalInputRefs", "optionalOutputRefs", "whileExecutingInputRefs",
        "whileExecutingOutputRefs", "dataInputAssociation", "dataOutputAssociation", "sourceRef", "targetRef",
        "property", "ioBinding", "auditing", "monitoring", "script", "condition", "timeDate", "timeDuration",
        "timeCycle", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "loopCardinality",
        "loopCondition", "completionCondition", "loopDataInputRef", "loopDataOutputRef", "inputDataItem",
        "outputDataItem", "operationRef", "source", "target", "artifact", "relationship", "endPoint",
        "participantRef", "conversation", "callConversation", "subConversation", "conversationLink",
        "conversationAssociation", "messageFlowAssociation", "participantAssociation", "innerParticipantRef",
        "outerParticipantRef", "messageFlowRef", "globalConversation", "conversationNode", "interfaceRef",
        "endPointRef", "categoryValueRef", "partitionElement", "choreographyRef", "partnerRole", "partnerEntity",
        "supports", "supportedInterfaceRef", "innerConversationNodeRef", "outerConversationNodeRef", "messagePath",
    }
)  # fmt: skip
EVENT_DEFINITIONS: Final = frozenset(
    f"{kind}EventDefinition"
    for kind in (
        "message", "timer", "signal", "conditional", "error", "escalation", "link", "terminate", "compensate", "cancel",
    )
)  # fmt: skip

_SCOPES: Final = frozenset({"process"}) | SUB_PROCESSES
_ROOT: Final = frozenset({"definitions"})
# Where elements that carry meaning may stand; anywhere else they would silently be skipped.
PARENTS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(NODES | {"sequenceFlow", "dataObject", "dataObjectReference"}, _SCOPES | {"choreography"}),
    **dict.fromkeys(EVENT_DEFINITIONS, EVENTS | _ROOT),
    **dict.fromkeys(("process", "collaboration", "message", "signal", "error", "escalation"), _ROOT),
    **dict.fromkeys(("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"), ACTIVITIES),
    "eventDefinitionRef": EVENTS,
    "conditionExpression": frozenset({"sequenceFlow"}),
    "laneSet": _SCOPES,
    "lane": frozenset({"laneSet", "childLaneSet"}),
    "childLaneSet": frozenset({"lane"}),
    "flowNodeRef": frozenset({"lane"}),
    "participant": frozenset({"collaboration", "choreography"}),
    "messageFlow": frozenset({"collaboration", "choreography"}),
    "script": frozenset({"scriptTask"}),
    "condition": frozenset({"conditionalEventDefinition"}),
    "timeDate": frozenset({"timerEventDefinition"}),
    "timeDuration": frozenset({"timerEventDefinition"}),
    "timeCycle": frozenset({"timerEventDefinition"}),
    "loopCardinality": frozenset({"multiInstanceLoopCharacteristics"}),
    "completionCondition": frozenset({"multiInstanceLoopCharacteristics", "adHocSubProcess"}),
    "loopCondition": frozenset({"standardLoopCharacteristics"}),
}

# Legal elements whose meaning another way of drawing carries here: they are ignored, and the linter says so.
IGNORED: Final[dict[str, tuple[str, str]]] = {
    "potentialOwner": ("Ange roll i uppgiftens kandidatgrupper.", "Give the role as the task's candidate groups."),
    "humanPerformer": ("Ange roll i uppgiftens kandidatgrupper.", "Give the role as the task's candidate groups."),
    "performer": ("Ange roll i uppgiftens kandidatgrupper.", "Give the role as the task's candidate groups."),
    "resourceRole": ("Ange roll i uppgiftens kandidatgrupper.", "Give the role as the task's candidate groups."),
    "rendering": ("Koppla ett formulär till uppgiften.", "Link a form to the task."),
    "assignment": ("Använd uppgiftens in- och utmappningar.", "Use the task's input and output mappings."),
    "transformation": ("Använd uppgiftens in- och utmappningar.", "Use the task's input and output mappings."),
    "correlationSubscription": ("Ange meddelandets korrelationsnyckel.", "Give the message's correlation key."),
    "correlationProperty": ("Ange meddelandets korrelationsnyckel.", "Give the message's correlation key."),
    "correlationKey": ("Ange meddelandets korrelationsnyckel.", "Give the message's correlation key."),
    "globalTask": ("Rita uppgiften i den process som anropar.", "Draw the task in the calling process."),
    "globalUserTask": ("Rita uppgiften i den process som anropar.", "Draw the task in the calling process."),
    "globalManualTask": ("Rita uppgiften i den process som anropar.", "Draw the task in the calling process."),
    "globalScriptTask": ("Rita uppgiften i den process som anropar.", "Draw the task in the calling process."),
    "globalBusinessRuleTask": ("Rita uppgiften i den process som anropar.", "Draw the task in the calling process."),
}
# Parts of ignored elements: said once, at the element they belong to.
PARTS_OF_IGNORED: Final = frozenset(
    {
        "from", "to", "resourceRef", "resourceAssignmentExpression", "formalExpression", "resourceParameterBinding",
        "resource", "resourceParameter", "correlationPropertyBinding", "dataPath", "correlationKeyRef",
        "correlationPropertyRef", "correlationPropertyRetrievalExpression", "expression",
    }
)  # fmt: skip

# Camunda 8's extension elements that the runner reads; others of that namespace change meaning and are refused.
ZEEBE_READ: Final = frozenset(
    {
        "formDefinition", "assignmentDefinition", "taskSchedule", "priorityDefinition", "ioMapping", "input", "output",
        "taskDefinition", "taskHeaders", "header", "properties", "property", "calledElement", "calledDecision",
        "script", "loopCharacteristics", "subscription", "versionTag", "userTask", "userTaskForm", "publishMessage",
    }
)  # fmt: skip
ZEEBE_WITHOUT_BEHAVIOUR: Final = frozenset({"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"})

RUNNING: Final = (NODES - REFUSED_ELEMENTS.keys()) | WITHOUT_BEHAVIOUR | EVENT_DEFINITIONS
