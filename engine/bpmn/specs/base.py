"""What all elements share: SpiffWorkflow's life cycle of a task, filled with BPMN's meaning.

SpiffWorkflow calls, in this order: `_update` when a token arrives, `_on_ready` when the element is entered, `_run` to
do its work (None: it waits), `_on_complete` to leave it. A `Problem` raised in any of them becomes an incident of the
token, and the same step is done again on retry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from engine.bpmn.definitions import EventDefinition, Flow, IoMapping, LoopDefinition
from engine.bpmn.effects import TransitionKind
from engine.bpmn.expressions import Problem
from engine.bpmn.token import STARTED, WAITING, Token
from engine.bpmn.variables import assign_path, propagate, visible
from engine.errors import StegvisError

if TYPE_CHECKING:
    from SpiffWorkflow.specs import WorkflowSpec

    from engine.bpmn.model import Element
    from engine.bpmn.specs.events import BoundarySpec, EventStartSpec

_NO_RESULTS: Final[Mapping[str, Any]] = {}


class SpecFrozen(StegvisError):
    """A running instance tried to change the diagram it runs on."""

    code = "SPEC_FROZEN"


class ElementSpec(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow has no types
    """One element of a diagram. Shared by all executions, therefore frozen once the diagram is built."""

    is_join = False
    is_inclusive_join = False
    is_event_subprocess = False
    can_be_entered = True
    loop_behaviour: Any = None
    _frozen = False

    def __init__(self, process: WorkflowSpec, element: Element) -> None:
        """An element without flows; the builder adds them."""
        super().__init__(process, element.id, bpmn_name=element.name, lane=element.lane)
        self.element = element
        self.flows: tuple[Flow, ...] = ()
        self.incoming: tuple[Flow, ...] = ()
        self.targets: dict[str, ElementSpec] = {}
        self.default: str | None = None
        self.container: ElementSpec | None = None
        self.inputs_mapped: tuple[IoMapping, ...] = ()
        self.outputs_mapped: tuple[IoMapping, ...] = ()
        self.boundaries: tuple[BoundarySpec, ...] = ()
        self.event_starts: tuple[EventStartSpec, ...] = ()
        self.event: EventDefinition | None = None
        self.loop: LoopDefinition | None = None

    def freeze(self) -> None:
        """Refuse every change from now on."""
        for name in ("_inputs", "_outputs", "pre_assign", "post_assign"):
            setattr(self, name, tuple(getattr(self, name)))
        self._frozen = True

    def __setattr__(self, name: str, value: Any) -> None:
        if self._frozen:
            raise SpecFrozen(f"{self.name}.{name} cannot be changed while instances run", element=self.name)
        super().__setattr__(name, value)

    # ------------------------------------------------------------------ SpiffWorkflow's life cycle

    def _update(self, token: Token) -> None:
        if self._update_hook(token):
            token.workflow.record(token, TransitionKind.ENTERED)
            token._ready()
        else:
            token._state = WAITING

    def _update_hook(self, token: Token) -> bool:
        return True

    def _on_ready(self, token: Token) -> None:
        if self.loop is None:
            if self.inputs_mapped:
                self.map_inputs(token)
            if self.boundaries:
                self.attach(token)
        elif self.is_instance(token):
            self.map_inputs(token)
        else:
            token.internal_data["loop"] = {}
            self.attach(token)
        token.entered = True

    def _run(self, token: Token) -> bool | None:
        if self.loop is not None and "loop" in token.internal_data:
            return self.loop_begin(token)
        return self._run_hook(token)

    def _run_hook(self, token: Token) -> bool | None:
        return True

    def _on_complete(self, token: Token) -> None:
        run = token.workflow
        internal = token.internal_data
        changes: Mapping[str, Any] = _NO_RESULTS
        if "changes" in internal:
            changes = internal["changes"]
        elif self.outputs_mapped or "result" in internal:
            changes = self.map_outputs(token)
            internal["changes"] = changes
        container = token.container
        assert container is not None
        if self.loop is not None and "loop" not in internal:
            self.loop_behaviour.instance_done(self, token, changes)
            return
        chosen = self.choose(container) if self.flows else ()
        for child in token.children:
            run.cancel_token(child)
        run.record(token, TransitionKind.COMPLETED, changes)
        for flow in chosen:
            run.place(self.targets[flow.target], container, flow.id)
        run.leave(token)

    # ------------------------------------------------------------------ what the families fill in

    def emptied(self, token: Token) -> None:
        """Nothing flows inside the token any more; containers complete."""
        if self.loop is not None and "loop" in token.internal_data:
            self.loop_emptied(token)

    def may_pass(self, token: Token) -> bool:
        """Whether a token that waits at this join may go on."""
        return True

    def pass_on(self, token: Token) -> None:
        """Let a token that waits at this join go on."""

    # ------------------------------------------------------------------ loops; filled in by engine.bpmn.specs.loops

    def loop_begin(self, token: Token) -> bool | None:
        """Begin the instances of an activity that is done several times."""
        return self.loop_behaviour.begin(self, token)  # type: ignore[no-any-return]

    def loop_emptied(self, token: Token) -> None:
        """No instance is left."""
        self.loop_behaviour.emptied(self, token)

    def is_instance(self, token: Token) -> bool:
        """Whether the token is one instance of an activity that is done several times."""
        return token.container is not None and token.container.task_spec is self

    # ------------------------------------------------------------------ mappings and flows

    def map_inputs(self, token: Token) -> None:
        """Give the element its own variables.

        Raises:
            Problem: a mapping cannot be evaluated.
        """
        run = token.workflow
        for mapping in self.inputs_mapped:
            value = mapping.source.value(visible(token), run.environment)
            assign_path(token.data, mapping.target, value)

    def map_outputs(self, token: Token) -> dict[str, Any]:
        """Write the results where they belong; without output mappings all of them go to the enclosing scopes.

        Raises:
            Problem: a mapping cannot be evaluated.
        """
        run = token.workflow
        scope = token.container
        assert scope is not None
        results: Mapping[str, Any] = token.internal_data.get("result", _NO_RESULTS)
        since = token.internal_data.get("since")
        bases = run.journal.bases(since, scope) if since is not None else None
        # The mappings of an activity done several times belong to its instances, not to all of them together.
        if not self.outputs_mapped or "loop" in token.internal_data:
            return propagate(self.keep_local(token, results), scope, bases)
        variables = {**visible(token), **results}
        outputs: dict[str, Any] = {}
        for mapping in self.outputs_mapped:
            value = mapping.source.value({**variables, **outputs}, run.environment)
            name = mapping.target[0]
            if len(mapping.target) > 1 and name not in outputs and name in visible(scope):
                outputs[name] = visible(scope)[name]
            assign_path(outputs, mapping.target, value)
        return propagate(self.keep_local(token, outputs), scope, bases)

    def keep_local(self, token: Token, results: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of one of several instances, keep what is local to it (its item, its output); gives the rest."""
        names = token.internal_data.get("locals")
        if names is None:
            return results
        token.data.update({name: value for name, value in results.items() if name in names})
        return {name: value for name, value in results.items() if name not in names}

    def choose(self, scope: Token) -> tuple[Flow, ...]:
        """The flows to go out along: all without a condition and all whose condition holds, else the default.

        Raises:
            Problem: a condition is neither true nor false, or no flow can be taken.
        """
        flows = self.flows
        if len(flows) == 1 and flows[0].condition is None:
            return flows
        run = scope.workflow
        variables = visible(scope)
        chosen = [
            flow
            for flow in flows
            if flow.id != self.default and (flow.condition is None or flow.condition.truth(variables, run.environment))
        ]
        if not chosen and self.default is not None:
            chosen = [flow for flow in flows if flow.id == self.default]
        if not chosen:
            raise Problem("NO_FLOW_TAKEN", "no condition of the outgoing flows holds, and there is no default flow")
        return tuple(chosen)

    # ------------------------------------------------------------------ waiting

    def attach(self, token: Token) -> None:
        """Arm the boundary events of an activity.

        Raises:
            Problem: a boundary event's time, name or key cannot be evaluated.
        """
        armed = [(boundary, boundary.subscription(token)) for boundary in self.boundaries if boundary.waits_beside]
        for boundary, subscription in armed:
            arm(boundary, token, subscription)

    def wait(self, token: Token, kind: str, detail: dict[str, Any]) -> None:
        """Make the token wait for something from outside."""
        token.internal_data["wait"] = kind
        token.internal_data[kind] = detail


def arm(spec: ElementSpec, beside: Token, subscription: tuple[str, dict[str, Any]]) -> Token:
    """Place a token that waits beside the flow, attached to `beside`."""
    token = Token(beside.workflow, spec, beside, STARTED)
    token.triggered = True
    token.entered = True
    kind, detail = subscription
    token.internal_data = {"wait": kind, kind: detail}
    if kind == "condition":
        beside.workflow.expect_condition()
    return token
