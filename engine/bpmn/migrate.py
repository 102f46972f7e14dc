"""Moves a run to another version of its process, on a copy: token by token, each with what it waits for.

What waits goes on waiting: due times, keys, assignees, retries and variables are those it had. What an element *is*
(its name, form, job type, message name) it takes from the new version. Events that the new version adds beside a
waiting element begin to wait; those it no longer has are cancelled. Where one token cannot be moved, the run is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.bpmn import snapshot as snapshots
from engine.bpmn.effects import TransitionKind
from engine.bpmn.execution import Execution
from engine.bpmn.expressions import Problem
from engine.bpmn.foresight import Foresight
from engine.bpmn.model import Process
from engine.bpmn.obstacles import NotMigratable, Obstacle, ObstacleCode
from engine.bpmn.pairing import Correspondence, nature, pair_flows, repetition
from engine.bpmn.redefining import redefine
from engine.bpmn.run import Run
from engine.bpmn.services import Services
from engine.bpmn.specs.base import ElementSpec, arm
from engine.bpmn.specs.events import BesideSpec, BoundarySpec, CatchSpec, EventStartSpec
from engine.bpmn.specs.gateways import EventGatewaySpec
from engine.bpmn.specs.scopes import ScopeSpec
from engine.bpmn.status import ExecutionStatus
from engine.bpmn.token import FUTURE, WAITING, Token
from engine.errors import Conflict, InvalidInput
from engine.parameter_use import of_case

_SHARED: Final = ("Task", "callActivity")
_NOTHING_OPEN: Final = ("enter", "run", "begin")
"""Phases of an incident in which a scope has not opened yet: retrying opens it, with all its events."""


@dataclass(frozen=True)
class Migrated:
    """A run on its new version: what began and what ceased to wait beside its elements, by element id."""

    execution: Execution
    began: tuple[str, ...]
    ended: tuple[str, ...]


class Crossing:
    """The way from one version of a process to another; made once for a plan, used for all its instances."""

    def __init__(
        self,
        source: Process,
        target: Process,
        elements: Mapping[str, str],
        flows: Mapping[str, str] | None = None,
    ) -> None:
        """`elements` and `flows` say what is what; flows that are not named are found by id and ends.

        Raises:
            InvalidInput: an element does not exist, or two that are paired have different natures.
        """
        self.source, self.target = source, target
        _require_pairs(source, target, elements)
        _require_flows(source, target, flows or {})
        found = {**pair_flows(source, target, elements), **(flows or {})}
        self.pairs = Correspondence({**elements, source.graph.start.name: target.graph.start.name}, found)
        self.foresight = Foresight(source, target, self.pairs)

    def migrate(self, snapshot: bytes, services: Services, case_id: str | None = None) -> Migrated:
        """Move the run that a snapshot of the old version holds; the snapshot itself stays as it is.

        Args:
            snapshot: what Execution.dump gave.
            services: what the run uses from now on.
            case_id: the case that it runs in.

        Raises:
            NotMigratable: it cannot be moved; says why, by element.
            Conflict: it has ended.
            SnapshotMismatch: the bytes are no snapshot of the old version.
        """
        old = snapshots.load(self.source.graph, snapshot, services)
        if old.status is not ExecutionStatus.ACTIVE:
            raise Conflict(f"the execution has ended: {old.status.value}")
        with of_case(case_id):
            return _Passage(self, old, services, case_id).migrate()

    def counterpart(self, spec: ElementSpec) -> ElementSpec | None:
        """The element of the new version that an old one has become."""
        name = self.pairs.elements.get(spec.name)
        return None if name is None else self.target.graph.task_specs[name]


class _Passage:
    """One run on its way."""

    def __init__(self, crossing: Crossing, old: Run, services: Services, case_id: str | None) -> None:
        self._crossing = crossing
        self._case_id = case_id
        self._old = old
        self._new = Run(crossing.target.graph, services)
        self._moved: dict[str, Token] = {}
        self._obstacles: list[Obstacle] = []
        self._began: list[str] = []
        self._ended: list[str] = []

    def migrate(self) -> Migrated:
        old, new = self._old, self._new
        new.journal = old.journal
        new.open_operation()
        tokens = old.in_order()
        for token in tokens:
            self._move(token)
        self._stop_at_obstacles()
        self._obstacles += self._crossing.foresight.obstacles(old, new)
        self._stop_at_obstacles()
        before = set()
        for token in tokens:
            moved = self._moved.get(token.id)
            if moved is None:
                continue
            self._begin_waiting(token, moved)
            if moved._state == WAITING:
                moved._state = FUTURE  # joins are looked at again: their flows may be others now
                new.revisit(moved)
            if "incident" in moved.internal_data:
                before.add(moved.id)
        self._stop_at_obstacles()
        new.settle()
        self._refuse_new_incidents(before)
        execution = Execution(self._crossing.target, new, self._case_id)
        again = Execution.load(self._crossing.target, execution.dump(), new.services, case_id=self._case_id)
        assert again.waits == execution.waits, "a migrated run must be stored and loaded without a change"
        return Migrated(execution, tuple(self._began), tuple(self._ended))

    # ------------------------------------------------------------------ one token

    def _move(self, token: Token) -> None:
        container = None
        if token.container is not None:
            container = self._moved.get(token.container.id)
            if container is None:
                return  # what contains it cannot move: that is the reason
        spec = self._crossing.counterpart(token.task_spec)
        if spec is None:
            if token.triggered:
                self._let_go(token)
            else:
                self._refuse_unpaired(token.task_spec)
            return
        if container is not None and not self._fits(token, spec, container):
            return
        moved = Token(self._new, spec, container, token._state, token.id)
        if container is None:
            self._new.task_tree = moved
        moved.triggered, moved.entered = token.triggered, token.entered
        moved.data, moved.internal_data = token.data, {**token.internal_data}
        if container is not None and not moved.triggered:
            container.inside += 1
        self._moved[token.id] = moved
        try:
            self._rewrite(token.task_spec, moved)
        except Problem as problem:
            self._refuse(ObstacleCode.CANNOT_EVALUATE, token.task_spec, problem.message)

    def _fits(self, token: Token, spec: ElementSpec, container: Token) -> bool:
        """Whether the element still lies where its token does."""
        around = container.task_spec
        still: bool
        if not token.triggered:
            if spec is around or spec.container is around:
                return True
            where = spec.container.name if spec.container is not None else ""
            self._refuse(ObstacleCode.OTHER_SCOPE, token.task_spec, f"it now lies in {where!r}")
            return False
        if isinstance(spec, BoundarySpec):
            still = spec.attached_to == around.name
            where = f"it is now attached to {spec.attached_to!r}"
        elif isinstance(spec, EventStartSpec):
            still = spec in around.event_starts
            where = "its event sub-process now lies elsewhere"
        else:
            still = spec.name in around.targets
            where = f"it no longer follows the gateway {around.name!r}"
        if not still:
            self._refuse(ObstacleCode.EVENT_MOVED, token.task_spec, where)
        return still

    def _rewrite(self, old: ElementSpec, moved: Token) -> None:
        """Name in the new version's words what the token remembers of its diagram."""
        spec, memory = moved.task_spec, moved.internal_data
        if "flow" in memory and spec.is_join:
            flow = self._crossing.pairs.flows.get(memory["flow"])
            if flow is None or flow not in {each.id for each in spec.incoming}:
                self._refuse(
                    ObstacleCode.FLOW_GONE, old, f"a token has arrived by the flow {memory['flow']!r}, which is gone"
                )
            memory["flow"] = flow
        if "begin" in memory:
            memory["begin"] = [self._start_name(old, memory["begin"][0]), memory["begin"][1]]
        if "begun_by" in memory:
            memory["begun_by"] = self._start_name(old, memory["begun_by"])
        if "loop" in memory and spec.loop is not None:
            memory["loop"] = self._loop_memory(old, spec, memory["loop"])
        redefine(old, moved)

    def _start_name(self, old: ElementSpec, name: str | None) -> str | None:
        found = None if name is None else self._crossing.pairs.elements.get(name)
        if name is not None and found is None:
            self._refuse(ObstacleCode.NO_COUNTERPART, old, f"it began by {name!r}, which has no counterpart")
        return found

    def _loop_memory(self, old: ElementSpec, spec: ElementSpec, memory: Mapping[str, Any]) -> dict[str, Any]:
        assert spec.loop is not None
        kept = {**memory}
        if spec.loop.output_collection is None:
            kept.pop("outputs", None)
        elif "outputs" not in kept and not spec.loop.is_standard:
            if kept["done"]:
                self._refuse(
                    ObstacleCode.OUTPUT_LOST, old, "outputs are collected now, but those of finished instances are gone"
                )
            kept["outputs"] = [None] * len(kept["items"])
        elif "outputs" in kept:
            kept["outputs"] = [*kept["outputs"]]
        return kept

    def _let_go(self, token: Token) -> None:
        self._ended.append(token.task_spec.element.id)
        self._new.record(token, TransitionKind.CANCELLED)

    # ------------------------------------------------------------------ what the new version adds

    def _begin_waiting(self, old: Token, token: Token) -> None:
        spec = token.task_spec
        incident = token.internal_data.get("incident", {}).get("phase")
        instance_of_many = spec.loop is not None and "loop" not in token.internal_data
        if token.triggered or (not token.entered and token.container is not None) or incident == "enter":
            return
        events: list[BesideSpec | CatchSpec] = []
        if not instance_of_many:
            events += self._added(old.task_spec.boundaries, spec.boundaries)
        if isinstance(spec, ScopeSpec) and "loop" not in token.internal_data and incident not in _NOTHING_OPEN:
            if not _was_interrupted(token):
                events += self._added(old.task_spec.event_starts, spec.event_starts)
        elif isinstance(spec, EventGatewaySpec) and incident is None:
            events += self._added(tuple(old.task_spec.targets.values()), tuple(spec.targets.values()))
        for event in events:
            try:
                arm(event, token, event.subscription(token))
            except Problem as problem:
                self._refuse(ObstacleCode.CANNOT_EVALUATE, event, problem.message)
            else:
                self._began.append(event.name)

    def _added(self, old: tuple[Any, ...], new: tuple[Any, ...]) -> list[Any]:
        """Events without counterpart among the old ones; one that has fired already does not wait again."""
        if not new:
            return []
        known = {self._crossing.pairs.elements.get(event.name) for event in old}
        return [
            event for event in new if event.name not in known and (isinstance(event, CatchSpec) or event.waits_beside)
        ]

    # ------------------------------------------------------------------ what stands in the way

    def _refuse_unpaired(self, spec: ElementSpec) -> None:
        same = self._crossing.target.graph.task_specs.get(spec.name)
        if same is None or nature(same) == nature(spec):
            self._refuse(ObstacleCode.NO_COUNTERPART, spec, "the plan names no element of the new version for it")
        elif repetition(same) != repetition(spec):
            self._refuse(
                ObstacleCode.TYPE_CHANGED, spec, f"it was done {repetition(spec)} and is now done {repetition(same)}"
            )
        else:
            self._refuse(ObstacleCode.TYPE_CHANGED, spec, f"it was {_described(spec)} and is now {_described(same)}")

    def _refuse_new_incidents(self, before: set[str]) -> None:
        for token in self._new.in_order():
            incident = token.internal_data.get("incident")
            if incident is not None and token.id not in before:
                self._refuse(ObstacleCode.WOULD_STOP, token.task_spec, incident["message"])
        self._stop_at_obstacles()

    def _refuse(self, code: ObstacleCode, spec: ElementSpec, detail: str) -> None:
        self._obstacles.append(Obstacle(code, spec.element.id, spec.element.name, detail))

    def _stop_at_obstacles(self) -> None:
        if self._obstacles:
            raise NotMigratable(tuple(dict.fromkeys(self._obstacles)))


