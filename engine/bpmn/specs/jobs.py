"""Jobs: how an element comes to wait for a handler."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from engine.bpmn.definitions import JobDefinition
from engine.bpmn.expressions import Problem
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.token import Token
from engine.bpmn.variables import visible

DEFAULT_RETRIES: Final = 3


def start_job(spec: ElementSpec, token: Token, job: JobDefinition) -> None:
    """Make the token wait for a handler.

    Raises:
        Problem: the job's type or retries cannot be evaluated.
    """
    run = token.workflow
    scope = visible(token)
    retries = DEFAULT_RETRIES
    if job.retries is not None:
        retries = whole_number(job.retries.value(scope, run.environment), "retries")
    token.internal_data["since"] = run.journal.revision
    spec.wait(token, "job", {"type": job.type.text(scope, run.environment, "type"), "retries": retries})


def whole_number(value: Any, what: str) -> int:
    """A number without decimals, also when written as text.

    Raises:
        Problem: it is not one.
    """
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal() and len(value) < 12:
        return int(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value):
        return int(value)
    raise Problem("WRONG_TYPE", f"{what} must be a whole number, not {value!r}")
