"""A small builder of BPMN files for tests: elements by function, flows as text.

source = bpmn(
    process("p",
        start("s"), user("a", form="f"), exclusive("g", default="g->b"), end("e"), end("b"),
        flows("s -> a -> g", "g -> e : x > 1", "g -> b")))
"""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="defs" targetNamespace="http://example.org">\n'
)


def bpmn(*parts: str) -> bytes:
    """A whole file."""
    return (HEAD + "\n".join(parts) + "\n</bpmn:definitions>\n").encode()


def tag(name: str, /, *children: str, **attributes: object) -> str:
    """A bpmn element; attributes that are None are left out, a trailing underscore is dropped."""
    written = "".join(
        f" {key.rstrip('_')}={quoteattr(str(value).lower() if isinstance(value, bool) else str(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<bpmn:{name}{written}>{''.join(children)}</bpmn:{name}>"


def process(process_id: str, *children: str, executable: bool = True) -> str:
    """A process."""
    return tag("process", *children, id=process_id, isExecutable=executable)


def flow_id(path: str) -> str:
    """The id of the flow "a->b"; XML ids may not hold an arrow."""
    return "__".join(name.strip() for name in path.split("->"))


def flows(*chains: str) -> str:
    """Sequence flows: "a -> b -> c", each with an optional condition after a colon; ids are `flow_id("a->b")`."""
    made = []
    for chain in chains:
        path, _, condition = chain.partition(" : ")
        names = [name.strip() for name in path.split("->")]
        for source, target in pairwise(names):
            inner = tag("conditionExpression", escape(condition)) if condition else ""
            made.append(
                tag("sequenceFlow", inner, id=flow_id(f"{source}->{target}"), sourceRef=source, targetRef=target)
            )
    return "\n".join(made)


def extensions(*parts: str) -> str:
    """The extension elements, when there are any."""
    inner = "".join(parts)
    return tag("extensionElements", inner) if inner else ""


def zeebe(name: str, /, *children: str, **attributes: object) -> str:
    """A zeebe extension element."""
    return (
        tag(name, *children, **attributes)
        .replace("<bpmn:" + name, "<zeebe:" + name, 1)
        .replace(f"</bpmn:{name}>", f"</zeebe:{name}>")
    )


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """An ioMapping: target to source."""
    rows = [zeebe("input", source=source, target=target) for target, source in (inputs or {}).items()]
    rows += [zeebe("output", source=source, target=target) for target, source in (outputs or {}).items()]
    return zeebe("ioMapping", *rows) if rows else ""


def _io(inputs: dict[str, str] | None, outputs: dict[str, str] | None, *more: str) -> str:
    return extensions(mapping(inputs, outputs), *more)


Mapping = dict[str, str] | None


def start(id_: str, *definition: str, interrupting: bool | None = None, outputs: Mapping = None) -> str:
    """A start event."""
    return tag("startEvent", _io(None, outputs), *definition, id=id_, isInterrupting=interrupting)


def end(id_: str, *definition: str, inputs: Mapping = None) -> str:
    """An end event."""
    return tag("endEvent", _io(inputs, None), *definition, id=id_)


def catch(id_: str, *definition: str, outputs: Mapping = None, **attributes: object) -> str:
    """An intermediate catch event."""
    return tag("intermediateCatchEvent", _io(None, outputs), *definition, id=id_, **attributes)


def throw(id_: str, *definition: str, inputs: Mapping = None, more: str = "") -> str:
    """An intermediate throw event."""
    return tag("intermediateThrowEvent", _io(inputs, None, more), *definition, id=id_)


def boundary(id_: str, host: str, *definition: str, cancel: bool = True, outputs: Mapping = None) -> str:
    """A boundary event."""
    return tag("boundaryEvent", _io(None, outputs), *definition, id=id_, attachedToRef=host, cancelActivity=cancel)


def timer(duration: str | None = None, cycle: str | None = None, date: str | None = None) -> str:
    """A timer definition."""
    name, text = next(
        (name, text)
        for name, text in (("timeDuration", duration), ("timeCycle", cycle), ("timeDate", date))
        if text is not None
    )
    return tag("timerEventDefinition", tag(name, escape(text)))


def message_def(ref: str) -> str:
    """A message event definition."""
    return tag("messageEventDefinition", messageRef=ref)


def signal_def(ref: str) -> str:
    """A signal event definition."""
    return tag("signalEventDefinition", signalRef=ref)


def error_def(ref: str | None = None) -> str:
    """An error event definition."""
    return tag("errorEventDefinition", errorRef=ref)


def escalation_def(ref: str | None = None) -> str:
    """An escalation event definition."""
    return tag("escalationEventDefinition", escalationRef=ref)


def condition_def(expression: str) -> str:
    """A conditional event definition."""
    return tag("conditionalEventDefinition", tag("condition", escape(expression)))


def link_def(name: str) -> str:
    """A link event definition."""
    return tag("linkEventDefinition", name=name)


TERMINATE = tag("terminateEventDefinition")


def message(id_: str, name: str | None = None, key: str | None = None) -> str:
    """A message with its correlation key."""
    subscription = extensions(zeebe("subscription", correlationKey=key)) if key else ""
    return tag("message", subscription, id=id_, name=name or id_)


def signal(id_: str, name: str | None = None) -> str:
    """A signal."""
    return tag("signal", id=id_, name=name or id_)


def error(id_: str, code: str | None = None) -> str:
    """An error."""
    return tag("error", id=id_, name=id_, errorCode=code or id_)


def escalation(id_: str, code: str | None = None) -> str:
    """An escalation."""
    return tag("escalation", id=id_, name=id_, escalationCode=code or id_)


def task(
    kind: str,
    id_: str,
    *children: str,
    inputs: Mapping = None,
    outputs: Mapping = None,
    more: str = "",
    **attributes: object,
) -> str:
    """Any task."""
    return tag(kind, _io(inputs, outputs, more), *children, id=id_, **attributes)


def user(
    id_: str,
    *children: str,
    form: str | None = None,
    groups: str | None = None,
    inputs: Mapping = None,
    outputs: Mapping = None,
    more: str = "",
    **attributes: object,
) -> str:
    """A user task."""
    written = zeebe("formDefinition", formId=form) if form else ""
    written += zeebe("assignmentDefinition", candidateGroups=groups) if groups else ""
    return task("userTask", id_, *children, inputs=inputs, outputs=outputs, more=written + more, **attributes)


def service(
    id_: str,
    *children: str,
    type_: str = "work",
    retries: str | None = None,
    inputs: Mapping = None,
    outputs: Mapping = None,
    more: str = "",
    **attributes: object,
) -> str:
    """A service task with a job."""
    job = zeebe("taskDefinition", type=type_, retries=retries)
    return task("serviceTask", id_, *children, inputs=inputs, outputs=outputs, more=job + more, **attributes)


def script(
    id_: str,
    expression: str,
    result: str | None = "result",
    *children: str,
    outputs: Mapping = None,
    inputs: Mapping = None,
    **attributes: object,
) -> str:
    """A script task."""
    written = zeebe("script", expression="=" + expression, resultVariable=result)
    return task("scriptTask", id_, *children, inputs=inputs, outputs=outputs, more=written, **attributes)


def exclusive(id_: str, default: str | None = None) -> str:
    """An exclusive gateway."""
    return tag("exclusiveGateway", id=id_, default=flow_id(default) if default else None)


def parallel(id_: str) -> str:
    """A parallel gateway."""
    return tag("parallelGateway", id=id_)


def inclusive(id_: str, default: str | None = None) -> str:
    """An inclusive gateway."""
    return tag("inclusiveGateway", id=id_, default=flow_id(default) if default else None)


def event_gateway(id_: str) -> str:
    """An event-based gateway."""
    return tag("eventBasedGateway", id=id_)


def subprocess(id_: str, *children: str, event: bool = False, inputs: Mapping = None, outputs: Mapping = None) -> str:
    """An embedded or event sub-process."""
    return tag("subProcess", _io(inputs, outputs), *children, id=id_, triggeredByEvent=True if event else None)


def call(
    id_: str, process_id: str, *children: str, inputs: Mapping = None, outputs: Mapping = None, **attributes: object
) -> str:
    """A call activity; further attributes go to calledElement."""
    return task(
        "callActivity",
        id_,
        *children,
        inputs=inputs,
        outputs=outputs,
        more=zeebe("calledElement", processId=process_id, **attributes),
    )


def multi(
    collection: str,
    element: str | None = None,
    output: str | None = None,
    output_element: str | None = None,
    sequential: bool = False,
    until: str | None = None,
) -> str:
    """Multi-instance over a collection."""
    loop = zeebe(
        "loopCharacteristics",
        inputCollection="=" + collection,
        inputElement=element,
        outputCollection=output,
        outputElement=output_element,
    )
    condition = tag("completionCondition", escape(until)) if until else ""
    return tag("multiInstanceLoopCharacteristics", extensions(loop), condition, isSequential=sequential)


CHOICE = bpmn(
    process(
        "val",
        start("s"),
        exclusive("g", default="g->b"),
        user("a"),
        user("b"),
        end("e"),
        end("f"),
        flows("s->g", "g->a : belopp > 100", "g->b", "a->e", "b->f"),
    )
)
"""A gateway whose condition reads a variable: started without it, its instance stops there."""