def _was_interrupted(scope: Token) -> bool:
    """Whether an interrupting event sub-process has taken over: nothing else waits beside it any more."""
    running = {child.task_spec for child in scope.flowing if child.task_spec.is_event_subprocess}
    return any(start.container in running and start.interrupting for start in scope.task_spec.event_starts)


def _described(spec: ElementSpec) -> str:
    kind = f" ({spec.event.kind.value})" if spec.event is not None else ""
    return spec.element.type + kind


def _require_pairs(source: Process, target: Process, elements: Mapping[str, str]) -> None:
    used: dict[str, str] = {}
    for old, new in elements.items():
        spec, other = source.graph.task_specs.get(old), target.graph.task_specs.get(new)
        if spec is None or spec is source.graph.start:
            raise InvalidInput(f"The old version has no element {old!r}.", element=old)
        if other is None or other is target.graph.start:
            raise InvalidInput(f"The new version has no element {new!r}.", element=new)
        if nature(spec) != nature(other):
            raise InvalidInput(
                f"{old!r} is {_described(spec)}, done {repetition(spec)}; {new!r} is {_described(other)}, "
                f"done {repetition(other)}: what waits at the one cannot wait at the other.",
                element=old,
            )
        if new in used and not spec.element.type.endswith(_SHARED):
            raise InvalidInput(f"Both {used[new]!r} and {old!r} are to become {new!r}.", element=old)
        used[new] = old


def _require_flows(source: Process, target: Process, flows: Mapping[str, str]) -> None:
    for old, new in flows.items():
        if old not in source.flows:
            raise InvalidInput(f"The old version has no sequence flow {old!r}.", element=old)
        if new not in target.flows:
            raise InvalidInput(f"The new version has no sequence flow {new!r}.", element=new)
