"""Splits and joins that cannot match: tokens are played through the reduced net of each scope.

An error is only given where a single decision, or decisions that read nothing in common, lead to a join that waits for
ever; where two decisions might depend on each other it is a warning, so that a correct diagram is never refused.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.bpmn.check.known import Known
from engine.bpmn.check.model import Document, Node, Scope
from engine.bpmn.check.net import Join, Net, Place, beginnings, build_net, reduce_net
from engine.bpmn.check.reach import is_interruptible
from engine.bpmn.check.rules import ERROR, WARNING, Rule
from engine.findings import Finding

DEADLOCK = Rule(
    "DEADLOCK",
    ERROR,
    "”{what}” väntar på alla inkommande flöden, men alla kan inte komma: ärendet fastnar där.",
    "“{what}” waits for all incoming flows, but not all of them can come: the case is stuck there.",
    "Samla vägar som valts med samma slags gateway som valde dem (exklusiv med exklusiv, inkluderande med "
    "inkluderande), och låt inget flöde lämna den parallella delen före sammanflödet.",
    "Join paths with the kind of gateway that split them (exclusive with exclusive, inclusive with inclusive), and let "
    "no flow leave the parallel part before the join.",
    "an exclusive split whose two paths meet in a parallel gateway",
)
DEADLOCK_POSSIBLE = Rule(
    "DEADLOCK_POSSIBLE",
    WARNING,
    "”{what}” väntar på alla inkommande flöden; med vissa val kommer inte alla, och ärendet fastnar.",
    "“{what}” waits for all incoming flows; with some choices not all of them come, and the case is stuck.",
    "Kontrollera att valen alltid stämmer överens, eller använd en inkluderande gateway.",
    "See that the choices always agree, or use an inclusive gateway.",
    "two parallel branches that each leave on a condition over the same variable",
)
RUNS_TWICE = Rule(
    "RUNS_TWICE",
    WARNING,
    "Flera parallella flöden kommer till ”{what}” vart för sig; det som följer görs en gång för varje.",
    "Several parallel flows come to “{what}” one by one; what follows is done once for each.",
    "Sätt en parallell gateway som inväntar flödena, om det som följer ska göras en gång.",
    "Put a parallel gateway that waits for the flows, if what follows is to be done once.",
    "a parallel split whose branches meet in an exclusive gateway",
)

MAX_STEPS: Final = 60_000  # moves tried in one file
MAX_PLACES: Final = 150  # what is left of a scope after reduction
MAX_EDGES: Final = 500

_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_WORD: Final = re.compile(r"[^\W\d]\w*")
_FEEL_WORDS: Final = frozenset(
    {
        "and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between",
        "instance", "of", "true", "false", "null", "count", "sum", "min", "max", "date", "time", "duration",
        "contains", "now", "today", "list",
    }
)  # fmt: skip


@dataclass
class _Budget:
    steps: int = MAX_STEPS


@dataclass
class _Arena:
    """The reduced net in bits: one bit for each edge that is left."""

    places: list[Place]
    entries: list[int]
    moves: list[list[tuple[int, frozenset[Node]]]]
    starts: list[tuple[int, frozenset[Node]]]
    upstream: list[dict[int, int]] = field(default_factory=list)  # of inclusive joins: entry -> edges that lead to it


@dataclass
class _Verdict:
    stuck: list[Node] = field(default_factory=list)
    doubled: list[Node] = field(default_factory=list)


def findings(document: Document, _known: Known) -> Iterator[Finding]:
    """Joins of what runs that wait in vain, and merges that let the same through twice."""
    budget = _Budget()
    for scope in document.checked_scopes:
        if scope.owner is not None and scope.owner.tag == "adHocSubProcess":
            continue
        net = build_net(scope)
        if not reduce_net(net) or len(net.places) > MAX_PLACES or _edges(net) > MAX_EDGES:
            continue
        arena = _arena(net)
        verdict = _explore(arena, budget, {})
        for node in verdict.doubled:
            if not _called_for_each(node):
                yield RUNS_TWICE.at(node)
        if not verdict.stuck:
            continue
        certain: set[Node] = set()
        if not is_interruptible(scope):
            certain = set(_explore(arena, budget, _correlated(scope, arena)).stuck)
        for node in verdict.stuck:
            yield (DEADLOCK if node in certain else DEADLOCK_POSSIBLE).at(node)


def _called_for_each(node: Node) -> bool:
    """A call that several borders lead to without interrupting (an escalation): once for each is what it is for."""
    sources = [flow.source for flow in node.incoming]
    return node.tag == "callActivity" and all(
        source is not None and source.tag == "boundaryEvent" and not source.is_interrupting for source in sources
    )


def _edges(net: Net) -> int:
    return sum(len(place.entries) for place in net.places.values())


def _arena(net: Net) -> _Arena:
    used = sorted(
        {edge for place in net.places.values() for one in place.alternatives for edge in one.edges}
        | {edge for place in net.places.values() for edge in place.entries}
    )
    bit = {edge: 1 << position for position, edge in enumerate(used)}

    def mask(edges: frozenset[int] | set[int]) -> int:
        return sum(bit[edge] for edge in edges)

    places = [place for place in net.places.values() if not place.begins]
    arena = _Arena(
        places=places,
        entries=[mask(place.entries) for place in places],
        moves=[[(mask(one.edges), one.decisions) for one in place.alternatives] for place in places],
        starts=[(mask(one.edges), one.decisions) for one in beginnings(net)],
    )
    arena.upstream = [
        _upstream(arena, index) if place.join is Join.INCLUSIVE else {} for index, place in enumerate(places)
    ]
    return arena


def _upstream(arena: _Arena, join: int) -> dict[int, int]:
    """For each entry of an inclusive join, the edges from which a token can reach it without passing the join."""
    before: dict[int, int] = {}
    for index, moves in enumerate(arena.moves):
        if index != join:
            for edge in _bits(functools.reduce(operator.or_, (edges for edges, _ in moves), 0)):
                before[edge] = before.get(edge, 0) | arena.entries[index]
    found: dict[int, int] = {}
    for entry in _bits(arena.entries[join]):
        region, waiting = entry, [entry]
        while waiting:
            for edge in _bits(before.get(waiting.pop(), 0) & ~region):
                region |= edge
                waiting.append(edge)
        found[entry] = region & ~entry
    return found


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest


def _explore(arena: _Arena, budget: _Budget, correlated: dict[Node, frozenset[Node]]) -> _Verdict:
    """Play every order and choice from the starts; decisions that may depend on each other are not combined."""
    verdict = _Verdict()
    stuck: dict[Node, None] = {}
    doubled: dict[Node, None] = {}
    waiting = [
        (marking, _relevant(decisions, correlated))
        for marking, decisions in arena.starts
        if not _may_disagree(decisions, _NONE, correlated)
    ]
    seen = set(waiting)
    while waiting and budget.steps > 0:
        marking, decided = waiting.pop()
        following, stops = _steps(arena, marking, doubled)
        budget.steps -= 1 + len(following) + len(arena.places) // 16
        if stops:
            continue
        if not following and marking:
            for index, place in enumerate(arena.places):
                if place.join is Join.ALL and arena.entries[index] & marking:
                    stuck[place.node] = None
            continue
        for target, decisions in following:
            if _may_disagree(decisions, decided, correlated):
                continue
            kept = _NONE if target & (target - 1) == 0 else decided | _relevant(decisions, correlated)
            state = (target, kept)
            if state not in seen:
                seen.add(state)
                waiting.append(state)
    verdict.stuck, verdict.doubled = list(stuck), list(doubled)
    return verdict


_NONE: Final[frozenset[Node]] = frozenset()


def _may_disagree(
    decisions: frozenset[Node], decided: frozenset[Node], correlated: dict[Node, frozenset[Node]]
) -> bool:
    """Whether decisions taken together read something in common, so that they might not go together."""
    return any(correlated.get(one, _NONE) & (decided | decisions) for one in decisions)


def _relevant(decisions: frozenset[Node], correlated: dict[Node, frozenset[Node]]) -> frozenset[Node]:
    return frozenset(one for one in decisions if one in correlated)


def _steps(arena: _Arena, marking: int, doubled: dict[Node, None]) -> tuple[list[tuple[int, frozenset[Node]]], bool]:
    """What can happen next, and whether the scope ends here whatever else is going on."""
    found: list[tuple[int, frozenset[Node]]] = []
    held: list[int] = []
    for index, place in enumerate(arena.places):
        entries = arena.entries[index]
        present = marking & entries
        if not present:
            continue
        if place.join is Join.ALL:
            if present == entries:
                _fire(arena, index, marking ^ present, found, doubled)
        elif place.join is Join.INCLUSIVE:
            if _must_wait(arena, index, marking, present):
                held.append(index)
            else:
                _fire(arena, index, marking ^ present, found, doubled)
        else:
            if place.stops:
                continue
            if present & (present - 1):
                doubled[place.node] = None
            for entry in _bits(present):
                _fire(arena, index, marking ^ entry, found, doubled)
    if not found and held:
        for index in held:  # joins that wait for each other: the first one goes
            _fire(arena, index, marking & ~arena.entries[index], found, doubled)
    if not found and any(place.stops and arena.entries[index] & marking for index, place in enumerate(arena.places)):
        return [], True
    return found, False


def _must_wait(arena: _Arena, index: int, marking: int, present: int) -> bool:
    """BPMN's rule: a token can still reach an empty entry, and none that already has one."""
    upstream = arena.upstream[index]
    reaches_marked = 0
    for entry in _bits(present):
        reaches_marked |= upstream[entry]
    others = marking & ~arena.entries[index] & ~reaches_marked
    return any(upstream[entry] & others for entry in _bits(arena.entries[index] & ~present))


