"""Lets time pass on a manual clock: tests, scenarios and simulations live through months in a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.clock import ManualClock
from engine.due import add, period_of
from engine.errors import InvalidInput

if TYPE_CHECKING:
    from engine.engine import Engine


def advance(engine: Engine, duration: str | timedelta) -> int:
    """Let a duration pass: ISO 8601 on the calendar (P3M, P1DT2H), or elapsed time; how much ran.

    Raises InvalidInput for what is no duration, or leads backwards, or where the clock is not manual.
    """
    now = engine.clock.now()
    return advance_to(engine, now + duration if isinstance(duration, timedelta) else add(now, period_of(duration)))


def advance_to(engine: Engine, moment: datetime) -> int:
    """Go forward to a moment (aware), stopping wherever something falls due on the way to run it; how much ran."""
    clock = engine.clock
    if not isinstance(clock, ManualClock):
        raise InvalidInput("Only an engine that was opened with a ManualClock can be advanced.")
    if moment.tzinfo is None:
        raise InvalidInput("Say the moment with its time zone.")
    if moment < clock.now():
        raise InvalidInput("Time passes forwards: the moment lies before the engine's clock.")
    ran = engine.run_until_idle()
    while (alarm := engine.next_alarm()) is not None and alarm <= moment:
        stood_still = alarm <= clock.now()
        clock.set(max(alarm, clock.now()))
        now_ran = engine.run_until_idle()
        if stood_still and not now_ran:
            break  # what is due cannot run (another process holds it): it is not ours to wait for
        ran += now_ran
    clock.set(moment)
    return ran + engine.run_until_idle()
