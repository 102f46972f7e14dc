"""The flow of one scope as a net of tokens, reduced by rules that keep what is wrong with it.

An edge holds a token or not. A node takes tokens from its incoming edges (any one of them, all of them, or as an
inclusive join) and puts tokens on the edges of one of its alternatives. Well-structured parts shrink to nothing
(a parallel split and its join, an exclusive split and its merge, a loop with a way out), so that what is left to
explore is what is entangled. Every rule keeps deadlocks and double tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from itertools import combinations
from typing import Final, TypeVar

from engine.bpmn.check.links import link_name
from engine.bpmn.check.model import ACTIVITIES, Flow, Node, Scope
from engine.bpmn.check.reach import first_nodes

_T = TypeVar("_T")

MAX_ALTERNATIVES: Final = 24
MAX_SUBSETS_OF: Final = 4
MAX_BEGINNINGS: Final = 64
MAX_WORK: Final = 400_000


class Join(Enum):
    """What a node waits for."""

    ANY = "any"  # each token by itself
    ALL = "all"  # one token on every incoming edge
    INCLUSIVE = "inclusive"  # every token that can still come


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way a node may send tokens, and the decisions (ids of choosing nodes) it takes."""

    edges: frozenset[int]
    decisions: frozenset[Node] = frozenset()


@dataclass(slots=True, eq=False)
class Place:
    """One node of the net; `node` is the author's element it speaks for."""

    node: Node
    join: Join
    entries: set[int]
    alternatives: list[Alternative]
    stops: bool = False  # ends the whole scope: terminate, error
    begins: bool = False  # an instance of the scope begins here


@dataclass(slots=True)
class Net:
    """The places, and which place produces and consumes each edge."""

    places: dict[Node, Place] = field(default_factory=dict)
    producer: dict[int, Place] = field(default_factory=dict)
    consumer: dict[int, Place] = field(default_factory=dict)
    work: int = 0

    @property
    def starts(self) -> list[Place]:
        """The places where an instance of the scope begins."""
        return [place for place in self.places.values() if place.begins]


def build_net(scope: Scope) -> Net:
    """The net of a scope, not yet reduced."""
    net = Net()
    numbers: dict[Flow, int] = {}
    outgoing: dict[Node, list[int]] = {node: [] for node in scope.nodes}
    entries: dict[Node, set[int]] = {node: set() for node in scope.nodes}
    for flow in scope.flows:
        if flow.source in outgoing and flow.target in entries:
            numbers[flow] = len(numbers)
            outgoing[flow.source].append(numbers[flow])
            entries[flow.target].add(numbers[flow])
    _add_links(scope, outgoing, entries, len(numbers))
    first = set(first_nodes(scope))
    for node in scope.nodes:
        if node.tag == "boundaryEvent" or node.is_event_sub_process:
            continue
        join = Join.ANY
        if node.tag == "parallelGateway":
            join = Join.ALL
        elif node.tag == "inclusiveGateway" and len(entries[node]) > 1:
            join = Join.INCLUSIVE
        stops = node.tag == "endEvent" and node.kind in {"terminate", "error", "escalation", "cancel"}
        place = Place(node, join, entries[node], _alternatives(node, outgoing, numbers), stops, node in first)
        net.places[node] = place
        for edge in entries[node]:
            net.consumer[edge] = place
        for alternative in place.alternatives:
            for edge in alternative.edges:
                net.producer[edge] = place
    return net


def beginnings(net: Net) -> list[Alternative]:
    """The ways an instance can begin: at one of the start events, or without any at every first step at once."""
    if any(place.node.tag == "startEvent" for place in net.starts):
        return [one for place in net.starts for one in place.alternatives]
    found = [Alternative(frozenset())]
    for place in net.starts:
        found = [
            Alternative(one.edges | other.edges, one.decisions | other.decisions)
            for one in found
            for other in place.alternatives
        ][:MAX_BEGINNINGS]
    return found


def _add_links(scope: Scope, outgoing: dict[Node, list[int]], entries: dict[Node, set[int]], number: int) -> None:
    catches = {
        link_name(node, node.events[0]): node
        for node in scope.nodes
        if node.tag == "intermediateCatchEvent" and node.kind == "link"
    }
    for node in scope.nodes:
        if node.tag == "intermediateThrowEvent" and node.kind == "link":
            caught = catches.get(link_name(node, node.events[0]))
            if caught is not None:
                outgoing[node].append(number)
                entries[caught].add(number)
                number += 1


def _alternatives(node: Node, outgoing: dict[Node, list[int]], numbers: dict[Flow, int]) -> list[Alternative]:
    edges = outgoing[node]
    if node.tag == "exclusiveGateway" and len(edges) > 1:
        return [Alternative(frozenset({edge}), frozenset({node})) for edge in edges]
    if node.tag == "eventBasedGateway" and len(edges) > 1:
        return [Alternative(frozenset({edge})) for edge in edges]
    chosen = {numbers[flow]: flow for flow in node.outgoing if flow in numbers and flow.condition is not None}
    if chosen and (node.tag == "inclusiveGateway" or node.tag in ACTIVITIES):
        completed = _inclusive(node, edges, chosen, numbers)
    else:
        completed = [Alternative(frozenset(edges))]
    if not node.boundaries:
        return completed
    interrupted = [
        Alternative(frozenset(outgoing.get(boundary, ())))
        for boundary in node.boundaries
        if boundary.is_interrupting or boundary.kind == "error"
    ]
    beside = [outgoing.get(boundary, []) for boundary in node.boundaries if not boundary.is_interrupting]
    return [
        Alternative(one.edges.union(*extra), one.decisions)
        for one in completed + interrupted
        for extra in _subsets(beside)
    ]


