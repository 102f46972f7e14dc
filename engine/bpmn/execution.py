"""One run of a process as the engine's commands see it: start, load, operate, dump. SpiffWorkflow stays behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from engine.bpmn import snapshot as snapshots
from engine.bpmn.definitions import EventKind
from engine.bpmn.effects import Effect, Transition, TransitionKind
from engine.bpmn.expressions import Problem
from engine.bpmn.model import Process
from engine.bpmn.recounting import Deadlines, count_again, deadlines_of, move_deadlines
from engine.bpmn.run import Run
from engine.bpmn.services import Services
from engine.bpmn.specs.calls import CallActivitySpec
from engine.bpmn.specs.events import StartSpec
from engine.bpmn.specs.throwing import escalate, find_catcher
from engine.bpmn.status import ExecutionStatus
from engine.bpmn.token import ERROR, READY, STARTED, Token
from engine.bpmn.variables import copied_all, own_all, propagate, visible
from engine.bpmn.waiting import wait_of
from engine.bpmn.waits import Wait
from engine.errors import Conflict, InvalidInput, NotFound
from engine.parameter_use import ParameterUse, of_case

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")
_COMPLETABLE = ("user_task", "job", "call")
_DELIVERABLE = ("message", "signal", "condition")


def _for_its_case(
    operation: Callable[Concatenate[Execution, _Given], _Answer],
) -> Callable[Concatenate[Execution, _Given], _Answer]:
    """Whatever the operation works out goes by the parameters of the unit that owns the execution's case."""

    @wraps(operation)
    def of_its_case(execution: Execution, /, *given: _Given.args, **named: _Given.kwargs) -> _Answer:
        execution._waits = None
        with of_case(execution.case_id):
            return operation(execution, *given, **named)

    return of_its_case


