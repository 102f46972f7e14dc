"""Looks ahead before a run is moved: tokens that stand well in the old version may stand badly in the new one.

A join would starve that needs a token along a branch which the new version has added beside those already under way;
and what ran side by side would run twice where the new version lets one follow or exclude the other. Only what the
move itself would bring about counts: what the old version would have done as well is its own affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.bpmn.concurrency import Concurrency
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
        self._old, self._new = _Joins(source), _Joins(target)
        self._side_by_side = Concurrency(source), Concurrency(target)
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
        stands: dict[str, list[tuple[ElementSpec, ElementSpec]]] = {}
        for token in tokens:
            was = before[token.id].task_spec
            stands.setdefault(was.name, []).append((was, token.task_spec))
        # Many tokens at one element tell no more than two.
        few = [each for found in stands.values() for each in found[:2]]
        for (was, spec), (formerly, there) in combinations(few, 2):
            if self._side_by_side[0].beside(was, formerly) and not self._side_by_side[1].beside(spec, there):
                detail = f"it stands beside {was.element.name or was.name!r}, but one excludes or follows the other now"
                yield Obstacle(ObstacleCode.WOULD_RUN_TWICE, formerly.name, formerly.element.name, detail)


class _Joins:
    """The parallel joins of one version, and what leads to them."""

    def __init__(self, process: Process) -> None:
        self._specs = list(process.graph.task_specs.values())
        self.joins: dict[str, list[ElementSpec]] = {}
        self._upstream: dict[str, dict[str, frozenset[str]]] = {}
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
