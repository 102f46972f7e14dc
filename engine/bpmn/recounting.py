"""Deadlines that are counted again when a parameter or the calendar changes: where the diagram says so, and to what.

An element says so by its zeebe property `rakna_om` = `vid_andring`. Any other running deadline stands, as it was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.bpmn.expressions import Problem, Value
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.tasks import UserTaskSpec, moment_field
from engine.bpmn.variables import visible
from engine.clock import LOCAL_ZONE
from engine.due import InvalidTimer, TimerForm, deadline_of, moment_of, schedule
from engine.feel import Environment
from engine.functions import FUNCTION_NAMES

if TYPE_CHECKING:
    from engine.bpmn.model import Process
    from engine.bpmn.token import Token

PROPERTY: Final = "rakna_om"
ON_CHANGE: Final = "vid_andring"
NEVER: Final = "aldrig"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When a timer or task is due, and when a task is to be followed up (aware, UTC)."""

    due: datetime | None
    follow_up: datetime | None = None


def recounted_elements(process: Process) -> frozenset[str]:
    """The ids of the elements whose deadlines are counted again."""
    return frozenset(
        spec.element.id
        for spec in process.graph.task_specs.values()
        if isinstance(spec, ElementSpec) and _is_asked(spec)
    )


def count_again(token: Token, since: datetime) -> Deadlines | None:
    """The deadlines of what a token waits for, had it begun to wait at `since` by today's parameters and calendar.

    None where they are not counted again. The variables are those of now.

    Raises:
        Problem: an expression cannot be evaluated any more.
    """
    spec, kind = token.task_spec, token.internal_data.get("wait")
    if "incident" in token.internal_data or not _is_asked(spec):
        return None
    environment = Environment(now=lambda: since, zone=LOCAL_ZONE.key, functions=token.workflow.services.functions)
    if kind == "timer":
        timer = spec.event.timer if spec.event is not None else None
        assert timer is not None
        try:
            value = timer.value.value(visible(token), environment)
            return Deadlines(schedule(timer.form, value, since).due)
        except InvalidTimer as error:
            raise Problem(error.code, error.message) from error
    if kind == "user_task":
        memory, scope = token.internal_data["user_task"], visible(token)
        due, follow_up = _kept(memory, "due"), _kept(memory, "follow_up")
        if _changes(spec.definition.due):
            due = _moment(moment_field(spec.definition.due, scope, environment, "dueDate", deadline_of))
        if _changes(spec.definition.follow_up):
            follow_up = _moment(moment_field(spec.definition.follow_up, scope, environment, "followUpDate", moment_of))
        return Deadlines(due, follow_up)
    return None


def deadlines_of(token: Token) -> Deadlines:
    """The deadlines of what a token waits for, as they stand."""
    memory = token.internal_data.get("timer") or token.internal_data.get("user_task") or {}
    return Deadlines(_kept(memory, "due"), _kept(memory, "follow_up"))


def move_deadlines(token: Token, deadlines: Deadlines) -> None:
    """Let what a token waits for have other deadlines."""
    if "timer" in token.internal_data:
        assert deadlines.due is not None
        token.internal_data["timer"] = {**token.internal_data["timer"], "due": deadlines.due.isoformat()}
        return
    memory = dict(token.internal_data["user_task"])
    for name, moment in (("due", deadlines.due), ("follow_up", deadlines.follow_up)):
        memory.pop(name, None)
        if moment is not None:
            memory[name] = moment.isoformat()
    token.internal_data["user_task"] = memory


def _is_asked(spec: Any) -> bool:
    if spec.element.properties.get(PROPERTY) != ON_CHANGE:
        return False
    if isinstance(spec, UserTaskSpec):
        return _changes(spec.definition.due) or _changes(spec.definition.follow_up)
    timer = spec.event.timer if spec.event is not None else None
    return timer is not None and timer.form is not TimerForm.CYCLE and _changes(timer.value)


def _changes(field: Value | None) -> bool:
    """Whether a field's value may be another when a parameter or the calendar has changed."""
    if field is None or field.expression is None:
        return False
    return bool(field.expression.compiled.called_names & FUNCTION_NAMES)


def _kept(memory: Mapping[str, Any], name: str) -> datetime | None:
    return _moment(memory.get(name))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
