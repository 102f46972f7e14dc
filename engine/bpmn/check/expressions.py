"""Every FEEL expression of a file: found, compiled, and its functions and parameters looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.bpmn.check.model import B, Document, Node, Z, text_of
from engine.bpmn.check.tasks import is_feel_script


@dataclass(frozen=True, slots=True)
class Written:
    """One FEEL expression as its author wrote it: at which element, in which field."""

    place: Node | None
    element: str | None
    name: str | None
    field: str
    text: str
    condition: bool = False

    @property
    def id(self) -> str | None:
        """The id of the element that carries the expression."""
        return self.element


# Extension elements and their attributes: the second are FEEL when they begin with "=", the third are FEEL always.
_ATTRIBUTES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "formDefinition": (("formId", "formKey"), ()),
    "assignmentDefinition": (("assignee", "candidateGroups", "candidateUsers"), ()),
    "taskSchedule": (("dueDate", "followUpDate"), ()),
    "priorityDefinition": (("priority",), ()),
    "taskDefinition": (("type", "retries"), ()),
    "calledElement": (("processId",), ()),
    "calledDecision": (("decisionId",), ()),
    "script": ((), ("expression",)),
    "publishMessage": (("correlationKey", "messageId", "timeToLive"), ()),
}
_LOOP: Final = ((), ("inputCollection", "outputElement"))
_TIMES: Final = ("timeDate", "timeDuration", "timeCycle")


def feel_of(text: str | None, *, always: bool) -> str | None:
    """The FEEL in a field, without its `=`; None when the field is empty or a text as it stands.

    A field that `=` marks and that has nothing after it gives a blank, which does not parse.
    """
    stripped = (text or "").strip()
    if stripped.startswith("="):
        return stripped[1:].strip() or (None if always else " ")
    return stripped or None if always else None


def expressions_of(document: Document) -> Iterator[Written]:
    """The expressions of everything that runs, element by element."""
    for scope in document.checked_scopes:
        for flow in scope.flows:
            if text := feel_of(flow.condition, always=True):
                yield Written(flow.source, flow.id, flow.name, "condition", text, condition=True)
        for node in scope.nodes:
            for field, text in _of_node(document, node):
                yield Written(node, node.id, node.name, field, text, condition=field in _CONDITIONS)
    seen: set[str] = set()
    for element in document.root.iterchildren(f"{B}message", f"{B}signal", f"{B}error", f"{B}escalation"):
        identity = element.get("id") or ""
        if identity in seen:
            continue
        seen.add(identity)
        for attribute in ("name", "errorCode", "escalationCode"):
            if (found := feel_of(element.get(attribute), always=False)) and attribute != "name":
                yield Written(None, identity, element.get("name"), attribute, found)


_CONDITIONS: Final = frozenset({"condition", "loopCondition", "completionCondition"})


def _of_node(document: Document, node: Node) -> Iterator[tuple[str, str]]:
    holder = node.xml.find(f"{B}extensionElements")
    if holder is not None:
        for child in holder.iterchildren(f"{Z}*"):
            yield from _of_extension(child)
    for event in node.events:
        if event.kind == "timer":
            for tag in _TIMES:
                if text := feel_of(text_of(event.xml.find(f"{B}{tag}")), always=False):
                    yield tag, text
        elif event.kind == "conditional":
            if text := feel_of(text_of(event.xml.find(f"{B}condition")), always=True):
                yield "condition", text
        elif event.kind == "message":
            yield from _of_message(document, event.reference)
    for subscription in node.xml.iterfind(f"{B}extensionElements/{Z}subscription"):
        if text := feel_of(subscription.get("correlationKey"), always=True):
            yield "correlationKey", text
    if node.tag in {"receiveTask", "sendTask"}:
        yield from _of_message(document, (node.xml.get("messageRef") or "").rpartition(":")[2])
    if node.tag == "scriptTask" and (script := text_of(node.xml.find(f"{B}script"))) and is_feel_script(node, script):
        yield "script", script.removeprefix("=").strip()
    yield from _of_loop(node)


def _of_extension(child: etree._Element) -> Iterator[tuple[str, str]]:
    tag = child.tag[len(Z) :]
    if tag == "ioMapping":
        for row in child.iterchildren(f"{Z}input", f"{Z}output"):
            if text := feel_of(row.get("source"), always=False):
                yield f"{row.tag[len(Z) :]} {row.get('target') or ''}".strip(), text
        return
    marked, always = _ATTRIBUTES.get(tag, ((), ()))
    for attribute in marked:
        if text := feel_of(child.get(attribute), always=False):
            yield attribute, text
    for attribute in always:
        if text := feel_of(child.get(attribute), always=True):
            yield attribute, text


def _of_message(document: Document, reference: str | None) -> Iterator[tuple[str, str]]:
    message = document.referred(reference, "message")
    if message is None:
        return
    if text := feel_of(message.get("name"), always=False):
        yield "message name", text
    for subscription in message.iterfind(f"{B}extensionElements/{Z}subscription"):
        if text := feel_of(subscription.get("correlationKey"), always=True):
            yield "correlationKey", text


def _of_loop(node: Node) -> Iterator[tuple[str, str]]:
    loop = node.loop
    if loop is None:
        return
    if text := feel_of(loop.get("loopMaximum"), always=False):
        yield "loopMaximum", text
    for tag in ("loopCardinality", "loopCondition", "completionCondition", "loopDataInputRef"):
        if text := feel_of(text_of(loop.find(f"{B}{tag}")), always=True):
            yield tag, text
    for extension in loop.iterfind(f"{B}extensionElements/{Z}loopCharacteristics"):
        for attribute in _LOOP[1]:
            if text := feel_of(extension.get(attribute), always=True):
                yield attribute, text
