"""Looks ahead before a run is moved: tokens that stand well in the old version may stand badly in the new one.

A join would starve that needs a token along a branch which the new version has added beside those already under way;
and what ran side by side would run twice where the new version lets the one follow the other. Only what the move itself
would bring about counts: what the old version would have done as well is its own affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.model import Process
from engine.bpmn.obstacles import Obstacle, ObstacleCode
from engine.bpmn.pairing import Correspondence
from engine.bpmn.run import Run
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.gateways import ParallelGatewaySpec
from engine.bpmn.specs.upstream import upstream_of
from engine.bpmn.token import READY, Token


class Foresight:
    """What can be said of two versions once, and of each run that moves from the one to the other."""

    def __init__(self, source: Process, target: Process, pairs: Correspondence) -> None:
        self._old, self._new = _Paths(source), _Paths(target)
        self._former = {new: old for old, new in pairs.elements.items()}

    def obstacles(self, old: Run, new: Run) -> Iterator[Obstacle]:
        """What would go wrong in the new version that would not have gone wrong in the old one."""
        for scope in new.in_order():
            tokens = scope.flowing
            if not tokens or tokens[0].task_spec is scope.task_spec:
                continue
            before = old.tasks[scope.id].flowing
            yield from self._starving(before, tokens, scope.task_spec)
            if len(tokens) > 1:
                yield from self._twice({token.id: token for token in before}, tokens)

    def _starving(self, before: list[Token], tokens: list[Token], scope: ElementSpec) -> Iterator[Obstacle]:
        for join in self._new.joins.get(scope.name, ()):
            if not self._new.starves(join, tokens):
                continue
            former = self._old.join(self._former.get(join.name))
            if former is not None and self._old.starves(former, before):
                continue
            detail = "the join would wait for a branch that no token comes along"
            yield Obstacle(ObstacleCode.JOIN_WOULD_STARVE, join.name, join.element.name, detail)

    def _twice(self, before: Mapping[str, Token], tokens: list[Token]) -> Iterator[Obstacle]:
        for token in tokens:
            was, spec = before[token.id].task_spec, token.task_spec
            for other in tokens:
                if other is token:
                    continue
                formerly, there = before[other.id].task_spec, other.task_spec
                if spec is there:
                    follows = was is not formerly and not spec.is_join
                else:
                    follows = there.name in self._new.after(spec) and formerly.name not in self._old.after(was)
                if follows:
                    detail = f"it would run again after {spec.element.name or spec.name!r}, beside which it stands now"
                    yield Obstacle(ObstacleCode.WOULD_RUN_TWICE, formerly.name, formerly.element.name, detail)


class _Paths:
    """Which element of one version leads where."""

    def __init__(self, process: Process) -> None:
        self._specs = list(process.graph.task_specs.values())
        self.joins: dict[str, list[ElementSpec]] = {}
        self._upstream: dict[str, dict[str, frozenset[str]]] = {}
        self._after: dict[str, frozenset[str]] = {}
        for spec in self._specs:
            if isinstance(spec, ParallelGatewaySpec) and len(spec.incoming) > 1 and spec.container is not None:
                self.joins.setdefault(spec.container.name, []).append(spec)

    def join(self, name: str | None) -> ElementSpec | None:
        """The parallel join of that id."""
        return next((each for found in self.joins.values() for each in found if each.name == name), None)

    def starves(self, join: ElementSpec, tokens: list[Token]) -> bool:
        """Whether tokens come along some flows into the join, and none along another."""
        upstream = self._upstream.get(join.name)
        if upstream is None:
            upstream = self._upstream[join.name] = upstream_of(join, self._specs)
        arrived, elsewhere = set(), set()
        for token in tokens:
            if token.task_spec is join and token._state < READY:
                arrived.add(token.internal_data.get("flow"))
            else:
                elsewhere.add(token.task_spec.name)
        covered = [flow.id in arrived or bool(upstream[flow.id] & elsewhere) for flow in join.incoming]
        return any(covered) and not all(covered)

    def after(self, spec: ElementSpec) -> frozenset[str]:
        """What a token at `spec` can come to by itself: not past a join, which waits for others too."""
        found = self._after.get(spec.name)
        if found is None:
            seen: set[str] = set()
            todo = [spec]
            while todo:
                each = todo.pop()
                if each is not spec and _waits_for_others(each):
                    continue
                for following in (*each.targets.values(), *each.boundaries):
                    if following.name not in seen:
                        seen.add(following.name)
                        todo.append(following)
            found = self._after[spec.name] = frozenset(seen)
        return found


def _waits_for_others(spec: ElementSpec) -> bool:
    return spec.is_inclusive_join or (isinstance(spec, ParallelGatewaySpec) and len(spec.incoming) > 1)
