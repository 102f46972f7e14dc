"""The job type of send tasks: a message said by the task's inputs, thrown like any other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine import messages
from engine.bpmn import MessageThrown
from engine.due import InvalidTimer, add, period_of
from engine.errors import InvalidInput
from engine.handlers import JobContext

if TYPE_CHECKING:
    from engine.context import Context, Running

PUBLISH_MESSAGE = "stegvis:publish-message"


def publish_message(context: Context, running: Running, job: JobContext) -> None:
    """Throw the message that a send task describes.

    Its inputs (or headers) are `messageName`, `correlationKey`, `timeToLive` (a duration, optional) and `variables`
    (a context, optional). Raises InvalidInput, which fails the job, where the name is missing.
    """
    name = _input(job, "messageName")
    if not isinstance(name, str) or not name:
        raise InvalidInput("A send task needs the input messageName.", element=job.element_id)
    key = _input(job, "correlationKey")
    variables = _input(job, "variables")
    if variables is not None and not isinstance(variables, dict):
        raise InvalidInput("The input variables of a send task is a context.", element=job.element_id)
    thrown = MessageThrown(
        name=name,
        key="" if key is None else str(key),
        variables=variables or {},
        time_to_live=_time_to_live(context, job),
        element_id=job.element_id,
    )
    messages.throw(context, running, thrown)


def _time_to_live(context: Context, job: JobContext) -> timedelta | None:
    value = _input(job, "timeToLive")
    if value is None:
        return None
    try:
        return add(context.now, period_of(value)) - context.now
    except InvalidTimer as error:
        raise InvalidInput(error.message, element=job.element_id) from error


def _input(job: JobContext, name: str) -> Any:
    return job.variables.get(name, job.headers.get(name))
