"""What other engines' files carry and this one does not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.bpmn.check.known import Known
from engine.bpmn.check.model import Document, bpmn_tag
from engine.bpmn.check.rules import WARNING, Rule, Spot
from engine.findings import Finding

FOREIGN_EXTENSION = Rule(
    "FOREIGN_EXTENSION",
    WARNING,
    "”{what}” har inställningar för {product} ({names}), som inte läses här.",
    "“{what}” has settings for {product} ({names}), which are not read here.",
    "Ange motsvarande i Camunda 8-form (zeebe), som editorns egenskapspanel skriver.",
    "Give the same in Camunda 8 form (zeebe), as the editor's properties panel writes it.",
    '`camunda:assignee="demo"`',
)

FOREIGN: Final = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
}
# Written by Camunda Modeler on every process, and without effect on how a diagram runs.
_HARMLESS: Final = frozenset({"historyTimeToLive", "isStartableInTasklist", "modelerTemplate", "diagramRelationId"})


def findings(document: Document, _known: Known) -> Iterator[Finding]:
    """Settings for other engines, once for each element and product."""
    for element in document.elements:
        found: dict[str, list[str]] = {}
        for key in element.keys():  # noqa: SIM118 - an lxml element iterates over its children
            _note(found, str(key))
        if bpmn_tag(element) == "extensionElements":
            continue
        holder = element.find("{http://www.omg.org/spec/BPMN/20100524/MODEL}extensionElements")
        if holder is not None:
            for child in holder:
                if isinstance(child.tag, str):
                    _note(found, child.tag)
        for product, names in found.items():
            shown = ", ".join(dict.fromkeys(names))
            yield FOREIGN_EXTENSION.at(Spot(element.get("id"), element.get("name")), product=product, names=shown)


def _note(found: dict[str, list[str]], qualified: str) -> None:
    namespace, brace, local = qualified.rpartition("}")
    if brace and local not in _HARMLESS and (product := FOREIGN.get(namespace[1:])):
        found.setdefault(product, []).append(local)