def _fire(
    arena: _Arena, index: int, rest: int, found: list[tuple[int, frozenset[Node]]], doubled: dict[Node, None]
) -> None:
    for edges, decisions in arena.moves[index]:
        if edges & rest:
            twice = edges & rest
            for other, place in enumerate(arena.places):
                if arena.entries[other] & twice and not place.stops:
                    doubled[place.node] = None
            continue  # two tokens on one edge: said as such, and not followed further
        found.append((rest | edges, decisions))


def _correlated(scope: Scope, arena: _Arena) -> dict[Node, frozenset[Node]]:
    """For each choosing node the others whose conditions read something that its own read too."""
    deciding = {node for moves in arena.moves for _, decisions in moves for node in decisions}
    deciding.update(node for _, decisions in arena.starts for node in decisions)
    reads: dict[str, set[Node]] = {}
    own: dict[Node, set[str]] = {}
    for node in scope.nodes:
        if node not in deciding:
            continue
        words = {
            word
            for flow in node.outgoing
            if flow.condition
            for word in _WORD.findall(_TEXT.sub(" ", flow.condition))
            if word not in _FEEL_WORDS
        }
        if words:
            own[node] = words
            for word in words:
                reads.setdefault(word, set()).add(node)
    found: dict[Node, frozenset[Node]] = {}
    for node, words in own.items():
        others = frozenset().union(*(reads[word] for word in words)) - {node}
        if others:
            found[node] = others
    return found
