"""Which elements can still send a token along an incoming flow of an inclusive join."""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn.specs.base import ElementSpec


def upstream_of(join: ElementSpec, specs: Iterable[ElementSpec]) -> dict[str, frozenset[str]]:
    """For each incoming flow of `join`, the elements of its scope from which a path ends in that flow without visiting
    the join on its way. An activity also leads where its boundary events lead."""
    before: dict[str, set[str]] = {}
    for spec in specs:
        if spec.container is not join.container:
            continue
        for flow in spec.flows:
            before.setdefault(flow.target, set()).add(spec.name)
        for boundary in spec.boundaries:
            before.setdefault(boundary.name, set()).add(spec.name)
    found = {}
    for flow in join.incoming:
        seen = {flow.source} - {join.name}
        todo = list(seen)
        while todo:
            for name in before.get(todo.pop(), ()):
                if name not in seen and name != join.name:
                    seen.add(name)
                    todo.append(name)
        found[flow.id] = frozenset(seen)
    return found
