"""Small diagrams as text: each helper gives one element, `diagram` makes a file of them."""

from __future__ import annotations

from itertools import pairwise

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="test">'
)


def diagram(*inside: str, root: str = "", process: str = 'id="p" name="P" isExecutable="true"') -> bytes:
    """A file with one process; `root` stands beside it."""
    return f"{HEAD}{root}<bpmn:process {process}>{''.join(inside)}</bpmn:process></bpmn:definitions>".encode()


def e(tag: str, identity: str, inside: str = "", **attributes: str) -> str:
    """Any element; tasks get a name, so that only what a test is about is found."""
    named = {"name": f"{identity}?"} if tag.endswith(("ask", "ubProcess", "Activity", "Gateway")) else {}
    written = "".join(f' {key}="{value}"' for key, value in {**named, **attributes}.items())
    return f'<bpmn:{tag} id="{identity}"{written}>{inside}</bpmn:{tag}>'


def ext(inside: str) -> str:
    """Extension elements."""
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"


def user(identity: str, inside: str = "", form: str = "form", **attributes: str) -> str:
    """A user task with form and role."""
    return e(
        "userTask",
        identity,
        ext(f'<zeebe:formDefinition formId="{form}"/><zeebe:assignmentDefinition candidateGroups="handler"/>') + inside,
        **attributes,
    )


def service(identity: str, kind: str = "work", inside: str = "", retries: str = "3", **attributes: str) -> str:
    """A service task with a job type."""
    definition = ext(f'<zeebe:taskDefinition type="{kind}" retries="{retries}"/>')
    return e("serviceTask", identity, definition + inside, **attributes)


def start(identity: str = "s", inside: str = "", **attributes: str) -> str:
    """A start event."""
    return e("startEvent", identity, inside, **attributes)


def end(identity: str = "end", inside: str = "") -> str:
    """An end event."""
    return e("endEvent", identity, inside)


def flow(source: str, target: str, condition: str | None = None, identity: str | None = None) -> str:
    """A sequence flow, by default with the id `source_target`."""
    inside = "" if condition is None else f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
    return e("sequenceFlow", identity or f"{source}_{target}", inside, sourceRef=source, targetRef=target)


def flows(*paths: str) -> str:
    """Flows along paths such as `"s a b end"`."""
    found = []
    for path in paths:
        nodes = path.split()
        found.extend(flow(one, other) for one, other in pairwise(nodes))
    return "".join(found)


def gateway(kind: str, identity: str, **attributes: str) -> str:
    """A gateway of a kind: exclusive, parallel, inclusive, eventBased, complex."""
    return e(f"{kind}Gateway", identity, **attributes)


def timer(inside: str = "<bpmn:timeDuration>P1D</bpmn:timeDuration>") -> str:
    """A timer event definition."""
    return f"<bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition>"


def refers(kind: str, reference: str | None) -> str:
    """A message, signal, error or escalation event definition."""
    attribute = "" if reference is None else f' {kind}Ref="{reference}"'
    return f"<bpmn:{kind}EventDefinition{attribute}/>"


def message(identity: str = "m", key: str | None = "=key", name: str | None = None) -> str:
    """A message of the file, with its correlation key."""
    written = f' name="{identity if name is None else name}"' if name != "" else ""
    subscription = "" if key is None else ext(f'<zeebe:subscription correlationKey="{key}"/>')
    return f'<bpmn:message id="{identity}"{written}>{subscription}</bpmn:message>'


def catch(identity: str, inside: str) -> str:
    """An intermediate catch event."""
    return e("intermediateCatchEvent", identity, inside)


def throw(identity: str, inside: str = "") -> str:
    """An intermediate throw event."""
    return e("intermediateThrowEvent", identity, inside)


def boundary(identity: str, host: str, inside: str, **attributes: str) -> str:
    """A boundary event."""
    return e("boundaryEvent", identity, inside, attachedToRef=host, **attributes)


def sub(identity: str, *inside: str, **attributes: str) -> str:
    """An embedded sub-process."""
    return e("subProcess", identity, "".join(inside), **attributes)


def event_sub(identity: str, *inside: str) -> str:
    """An event sub-process."""
    return e("subProcess", identity, "".join(inside), triggeredByEvent="true")


def link(name: str) -> str:
    """A link event definition."""
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def line(*nodes: str, root: str = "", **attributes: str) -> bytes:
    """A diagram in which nodes given as `id=xml` pairs of text follow each other between a start and an end."""
    names = [node.split('id="', 1)[1].split('"', 1)[0] for node in nodes]
    return diagram(start(), *nodes, end(), flows(" ".join(["s", *names, "end"])), root=root, **attributes)
