"""The alarm clock rings when something is due, and goes on after trouble."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

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
