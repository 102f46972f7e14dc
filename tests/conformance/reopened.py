"""An engine whose store is closed and opened again between any two commands: nothing may live only in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from engine.clock import ManualClock
from engine.engine import Engine
from engine.handlers import HandlerRegistry
from engine.protocols import Actor
from engine.store.rows import Correlation, IncidentRow, LockedJob
from tests.harness import new_database

T = TypeVar("T")
ANNA = Actor("anna", "Anna")
MORNING = datetime(2026, 1, 15, 8, tzinfo=UTC)


class Reopened:
    """The API's commands, each on a newly opened engine; afterwards nothing that is due is left undone."""

    def __init__(self, folder: Path, *files: bytes, handlers: HandlerRegistry | None = None) -> None:
        self.url = new_database(folder)
        self.clock = ManualClock(MORNING)
        self.handlers = handlers
        if files:
            self.publish(*files)

    def open(self) -> AbstractContextManager[Engine]:
        """A new engine on the store."""
        return Engine.open(self.url, clock=self.clock, handlers=self.handlers)

    def ask(self, question: Callable[[Engine], T]) -> T:
        """What a newly opened engine answers."""
        with self.open() as engine:
            return question(engine)

    def do(self, command: Callable[[Engine], T]) -> T:
        """Run a command, then on engines of their own what has become due, one thing at a time."""
        answer = self.ask(command)
        while self._run_one():
            pass
        return answer

    def _run_one(self) -> bool:
        with self.open() as engine:
            timers, jobs = engine.due_timers(1), engine.due_jobs(1)
            if timers:
                return engine.fire_timer(timers[0])
            return engine.run_job(jobs[0]) if jobs else False

    def publish(self, *files: bytes) -> None:
        """Publish files under names that say their order."""
        content = {f"{number}.bpmn": each for number, each in enumerate(files)}
        self.do(lambda engine: engine.publish(content, author="anna", note="test"))

    def start(self, process: str, variables: Mapping[str, Any] | None = None) -> str:
        """Start a process."""
        return self.do(lambda engine: engine.start(process, variables))

    def complete(self, element: str, instance: str | None = None, **answers: Any) -> None:
        """Complete the first open task at an element."""
        items = self.ask(lambda engine: engine.queries.open_items(instance_id=instance))
        item = next(each for each in items if each.element_id == element)
        self.do(lambda engine: engine.complete(item.id, answers, actor=ANNA))

    def correlate(self, name: str, key: str, variables: Mapping[str, Any] | None = None, **options: Any) -> Correlation:
        """Send a message."""
        return self.do(lambda engine: engine.correlate(name, key, variables, **options))

    def signal(self, name: str, variables: Mapping[str, Any] | None = None) -> int:
        """Send a signal."""
        return self.do(lambda engine: engine.broadcast_signal(name, variables))

    def pass_time(self, step: timedelta) -> None:
        """Let time pass at once, as after a downtime."""
        self.clock.advance(step)
        self.do(lambda engine: None)

    def lock(self, job_type: str, **options: Any) -> LockedJob:
        """Lease the one free job of a type."""
        (job,) = self.do(lambda engine: engine.lock_jobs(job_type, "worker", **options))
        return job

    def tasks(self, instance: str | None = None) -> list[str]:
        """The elements with open tasks, sorted."""
        items = self.ask(lambda engine: engine.queries.open_items(instance_id=instance))
        return sorted(item.element_id for item in items)

    def done(self, instance: str) -> list[str]:
        """The elements an instance has completed."""
        return self.ask(lambda engine: engine.queries.completed(instance))

    def state(self, instance: str) -> str:
        """Where an instance stands."""
        return self.ask(lambda engine: engine.queries.find_instance(instance)).state.value

    def variables(self, instance: str) -> dict[str, Any]:
        """An instance's variables."""
        return self.ask(lambda engine: engine.queries.variables(instance))

    def incidents(self) -> tuple[IncidentRow, ...]:
        """The open incidents."""
        return self.ask(lambda engine: engine.queries.incidents()).items

    def assert_sound(self) -> None:
        """Nothing is wrong with the store."""
        assert self.ask(lambda engine: engine.verify()) == []
