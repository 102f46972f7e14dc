"""Timers: what is due, what falls due next, and firing each once."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from engine import jobs
from engine.bpmn import WaitKind
from engine.context import Context, Running
from engine.errors import Conflict, StoreUnavailable
from engine.protocols import TIMER
from engine.settling import settle
from engine.start_timers import next_turn
from engine.store import instance_rows, job_rows, message_rows, waiting_rows
from engine.store.states import TimerState
from engine.store.unit_of_work import Reader
from engine.store.waiting_rows import StoredTimer

if TYPE_CHECKING:
    from engine.engine import Engine

__all__ = ["TIMER", "due_timers", "fire_due", "fire_timer", "next_alarm", "next_wake"]

log = logging.getLogger(__name__)


def due_timers(reader: Reader, now: datetime, limit: int) -> list[str]:
    """The ids of timers that are due, oldest first."""
    return waiting_rows.due_timers(reader, now, limit)


def next_alarm(reader: Reader, handler_types: frozenset[str]) -> datetime | None:
    """When something falls due next: a timer, a job that runs here, the expiry of a kept message."""
    moments = (
        waiting_rows.next_due(reader),
        job_rows.next_due(reader, jobs.handled_types(handler_types)),
        message_rows.next_expiry(reader),
    )
    return min((moment for moment in moments if moment is not None), default=None)


def next_wake(reader: Reader, handler_types: frozenset[str], now: datetime) -> datetime | None:
    """Like `next_alarm`, but without the jobs that can run already: nobody has to wake up for those."""
    moments = (
        waiting_rows.next_due(reader),
        job_rows.next_due_after(reader, jobs.handled_types(handler_types), now),
        message_rows.next_expiry(reader),
    )
    return min((moment for moment in moments if moment is not None), default=None)


def fire_timer(context: Context, timer_id: str) -> bool:
    """Fire a timer that is due; False where there is nothing (left) to fire."""
    timer = waiting_rows.read_timer(context.uow, timer_id)
    if timer is None:
        return False
    if timer.instance_id is None:
        return _fire_start(context, timer_id)
    context.about = timer.element_id
    running = context.take(timer.instance_id)  # locked: from here on nobody else can fire it
    timer = waiting_rows.read_timer(context.uow, timer_id)
    if timer is None or timer.state is not TimerState.ACTIVE or timer.due_at > context.now:
        return False
    return _fire(context, running, timer_id)


def _fire(context: Context, running: Running, timer_id: str) -> bool:
    wait = running.waiting().get(timer_id)
    if wait is None or wait.kind is not WaitKind.TIMER:
        waiting_rows.delete_timers(context.uow, [timer_id])  # nothing waits for it: it must not ring for ever
        return False
    context.take_active(running.id).execution.fire(timer_id)
    return True


def fire_due(engine: Engine, limit: int) -> int:
    """Fire up to `limit` due timers in one transaction, oldest first; how many fired.

    However many processes do this at the same time, each timer is fired by one of them, and none waits for another.
    Where one of the timers fails, all of them are fired one by one, and that one is set aside as an incident.
    """
    try:
        return engine.run_command(lambda context: _fire_batch(context, limit), "fire_due", TIMER, None)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 whatever one case's timer does, it must not stop the others
        log.warning("timers are fired one by one", extra={"code": type(error).__name__})
    with engine.database.reading() as reader:
        due = due_timers(reader, engine.clock.now(), limit)
    return sum(fire_safely(engine, timer_id) for timer_id in due)


def _fire_batch(context: Context, limit: int) -> int:
    fired, claimed = 0, waiting_rows.claim_due(context.uow, limit)
    turns: dict[str, StoredTimer] = {}  # of each case one: the next is fired once the rows say what this one changed
    for timer in claimed:
        if timer.instance_id is not None:
            turns.setdefault(timer.case_id or timer.instance_id, timer)
    wanted = {timer.instance_id: timer.case_id for timer in turns.values() if timer.instance_id is not None}
    free = instance_rows.lock_free(context.uow, wanted)
    for timer in claimed:
        if timer.instance_id is None:
            fired += _fire_start(context, timer.id)
        elif turns[timer.case_id or timer.instance_id] is timer and timer.instance_id in free:
            fired += _fire(context, context.take_locked(free[timer.instance_id]), timer.id)
            settle(context)
    return fired


def fire_safely(engine: Engine, timer_id: str) -> bool:
    """Fire a timer; False too where somebody else was quicker. One that cannot fire is set aside as an incident."""
    try:
        return engine.fire_timer(timer_id)
    except Conflict:
        return False
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 whatever one case's timer does, it must not stop the others
        text = f"{type(error).__name__}: {error}"
    engine.run_command(lambda context: _set_aside(context, timer_id, text), "set_aside", TIMER, None)
    return False


def _set_aside(context: Context, timer_id: str, text: str) -> None:
    timer = waiting_rows.lock_timer(context.uow, timer_id)
    if timer is None or timer.state is not TimerState.ACTIVE:
        return
    waiting_rows.set_aside(context.uow, timer_id)
    context.add_loose_incident(
        timer.element_id,
        "TIMER_FAILED",
        text,
        instance_id=timer.instance_id,
        element_id=timer.element_id,
        wait_id=timer_id,
    )


def _fire_start(context: Context, timer_id: str) -> bool:
    timer = waiting_rows.lock_timer(context.uow, timer_id)
    if timer is None or timer.due_at > context.now:
        return False
    definitions = context.rooms.definitions
    deployed = definitions.latest(context.uow, definitions.row(context.uow, timer.definition_id).process_id)
    start = next(each for each in deployed.process.starts if each.element_id == timer.element_id)
    following = next_turn(start, timer, context.now, definitions.environment())
    if following is None:
        waiting_rows.delete_timers(context.uow, [timer.id])
    else:
        waiting_rows.change_timer(context.uow, timer.id, following.due, following.turn)
        context.uow.note_alarm(following.due)
    context.begin(deployed, {}, case_id=None, start=timer.element_id)
    return True
