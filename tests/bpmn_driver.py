"""Drives one execution in tests by the names of elements, optionally through a snapshot after every operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.bpmn import (
    Effect,
    Execution,
    ExecutionStatus,
    Model,
    Process,
    Services,
    Transition,
    TransitionKind,
    Wait,
    WaitKind,
    load_model,
)
from engine.clock import ManualClock
from tests.bpmn_builder import bpmn

NOON = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)  # 09:00 in Stockholm


def model(*parts: str) -> Model:
    """The model of a file with these parts."""
    return load_model(bpmn(*parts), file="test.bpmn")


class Driver:
    """One execution, seen through the elements that wait."""

    def __init__(self, stored: bool, **services: Any) -> None:
        self.stored = stored
        self.clock = ManualClock(NOON)
        self.services = Services(self.clock, **services)
        self.effects: list[Effect] = []
        self.history: list[Transition] = []
        self.process: Process
        self.execution: Execution

    def start(
        self,
        *parts: str,
        variables: Mapping[str, Any] | None = None,
        start: str | None = None,
        payload: Mapping[str, Any] | None = None,
        process: Process | None = None,
    ) -> Driver:
        """Start the first process of a file with these parts."""
        self.process = process or next(iter(model(*parts).processes.values()))
        self.execution = Execution.start(self.process, variables or {}, self.services, start=start, payload=payload)
        self._settle()
        return self

    def do(self, operation: Callable[[Execution], None]) -> Driver:
        """Any operation of the execution."""
        operation(self.execution)
        self._settle()
        return self

    def complete(self, element: str, variables: Mapping[str, Any] | None = None, nth: int = 0) -> Driver:
        """Complete the nth wait at the element."""
        wait = self.wait(element, nth)
        return self.do(lambda execution: execution.complete(wait.id, variables or {}))

    def fire(self, element: str) -> Driver:
        """Let the clock come to the timer's due time, and fire it."""
        wait = self.wait(element)
        self.clock.set(max(self.clock.now(), wait.detail.due))
        return self.do(lambda execution: execution.fire(wait.id))

    def deliver(self, element: str, variables: Mapping[str, Any] | None = None) -> Driver:
        """Deliver a message or signal."""
        wait = self.wait(element)
        return self.do(lambda execution: execution.deliver(wait.id, variables or {}))

    def throw_error(self, element: str, code: str, variables: Mapping[str, Any] | None = None) -> Driver:
        """End a job or call in a BPMN error."""
        wait = self.wait(element)
        return self.do(lambda execution: execution.throw_error(wait.id, code, "went wrong", variables or {}))

    def retry(self, element: str) -> Driver:
        """Retry the incident at the element."""
        wait = self.wait(element)
        return self.do(lambda execution: execution.retry(wait.id))

    def set(self, **variables: Any) -> Driver:
        """Set variables of the process."""
        return self.do(lambda execution: execution.set_variables(variables))

    def pass_time(self, **step: float) -> Driver:
        """Move the clock without firing anything."""
        self.clock.advance(timedelta(**step))
        return self

    def waits(self, element: str | None = None, kind: WaitKind | None = None) -> list[Wait]:
        """What waits, at the element or of the kind."""
        return [
            wait for wait in self.execution.waits if element in (None, wait.element_id) and kind in (None, wait.kind)
        ]

    def wait(self, element: str, nth: int = 0) -> Wait:
        """The nth wait at the element."""
        found = self.waits(element)
        assert len(found) > nth, f"{element} does not wait; waiting: {self.waiting}"
        return found[nth]

    @property
    def waiting(self) -> list[str]:
        """The elements that wait, sorted."""
        return sorted(wait.element_id for wait in self.execution.waits)

    @property
    def status(self) -> ExecutionStatus:
        """Where it stands."""
        return self.execution.status

    @property
    def variables(self) -> dict[str, Any]:
        """The process's variables."""
        return self.execution.variables

    @property
    def is_done(self) -> bool:
        """Whether it came to its end."""
        return self.status is ExecutionStatus.COMPLETED

    def passed(self, kind: TransitionKind = TransitionKind.COMPLETED) -> list[str]:
        """The elements to which this has happened, in order."""
        return [each.element_id for each in self.history if each.kind is kind]

    def incident(self, element: str) -> str:
        """The code of the incident at the element."""
        wait = self.wait(element)
        assert wait.kind is WaitKind.INCIDENT, wait
        return str(wait.detail.code)

    def _settle(self) -> None:
        self.effects += self.execution.take_effects()
        self.history += self.execution.take_transitions()
        if self.stored:
            before = self.execution.waits
            snapshot = self.execution.dump()
            self.execution = Execution.load(self.process, snapshot, self.services)
            assert self.execution.waits == before
            assert self.execution.dump() == snapshot
