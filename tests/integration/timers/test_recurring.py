"""Recurring work on a manual clock: by the calendar, once in a turn, caught up once after a downtime."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import ManualClock
from engine.engine import Engine
from engine.errors import Conflict, InvalidInput, NotFound, StoreUnavailable
from engine.recurring import RECURRING, RUNS_KEPT, RecurringWork, recurring_work, run_now, run_turn, runs_of
from engine.store.states import RunState
from tests.harness import ANNA, new_database
from timers.recurring import STANDARD, run_due, turns

EVENING = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)  # the night before winter time
DAY = timedelta(days=1)


@pytest.fixture
def clock():
    return ManualClock(EVENING)


@pytest.fixture
def address(tmp_path):
    return new_database(tmp_path)


@pytest.fixture
def opened(address, clock):
    """Opens engines on one store; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda *work: stack.enter_context(Engine.open(address, clock=clock, recurring=work))


class Counted:
    """Work that counts its runs, and fails as often as it is told to."""

    def __init__(self, schedule="30 3 * * *", failures=0, error=StoreUnavailable):
        self.runs = 0
        self.failures = failures
        self.error = error
        self.meanwhile = None
        self.work = RecurringWork("raknad", "Räknad", schedule, self._run)

    def _run(self, engine):
        self.runs += 1
        if self.meanwhile:
            self.meanwhile(engine)
        if self.failures:
            self.failures -= 1
            raise self.error
        return f"körning {self.runs}"


@pytest.fixture
def counted():
    return Counted()


@pytest.fixture
def engine(opened, counted):
    return opened(counted.work)


def test_new_work_is_planned_and_runs_first_when_its_turn_comes(engine, clock):
    assert run_due(engine) == 0
    clock.set(datetime(2026, 10, 25, 2, 29, tzinfo=UTC))
    assert run_due(engine) == 0
    clock.set(datetime(2026, 10, 25, 2, 30, tzinfo=UTC))  # 03:30 Swedish winter time
    assert run_due(engine) == 1
    (standing,) = recurring_work(engine)
    assert (standing.latest.outcome, standing.latest.state) == ("körning 1", RunState.OK)
    assert (standing.latest.begun_at, standing.latest.actor) == (clock.now(), RECURRING.id)
    assert standing.next_at == datetime(2026, 10, 26, 2, 30, tzinfo=UTC)


def test_turns_missed_in_a_downtime_are_taken_once(engine, clock, counted):
    run_due(engine)
    clock.advance(timedelta(days=40))
    assert run_due(engine) == 1
    assert run_due(engine) == 0
    assert counted.runs == 1


def test_two_processes_take_a_turn_once(opened, engine, clock, counted):
    run_due(engine)
    clock.advance(DAY)
    assert run_due(engine) + run_due(opened(counted.work)) == 1


def test_a_run_that_is_going_on_is_not_begun_again(opened, engine, clock, counted):
    other = opened(counted.work)
    run_due(engine)
    clock.advance(DAY)
    seen = []

    def meanwhile(_):
        clock.advance(timedelta(minutes=30))
        seen.append(run_due(other))
        with pytest.raises(Conflict, match="running"):
            run_now(other, "raknad", ANNA)

    counted.meanwhile = meanwhile
    run_due(engine)
    assert (seen, counted.runs) == ([0], 1)
    assert recurring_work(engine)[0].latest.milliseconds == 30 * 60 * 1000


def test_a_clock_that_jumps_back_runs_nothing_twice(engine, clock, counted):
    run_due(engine)
    clock.advance(DAY)
    run_due(engine)
    clock.advance(timedelta(hours=-12))
    assert run_due(engine) == 0
    assert counted.runs == 1


def test_a_clock_that_was_a_year_ahead_delays_nothing_for_ever(engine, clock):
    clock.advance(timedelta(days=365))
    run_due(engine)
    clock.advance(timedelta(days=-365))
    run_due(engine)
    assert recurring_work(engine)[0].next_at == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_a_changed_schedule_holds_from_the_next_turn_on(engine, opened, clock):
    run_due(engine)
    changed = opened(Counted("0 20 * * *").work)
    run_due(changed)
    assert recurring_work(changed)[0].next_at == datetime(2026, 10, 25, 19, 0, tzinfo=UTC)


def test_a_turn_that_is_due_when_the_schedule_changes_is_taken(engine, opened, clock):
    run_due(engine)
    clock.advance(DAY)
    assert run_due(opened(Counted("0 20 * * *").work)) == 1


@pytest.mark.parametrize("error", [StoreUnavailable, ZeroDivisionError])
def test_work_that_fails_says_so_and_is_tried_again(opened, clock, error):
    counted = Counted(failures=1, error=error)
    engine = opened(counted.work)
    run_due(engine)
    clock.advance(DAY)
    assert run_due(engine) == 1
    (standing,) = recurring_work(engine)
    assert standing.latest.state is RunState.FAILED
    assert standing.latest.outcome.startswith(getattr(error, "code", error.__name__))
    assert standing.next_at == clock.now() + timedelta(minutes=15)
    clock.advance(timedelta(minutes=15))
    run_due(engine)
    assert [run.state for run in runs_of(engine, "raknad")] == [RunState.OK, RunState.FAILED]
    assert recurring_work(engine)[0].next_at == datetime(2026, 10, 26, 2, 30, tzinfo=UTC)


