"""The expressions of a file against its variables: what is read, and what could have written it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn.check.expressions import expressions_of
from engine.bpmn.check.feel import Speaker
from engine.bpmn.check.forms import Form
from engine.bpmn.check.model import B, Document, Node, Scope, Z
from engine.bpmn.check.rules import WARNING, Rule
from engine.findings import Finding

NEVER_WRITTEN = Rule(
    "NEVER_WRITTEN",
    WARNING,
    "”{what}” läser variabeln {variable} i fältet {field}, men inget i processen ger den ett värde.",
    "“{what}” reads the variable {variable} in the field {field}, but nothing in the process gives it a value.",
    "Kontrollera stavningen, eller lägg till ett formulärfält, ett skript eller en mappning som skriver den.",
    "Check the spelling, or add a form field, a script or a mapping that writes it.",
    "a condition `= amout > 100` where the form's field is called `amount`",
)

# What the engine itself puts in scope while an activity repeats.
ENGINE_VARIABLES = frozenset({"loopCounter", "numberOfInstances", "numberOfActiveInstances",
                              "numberOfCompletedInstances", "numberOfTerminatedInstances"})  # fmt: skip


@dataclass
class _Sources:
    """What writes variables in one process; `open` when something may bring any name."""

    names: set[str] = field(default_factory=set)
    open: bool = False


def findings(document: Document, speaker: Speaker, forms: Mapping[str, Form], called: set[str]) -> Iterator[Finding]:
    """Expressions that do not parse or that read what nothing writes.

    Args:
        document: the file.
        speaker: reads FEEL.
        forms: the forms of the same files, by id.
        called: the processes that call activities of these files start, with variables of their own.
    """
    sources = {process: _sources(document, process, forms, called) for process in document.processes}
    names = frozenset(name for source in sources.values() for name in source.names if not name.isidentifier())
    for written in expressions_of(document):
        reading = speaker.read(written.text, names)
        yield from speaker.findings(written, written.field, written.text, names)
        if reading is None or written.place is None:
            continue
        source = sources[written.place.scope.process]
        if source.open:
            continue
        for variable in sorted(reading.names - source.names - ENGINE_VARIABLES - reading.spaced):
            yield NEVER_WRITTEN.at(written, variable=variable, field=written.field)


def called_processes(document: Document) -> set[str]:
    """The ids of the processes that this file's call activities start; "*" when one is computed."""
    found = set()
    for node in document.checked_nodes:
        if node.tag == "callActivity":
            called = node.extension("calledElement")
            process = (called.get("processId") if called is not None else None) or node.xml.get("calledElement") or ""
            found.add("*" if process.strip().startswith("=") else process.strip().rpartition(":")[2])
    return found


def _sources(document: Document, process: Scope, forms: Mapping[str, Form], called: set[str]) -> _Sources:
    sources = _Sources(open=process.id in called or "*" in called)
    for scope in document.scopes:
        if scope.process is process:
            for node in scope.nodes:
                _node(node, sources, forms)
    for name in ("dataObject", "dataObjectReference", "property"):
        for element in process.xml.iter(f"{B}{name}"):
            if element.get("name"):
                sources.names.add(element.get("name", ""))
    return sources


def _node(node: Node, sources: _Sources, forms: Mapping[str, Form]) -> None:
    outputs = _mapped(node, sources)
    for tag, attribute in (("script", "resultVariable"), ("calledDecision", "resultVariable")):
        extension = node.extension(tag)
        if extension is not None and extension.get(attribute):
            sources.names.add(extension.get(attribute, "").strip())
    loop = node.loop
    if loop is not None:
        item = loop.find(f"{B}inputDataItem")
        if item is not None:
            sources.names.add(item.get("name") or item.get("id") or "")
        for extension in loop.iterfind(f"{B}extensionElements/{Z}loopCharacteristics"):
            sources.names.update(
                value for attribute in ("inputElement", "outputCollection") if (value := extension.get(attribute))
            )
    if node.tag == "userTask" or (node.tag == "startEvent" and node.extension("formDefinition") is not None):
        form = node.extension("formDefinition")
        found = forms.get((form.get("formId") or "").strip()) if form is not None else None
        if found is not None:
            sources.names |= found.variables
        elif not outputs:
            sources.open = True
    elif _brings_anything(node) and not outputs:
        sources.open = True


def _mapped(node: Node, sources: _Sources) -> bool:
    """Take in the mappings' targets; whether there are output mappings, which are then all that comes out."""
    mapping = node.extension("ioMapping")
    if mapping is None:
        return False
    outputs = False
    for row in mapping.iterchildren(f"{Z}input", f"{Z}output"):
        target = (row.get("target") or "").split(".")[0].strip()
        if target:
            sources.names.add(target)
            outputs = outputs or row.tag == f"{Z}output"
    return outputs


def _brings_anything(node: Node) -> bool:
    """Whether variables of any name can come in here: by a job, a message, a signal, a call, an error."""
    if node.extension("taskDefinition") is not None or node.tag in {"receiveTask", "serviceTask", "sendTask"}:
        return True
    if node.tag == "callActivity":
        called = node.extension("calledElement")
        return called is None or called.get("propagateAllChildVariables") != "false"
    return node.tag in {"startEvent", "intermediateCatchEvent", "boundaryEvent"} and node.kind in {
        "message",
        "signal",
        "error",
        "escalation",
    }
