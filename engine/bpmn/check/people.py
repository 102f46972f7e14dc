"""Names, lanes and roles: who does what, in words that are there."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.check.known import Known
from engine.bpmn.check.model import ACTIVITIES, B, Document, Node, Scope
from engine.bpmn.check.rules import ERROR, WARNING, Rule, Spot
from engine.findings import Finding

NAME_EMPTY = Rule(
    "NAME_EMPTY",
    WARNING,
    "{kind} ”{what}” har inget namn; i listor och historik syns då bara dess id.",
    "The {kind_en} “{what}” has no name; lists and history then only show its id.",
    "Ge det ett namn som säger vad som görs eller avgörs.",
    "Give it a name that says what is done or decided.",
    "a user task with an empty name",
)
LANE_NAME_EMPTY = Rule(
    "LANE_NAME_EMPTY",
    WARNING,
    "Banan ”{what}” har inget namn.",
    "The lane “{what}” has no name.",
    "Skriv vem som arbetar i banan.",
    "Write who works in the lane.",
    "a lane without name",
)
IN_TWO_LANES = Rule(
    "IN_TWO_LANES",
    ERROR,
    "”{what}” ligger i två banor: {first} och {second}.",
    "“{what}” lies in two lanes: {first} and {second}.",
    "Flytta det så att det ligger i en enda bana.",
    "Move it so that it lies in one lane.",
    "a task that both lanes list",
)
IN_NO_LANE = Rule(
    "IN_NO_LANE",
    WARNING,
    "”{what}” ligger inte i någon bana, fast processen har banor.",
    "“{what}” does not lie in any lane, although the process has lanes.",
    "Flytta det till banan för den som gör det.",
    "Move it to the lane of whoever does it.",
    "a task drawn outside the lanes",
)
ROLE_UNKNOWN = Rule(
    "ROLE_UNKNOWN",
    ERROR,
    "”{what}” ska göras av rollen {role}, som inte finns.",
    "“{what}” is to be done by the role {role}, which does not exist.",
    "Välj en roll som finns: {known}.",
    "Choose a role that exists: {known}.",
    '`candidateGroups="nobody"`',
)
LANE_NOT_A_ROLE = Rule(
    "LANE_NOT_A_ROLE",
    ERROR,
    "”{what}” får sin roll av banan {lane}, men någon sådan roll finns inte.",
    "“{what}” takes its role from the lane {lane}, but no such role exists.",
    "Ge uppgiften kandidatgrupper, eller döp banan efter en roll: {known}.",
    "Give the task candidate groups, or name the lane after a role: {known}.",
    "a user task without candidate groups in a lane called “Somebody”",
)
NOBODY = Rule(
    "NOBODY",
    WARNING,
    "Ingen roll är satt för ”{what}”; uppgiften syns då inte i någon grupps inkorg.",
    "No role is set for “{what}”; the task then shows in no group's inbox.",
    "Ange kandidatgrupper, eller lägg uppgiften i en bana som heter som rollen.",
    "Give candidate groups, or put the task in a lane that is named as the role.",
    "a user task without candidate groups and without lane",
)

_KINDS = {
    "task": ("Uppgiften", "task"),
    "userTask": ("Användaruppgiften", "user task"),
    "manualTask": ("Uppgiften", "manual task"),
    "serviceTask": ("Tjänsteuppgiften", "service task"),
    "scriptTask": ("Skriptuppgiften", "script task"),
    "sendTask": ("Sändaruppgiften", "send task"),
    "receiveTask": ("Mottagaruppgiften", "receive task"),
    "businessRuleTask": ("Regeluppgiften", "business rule task"),
    "callActivity": ("Anropsaktiviteten", "call activity"),
    "subProcess": ("Delprocessen", "sub-process"),
    "exclusiveGateway": ("Gatewayen", "gateway"),
    "inclusiveGateway": ("Gatewayen", "gateway"),
}
_MAX_LISTED = 8


def findings(document: Document, known: Known) -> Iterator[Finding]:
    """Names, lanes and roles of what runs."""
    for node in document.checked_nodes:
        yield from _name(node)
    for scope in document.checked_scopes:
        if scope.parent is None:
            yield from _lanes(scope)
    lanes = lane_names(document)
    for node in document.checked_nodes:
        if node.tag == "userTask":
            yield from _roles(node, lanes, known)


def _name(node: Node) -> Iterator[Finding]:
    if (node.name or "").strip() or node.tag not in _KINDS:
        return
    if node.tag in ACTIVITIES or len(node.outgoing) > 1:
        kind, kind_en = _KINDS[node.tag]
        yield NAME_EMPTY.at(node, kind=kind, kind_en=kind_en)


def leaf_lanes(process: Scope) -> list[etree._Element]:
    """The lanes of a process that are not divided further."""
    lanes = process.xml.iterfind(f"{B}laneSet//{B}lane")
    return [lane for lane in lanes if lane.find(f"{B}childLaneSet/{B}lane") is None]


def _lanes(process: Scope) -> Iterator[Finding]:
    lanes = leaf_lanes(process)
    names = {node.id: node.name for node in process.nodes}
    where: dict[str, tuple[etree._Element, etree._Element | None]] = {}
    for lane in lanes:
        if not (lane.get("name") or "").strip():
            yield LANE_NAME_EMPTY.at(Spot(lane.get("id"), None))
        lane_set = lane.getparent()
        for reference in lane.iterfind(f"{B}flowNodeRef"):
            key = (reference.text or "").strip()
            if key not in where:
                where[key] = (lane, lane_set)
            elif where[key][0] is not lane and _same_division(where[key][0], lane):
                first, second = (one.get("name") or one.get("id") or "–" for one in (where[key][0], lane))
                yield IN_TWO_LANES.at(Spot(key, names.get(key)), first=first, second=second)
    if lanes:
        placed = where.keys() | {
            (reference.text or "").strip() for reference in process.xml.iterfind(f"{B}laneSet//{B}flowNodeRef")
        }
        for node in process.nodes:
            if not node.is_event_sub_process and node.id and node.id not in placed and node.tag != "boundaryEvent":
                yield IN_NO_LANE.at(node)


def _same_division(one: etree._Element, other: etree._Element) -> bool:
    """Whether two lanes divide the same thing: BPMN allows several independent lane sets."""
    return _outermost_set(one) is _outermost_set(other)


def _outermost_set(lane: etree._Element) -> etree._Element | None:
    found: etree._Element | None = None
    for ancestor in lane.iterancestors(f"{B}laneSet"):
        found = ancestor
    return found


def lane_names(document: Document) -> dict[str, str]:
    """The lane of each node that lies directly in one, by the node's id."""
    names: dict[str, str] = {}
    for process in document.processes:
        for lane in leaf_lanes(process):
            for reference in lane.iterfind(f"{B}flowNodeRef"):
                names.setdefault((reference.text or "").strip(), (lane.get("name") or "").strip())
    return names


