"""Recurring work on a manual clock: by the calendar, once in a turn, caught up once after a downtime."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import ManualClock
from engine.engine import Engine
from engine.errors import StoreUnavailable
from engine.recurring import recurring_work
from tests.harness import ANNA, new_database
from timers.recurring import STANDARD, RecurringWork, run_due

EVENING = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)  # the night before winter time


@pytest.fixture
def clock():
    return ManualClock(EVENING)


@pytest.fixture
def address(tmp_path):
    return new_database(tmp_path)


@pytest.fixture
def engine(address, clock):
    with Engine.open(address, clock=clock) as opened:
        yield opened


class Counted:
    def __init__(self, schedule="30 3 * * *", error=None):
        self.runs = 0
        self.error = error
        self.work = RecurringWork("räknad", schedule, self._run)

    def _run(self, engine):
        self.runs += 1
        if self.error:
            raise self.error
        return f"körning {self.runs}"


def test_new_work_is_planned_and_runs_first_when_its_turn_comes(engine, clock):
    counted = Counted()
    assert run_due(engine, [counted.work]) == 0
    clock.set(datetime(2026, 10, 25, 2, 29, tzinfo=UTC))
    assert run_due(engine, [counted.work]) == 0
    clock.set(datetime(2026, 10, 25, 2, 30, tzinfo=UTC))  # 03:30 Swedish winter time
    assert run_due(engine, [counted.work]) == 1
    (row,) = recurring_work(engine)
    assert (row.outcome, row.last_at) == ("körning 1", clock.now())
    assert row.next_at == datetime(2026, 10, 26, 2, 30, tzinfo=UTC)


def test_turns_missed_in_a_downtime_are_taken_once(engine, clock):
    counted = Counted()
    run_due(engine, [counted.work])
    clock.advance(timedelta(days=40))
    assert run_due(engine, [counted.work]) == 1
    assert run_due(engine, [counted.work]) == 0
    assert counted.runs == 1


def test_two_processes_take_a_turn_once(address, engine, clock):
    counted = Counted()
    run_due(engine, [counted.work])
    clock.advance(timedelta(days=1))
    with Engine.open(address, clock=clock) as other:
        assert run_due(engine, [counted.work]) + run_due(other, [counted.work]) == 1


def test_a_clock_that_jumps_back_runs_nothing_twice(engine, clock):
    counted = Counted()
    run_due(engine, [counted.work])
    clock.advance(timedelta(days=1))
    run_due(engine, [counted.work])
    clock.advance(timedelta(hours=-12))
    assert run_due(engine, [counted.work]) == 0
    assert counted.runs == 1


def test_work_that_fails_says_so_and_has_its_next_turn(engine, clock):
    counted = Counted(error=StoreUnavailable())
    run_due(engine, [counted.work])
    clock.advance(timedelta(days=1))
    assert run_due(engine, [counted.work]) == 1
    (row,) = recurring_work(engine)
    assert row.outcome == "misslyckades: STORE_UNAVAILABLE"
    assert row.next_at > clock.now()


def test_the_standard_work_checks_the_store_and_forgets_old_keys(engine, clock):
    engine.open_case("test", "T-1", actor=ANNA, key="a-key")
    run_due(engine, STANDARD)
    clock.advance(timedelta(days=91))
    assert run_due(engine, STANDARD) == 2
    outcomes = {row.name: row.outcome for row in recurring_work(engine)}
    assert outcomes["kontroll"] == "allt stämmer"
    assert outcomes["stadning"].startswith("1 nycklar glömda")
