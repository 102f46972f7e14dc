"""Errors and escalations: they rise from where they are thrown until something catches them.

On the way up, at each activity its boundary events are asked first, then, in the scope around it, the event
sub-processes. An exact code comes before an event that catches any. What is thrown inside an event sub-process is not
caught by its siblings, but outside their scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.bpmn.definitions import EventKind
from engine.bpmn.effects import ErrorRaised, EscalationRaised, TransitionKind
from engine.bpmn.status import ExecutionStatus
from engine.bpmn.token import COMPLETED, Token

if TYPE_CHECKING:
    from engine.bpmn.specs.events import BoundarySpec, EventStartSpec


@dataclass(frozen=True, slots=True)
class Catcher:
    """The event that catches, and the token of the activity or scope that it belongs to."""

    event: BoundarySpec | EventStartSpec
    at: Token


def find_catcher(token: Token, kind: EventKind, code: str) -> Catcher | None:
    """What catches the error or escalation `code` thrown at `token`, or None."""
    beneath: Token | None = None
    for level in token.ancestors():
        spec = level.task_spec
        is_body = "loop" in level.internal_data
        if beneath is not None and not beneath.task_spec.is_event_subprocess and not is_body:
            start = _matching(spec.event_starts, kind, code)
            if start is not None:
                return Catcher(start, level)
        if spec.loop is None or is_body:
            boundary = _matching(spec.boundaries, kind, code)
            if boundary is not None:
                return Catcher(boundary, level)
        beneath = level
    return None


def _matching(events: tuple[Any, ...], kind: EventKind, code: str) -> Any:
    anything = None
    for event in events:
        if event.event is None or event.event.kind is not kind:
            continue
        name = event.event.name
        if name is None or not name.literal:
            anything = event
        elif name.literal == code:
            return event
    return anything


def end_with_error(token: Token, code: str, message: str, variables: Mapping[str, Any]) -> None:
    """An error end event: the error rises; where nothing catches it, the whole run has failed."""
    run = token.workflow
    token._state = COMPLETED
    run.record(token, TransitionKind.COMPLETED)
    catcher = find_catcher(token, EventKind.ERROR, code)
    if catcher is not None:
        catcher.event.caught(catcher.at, variables)
        return
    run.effects.append(ErrorRaised(code, message, dict(variables), token.task_spec.element.id))
    run.close(ExecutionStatus.FAILED)


def escalate(token: Token, code: str, variables: Mapping[str, Any]) -> None:
    """An escalation rises from `token`; where nothing catches it, the caller is told, and all goes on."""
    catcher = find_catcher(token, EventKind.ESCALATION, code)
    if catcher is not None:
        catcher.event.caught(catcher.at, variables)
        return
    token.workflow.effects.append(EscalationRaised(code, dict(variables), token.task_spec.element.id))
