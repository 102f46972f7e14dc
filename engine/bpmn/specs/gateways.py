"""Gateways: exclusive, parallel and inclusive, and the one that waits for the first of several events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.definitions import Flow
from engine.bpmn.effects import TransitionKind
from engine.bpmn.expressions import Problem
from engine.bpmn.specs.base import ElementSpec, arm
from engine.bpmn.token import WAITING, Token
from engine.bpmn.variables import visible

if TYPE_CHECKING:
    from engine.bpmn.specs.events import CatchSpec


class ExclusiveGatewaySpec(ElementSpec):
    """Takes the first flow whose condition holds, else the default."""

    def choose(self, scope: Token) -> tuple[Flow, ...]:
        """The one flow to take.

        Raises:
            Problem: a condition is neither true nor false, or none holds and there is no default.
        """
        flows = self.flows
        if len(flows) == 1 and flows[0].condition is None:
            return flows
        run = scope.workflow
        variables = visible(scope)
        default: Flow | None = None
        for flow in flows:
            if flow.id == self.default:
                default = flow
            elif flow.condition is None:
                raise Problem(
                    "FLOW_WITHOUT_CONDITION", f"the flow {flow.id} has neither a condition nor is the default"
                )
            elif flow.condition.truth(variables, run.environment):
                return (flow,)
        if default is None:
            raise Problem("NO_FLOW_TAKEN", "no condition of the outgoing flows holds, and there is no default flow")
        return (default,)


class ParallelGatewaySpec(ElementSpec):
    """Waits for one token along each incoming flow, then takes every outgoing one.

    Branches write to the variables of the scope they share, three ways merged as they are written, so there is nothing
    left to merge here and nothing to lose.
    """

    is_join = True

    def _update_hook(self, token: Token) -> bool:
        if len(self.incoming) < 2 or "flow" not in token.internal_data:
            return True
        container = token.container
        assert container is not None
        token._state = WAITING
        first: dict[str, Token] = {}
        for other in container._children.values():
            if other.task_spec is self and other._state == WAITING:
                first.setdefault(other.internal_data.get("flow", ""), other)
        if any(flow.id not in first for flow in self.incoming):
            return False
        for other in first.values():
            if other is not token:
                token.workflow.leave(other)
        return True

    def choose(self, scope: Token) -> tuple[Flow, ...]:
        """Every outgoing flow."""
        return self.flows


class InclusiveGatewaySpec(ElementSpec):
    """Takes every flow whose condition holds; joins when no token can come along a flow that has none yet."""

    def __init__(self, *arguments: object) -> None:
        """See ElementSpec."""
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.upstream: dict[str, frozenset[str]] = {}

    def _update_hook(self, token: Token) -> bool:
        return not self.is_inclusive_join or "flow" not in token.internal_data

    def may_pass(self, token: Token) -> bool:
        """Whether no other token of the scope can still reach an incoming flow along which none has come.

        A token that can also reach a flow along which one has come does not hold the join up (BPMN 2.0.2, 13.4.3).
        """
        container = token.container
        assert container is not None
        arrived = {
            other.internal_data.get("flow")
            for other in container._children.values()
            if other.task_spec is self and other._state == WAITING
        }
        empty = [flow.id for flow in self.incoming if flow.id not in arrived]
        taken = [flow.id for flow in self.incoming if flow.id in arrived]
        for other in container._children.values():
            if other.triggered or other.task_spec is self:
                continue
            name = other.task_spec.name
            if any(name in self.upstream[flow] for flow in empty) and not any(
                name in self.upstream[flow] for flow in taken
            ):
                return False
        return True

    def pass_on(self, token: Token) -> None:
        """Consume one token of each incoming flow and go on with this one."""
        container = token.container
        assert container is not None
        seen = {token.internal_data.get("flow")}
        for other in container.children:
            if other is not token and other.task_spec is self and other._state == WAITING:
                flow = other.internal_data.get("flow")
                if flow not in seen:
                    seen.add(flow)
                    token.workflow.leave(other)
        run = token.workflow
        run.record(token, TransitionKind.ENTERED)
        token._ready()
        try:
            token.run()
        except Problem as problem:
            run.fail(token, problem)


class EventGatewaySpec(ElementSpec):
    """Waits for the first of the events that follow it; each has its own due time or key."""

    def _run_hook(self, token: Token) -> bool | None:
        events: list[CatchSpec] = [self.targets[flow.target] for flow in self.flows]
        armed = [(event, event.subscription(token)) for event in events]
        for event, subscription in armed:
            arm(event, token, subscription)
        return None

    def won_by(self, token: Token, winner: CatchSpec, results: dict[str, object]) -> None:
        """The first event has happened: the others are cancelled, and the winner goes on."""
        run = token.workflow
        container = token.container
        assert container is not None
        run.cancel_inside(token)
        run.record(token, TransitionKind.COMPLETED)
        run.leave(token)
        run.happen(winner, container, results)
