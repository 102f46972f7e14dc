"""What contains other elements: the process, the embedded sub-process, the event sub-process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs import WorkflowSpec

from engine.bpmn.specs.base import ElementSpec, SpecFrozen, arm
from engine.bpmn.specs.events import EventStartSpec
from engine.bpmn.status import ExecutionStatus
from engine.bpmn.token import Token


class ProcessGraph(WorkflowSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """All element specs of one process, at every level, by id; `start` is the process itself."""

    task_specs: dict[str, ElementSpec]
    start: ProcessSpec
    _frozen = False

    def __init__(self, name: str, file: str) -> None:
        """A process without elements; the builder adds them."""
        super().__init__(name=name, filename=file)
        self.has_conditions = False
        self.has_inclusive_joins = False

    def freeze(self) -> None:
        """Refuse every change of the process and its elements from now on."""
        for spec in self.task_specs.values():
            spec.freeze()
        self._frozen = True

    def __setattr__(self, name: str, value: Any) -> None:
        if self._frozen:
            raise SpecFrozen(f"{self.name}.{name} cannot be changed while instances run")
        super().__setattr__(name, value)


class ScopeSpec(ElementSpec):
    """A container of elements: done when nothing flows in it any more."""

    def __init__(self, *arguments: Any) -> None:
        """See ElementSpec; the builder sets `first`: the elements that begin by themselves."""
        super().__init__(*arguments)
        self.first: tuple[ElementSpec, ...] = ()

    def _run_hook(self, token: Token) -> bool | None:
        self.open(token)
        for spec in self.first:
            token.workflow.place(spec, token)
        return None if self.first else True

    def open(self, token: Token) -> None:
        """Arm the events whose sub-processes wait beside the flow of this scope.

        Raises:
            Problem: an event's time, name or key cannot be evaluated.
        """
        armed = [(start, start.subscription(token)) for start in self.event_starts if start.waits_beside]
        for start, subscription in armed:
            arm(start, token, subscription)

    def emptied(self, token: Token) -> None:
        """Nothing flows inside any more: the scope is done."""
        if self.loop is not None and "loop" in token.internal_data:
            self.loop_emptied(token)
        else:
            token.complete()


class ProcessSpec(ScopeSpec):
    """The process itself: the root of the tree of tokens."""

    def begin(self, token: Token, start: ElementSpec | None, payload: Mapping[str, Any]) -> None:
        """Begin the process by one of its start events, or by all elements that nothing leads to."""
        run = token.workflow
        token.entered = True
        if start is not None:
            if not token.internal_data.get("begun"):  # a retry arms again what could not be armed, and no more
                token.internal_data["begun"] = True
                run.happen(start, token, payload)
            self.open(token)  # after the start: keys of events beside the flow may need what the message brought
            return
        self.open(token)
        for spec in self.first:
            run.place(spec, token)
        if not self.first:
            run.revisit(token)

    def emptied(self, token: Token) -> None:
        """Nothing flows any more: the run is done."""
        token.workflow.close(ExecutionStatus.COMPLETED)


class SubProcessSpec(ScopeSpec):
    """An embedded sub-process."""


class EventSubProcessSpec(ScopeSpec):
    """A sub-process that begins when its start event happens in the scope around it."""

    is_event_subprocess = True
    can_be_entered = False

    def begin_by(self, start: EventStartSpec, scope: Token, results: Mapping[str, Any]) -> None:
        """Begin in `scope`, by `start`, with what the event brought."""
        token = scope.workflow.place(self, scope)
        token.internal_data["begun_by"] = start.name
        token.internal_data["payload"] = dict(results)

    def _run_hook(self, token: Token) -> bool | None:
        self.open(token)
        run = token.workflow
        start = run.spec.task_specs[token.internal_data.pop("begun_by")]
        run.happen(start, token, token.internal_data.pop("payload"))
        return None
