"""Publishing a message: what throw events, end events and send tasks have in common."""

from __future__ import annotations

from typing import Final

from engine.bpmn.effects import MessageThrown
from engine.bpmn.expressions import Problem
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.subscriptions import key_of, name_of
from engine.bpmn.token import Token
from engine.bpmn.variables import visible
from engine.due import InvalidTimer, add, period_of

TIME_TO_LIVE: Final = "timeToLive"


def publish(spec: ElementSpec, token: Token) -> None:
    """Publish the element's message; it carries the variables that the input mappings make.

    The property `timeToLive` (a duration) says how long it is kept when nobody waits for it yet.

    Raises:
        Problem: the name, key or time to live cannot be evaluated.
    """
    event, run = spec.event, token.workflow
    assert event is not None
    scope = visible(token)
    lives = spec.element.properties.get(TIME_TO_LIVE)
    try:
        time_to_live = None if lives is None else add(run.now, period_of(lives)) - run.now
    except InvalidTimer as error:
        raise Problem(error.code, f"{TIME_TO_LIVE}: {error.message}") from error
    run.effects.append(
        MessageThrown(
            name_of(event, scope, run), key_of(event, scope, run), dict(token.data), time_to_live, spec.element.id
        )
    )