def _roles(node: Node, lanes: dict[str, str], known: Known) -> Iterator[Finding]:
    assignment = node.extension("assignmentDefinition")
    given = {
        attribute: (assignment.get(attribute) or "").strip()
        for attribute in ("assignee", "candidateGroups", "candidateUsers")
        if assignment is not None
    }
    groups = given.get("candidateGroups", "")
    if groups and not groups.startswith("="):
        for role in (part.strip() for part in groups.split(",")):
            if known.roles is not None and role not in known.roles:
                yield ROLE_UNKNOWN.at(node, role=role or "–", known=_listed(known.roles))
    if any(given.values()):
        return
    lane = _lane_of(node, lanes)
    if not lane:
        yield NOBODY.at(node)
    elif known.roles is not None and lane not in known.roles:
        yield LANE_NOT_A_ROLE.at(node, lane=lane, known=_listed(known.roles))


def _lane_of(node: Node, lanes: dict[str, str]) -> str | None:
    current: Node | None = node
    while current is not None:
        if current.id and current.id in lanes:
            return lanes[current.id]
        current = current.scope.owner
    return None


def _listed(names: object) -> str:
    listed = sorted(str(name) for name in names) if isinstance(names, (set, frozenset, list, tuple, dict)) else []
    return ", ".join(listed[:_MAX_LISTED]) + (" …" if len(listed) > _MAX_LISTED else "")
