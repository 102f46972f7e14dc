"""The stepper: moves tokens until everything waits, one small step after the other.

Nothing here walks the whole history: what is finished leaves the tree at once, so a step costs what is alive, not what
has been. A problem at one element stops that token there, as an incident, and nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from SpiffWorkflow.workflow import Workflow

from engine.bpmn.effects import Effect, Transition, TransitionKind
from engine.bpmn.expressions import Expression, Problem, Value
from engine.bpmn.services import Services
from engine.bpmn.status import ExecutionStatus
from engine.bpmn.token import CANCELLED, COMPLETED, ERROR, FUTURE, READY, STARTED, Token
from engine.bpmn.variables import Journal, visible
from engine.clock import LOCAL_ZONE
from engine.feel import Environment
from engine.parameter_use import CURRENT, ParameterUse, take_uses

if TYPE_CHECKING:
    from engine.bpmn.specs.base import ElementSpec
    from engine.bpmn.specs.scopes import ProcessGraph

MAX_STEPS: Final = 100_000
MAX_TOKENS: Final = 20_000
_NO_CHANGES: Final[Mapping[str, Any]] = {}


class Run(Workflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """One run of a process: its tokens, what they wait for, and what the last operation has done."""

    spec: ProcessGraph
    tasks: dict[str, Token]
    task_tree: Token

    def __init__(self, spec: ProcessGraph, services: Services) -> None:
        """A run without tokens; `begin` or a snapshot gives it some."""
        # Workflow.__init__ predicts the whole tree and makes locks and signals that nothing here listens to.
        self.spec = spec
        self.services = services
        self.tasks = {}
        self.data: dict[str, Any] = {}
        self.completed = False
        self.success = True
        self.status = ExecutionStatus.ACTIVE
        self.journal = Journal()
        self.effects: list[Effect] = []
        self.transitions: list[Transition] = []
        self.used: list[tuple[str, tuple[ParameterUse, ...]]] = []
        self._agenda: deque[Token] = deque()
        self._steps = 0
        self._environment: Environment | None = None
        self._moment: datetime | None = None
        self._changed = False

    # ------------------------------------------------------------------ evaluating

    @property
    def now(self) -> datetime:
        """The moment of this operation."""
        if self._moment is None:
            self._moment = self.services.clock.now()
        return self._moment

    @property
    def environment(self) -> Environment:
        """What FEEL sees of the world during this operation: one moment, the same for all its steps."""
        if self._environment is None:
            moment = self.now
            self._environment = Environment(now=lambda: moment, zone=LOCAL_ZONE.key, functions=self.services.functions)
        return self._environment

    def evaluate(self, expression: Expression | Value, scope: Token) -> Any:
        """The value of an expression or field, with the variables that `scope` sees.

        Raises:
            Problem: it cannot be evaluated.
        """
        return expression.value(visible(scope), self.environment)

    def note_uses(self, token: Token) -> None:
        """Note that the parameters read since the last call were read at a token's element."""
        if CURRENT.uses:
            self.used.append((token.task_spec.element.id, take_uses()))

    def in_order(self) -> list[Token]:
        """All tokens, each before what lies inside it: the same order before a store and after a load."""
        found = []
        todo = [self.task_tree]
        while todo:
            token = todo.pop()
            found.append(token)
            if token._children:
                todo.extend(reversed(token._children.values()))
        return found

    def note_change(self, holder: Token, name: str, before: Any) -> None:
        """A variable is about to change; called by whoever writes variables."""
        self._changed = True
        self.journal.note(holder, name, before)

    def expect_condition(self) -> None:
        """An event that waits for a condition has been armed: look whether it holds already."""
        self._changed = True

    # ------------------------------------------------------------------ operations

    def open_operation(self) -> None:
        """Begin one operation from outside: a new moment, a new budget of steps."""
        self._environment = None
        self._moment = None
        self._steps = 0

    def settle(self) -> None:
        """Step until everything waits."""
        while True:
            self._drain()
            self.note_uses(self.task_tree)
            if self.status is not ExecutionStatus.ACTIVE:
                return
            if self._changed and self.spec.has_conditions:
                self._changed = False
                if self._check_conditions():
                    continue
            if self.spec.has_inclusive_joins and self._release_inclusive_joins():
                continue
            self._changed = False
            self._report_deadlock()
            return

    def place(self, spec: ElementSpec, container: Token, flow: str | None = None) -> Token:
        """Put a token at an element, to be entered when its turn comes; `flow` is what it came by."""
        token = Token(self, spec, container)
        container.inside += 1
        if flow is not None and spec.is_join:
            token.internal_data["flow"] = flow
        self._agenda.append(token)
        return token

    def happen(self, spec: ElementSpec, container: Token, results: Mapping[str, Any]) -> None:
        """An event has happened: its token appears, takes `results`, and goes on along its flows."""
        self._steps += 1
        token = Token(self, spec, container, READY)
        container.inside += 1
        self.record(token, TransitionKind.ENTERED)
        self.finish(token, results)

    def finish(self, token: Token, results: Mapping[str, Any] | None = None) -> None:
        """The element has done its work: map its results and move on; a problem becomes its incident."""
        if results:
            token.internal_data["result"] = dict(results)
        try:
            token.complete()
        except Problem as problem:
            self.fail(token, problem)
        self.note_uses(token)

    def revisit(self, token: Token) -> None:
        """Look at a container again, since what lies inside it has changed."""
        self._agenda.append(token)

    def leave(self, token: Token) -> None:
        """Take a finished token out of the tree."""
        del self.tasks[token.id]
        container = token.container
        if container is None:
            return
        del container._children[token.id]
        if not token.triggered:
            container.inside -= 1
            if container.inside == 0:
                self._agenda.append(container)

    def cancel_token(self, token: Token) -> None:
        """Cancel an element with everything inside it."""
        for child in token.children:
            self.cancel_token(child)
        if not token.triggered and token._state >= READY and token._state != COMPLETED:
            self.record(token, TransitionKind.CANCELLED)
        token._state = CANCELLED
        self.leave(token)

    def cancel_inside(self, token: Token) -> None:
        """Cancel everything inside a container, which itself lives on."""
        for child in token.children:
            self.cancel_token(child)

    def close(self, status: ExecutionStatus) -> None:
        """End the whole run; what is left of it is cancelled."""
        root = self.task_tree
        for child in root.children:
            self.cancel_token(child)
        self._agenda.clear()
        self.status = status
        self.completed = True
        self.success = status is ExecutionStatus.COMPLETED
        root._state = COMPLETED if self.success else CANCELLED
        kind = {
            ExecutionStatus.COMPLETED: TransitionKind.COMPLETED,
            ExecutionStatus.FAILED: TransitionKind.FAILED,
        }.get(status, TransitionKind.CANCELLED)
        self.record(root, kind)

    def fail(self, token: Token, problem: Problem, phase: str | None = None) -> None:
        """Stop a token where it is, as an incident that keeps what is needed to retry from its `phase`."""
        if phase is None:
            phase = "leave" if token._state == COMPLETED else "run" if token.entered else "enter"
        token.internal_data["incident"] = {"code": problem.code, "message": problem.message, "phase": phase}
        token._state = ERROR
        self.record(token, TransitionKind.FAILED)

    def retry(self, token: Token) -> None:
        """Try again what failed, from the phase in which it failed."""
        phase = token.internal_data.pop("incident")["phase"]
        try:
            if phase == "leave":
                token.complete()
                return
            if phase == "enter":
                token.data = {name: token.data[name] for name in token.internal_data.get("locals", ())}
                for child in token.children:
                    self.cancel_token(child)
                token._ready()
            if phase in ("armed", "emptied"):
                token._state = STARTED
                self._changed = True
                self._agenda.append(token)
                return
            token._state = READY
            token.run()
        except Problem as problem:
            self.fail(token, problem)
        finally:
            self.note_uses(token)

    def record(self, token: Token, kind: TransitionKind, changes: Mapping[str, Any] = _NO_CHANGES) -> None:
        """Note one line for the history."""
        element = token.task_spec.element
        self.transitions.append(Transition(element.id, element.name, element.type, kind, changes))

    # ------------------------------------------------------------------ stepping

    def _drain(self) -> None:
        agenda = self._agenda
        while agenda:
            token = agenda.popleft()
            state = token._state
            if state == STARTED:
                if token.inside == 0 and token.id in self.tasks:
                    try:
                        token.task_spec.emptied(token)
                    except Problem as problem:
                        self.fail(token, problem, "leave" if token._state == COMPLETED else "emptied")
                continue
            if state != FUTURE:
                continue
            self._steps += 1
            try:
                self._require_budget()
                token.task_spec._update(token)
                if token._state == READY:
                    token.run()
            except Problem as problem:
                self.fail(token, problem)
            if CURRENT.uses:
                self.note_uses(token)

    def _require_budget(self) -> None:
        # When it is used up, all that is left on the agenda stops: a split in such a loop doubles it with every turn.
        if self._steps > MAX_STEPS or len(self.tasks) > MAX_TOKENS:
            raise Problem(
                "TOO_MANY_STEPS",
                f"more than {MAX_STEPS} steps or {MAX_TOKENS} tokens without anything to wait for: "
                "is this a loop without an end?",
            )

    def _check_conditions(self) -> bool:
        fired = False
        self._steps += len(self.tasks) // 10
        for token in self.in_order():
            condition = token.internal_data.get("condition")
            if condition is None or token._state != STARTED or token.id not in self.tasks:
                continue
            definition = token.task_spec.event
            assert definition is not None
            assert definition.condition is not None
            try:
                self._require_budget()
                holds = definition.condition.truth_so_far(visible(token), self.environment)
            except Problem as problem:
                self.fail(token, problem, "armed")
                continue
            finally:
                self.note_uses(token)
            if holds != condition["held"]:
                condition["held"] = holds
                if holds:
                    fired = True
                    token.trigger({})
        return fired

    def _release_inclusive_joins(self) -> bool:
        # The walk below costs what is alive, so it takes its share of the budget.
        self._steps += len(self.tasks) // 10
        looked_at: set[tuple[str, str]] = set()
        for token in self.in_order():
            spec, container = token.task_spec, token.container
            if not spec.is_inclusive_join or token._state >= READY or container is None:
                continue
            try:
                self._require_budget()
            except Problem as problem:
                self.fail(token, problem)
                continue
            if (container.id, spec.name) not in looked_at:
                looked_at.add((container.id, spec.name))
                if spec.may_pass(token):
                    spec.pass_on(token)
                    return True
        return False

    def _report_deadlock(self) -> None:
        if any(token.waits_outside for token in self.tasks.values()):
            return
        for token in self.in_order():
            if token.task_spec.is_join and token._state < READY:
                self.fail(
                    token,
                    Problem(
                        "JOIN_CANNOT_COMPLETE", "the join waits for a branch that no token can come along any more"
                    ),
                )
                return