def _inclusive(node: Node, edges: list[int], chosen: dict[int, Flow], numbers: dict[Flow, int]) -> list[Alternative]:
    default = next((numbers[flow] for flow in node.outgoing if flow in numbers and flow.id == node.default), None)
    always = frozenset(edge for edge in edges if edge not in chosen and edge != default)
    found = [always | frozenset(subset) for subset in _subsets(list(chosen)) if subset]
    if default is not None:
        found.append(always | {default})
    elif always:
        found.append(always)
    return [Alternative(one, frozenset({node})) for one in found]


def _subsets(items: list[_T]) -> list[tuple[_T, ...]]:
    """Every subset of a few items; of many, the empty one, the single ones and the whole."""
    if len(items) <= MAX_SUBSETS_OF:
        return [subset for size in range(len(items) + 1) for subset in combinations(items, size)]
    return [(), *((item,) for item in items), tuple(items)]


def reduce_net(net: Net) -> bool:
    """Shrink the net until no rule applies; False when it is so large that the work was given up."""
    waiting = list(net.places.values())
    while waiting:
        place = waiting.pop()
        if place.node not in net.places or place.begins:
            continue
        touched = _drop_end(net, place) or _join_twins(net, place) or _drop_turn(net, place) or _fuse(net, place)
        waiting.extend(touched)
        if net.work > MAX_WORK:
            return False
    return True


def _neighbours(net: Net, edges: Iterable[int]) -> list[Place]:
    found: dict[int, Place] = {}
    for edge in edges:
        for one in (net.producer.get(edge), net.consumer.get(edge)):
            if one is not None:
                found[id(one)] = one
    return list(found.values())


def _replace(net: Net, place: Place, alternatives: list[Alternative]) -> None:
    """Give a place new alternatives, each once; where only one way is left, nothing was decided."""
    fewest: dict[frozenset[int], frozenset[Node]] = {}
    for one in alternatives:
        net.work += 1 + len(one.edges)
        if one.edges not in fewest or len(one.decisions) < len(fewest[one.edges]):
            fewest[one.edges] = one.decisions
    place.alternatives = [Alternative(edges, decisions) for edges, decisions in fewest.items()]
    if len(place.alternatives) == 1:
        place.alternatives = [Alternative(place.alternatives[0].edges)]
    for one in place.alternatives:
        for edge in one.edges:
            net.producer[edge] = place


def _drop_end(net: Net, place: Place) -> list[Place]:
    """An end takes each token by itself and gives nothing: its edges need not be there."""
    if place.stops or place.node.tag != "endEvent" or len(place.entries) < 2:
        return []
    touched = _neighbours(net, place.entries)
    for producer in touched:
        if producer is not place:
            gone = place.entries
            _replace(net, producer, [Alternative(one.edges - gone, one.decisions) for one in producer.alternatives])
    del net.places[place.node]
    return [one for one in touched if one is not place]


def _join_twins(net: Net, place: Place) -> list[Place]:
    """Edges from one place to another that always, or never, carry tokens together count as one."""
    if len(place.entries) < 2:
        return []
    groups: dict[int, list[int]] = {}
    for edge in place.entries:
        producer = net.producer.get(edge)
        if producer is not None and producer is not place:
            groups.setdefault(id(producer), []).append(edge)
    net.work += len(place.entries)
    for edges in groups.values():
        if len(edges) < 2:
            continue
        producer = net.producer[edges[0]]
        twins = frozenset(edges)
        shared = [len(one.edges & twins) for one in producer.alternatives]
        net.work += len(shared)
        together = all(count in (0, len(twins)) for count in shared)
        apart = all(count <= 1 for count in shared)
        if (place.join is Join.ALL and together) or (place.join is Join.ANY and apart) or place.join is Join.INCLUSIVE:
            kept = min(twins)
            place.entries -= twins - {kept}
            _replace(
                net,
                producer,
                [
                    Alternative((one.edges - twins) | {kept} if one.edges & twins else one.edges, one.decisions)
                    for one in producer.alternatives
                ],
            )
            return [place, producer, *_neighbours(net, (edge for one in producer.alternatives for edge in one.edges))]
    return []


def _drop_turn(net: Net, place: Place) -> list[Place]:
    """A turn of a loop that comes back to where it began changes nothing, as long as there is a way out."""
    if place.join is Join.ALL or place.stops:
        return []
    turns = [one for one in place.alternatives if len(one.edges) == 1 and one.edges <= place.entries]
    rest = [one for one in place.alternatives if one not in turns]
    if not turns or not rest:
        return []
    gone = frozenset(edge for one in turns for edge in one.edges)
    if any(gone & one.edges for one in rest):
        return []
    place.entries -= gone
    if len(place.entries) == 1:
        place.join = Join.ANY
    _replace(net, place, rest)
    return [place, *_neighbours(net, place.entries)]


def _fuse(net: Net, place: Place) -> list[Place]:
    """A place with one incoming edge acts at once: whoever gives it a token might as well act for it."""
    if len(place.entries) != 1 or place.stops:
        return []
    (edge,) = place.entries
    producer = net.producer.get(edge)
    if producer is None or producer is place:
        return []
    if len(producer.alternatives) * len(place.alternatives) > MAX_ALTERNATIVES and len(place.alternatives) > 1:
        return []
    merged: list[Alternative] = []
    for one in producer.alternatives:
        if edge not in one.edges:
            merged.append(one)
            continue
        merged.extend(
            Alternative((one.edges - {edge}) | other.edges, one.decisions | other.decisions)
            for other in place.alternatives
        )
    del net.places[place.node]
    _replace(net, producer, merged)
    touched = _neighbours(net, (number for one in producer.alternatives for number in one.edges))
    return [producer, *touched, *_neighbours(net, producer.entries)]
