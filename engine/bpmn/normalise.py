"""Rewrites that keep a diagram's meaning, so that what follows sees one spelling of each thing.

Missing ids are given, event definitions by reference are put in place, and references lose their namespace prefix.
Several outgoing flows, missing ends and link events need no rewriting: the element specs do them as they stand.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Final

from lxml import etree

from engine.bpmn.xml import BPMN, local_name, namespace

_REFERENCES: Final = (
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "messageRef",
    "signalRef",
    "errorRef",
    "escalationRef",
    "processRef",
    "calledElement",
    "dataObjectRef",
)
_NEED_IDS: Final = frozenset(
    {
        "process",
        "sequenceFlow",
        "startEvent",
        "endEvent",
        "task",
        "userTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "manualTask",
        "businessRuleTask",
        "subProcess",
        "adHocSubProcess",
        "transaction",
        "callActivity",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)


def normalise(root: etree._Element) -> None:
    """Rewrite the tree in place; the same file always gives the same ids."""
    _give_ids(root)
    _inline_event_definitions(root)
    _strip_prefixes(root)


def _give_ids(root: etree._Element) -> None:
    used = {element.get("id") for element in root.iter() if isinstance(element.tag, str)}
    counts: dict[str, int] = {}
    for element in root.iter():
        name = local_name(element)
        if name not in _NEED_IDS or namespace(element) != BPMN or element.get("id"):
            continue
        while True:
            counts[name] = counts.get(name, 0) + 1
            made = f"_{name}_{counts[name]}"
            if made not in used:
                break
        used.add(made)
        element.set("id", made)


def _inline_event_definitions(root: etree._Element) -> None:
    known = {
        element.get("id"): element
        for element in root
        if local_name(element).endswith("EventDefinition") and namespace(element) == BPMN
    }
    for reference in list(root.iter(f"{{{BPMN}}}eventDefinitionRef")):
        definition = known.get(unprefixed(reference.text or ""))
        parent = reference.getparent()
        if definition is None or parent is None:
            continue
        copy = deepcopy(definition)
        copy.tail = None
        copy.attrib.pop("id", "")
        parent.replace(reference, copy)


def _strip_prefixes(root: etree._Element) -> None:
    ids = {element.get("id") for element in root.iter() if isinstance(element.tag, str)}
    for element in root.iter():
        if namespace(element) != BPMN:
            continue
        for name in _REFERENCES:
            value = element.get(name)
            if value is not None and ":" in value and value not in ids and not value.startswith("="):
                element.set(name, unprefixed(value))


def unprefixed(reference: str) -> str:
    """A reference without the namespace prefix that a qualified name may carry."""
    return reference.strip().rpartition(":")[2]
