"""Elements that nothing leads to, and loops that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.known import Known
from engine.bpmn.check.model import Document, Node, Scope
from engine.bpmn.check.paths import Successors, cycles, predecessors, reachable, successors
from engine.bpmn.check.rules import ERROR, WARNING, Rule
from engine.findings import Finding

UNREACHABLE = Rule(
    "UNREACHABLE",
    ERROR,
    "Inget flöde från en start leder till ”{what}”; steget görs aldrig.",
    "No flow from a start leads to “{what}”; that step is never done.",
    "Dra ett flöde till det, eller ta bort det.",
    "Draw a flow to it, or remove it.",
    "a task that no arrow enters",
)
NEVER_ENDS = Rule(
    "NEVER_ENDS",
    WARNING,
    "Från ”{what}” leder ingen väg till ett slut; ärendet blir aldrig klart.",
    "No path leads from “{what}” to an end; the case never finishes.",
    "Rita en väg ut ur slingan till en sluthändelse.",
    "Draw a path out of the loop to an end event.",
    "a loop with a user task and no way out",
)
LOOPS_FOREVER = Rule(
    "LOOPS_FOREVER",
    ERROR,
    "Slingan genom ”{what}” har varken väntan eller väg ut; den skulle snurra för alltid.",
    "The loop through “{what}” has neither a wait nor a way out; it would spin for ever.",
    "Rita en väg ut ur slingan, och en uppgift eller tidshändelse i den.",
    "Draw a way out of the loop, and a task or a timer in it.",
    "two gateways whose arrows lead to each other",
)
LOOP_WITHOUT_WAIT = Rule(
    "LOOP_WITHOUT_WAIT",
    WARNING,
    "I slingan genom ”{what}” finns inget som väntar eller ändrar något; villkoret för att lämna den ändras aldrig.",
    "Nothing in the loop through “{what}” waits or changes anything; the condition to leave it never changes.",
    "Lägg en uppgift, en händelse eller ett skript i slingan.",
    "Put a task, an event or a script in the loop.",
    "an exclusive gateway whose arrow goes straight back to it",
)

_WAITING_TAGS = frozenset({"userTask", "receiveTask", "callActivity", "eventBasedGateway"})
_JOBS = frozenset({"serviceTask", "sendTask"})


def findings(document: Document, _known: Known) -> Iterator[Finding]:
    """Reachability of every scope that will run."""
    dead: set[Scope] = set()
    for scope in document.checked_scopes:  # a scope comes after the one around it
        if scope.parent in dead:
            dead.add(scope)
            continue
        graph = successors(scope)
        origins = roots(scope)
        live = reachable(graph, origins)
        for node in scope.nodes:
            if node not in live:
                yield UNREACHABLE.at(node)
                if node.inner is not None:
                    dead.add(node.inner)
        yield from _loops(scope, graph, live)


def first_nodes(scope: Scope) -> list[Node]:
    """Where a scope begins: at its start events, or without any at every step that no flow leads to."""
    starts = scope.starts
    if starts:
        return starts
    return [
        node
        for node in scope.nodes
        if not node.incoming
        and not node.is_event_sub_process
        and node.tag != "boundaryEvent"
        and not (node.tag == "intermediateCatchEvent" and node.kind == "link")
    ]


def roots(scope: Scope) -> list[Node]:
    """What begins by itself in a scope: where it begins, and its event sub-processes."""
    return [*first_nodes(scope), *(node for node in scope.nodes if node.is_event_sub_process)]


def is_interruptible(scope: Scope, itself: Node | None = None) -> bool:
    """Whether something outside a scope's own flow can end it: a boundary event or an event sub-process.

    `itself` is the event sub-process that the question comes from: it does not end itself.
    """
    if any(
        start.is_interrupting
        for node in scope.nodes
        if node.is_event_sub_process and node.inner is not None and node is not itself
        for start in node.inner.starts
    ):
        return True
    owner = scope.owner
    if owner is None:
        return False
    return any(boundary.is_interrupting for boundary in owner.boundaries) or is_interruptible(owner.scope, owner)


def _loops(scope: Scope, graph: Successors, live: set[Node]) -> Iterator[Finding]:
    ends = [node for node in live if not node.outgoing and not _leads_on(graph[node])]
    ending = reachable(predecessors(graph), ends)
    silent = {node for node in live if not _waits(node)}
    said: set[Node] = set()
    for loop in cycles(graph, silent):
        members = set(loop)
        first = min(loop, key=scope.nodes.index) if len(loop) < 100 else loop[-1]
        leaves = any(target not in members for node in loop for target in graph[node])
        if not leaves:
            said |= members
            yield LOOPS_FOREVER.at(first)
        elif not any(_changes(node) for node in loop):
            yield LOOP_WITHOUT_WAIT.at(first)
    if is_interruptible(scope):
        return
    for loop in cycles(graph, live - ending):
        if not said & set(loop):
            yield NEVER_ENDS.at(loop[-1])


def _leads_on(following: tuple[Node, ...]) -> bool:
    return any(node.tag != "boundaryEvent" for node in following)


def _waits(node: Node) -> bool:
    if node.tag in _WAITING_TAGS or node.extension("taskDefinition") is not None or node.tag in _JOBS:
        return True
    if node.tag == "intermediateCatchEvent":
        return node.kind != "link"
    return node.inner is not None and any(_waits(inner) for inner in _inside(node))


def _changes(node: Node) -> bool:
    if node.tag in {"scriptTask", "businessRuleTask"}:
        return True
    mapping = node.extension("ioMapping")
    if mapping is not None and mapping.find("{*}output") is not None:
        return True
    loop = node.loop
    if loop is not None and loop.find(".//{*}loopCharacteristics[@outputCollection]") is not None:
        return True
    return node.inner is not None and any(_changes(inner) for inner in _inside(node))


def _inside(node: Node) -> list[Node]:
    """Every node directly in a sub-process; deeper ones are asked for by the same question."""
    return [] if node.inner is None else node.inner.nodes
