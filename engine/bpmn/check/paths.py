"""What can be reached from what: within one scope, over flows, links and boundary events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from engine.bpmn.check.links import link_name
from engine.bpmn.check.model import Node, Scope

Successors = Mapping[Node, tuple[Node, ...]]


def successors(scope: Scope) -> dict[Node, tuple[Node, ...]]:
    """For each node of the scope, where a token can go next; flows that leave the scope are left out."""
    catches = {
        name: node
        for node in reversed(scope.nodes)
        if node.tag == "intermediateCatchEvent"
        for event in node.events
        if event.kind == "link" and (name := link_name(node, event))
    }
    graph: dict[Node, tuple[Node, ...]] = {}
    for node in scope.nodes:
        following = [flow.target for flow in node.outgoing if flow.target is not None and flow.target.scope is scope]
        following.extend(boundary for boundary in node.boundaries if boundary.scope is scope)
        if node.tag == "intermediateThrowEvent":
            for event in node.events:
                if event.kind == "link" and (caught := catches.get(link_name(node, event) or "")) is not None:
                    following.append(caught)
        graph[node] = tuple(following)
    return graph


def predecessors(graph: Successors) -> dict[Node, tuple[Node, ...]]:
    """The same graph, backwards."""
    before: dict[Node, list[Node]] = {node: [] for node in graph}
    for node, following in graph.items():
        for target in following:
            before[target].append(node)
    return {node: tuple(sources) for node, sources in before.items()}


def reachable(graph: Successors, origins: Iterable[Node]) -> set[Node]:
    """The origins and everything that can be reached from them."""
    found = set(origins)
    waiting = deque(found)
    while waiting:
        for target in graph[waiting.popleft()]:
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def cycles(graph: Successors, within: set[Node]) -> list[list[Node]]:
    """The strongly connected parts of the graph that contain a cycle, restricted to `within` (Tarjan, no recursion)."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    on_stack: set[Node] = set()
    stack: list[Node] = []
    found: list[list[Node]] = []
    for root in graph:
        if root not in within or root in index:
            continue
        work: list[tuple[Node, int]] = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            following = graph[node]
            descended = False
            while position < len(following):
                target = following[position]
                position += 1
                if target not in within:
                    continue
                if target not in index:
                    work.append((node, position))
                    work.append((target, 0))
                    descended = True
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            if descended:
                continue
            if low[node] == index[node]:
                part = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    part.append(member)
                    if member is node:
                        break
                if len(part) > 1 or node in following:
                    found.append(part)
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[node])
    return found
