"""Which element of one version of a process is which of another: proposed by id, name and what it does.

Only elements of the same nature make a pair: what waits at the one must be able to wait at the other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.bpmn.definitions import EventDefinition, Flow
from engine.bpmn.expressions import Value
from engine.bpmn.model import Process
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.calls import CallActivitySpec
from engine.bpmn.specs.events import ThrowSpec
from engine.bpmn.specs.tasks import DecisionTaskSpec, JobSpec, ScriptTaskSpec, UserTaskSpec


class Ground(StrEnum):
    """Why two elements are proposed as the same one."""

    ID = "id"
    NAME = "name"  # the only two of that name and nature
    ROLE = "type"  # the only two left of that nature that do the same in the same place


@dataclass(frozen=True)
class Pair:
    """One element of the old version and the one of the new version that it is taken for."""

    source: str
    target: str
    ground: Ground


@dataclass(frozen=True)
class Correspondence:
    """What is what in another version: element ids, and ids of sequence flows (for tokens that wait at joins)."""

    elements: Mapping[str, str]
    flows: Mapping[str, str]


def nature(spec: ElementSpec) -> tuple[Hashable, ...]:
    """What two elements must have in common: type, kind of event, way of waiting, way of being done several times."""
    return (
        spec.element.type,
        type(spec).__name__,
        spec.event.kind if spec.event is not None else None,
        _works_as_job(spec),
        repetition(spec),
    )


def repetition(spec: ElementSpec) -> str:
    """How often an activity is done: once, in a loop, or for many items, in parallel or one after the other."""
    loop = spec.loop
    if loop is None:
        return "once"
    if loop.is_standard:
        return "loop"
    return "sequential" if loop.sequential else "parallel"


def _works_as_job(spec: ElementSpec) -> bool:
    if isinstance(spec, ScriptTaskSpec) and spec.script is not None:
        return False
    if isinstance(spec, DecisionTaskSpec) and spec.decision is not None:
        return False
    return isinstance(spec, JobSpec | ThrowSpec) and spec.job is not None


def propose(source: Process, target: Process) -> tuple[Pair, ...]:
    """The pairs that ids, then names, then types and places speak for; in the order of the old file.

    What has no pair is left to whoever edits the plan.
    """
    finding = _Finding(source, target)
    finding.match(Ground.ID, lambda spec, scope: spec.name)
    # Names may lead to sub-processes, whose inner elements can be matched only then.
    for _ in range(len(finding.left) + 1):
        before = len(finding.pairs)
        finding.match(Ground.NAME, lambda spec, scope: (spec.element.name, scope) if spec.element.name else None)
        finding.match(Ground.ROLE, _place)
        if len(finding.pairs) == before:
            break
    order = {name: number for number, name in enumerate(source.graph.task_specs)}
    return tuple(sorted(finding.pairs, key=lambda pair: order[pair.source]))


class _Finding:
    def __init__(self, source: Process, target: Process) -> None:
        self.pairs: list[Pair] = []
        self.left = {name: spec for name, spec in source.graph.task_specs.items() if spec is not source.graph.start}
        self.free = {name: spec for name, spec in target.graph.task_specs.items() if spec is not target.graph.start}
        self._tops = (source.graph.start.name, target.graph.start.name)
        self._known = {self._tops[0]: self._tops[1]}

    def match(self, ground: Ground, key: Callable[[ElementSpec, str | None], Hashable]) -> None:
        """Pair what has the same nature and key, where exactly one on each side has it."""
        old = _grouped((spec, key(spec, self._scope(spec, self._known))) for spec in self.left.values())
        same = {name: name for name in self._known.values()}
        new = _grouped((spec, key(spec, self._scope(spec, same))) for spec in self.free.values())
        for group, found in old.items():
            candidates = new.get(group, [])
            if len(found) == 1 and len(candidates) == 1:
                source, target = found[0].name, candidates[0].name
                self.pairs.append(Pair(source, target, ground))
                self._known[source] = target
                del self.left[source], self.free[target]

    def _scope(self, spec: ElementSpec, known: Mapping[str, str]) -> str | None:
        """The scope in the new version's terms; what lies in an unpaired scope is paired by its id only."""
        return known.get(spec.container.name) if spec.container is not None else None


def _grouped(
    found: Iterable[tuple[ElementSpec, Hashable]],
) -> dict[tuple[Hashable, ...], list[ElementSpec]]:
    groups: dict[tuple[Hashable, ...], list[ElementSpec]] = {}
    for spec, key in found:
        if key is not None:
            groups.setdefault((nature(spec), key), []).append(spec)
    return groups


def _place(spec: ElementSpec, scope: str | None) -> Hashable:
    """What an element does and where: enough to know it again when id and name have changed."""
    work = _work(spec)
    return None if work is None or scope is None else (scope, work)


def _work(spec: ElementSpec) -> Hashable:
    if isinstance(spec, UserTaskSpec) and spec.definition.form_id is not None:
        return "form", spec.definition.form_id.shown
    if isinstance(spec, CallActivitySpec) and spec.call is not None:
        return "call", spec.call.process_id.shown
    if isinstance(spec, JobSpec | ThrowSpec) and spec.job is not None:
        return "job", spec.job.type.shown
    if spec.event is not None:
        return _event(spec.event, spec.element.attached_to)
    return None


def _event(event: EventDefinition, attached_to: str | None) -> Hashable:
    when = (event.timer.form, event.timer.value.shown) if event.timer is not None else None
    condition = event.condition.text if event.condition is not None else None
    return "event", event.kind, shown(event.name), when, condition, attached_to


def shown(value: Value | None) -> str | None:
    """A field as it is written in the diagram; None where it is not there."""
    return None if value is None else value.shown


def pair_flows(source: Process, target: Process, elements: Mapping[str, str]) -> dict[str, str]:
    """The flows into joins that are the same in both versions: same id, else same ends, else the only ones left.

    A flow leads into the join that its own join has become, or it is no pair.
    """
    pairs: dict[str, str] = {}
    for name, spec in source.graph.task_specs.items():
        new = target.graph.task_specs.get(elements.get(name, ""))
        if not spec.is_join or new is None or not spec.incoming:
            continue
        left = {flow.id: flow for flow in new.incoming}
        open_: list[Flow] = []
        for flow in spec.incoming:
            if flow.id in left:
                pairs[flow.id] = left.pop(flow.id).id
            else:
                open_.append(flow)
        for flow in [*open_]:
            same = [each.id for each in left.values() if each.source == elements.get(flow.source)]
            if len(same) == 1:
                pairs[flow.id] = left.pop(same[0]).id
                open_.remove(flow)
        if len(open_) == 1 and len(left) == 1:
            pairs[open_[0].id] = next(iter(left))
    return pairs
