"""Timer start events: a process that starts by itself has a timer row per start event of its latest version."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.bpmn import Process, StartEvent
from engine.bpmn.expressions import Problem
from engine.due import InvalidTimer, Schedule, schedule
from engine.feel import Environment
from engine.store import waiting_rows
from engine.store.rows import DefinitionRow
from engine.store.states import TimerState
from engine.store.unit_of_work import UnitOfWork
from engine.store.waiting_rows import StoredTimer


def timer_id(process_id: str, element_id: str) -> str:
    """The id of a start event's timer: one for ever, whatever the version."""
    return f"start:{process_id}:{element_id}"


def replace_start_timers(
    uow: UnitOfWork, definition: DefinitionRow, process: Process, environment: Environment
) -> None:
    """Write the timers of a process' latest version in place of its earlier version's.

    A cycle goes on from where its earlier version was anchored, so that publishing a change does not move it.
    """
    earlier = {found: waiting_rows.read_timer(uow, found) for found in waiting_rows.start_timers(uow, process.id)}
    waiting_rows.delete_timers(uow, list(earlier))
    rows: list[dict[str, Any]] = []
    for start in process.starts:
        if start.timer is None:
            continue
        identity = timer_id(process.id, start.element_id)
        known = earlier.get(identity)
        anchor = known.anchor if known and known.anchor else uow.now
        planned = first_turn(start, anchor, uow.now, environment)
        if planned is None or (planned.due <= uow.now and known is None and definition.version > 1):
            continue  # over; or a single date that an earlier version has fired already
        rows.append(
            {
                "id": identity,
                "definition_id": definition.id,
                "element_id": start.element_id,
                "name": start.name or start.element_id,
                "due_at": planned.due,
                "anchor": anchor,
                "turn": planned.turn,
                "interrupting": True,
                "state": TimerState.ACTIVE.value,
                "created_at": uow.now,
            }
        )
        uow.note_alarm(planned.due)
    waiting_rows.insert_timers(uow, rows)


def endless_timers(process: Process, now: datetime, environment: Environment) -> set[str]:
    """The ids of the timers that a process always has: those of start events on a cycle without end."""
    found = set()
    for start in process.starts:
        try:
            planned = None if start.timer is None else first_turn(start, now, now, environment)
        except InvalidTimer:
            continue  # it was valid when published; what it reads has changed since
        if planned is not None and planned.period is not None and planned.turns is None and planned.until is None:
            found.add(timer_id(process.id, start.element_id))
    return found


def first_turn(start: StartEvent, anchor: datetime, now: datetime, environment: Environment) -> Schedule | None:
    """When a start event is due first, counted from `anchor`; None where its series lies in the past.

    Raises InvalidTimer where its expression gives no date, duration or cycle.
    """
    assert start.timer is not None
    try:
        value = start.timer.value.value({}, environment)
    except Problem as error:
        raise InvalidTimer(error.message, element=start.element_id) from error
    planned = schedule(start.timer.form, value, anchor)
    if planned.due > now or planned.period is None:
        return planned
    return planned.next_after(now)


def next_turn(start: StartEvent, timer: StoredTimer, now: datetime, environment: Environment) -> Schedule | None:
    """A start event's next turn after the one that has just fired; None where the series is over."""
    assert start.timer is not None
    try:
        value = start.timer.value.value({}, environment)
        planned = schedule(start.timer.form, value, timer.anchor or timer.due_at)
    except (Problem, InvalidTimer):
        return None  # it was valid when published; what it reads has changed since, and there is no turn to tell
    return replace(planned, due=timer.due_at, turn=timer.turn).next_after(now)
