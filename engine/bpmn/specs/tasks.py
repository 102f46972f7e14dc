"""Tasks: for a person, for a handler, for an expression, for a decision; and those that only pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.bpmn.definitions import DecisionDefinition, JobDefinition, ScriptDefinition, UserTaskDefinition
from engine.bpmn.effects import DecisionMade
from engine.bpmn.expressions import Problem, Value
from engine.bpmn.services import DecisionCall
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.jobs import start_job, whole_number
from engine.bpmn.specs.publishing import publish
from engine.bpmn.token import Token
from engine.bpmn.variables import own, visible
from engine.due import InvalidTimer, deadline_of, moment_of
from engine.errors import InvalidInput, StegvisError
from engine.feel import Environment

if TYPE_CHECKING:
    from engine.bpmn.run import Run

PUBLISH_MESSAGE: Final = "stegvis:publish-message"


class PassingSpec(ElementSpec):
    """A manual task, an undefined task, or an event of no kind: nothing for the engine to do."""


class UserTaskSpec(ElementSpec):
    """Waits for a person."""

    definition = UserTaskDefinition()

    def _run_hook(self, token: Token) -> bool | None:
        definition, run = self.definition, token.workflow
        scope = visible(token)
        detail: dict[str, Any] = {}
        if definition.form_id is not None:
            detail["form"] = definition.form_id.text(scope, run.environment, "formId")
        if definition.assignee is not None:
            detail["assignee"] = _optional_text(definition.assignee, scope, run, "assignee")
        if definition.candidate_groups is not None:
            detail["groups"] = _names(definition.candidate_groups, scope, run, "candidateGroups")
        if definition.candidate_users is not None:
            detail["users"] = _names(definition.candidate_users, scope, run, "candidateUsers")
        if definition.due is not None:
            detail["due"] = moment_field(definition.due, scope, run.environment, "dueDate", deadline_of)
        if definition.follow_up is not None:
            detail["follow_up"] = moment_field(definition.follow_up, scope, run.environment, "followUpDate", moment_of)
        if definition.priority is not None:
            detail["priority"] = whole_number(definition.priority.value(scope, run.environment), "priority")
        token.internal_data["since"] = run.journal.revision
        self.wait(token, "user_task", detail)
        return None


class JobSpec(ElementSpec):
    """A service task, or any element with a task definition: waits for a handler."""

    def __init__(self, *arguments: Any) -> None:
        """See ElementSpec; the builder sets `job`."""
        super().__init__(*arguments)
        self.job: JobDefinition | None = None

    def _run_hook(self, token: Token) -> bool | None:
        job = self.job
        if job is None:
            return True
        start_job(self, token, job)
        return None


class SendTaskSpec(JobSpec):
    """Publishes its message, or waits for a handler of another type."""

    def _run_hook(self, token: Token) -> bool | None:
        published = self.job is None or self.job.type.literal == PUBLISH_MESSAGE
        if published and self.event is not None:
            publish(self, token)
            return True
        return super()._run_hook(token)


class ScriptTaskSpec(JobSpec):
    """Evaluates a FEEL expression into a variable."""

    def __init__(self, *arguments: Any) -> None:
        """See ElementSpec; the builder sets `script`."""
        super().__init__(*arguments)
        self.script: ScriptDefinition | None = None

    def _run_hook(self, token: Token) -> bool | None:
        script = self.script
        if script is None:
            return super()._run_hook(token)
        value = token.workflow.evaluate(script.expression, token)
        take_result(token, script.result_variable, value)
        return True


class DecisionTaskSpec(JobSpec):
    """A business rule task: asks for a decision and keeps its answer."""

    def __init__(self, *arguments: Any) -> None:
        """See ElementSpec; the builder sets `decision`."""
        super().__init__(*arguments)
        self.decision: DecisionDefinition | None = None

    def _run_hook(self, token: Token) -> bool | None:
        decision, run = self.decision, token.workflow
        if decision is None:
            return super()._run_hook(token)
        scope = visible(token)
        decision_id = decision.decision_id.text(scope, run.environment, "decisionId")
        try:
            result = run.services.decide(DecisionCall(decision_id, decision.binding, decision.version_tag, dict(scope)))
        except StegvisError as error:
            raise Problem(error.code, f"decision {decision_id}: {error.message}") from error
        run.effects.append(DecisionMade(self.element.id, result.trace))
        take_result(token, decision.result_variable, result.value)
        return True


def take_result(token: Token, variable: str | None, value: Any) -> None:
    """Keep what a script or decision gave, for the output mappings or the enclosing scope.

    Raises:
        Problem: the value is one that a process cannot keep, such as a function.
    """
    if variable is None:
        return
    try:
        token.internal_data["result"] = {variable: own(value, variable)}
    except InvalidInput as error:
        raise Problem("WRONG_TYPE", error.message) from error


def _optional_text(field: Value, scope: Mapping[str, Any], run: Run, what: str) -> str | None:
    value = field.value(scope, run.environment)
    if value is None or isinstance(value, str):
        return value or None
    raise Problem("WRONG_TYPE", f"{what} must be a text, but {field.shown} gives {value!r}")


def _names(field: Value, scope: Mapping[str, Any], run: Run, what: str) -> list[str]:
    value = field.value(scope, run.environment)
    if value is None:
        return []
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return list(value)
    raise Problem("WRONG_TYPE", f"{what} must be a list of texts, but {field.shown} gives {value!r}")


def moment_field(
    field: Value, scope: Mapping[str, Any], environment: Environment, what: str, reading: Callable[[Any], datetime]
) -> str | None:
    """The moment that a field gives, as text in UTC; `what` says in messages which field it is.

    Raises:
        Problem: it gives no moment.
    """
    value = field.value(scope, environment)
    if value is None:
        return None
    try:
        moment = reading(value)
    except InvalidTimer as error:
        raise Problem(error.code, f"{what}: {error.message}") from error
    return moment.isoformat()
