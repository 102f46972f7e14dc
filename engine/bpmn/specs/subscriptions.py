"""What an event waits for, evaluated when the waiting starts: due times, names and keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.bpmn.definitions import EventDefinition, EventKind
from engine.bpmn.expressions import Problem, Value
from engine.bpmn.token import Token
from engine.bpmn.variables import visible
from engine.due import InvalidTimer, Period, Schedule, schedule

if TYPE_CHECKING:
    from engine.bpmn.run import Run

WAITED_FOR: Final = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITION})


def subscribe(event: EventDefinition | None, scope: Token) -> tuple[str, dict[str, Any]]:
    """What an event waits for, as the kind of wait and its detail for the snapshot.

    Raises:
        Problem: its time, name or key cannot be evaluated.
    """
    assert event is not None
    run = scope.workflow
    variables = visible(scope)
    if event.kind is EventKind.TIMER:
        timer = event.timer
        assert timer is not None
        try:
            due = schedule(timer.form, timer.value.value(variables, run.environment), run.now)
        except InvalidTimer as error:
            raise Problem(error.code, error.message) from error
        return "timer", schedule_detail(due)
    if event.kind is EventKind.MESSAGE:
        return "message", {"name": name_of(event, variables, run), "key": key_of(event, variables, run)}
    if event.kind is EventKind.SIGNAL:
        return "signal", {"name": name_of(event, variables, run)}
    assert event.kind is EventKind.CONDITION
    return "condition", {"held": False}


def schedule_detail(due: Schedule) -> dict[str, Any]:
    """A schedule as JSON-ready data."""
    detail: dict[str, Any] = {"due": due.due.isoformat()}
    if due.period is not None and due.anchor is not None:
        period = due.period
        detail.update(
            turn=due.turn,
            anchor=due.anchor.isoformat(),
            first=due.first,
            period=[period.months, period.days, period.microseconds],
            turns=due.turns,
            until=due.until.isoformat() if due.until is not None else None,
        )
    return detail


def schedule_from(detail: Mapping[str, Any]) -> Schedule:
    """The schedule that `schedule_detail` wrote down."""
    due = datetime.fromisoformat(detail["due"])
    if "anchor" not in detail:
        return Schedule(due)
    until = detail["until"]
    return Schedule(
        due,
        detail["turn"],
        datetime.fromisoformat(detail["anchor"]).astimezone(UTC),
        detail["first"],
        Period(*detail["period"]),
        detail["turns"],
        datetime.fromisoformat(until) if until is not None else None,
    )


def name_of(event: EventDefinition, variables: Mapping[str, Any], run: Run) -> str:
    """The message's or signal's name, the error's or escalation's code.

    Raises:
        Problem: it has none, or one that is not a text.
    """
    name = event.name or Value(None)
    if name.expression is None and not name.literal:
        if event.kind in (EventKind.ERROR, EventKind.ESCALATION):
            return ""  # only what catches any code catches it
        raise Problem("NAME_MISSING", f"the {event.kind.value} has no name")
    return name.text(variables, run.environment, f"the {event.kind.value}'s name")


def key_of(event: EventDefinition, variables: Mapping[str, Any], run: Run) -> str:
    """The correlation key of a message as text; "" where the diagram has none.

    Raises:
        Problem: it is neither a text nor a number.
    """
    if event.key is None:
        return ""
    key = event.key.value(variables, run.environment)
    if isinstance(key, str) and key:
        return key
    if isinstance(key, int | Decimal) and not isinstance(key, bool):
        return str(key)
    raise Problem("WRONG_TYPE", f"the correlation key {event.key.text!r} gives {key!r}; a text or number is needed")