class Execution:
    """One run of one process.

    Every operation runs until everything waits, and leaves new transitions and effects to be taken. An operation that
    raises NotFound, Conflict or InvalidInput has changed nothing; after any other exception discard the execution and
    load it again.
    """

    def __init__(self, process: Process, run: Run, case_id: str | None) -> None:
        """Use `start` or `load`."""
        self.process = process
        self.case_id = case_id
        self._run = run
        self._waits: dict[str, Wait] | None = None
        """What `waiting` has found since the last operation, which forgets it."""

    # ------------------------------------------------------------------ start, load, dump

    @classmethod
    def start(
        cls,
        process: Process,
        variables: Mapping[str, Any],
        services: Services,
        *,
        start: str | None = None,
        payload: Mapping[str, Any] | None = None,
        case_id: str | None = None,
    ) -> Execution:
        """Start a process.

        Args:
            process: what to run.
            variables: the variables it starts with.
            services: the clock, functions and decisions it uses.
            start: the id of the start event; without it the start event of no kind.
            payload: what the start event brought, as a message's variables; goes through its output mappings.
            case_id: the case that it runs in, whose owner's parameters it goes by.

        Raises:
            InvalidInput: the process cannot be started so.
        """
        given, brought = own_all(variables), own_all(payload or {})
        graph = process.graph
        spec = None
        if start is not None:
            spec = graph.task_specs.get(start)
            if not isinstance(spec, StartSpec) or spec.container is not graph.start:
                raise InvalidInput(f"{process.id} has no start event {start!r}", element=start)
        elif process.starts:
            plain = [each for each in process.starts if each.kind is EventKind.NONE]
            if len(plain) != 1:
                ways = ", ".join(each.element_id for each in process.starts)
                raise InvalidInput(f"{process.id} does not start by itself; name one of its start events: {ways}")
            spec = graph.task_specs[plain[0].element_id]
        run = Run(graph, services)
        root = Token(run, graph.start, None, STARTED)
        run.task_tree = root
        root.data = given
        run.open_operation()
        run.record(root, TransitionKind.ENTERED, dict(given))
        with of_case(case_id):
            try:
                graph.start.begin(root, spec, brought)
            except Problem as problem:
                run.fail(root, problem, "begin")
                root.internal_data["begin"] = [None if spec is None else spec.name, brought]
            run.settle()
        return cls(process, run, case_id)

    @classmethod
    def load(cls, process: Process, snapshot: bytes, services: Services, *, case_id: str | None = None) -> Execution:
        """The execution that `dump` wrote, of the case that it runs in.

        Raises:
            SnapshotMismatch: the bytes are no snapshot, or do not fit the process.
        """
        return cls(process, snapshots.load(process.graph, snapshot, services), case_id)

    def dump(self) -> bytes:
        """The execution as bytes, with everything that the next operation needs."""
        return snapshots.dump(self._run)

    # ------------------------------------------------------------------ what there is to see

    @property
    def status(self) -> ExecutionStatus:
        """Where the execution stands."""
        return self._run.status

    @property
    def variables(self) -> dict[str, Any]:
        """The process's variables; a copy."""
        return copied_all(self._run.task_tree.data)

    def variables_at(self, wait_id: str) -> dict[str, Any]:
        """All variables that the element of a wait can read; a copy.

        Raises:
            NotFound: there is no such wait.
        """
        return copied_all(visible(self._token(wait_id)))

    @property
    def waits(self) -> tuple[Wait, ...]:
        """Everything waited for, in the order of the tree."""
        return tuple(self.waiting.values())

    @property
    def waiting(self) -> Mapping[str, Wait]:
        """Everything waited for, by its id, in the order of the tree."""
        if self._waits is None:
            run = self._run
            active = run.status is ExecutionStatus.ACTIVE
            waits = [wait_of(token) for token in run.in_order() if token.waits_outside] if active else ()
            self._waits = {wait.id: wait for wait in waits}
        return self._waits

    def take_effects(self) -> list[Effect]:
        """What is to be done outside since the last call, in order."""
        effects, self._run.effects = self._run.effects, []
        return effects

    def take_transitions(self) -> list[Transition]:
        """What has happened since the last call, in order."""
        transitions, self._run.transitions = self._run.transitions, []
        return transitions

    def take_uses(self) -> list[tuple[str, tuple[ParameterUse, ...]]]:
        """At which elements parameters have been read since the last call, in order, and which."""
        uses, self._run.used = self._run.used, []
        return uses

    @_for_its_case
    def deadlines_again(self, wait_id: str, since: datetime) -> tuple[Deadlines, Deadlines] | None:
        """A wait's deadlines as they stand, and as they are when counted again from when it began (`since`).

        None where the diagram does not say that they are counted again. Changes nothing.

        Raises:
            NotFound: there is no such wait.
            Problem: they cannot be counted any more.
        """
        token = self._token(wait_id)
        again = count_again(token, since)
        return None if again is None else (deadlines_of(token), again)

    def move_deadlines(self, wait_id: str, deadlines: Deadlines) -> None:
        """Give a wait other deadlines.

        Raises:
            NotFound: there is no such wait.
            Conflict: it waits for something else.
        """
        self._waits = None
        move_deadlines(self._waiting(wait_id, ("timer", "user_task")), deadlines)

    def catches_error(self, wait_id: str, code: str) -> bool:
        """Whether a BPMN error thrown at the wait would be caught in this process.

        Raises:
            NotFound: there is no such wait.
        """
        return find_catcher(self._token(wait_id), EventKind.ERROR, code) is not None

    # ------------------------------------------------------------------ operations

    @_for_its_case
    def complete(self, wait_id: str, variables: Mapping[str, Any]) -> None:
        """A user task, job or called process is done, with these results.

        Raises:
            NotFound: there is no such wait.
            Conflict: it waits for something else.
            InvalidInput: a result is no value that a process can keep.
        """
        token = self._waiting(wait_id, _COMPLETABLE)
        results: Mapping[str, Any] = own_all(variables)
        spec = token.task_spec
        if isinstance(spec, CallActivitySpec):
            results = spec.taken_back(results)
        self._run.open_operation()
        self._run.finish(token, results)
        self._run.settle()

    @_for_its_case
    def fire(self, wait_id: str) -> None:
        """A timer's due time has come.

        Raises:
            NotFound: there is no such wait.
            Conflict: it is no timer.
        """
        self._trigger(self._waiting(wait_id, ("timer",)), {})

    @_for_its_case
    def deliver(self, wait_id: str, variables: Mapping[str, Any]) -> None:
        """What a message, signal or condition event waits for has come, with these variables.

        Raises:
            NotFound: there is no such wait.
            Conflict: it waits for something else.
            InvalidInput: a variable is no value that a process can keep.
        """
        self._trigger(self._waiting(wait_id, _DELIVERABLE), own_all(variables))

    @_for_its_case
    def throw_error(self, wait_id: str, code: str, message: str, variables: Mapping[str, Any]) -> None:
        """A job or a called process has ended in a BPMN error; where nothing catches it, it becomes an incident.

        Raises:
            NotFound: there is no such wait.
            Conflict: it is neither a job nor a call.
            InvalidInput: a variable is no value that a process can keep.
        """
        token = self._waiting(wait_id, ("job", "call"))
        given = own_all(variables)
        run = self._run
        run.open_operation()
        catcher = find_catcher(token, EventKind.ERROR, code)
        if catcher is None:
            run.fail(token, Problem("UNCAUGHT_ERROR", f"nothing catches the error {code!r}: {message}"))
        else:
            catcher.event.caught(catcher.at, given)
        run.settle()

    @_for_its_case
    def escalate(self, wait_id: str, code: str, variables: Mapping[str, Any]) -> None:
        """A called process has raised an escalation that it does not catch itself.

        Raises:
            NotFound: there is no such wait.
            Conflict: it is neither a call nor a job.
            InvalidInput: a variable is no value that a process can keep.
        """
        token = self._waiting(wait_id, ("call", "job"))
        given = own_all(variables)
        self._run.open_operation()
        escalate(token, code, given)
        self._run.settle()

    @_for_its_case
    def retry(self, wait_id: str) -> None:
        """Try again what has become an incident.

        Raises:
            NotFound: there is no such wait.
            Conflict: it is no incident.
        """
        token = self._token(wait_id)
        if "incident" not in token.internal_data:
            raise Conflict(f"{wait_id} is no incident", element=token.task_spec.name)
        run = self._run
        run.open_operation()
        if token.internal_data["incident"]["phase"] == "begin":
            self._begin_again(token)
        else:
            run.retry(token)
        run.settle()

    @_for_its_case
    def set_variables(self, variables: Mapping[str, Any], *, wait_id: str | None = None) -> None:
        """Set variables of the process, or of the scopes that a wait can read, and check what waits for conditions.

        Raises:
            NotFound: there is no such wait.
            Conflict: the execution has ended.
            InvalidInput: a variable is no value that a process can keep.
        """
        self._require_active()
        run = self._run
        scope = run.task_tree if wait_id is None else self._token(wait_id)
        given = own_all(variables)
        run.open_operation()
        changes = propagate(given, scope)
        if changes:
            run.record(run.task_tree, TransitionKind.CHANGED, changes)
        run.settle()

    @_for_its_case
    def check_conditions(self) -> None:
        """Look again at every condition that is waited for, as when time has passed.

        Raises:
            Conflict: the execution has ended.
        """
        self._require_active()
        self._run.open_operation()
        self._run.expect_condition()
        self._run.settle()

    def cancel(self) -> None:
        """Cancel everything: the execution is terminated.

        Raises:
            Conflict: it has ended already.
        """
        self._require_active()
        self._waits = None
        self._run.open_operation()
        self._run.close(ExecutionStatus.TERMINATED)

    def forget(self) -> None:
        """Let go of the variables of an execution that has ended.

        Raises:
            Conflict: it still runs.
        """
        if self._run.status is ExecutionStatus.ACTIVE:
            raise Conflict("The process instance still runs.")
        self._run.task_tree.data.clear()

    @_for_its_case
    def move(self, wait_id: str, element_id: str) -> None:
        """Take the token that waits, and put it at another element of the same process or sub-process.

        Raises:
            NotFound: there is no such wait, or no such element.
            Conflict: the element lies in another scope, or cannot be entered.
        """
        token = self._token(wait_id)
        if token.triggered:
            raise Conflict(f"{wait_id} waits beside the flow and cannot be moved", element=token.task_spec.name)
        while token.container is not None and token.container.task_spec is token.task_spec:
            token = token.container
        target = self._run.spec.task_specs.get(element_id)
        if target is None:
            raise NotFound(f"{self.process.id} has no element {element_id!r}", element=element_id)
        container = token.container
        if container is None or target.container is not container.task_spec or not target.can_be_entered:
            raise Conflict(f"the token cannot be moved to {element_id!r}", element=element_id)
        run = self._run
        run.open_operation()
        run.cancel_token(token)
        run.place(target, container)
        run.settle()

    # ------------------------------------------------------------------ within

    def _trigger(self, token: Token, variables: Mapping[str, Any]) -> None:
        self._run.open_operation()
        token.trigger(variables)
        self._run.settle()

    def _begin_again(self, root: Token) -> None:
        run = self._run
        incident = root.internal_data.pop("incident")
        name, payload = root.internal_data.pop("begin")
        root._state = STARTED
        try:
            self.process.graph.start.begin(root, None if name is None else run.spec.task_specs[name], payload)
        except Problem as problem:
            run.fail(root, problem, incident["phase"])
            root.internal_data["begin"] = [name, payload]
        else:
            run.revisit(root)

    def _token(self, wait_id: str) -> Token:
        token = self._run.tasks.get(wait_id)
        if token is None or not token.waits_outside or self._run.status is not ExecutionStatus.ACTIVE:
            raise NotFound(f"nothing waits under the id {wait_id!r}")
        return token

    def _waiting(self, wait_id: str, kinds: tuple[str, ...]) -> Token:
        token = self._token(wait_id)
        kind = "incident" if token._state in (ERROR, READY) else token.internal_data["wait"]
        if kind not in kinds:
            raise Conflict(f"{wait_id} waits for: {kind}", element=token.task_spec.name)
        return token

    def _require_active(self) -> None:
        if self._run.status is not ExecutionStatus.ACTIVE:
            raise Conflict(f"the execution has ended: {self._run.status.value}")
