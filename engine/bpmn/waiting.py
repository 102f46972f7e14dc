"""From a token that waits to the value that tells what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.calls import CallActivitySpec
from engine.bpmn.specs.events import BesideSpec
from engine.bpmn.token import Token
from engine.bpmn.variables import copied_all
from engine.bpmn.waits import (
    CallDetail,
    ConditionDetail,
    Detail,
    IncidentDetail,
    JobDetail,
    MessageDetail,
    SignalDetail,
    TimerDetail,
    UserTaskDetail,
    Wait,
    WaitKind,
)

DEFAULT_PRIORITY: Final = 50


def wait_of(token: Token) -> Wait:
    """What the token waits for."""
    element = token.task_spec.element
    internal = token.internal_data
    kind = "incident" if "incident" in internal else internal["wait"]
    container = token.container
    return Wait(
        token.id,
        WaitKind(kind),
        element.id,
        element.name,
        container.id if container is not None else token.id,
        _detail(kind, token, internal[kind]),
    )


def _detail(kind: str, token: Token, memory: Mapping[str, Any]) -> Detail:
    if kind == "user_task":
        return UserTaskDetail(
            memory.get("form"),
            memory.get("assignee"),
            tuple(memory.get("groups", ())),
            tuple(memory.get("users", ())),
            _moment(memory.get("due")),
            _moment(memory.get("follow_up")),
            memory.get("priority", DEFAULT_PRIORITY),
            copied_all(token.data),
        )
    if kind == "job":
        headers = token.task_spec.element.headers
        return JobDetail(memory["type"], memory["retries"], headers, copied_all(token.data))
    if kind == "call":
        return _call(token, memory)
    if kind == "incident":
        return IncidentDetail(memory["code"], memory["message"], token.task_spec.name)
    attached_to, interrupting = _attachment(token)
    if kind == "timer":
        due = datetime.fromisoformat(memory["due"])
        return TimerDetail(due, attached_to, interrupting, memory.get("turn", 1))
    if kind == "message":
        return MessageDetail(memory["name"], memory["key"], attached_to, interrupting)
    if kind == "signal":
        return SignalDetail(memory["name"], attached_to, interrupting)
    return ConditionDetail(_condition(token.task_spec), attached_to, interrupting)


def _call(token: Token, memory: Mapping[str, Any]) -> CallDetail:
    spec = token.task_spec
    assert isinstance(spec, CallActivitySpec)
    assert spec.call is not None
    return CallDetail(memory["process"], spec.call.binding, spec.call.version_tag, copied_all(spec.passed_down(token)))


def _attachment(token: Token) -> tuple[str | None, bool]:
    spec = token.task_spec
    if not isinstance(spec, BesideSpec):
        return None, True
    return spec.element.attached_to, spec.interrupting


def _condition(spec: ElementSpec) -> str:
    condition = spec.event.condition if spec.event is not None else None
    return condition.text if condition is not None else ""


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