def test_work_that_always_fails_waits_for_its_next_turn_after_three_tries(opened, clock):
    engine = opened(Counted("0 4 1 * *", failures=99).work)
    run_due(engine)
    clock.set(datetime(2026, 11, 1, 3, 0, tzinfo=UTC))
    for hours in (0, 1, 2, 8):
        clock.advance(timedelta(hours=hours))
        assert run_due(engine) == 1
    assert recurring_work(engine)[0].next_at == datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def test_a_run_whose_process_was_killed_is_tried_again_when_its_time_is_out(engine, clock, counted):
    class Killed(BaseException):
        pass

    def die(_):
        raise Killed

    run_due(engine)
    clock.advance(DAY)
    counted.meanwhile = die
    with pytest.raises(Killed):
        run_due(engine)
    counted.meanwhile = None
    clock.advance(counted.work.longest - timedelta(minutes=1))
    assert run_due(engine) == 0
    clock.advance(timedelta(minutes=1))
    assert run_due(engine) == 1
    assert [run.state for run in runs_of(engine, "raknad")] == [RunState.OK, RunState.INTERRUPTED]


def test_a_person_runs_work_at_once_and_is_named_for_it(engine, clock, counted):
    run = run_now(engine, "raknad", ANNA)
    assert (run.state, run.outcome, run.actor, run.actor_name) == (RunState.OK, "körning 1", ANNA.id, ANNA.name)
    run_due(engine)
    assert recurring_work(engine)[0].next_at == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    clock.advance(DAY)
    assert run_due(engine) == 1


def test_work_that_fails_for_a_person_says_so_and_keeps_its_turn(opened):
    engine = opened(Counted(failures=1).work)
    run_due(engine)
    planned = recurring_work(engine)[0].next_at
    assert run_now(engine, "raknad", ANNA).state is RunState.FAILED
    assert recurring_work(engine)[0].next_at == planned


def test_work_that_does_not_exist_cannot_be_run_or_looked_up(engine):
    with pytest.raises(NotFound, match="raknad"):
        run_now(engine, "okand", ANNA)
    with pytest.raises(NotFound):
        runs_of(engine, "okand")


def test_only_the_latest_runs_are_remembered(engine):
    for _ in range(RUNS_KEPT + 3):
        run_now(engine, "raknad", ANNA)
    kept = runs_of(engine, "raknad", 1_000)
    assert (len(kept), kept[0].outcome) == (RUNS_KEPT, f"körning {RUNS_KEPT + 3}")


def test_two_pieces_of_work_of_one_name_are_refused(opened):
    with pytest.raises(InvalidInput, match="raknad"):
        opened(Counted().work, Counted().work)


@pytest.mark.parametrize("schedule", ["", "varje natt", "61 * * * *", "* * * *", "0 0 31 2 *"])
def test_a_schedule_that_is_none_is_refused(engine, schedule):
    work = RecurringWork("x", "X", schedule, lambda _: "")
    with pytest.raises(InvalidInput, match="'x'"):
        run_turn(engine, work, turns(work))


@pytest.mark.parametrize(
    ("before", "turn"),
    [
        ("2026-03-28T12:00", "2026-03-29T01:30"),  # 02:30 is skipped: the turn comes at 03:30 summer time
        ("2026-03-29T01:30", "2026-03-30T00:30"),
        ("2026-10-24T12:00", "2026-10-25T00:30"),  # 02:30 comes twice: the first counts
        ("2026-10-25T00:30", "2026-10-26T01:30"),
        ("2026-10-25T01:00", "2026-10-26T01:30"),
        ("2026-10-25T01:30", "2026-10-26T01:30"),
    ],
)
def test_a_turn_in_the_hour_that_is_skipped_or_repeated_comes_once(before, turn):
    following = turns(RecurringWork("x", "X", "30 2 * * *", lambda _: ""))
    assert following(datetime.fromisoformat(before).replace(tzinfo=UTC)) == datetime.fromisoformat(turn).replace(
        tzinfo=UTC
    )


def test_the_standard_work_checks_the_store_and_forgets_old_keys(opened, clock):
    engine = opened(*STANDARD)
    engine.open_case("test", "T-1", actor=ANNA, key="a-key")
    run_due(engine)
    clock.advance(timedelta(days=91))
    assert run_due(engine) == 3
    outcomes = {standing.work.name: standing.latest.outcome for standing in recurring_work(engine)}
    assert outcomes["kontroll"] == "allt stämmer"
    assert outcomes["omrakning"] == "0 frister flyttade av 0"
    assert outcomes["stadning"].startswith("1 nycklar glömda")
