"""The alarm clock rings when something is due, and goes on after trouble."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.executors.pool import BasePoolExecutor

from engine.clock import SystemClock
from engine.errors import StoreUnavailable
from timers.alarm import AlarmClock

PATIENCE = 30


class Schedule:
    """One due time, and failures on demand."""

    def __init__(self, due=None, failures=0):
        self.due = due
        self.failures = failures
        self.changed = False

    def next_alarm(self):
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable
        return self.due

    def changed_elsewhere(self):
        changed, self.changed = self.changed, False
        return changed


@pytest.fixture
def start():
    clocks = []

    def begin(schedule):
        rung = threading.Event()
        clock = AlarmClock(schedule, SystemClock(), rung.set)
        clocks.append(clock)
        clock.start()
        return clock, rung

    yield begin
    for clock in clocks:
        clock.stop()


def soon(seconds=0.2):
    return SystemClock().now() + timedelta(seconds=seconds)


def test_it_rings_for_what_is_overdue_at_the_start(start):
    _, rung = start(Schedule(due=datetime(2026, 1, 1, tzinfo=UTC)))
    assert rung.wait(PATIENCE)


def test_it_does_not_ring_early(start):
    due = soon()
    _, rung = start(Schedule(due=due))
    assert rung.wait(PATIENCE)
    assert SystemClock().now() >= due


def test_an_earlier_due_time_wakes_it(start):
    schedule = Schedule(due=soon(seconds=3600))
    clock, rung = start(schedule)
    schedule.due = soon()
    clock.earlier(schedule.due)
    assert rung.wait(PATIENCE)


def test_a_commit_of_another_process_wakes_it(start):
    schedule = Schedule()
    _, rung = start(schedule)
    schedule.due = soon()
    schedule.changed = True
    assert rung.wait(PATIENCE)


def test_it_goes_on_when_the_database_did_not_answer(start):
    schedule = Schedule(due=soon(seconds=0.1))
    _, rung = start(schedule)
    schedule.failures = 1
    assert rung.wait(PATIENCE)


def test_a_ring_that_sets_the_alarm_while_the_clock_stops_does_not_hold_it_up(monkeypatch):
    stopping, asked = threading.Event(), threading.Event()

    class Asked(Schedule):
        calls = 0

        def next_alarm(self):
            self.calls += 1
            if self.calls == 1:
                return SystemClock().now()  # as it starts: there is something to ring for
            if self.calls > 2:  # somebody was quicker; the ring is about to set the alarm for later
                asked.set()
                assert stopping.wait(PATIENCE)
            return SystemClock().now() + timedelta(hours=1)

    clock = AlarmClock(Asked(), SystemClock(), lambda: None)
    monkeypatch.setattr(
        BasePoolExecutor,
        "shutdown",
        lambda executor, wait=True: (stopping.set(), executor._pool.shutdown(wait)),  # APScheduler has its locks now
    )
    clock.start()
    assert asked.wait(PATIENCE)
    stopper = threading.Thread(target=clock.stop, daemon=True)
    stopper.start()
    stopper.join(PATIENCE)
    assert not stopper.is_alive()
