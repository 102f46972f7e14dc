"""What starts a process by itself: due times and names of its start events, evaluated without any instance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.definitions import EventKind
from engine.bpmn.expressions import Problem
from engine.bpmn.model import StartEvent
from engine.bpmn.services import Services
from engine.bpmn.variables import own_all
from engine.clock import LOCAL_ZONE
from engine.due import InvalidTimer, Schedule, schedule
from engine.errors import InvalidInput
from engine.feel import Environment


def start_schedule(start: StartEvent, services: Services) -> Schedule:
    """When a timer start event is due, counted from now; `next_after` gives the turns of a cycle that follow.

    Raises:
        InvalidTimer: it is no timer, or its time cannot be evaluated.
    """
    timer = start.timer
    if timer is None:
        raise InvalidTimer(f"{start.element_id} is not started by time", element=start.element_id)
    now = services.clock.now()
    try:
        value = timer.value.value({}, Environment(lambda: now, LOCAL_ZONE.key, services.functions))
    except Problem as problem:
        raise InvalidTimer(problem.message, element=start.element_id) from problem
    return schedule(timer.form, value, now)


def start_name(start: StartEvent, services: Services) -> str:
    """The name of the message or signal that starts a process.

    Raises:
        InvalidInput: it is started by something else, or its name cannot be evaluated.
    """
    definition = start.definition
    if definition is None or definition.name is None or start.kind not in (EventKind.MESSAGE, EventKind.SIGNAL):
        raise InvalidInput(f"{start.element_id} is not started by a message or signal", element=start.element_id)
    environment = Environment(services.clock.now, LOCAL_ZONE.key, services.functions)
    try:
        return definition.name.text({}, environment, "name")
    except Problem as problem:
        raise InvalidInput(problem.message, element=start.element_id) from problem


def start_holds(start: StartEvent, variables: Mapping[str, Any], services: Services) -> bool:
    """Whether a conditional start event holds for these variables; one that reads others does not."""
    definition = start.definition
    if start.kind is not EventKind.CONDITION or definition is None or definition.condition is None:
        return False
    environment = Environment(services.clock.now, LOCAL_ZONE.key, services.functions)
    try:
        return definition.condition.truth(own_all(variables), environment)
    except Problem:
        return False
