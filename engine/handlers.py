"""The Python that a diagram may call: job handlers by type and form handlers by form id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.clock import Clock
from engine.protocols import Actor, Variables

if TYPE_CHECKING:
    from engine.context import Context
    from engine.store.unit_of_work import UnitOfWork


class BpmnError(Exception):
    """A handler's way to throw a BPMN error into the diagram, where an error boundary may catch it."""

    def __init__(self, code: str, message: str = "", variables: Variables | None = None) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message or code
        self.variables: dict[str, Any] = dict(variables or {})


@dataclass(frozen=True)
class JobContext:
    """What a job handler is given; register rows written through `uow` commit together with the job's completion."""

    job_id: int
    """Stable over retries: hand it on as the idempotency key towards the outside."""
    type: str
    headers: Mapping[str, str]
    variables: Variables
    """Local inputs and everything visible from the element."""
    case_id: str | None
    instance_id: str
    process_id: str
    element_id: str
    retries_left: int
    uow: UnitOfWork
    clock: Clock
    command: Context
    """The command this runs in: what `engine.cases` and `engine.messages` need to act within the same transaction."""

    @property
    def now(self) -> datetime:
        """The moment of this transaction (aware, UTC)."""
        return self.uow.now


@dataclass(frozen=True)
class FormContext:
    """What a form handler is given; runs inside `complete`, in the same transaction."""

    form_id: str
    work_item_id: str
    answers: Variables
    """What the form sent."""
    variables: Variables
    """What the process knows (visible from the element), without the answers."""
    case_id: str | None
    instance_id: str
    process_id: str
    element_id: str
    actor: Actor
    uow: UnitOfWork
    clock: Clock
    command: Context
    """The command this runs in: what `engine.cases` and `engine.messages` need to act within the same transaction."""

    @property
    def now(self) -> datetime:
        """The moment of this transaction (aware, UTC)."""
        return self.uow.now


JobHandler: TypeAlias = Callable[[JobContext], Mapping[str, Any] | None]
FormHandler: TypeAlias = Callable[[FormContext], Mapping[str, Any] | None]


class HandlerRegistry:
    """Handlers by job type and form id; filled by the composition root before the engine opens."""

    def __init__(self) -> None:
        self._jobs: dict[str, JobHandler] = {}
        self._forms: dict[str, FormHandler] = {}
        self._external: set[str] = set()

    def external(self, job_type: str) -> None:
        """Declare a job type that workers outside do, so that diagrams may name it."""
        self._external.add(job_type)

    def job(self, job_type: str) -> Callable[[JobHandler], JobHandler]:
        """Register the decorated function for jobs of `job_type`; it returns variables to merge, or None.

        It raises BpmnError for an error the diagram knows; any other exception is a failure and is retried.
        """

        def register(handler: JobHandler) -> JobHandler:
            if job_type in self._jobs:
                raise ValueError(f"job type {job_type!r} has a handler already")
            self._jobs[job_type] = handler
            return handler

        return register

    def form(self, form_id: str) -> Callable[[FormHandler], FormHandler]:
        """Register the decorated function for completions with form `form_id`; it may add variables.

        It raises InvalidInput to refuse the answers: nothing is then changed.
        """

        def register(handler: FormHandler) -> FormHandler:
            if form_id in self._forms:
                raise ValueError(f"form {form_id!r} has a handler already")
            self._forms[form_id] = handler
            return handler

        return register

    def job_handler(self, job_type: str) -> JobHandler | None:
        """The handler of a job type, or None where external workers do it."""
        return self._jobs.get(job_type)

    def form_handler(self, form_id: str) -> FormHandler | None:
        """The handler of a form, or None where its answers simply become variables."""
        return self._forms.get(form_id)

    @property
    def job_types(self) -> frozenset[str]:
        """The job types that have a handler here."""
        return frozenset(self._jobs)

    @property
    def external_types(self) -> frozenset[str]:
        """The job types that workers outside do."""
        return frozenset(self._external)
