"""Events: what starts, what is waited for, what is thrown, what sits on the border of an activity, what ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.definitions import EventKind, JobDefinition
from engine.bpmn.effects import SignalThrown
from engine.bpmn.specs.base import ElementSpec, arm
from engine.bpmn.specs.jobs import start_job
from engine.bpmn.specs.publishing import publish
from engine.bpmn.specs.subscriptions import WAITED_FOR, name_of, schedule_detail, schedule_from, subscribe
from engine.bpmn.specs.throwing import end_with_error, escalate
from engine.bpmn.token import Token
from engine.bpmn.variables import visible


class StartSpec(ElementSpec):
    """A start event: what it was triggered by has happened when its token appears."""

    can_be_entered = False


class CatchSpec(ElementSpec):
    """An intermediate catch event or a receive task: waits in the flow."""

    def subscription(self, scope: Token) -> tuple[str, dict[str, Any]]:
        """What to wait for, evaluated now, with the variables of `scope`.

        Raises:
            Problem: the event's time, name or key cannot be evaluated.
        """
        return subscribe(self.event, scope)

    def _run_hook(self, token: Token) -> bool | None:
        if self.event is None or self.event.kind is EventKind.LINK:
            return True
        kind, detail = self.subscription(token)
        self.wait(token, kind, detail)
        if kind == "condition":
            token.workflow.expect_condition()
        return None

    def _on_trigger(self, token: Token, results: Mapping[str, Any]) -> None:
        if token.triggered:
            gateway = token.container
            assert gateway is not None
            gateway.task_spec.won_by(gateway, self, results)
        else:
            token.workflow.finish(token, results)


class BesideSpec(ElementSpec):
    """What waits beside the flow and may happen more than once."""

    interrupting = True
    can_be_entered = False

    def subscription(self, scope: Token) -> tuple[str, dict[str, Any]]:
        """What to wait for, evaluated now, with the variables of `scope`.

        Raises:
            Problem: the event's time, name or key cannot be evaluated.
        """
        return subscribe(self.event, scope)

    @property
    def waits_beside(self) -> bool:
        """Whether something from outside triggers it; errors and escalations find it by themselves."""
        return self.event is not None and self.event.kind in WAITED_FOR

    def rearm(self, token: Token) -> None:
        """After a non-interrupting event has happened: a cycle waits for its next turn, a single timer is done."""
        timer = token.internal_data.get("timer")
        if timer is None:
            return
        beside = token.container
        assert beside is not None
        run = token.workflow
        following = schedule_from(timer).next_after(run.now)
        run.cancel_token(token)
        if following is not None:
            arm(self, beside, ("timer", schedule_detail(following)))


class BoundarySpec(BesideSpec):
    """An event on the border of an activity."""

    def __init__(self, *arguments: Any) -> None:
        """See ElementSpec; the builder sets `attached_to` and `interrupting`."""
        super().__init__(*arguments)
        self.attached_to = ""

    def _on_trigger(self, token: Token, results: Mapping[str, Any]) -> None:
        host, run = token.container, token.workflow
        assert host is not None
        container = host.container
        assert container is not None
        if self.interrupting:
            run.cancel_token(host)
        else:
            self.rearm(token)
        run.happen(self, container, results)

    def caught(self, host: Token, results: Mapping[str, Any]) -> None:
        """An error or escalation from inside the activity has come to this event."""
        run, container = host.workflow, host.container
        assert container is not None
        if self.interrupting:
            run.cancel_token(host)
        run.happen(self, container, results)


class EventStartSpec(BesideSpec):
    """The start event of an event sub-process: waits beside the flow of the scope that the sub-process is in."""

    def _on_trigger(self, token: Token, results: Mapping[str, Any]) -> None:
        scope = token.container
        assert scope is not None
        if not self.interrupting:
            self.rearm(token)
        self.caught(scope, results)

    def caught(self, scope: Token, results: Mapping[str, Any]) -> None:
        """The event has happened in `scope`: the event sub-process begins there."""
        run = scope.workflow
        if self.interrupting:
            run.cancel_inside(scope)
        assert self.container is not None
        self.container.begin_by(self, scope, results)


class ThrowSpec(ElementSpec):
    """An intermediate throw event or an end event that publishes, signals, escalates or works through a handler."""

    def __init__(self, *arguments: Any) -> None:
        """See ElementSpec; the builder sets `job`."""
        super().__init__(*arguments)
        self.job: JobDefinition | None = None

    def _run_hook(self, token: Token) -> bool | None:
        if self.job is not None:
            start_job(self, token, self.job)
            return None
        event = self.event
        if event is None:
            return True
        if event.kind is EventKind.MESSAGE:
            publish(self, token)
        elif event.kind is EventKind.SIGNAL:
            run = token.workflow
            name = name_of(event, visible(token), run)
            run.effects.append(SignalThrown(name, dict(token.data), self.element.id))
        elif event.kind is EventKind.ESCALATION:
            escalate(token, name_of(event, visible(token), token.workflow), dict(token.data))
            if token.id not in token.workflow.tasks:
                return None
        return True


class EndSpec(ThrowSpec):
    """An end event: the token ends here; an error or a terminate ends more."""

    def _run_hook(self, token: Token) -> bool | None:
        event = self.event
        if event is not None and event.kind is EventKind.ERROR:
            run = token.workflow
            end_with_error(token, name_of(event, visible(token), run), event.message, dict(token.data))
            return None
        if event is not None and event.kind is EventKind.TERMINATE:
            scope, run = token.container, token.workflow
            assert scope is not None
            for other in scope.children:
                if other is not token:
                    run.cancel_token(other)
            return True
        return super()._run_hook(token)
