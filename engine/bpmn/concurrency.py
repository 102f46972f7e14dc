"""Which elements of a process can have tokens side by side, as far as its drawing tells.

What splits is a parallel or inclusive gateway, any other element with several flows out (but exclusive and event-based
gateways), a scope that begins at several elements, and an activity with events that do not interrupt it. Two elements
can stand side by side where different branches of one split lead to them. A branch ends at the join that waits for the
others; a join all of whose flows come from within the branch is part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.model import Process
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.gateways import EventGatewaySpec, ExclusiveGatewaySpec, ParallelGatewaySpec
from engine.bpmn.specs.scopes import ScopeSpec

Branches = list[frozenset[str]]


class Concurrency:
    """What can stand side by side in one version of a process; found out scope by scope, when asked."""

    def __init__(self, process: Process) -> None:
        """The process is only read."""
        self._specs = list(process.graph.task_specs.values())
        self._splits: dict[str, list[Branches]] = {}

    def beside(self, one: ElementSpec, other: ElementSpec) -> bool:
        """Whether tokens can stand at both of two elements of one scope at the same time."""
        if one.is_event_subprocess or other.is_event_subprocess:
            return True
        scope = one.container
        assert scope is not None
        splits = self._splits.get(scope.name)
        if splits is None:
            splits = self._splits[scope.name] = list(self._find(scope))
        return any(_apart(branches, one.name, other.name) for branches in splits)

    def _find(self, scope: ElementSpec) -> Iterator[Branches]:
        if isinstance(scope, ScopeSpec) and len(scope.first) > 1:
            yield [_branch([each]) for each in scope.first]
        for spec in self._specs:
            if spec.container is not scope:
                continue
            if len(spec.flows) > 1 and not isinstance(spec, ExclusiveGatewaySpec | EventGatewaySpec):
                yield [_branch([spec.targets[flow.target]]) for flow in spec.flows]
            staying = [each for each in spec.boundaries if not each.interrupting]
            if staying:
                following = [spec.targets[flow.target] for flow in spec.flows]
                following += [each for each in spec.boundaries if each.interrupting]
                host = _branch(following) | {spec.name}
                # An event that does not interrupt may happen again: its branch can stand beside itself.
                yield [host, *(each for event in staying for each in (_branch([event]),) * 2)]


def _apart(branches: Branches, one: str, other: str) -> bool:
    return any(
        one in first and other in second
        for number, first in enumerate(branches)
        for again, second in enumerate(branches)
        if number != again
    )


def _branch(begin: Iterable[ElementSpec]) -> frozenset[str]:
    """What a token at these elements can come to, up to the joins that wait for others."""
    seen: dict[str, ElementSpec] = {}
    joins: dict[str, ElementSpec] = {}
    todo = list(begin)
    while todo:
        spec = todo.pop()
        if spec.name not in seen:
            seen[spec.name] = spec
            if waits_for_others(spec):
                joins[spec.name] = spec
            else:
                todo += [*spec.targets.values(), *spec.boundaries]
        if not todo:
            within = [join for join in joins.values() if all(flow.source in seen for flow in join.incoming)]
            for join in within:
                del joins[join.name]
                todo += join.targets.values()
    return frozenset(seen)


def waits_for_others(spec: ElementSpec) -> bool:
    """Whether it is a join: a token alone does not pass it."""
    return spec.is_inclusive_join or (isinstance(spec, ParallelGatewaySpec) and len(spec.incoming) > 1)
