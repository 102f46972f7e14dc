"""Time that nobody kept, and clocks that step: all that is overdue fires once, oldest first, while people work on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import ManualClock
from engine.engine import Engine
from tests.bpmn_builder import boundary, bpmn, catch, end, flows, process, start, timer, user
from tests.harness import ANNA, START
from timers.local import EngineWork, LocalDispatcher

PATIENCE = 60
DAY = timedelta(days=1)
SOURCE = bpmn(
    process("waits", start("s"), catch("t", timer(duration="=wait")), user("done"), end("e"), flows("s->t->done->e")),
    process(
        "nags",
        start("s2"),
        user("asked"),
        boundary("nag", "asked", timer(cycle="R/P1D"), cancel=False),
        user("nagged"),
        end("e2"),
        end("f2"),
        flows("s2->asked->e2", "nag->nagged->f2"),
    ),
    process("works", start("s3"), user("work"), end("e3"), flows("s3->work->e3")),
).replace(b"-&gt;", b"_")


class Office:
    """Engines on one store and one clock."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.url = url
        self.clock = ManualClock(START)
        self._stack = stack

    def open(self) -> Engine:
        return self._stack.enter_context(Engine.open(self.url, clock=self.clock))


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with ExitStack() as stack:
        yield Office(database_url, stack)


@pytest.fixture
def engine(office: Office) -> Engine:
    opened = office.open()
    opened.publish({"p.bpmn": SOURCE}, author="a", note="n")
    return opened


def waiting(engine: Engine, count: int) -> list[str]:
    """So many instances, due on different days, the last begun first."""
    return [engine.start("waits", {"wait": f"P{1 + (7 * number) % count}D"}, actor=ANNA) for number in range(count)]


def due_times(engine: Engine) -> set[datetime]:
    return {row.due_at for row in engine.queries.timers().items}


def tasks(engine: Engine) -> Counter[str]:
    return Counter(item.element_id for item in engine.queries.open_items())


def test_after_a_downtime_everything_overdue_fires_once_oldest_first(office: Office, engine: Engine) -> None:
    instances = waiting(engine, 23)
    office.clock.advance(30 * DAY)
    due, batches = due_times(engine), []
    while due:
        batches.append(engine.fire_due(4))
        left = due_times(engine)
        assert max(due - left) <= min(left, default=datetime.max.replace(tzinfo=UTC))
        due = left

    assert batches == [4, 4, 4, 4, 4, 3]
    assert engine.fire_due(4) == 0
    assert Counter(item.instance_id for item in engine.queries.open_items()) == Counter(instances)
    assert engine.verify() == []


def test_people_go_on_working_while_a_backlog_fires_in_batches(office: Office, engine: Engine) -> None:
    class Slices(EngineWork):
        """Fires in small batches, and after the first lets a person complete a task before the next begins."""

        def __init__(self, engine: Engine) -> None:
            super().__init__(engine)
            self.batches: list[int] = []
            self.left_when_done: list[int] = []
            self.idle = threading.Event()

        def fire_due(self, limit: int = 100) -> int:
            assert limit <= 100
            fired = super().fire_due(10)
            self.batches.append(fired)
            if len(self.batches) == 1:
                person = threading.Thread(target=lambda: other.complete(task, {}, actor=ANNA))
                person.start()
                person.join(PATIENCE)
                assert not person.is_alive()
                self.left_when_done.append(len(other.due_timers()))
            if fired == 0:
                self.idle.set()
            return fired

    waiting(engine, 25)
    engine.start("works", actor=ANNA)
    other, task = office.open(), next(item.id for item in engine.queries.open_items())
    office.clock.advance(30 * DAY)
    dispatcher, work = LocalDispatcher(office.clock), Slices(engine)
    dispatcher.start(work)
    try:
        assert work.idle.wait(PATIENCE)
    finally:
        dispatcher.stop()

    assert work.batches[:3] == [10, 10, 5]
    assert work.left_when_done == [15]
    assert tasks(engine) == {"done": 25}


def test_a_cycle_that_missed_many_turns_takes_one_and_goes_on(office: Office, engine: Engine) -> None:
    engine.start("nags", actor=ANNA)
    office.clock.advance(timedelta(days=9, hours=5))
    assert engine.run_until_idle() == 1
    assert tasks(engine) == {"asked": 1, "nagged": 1}
    (following,) = engine.queries.timers().items
    assert following.due_at == START + 10 * DAY
    office.clock.advance(DAY)
    engine.run_until_idle()
    assert tasks(engine) == {"asked": 1, "nagged": 2}


def test_a_clock_that_jumps_back_fires_nothing_twice_and_forgets_nothing(office: Office, engine: Engine) -> None:
    engine.start("nags", actor=ANNA)
    engine.start("waits", {"wait": "P2D"}, actor=ANNA)
    engine.start("waits", {"wait": "P5D"}, actor=ANNA)
    office.clock.advance(3 * DAY)
    engine.run_until_idle()
    before = tasks(engine)
    assert before == {"asked": 1, "nagged": 1, "done": 1}

    office.clock.advance(-3 * DAY)
    for _ in range(3):  # the same three days pass again
        assert engine.run_until_idle() == 0
        office.clock.advance(DAY)
    assert engine.run_until_idle() == 0
    assert tasks(engine) == before

    office.clock.advance(DAY)
    engine.run_until_idle()
    assert tasks(engine) == before + Counter({"nagged": 1})
    office.clock.advance(DAY)
    engine.run_until_idle()
    assert tasks(engine) == before + Counter({"nagged": 2, "done": 1})
    assert engine.verify() == []


def test_a_clock_that_jumps_ahead_and_back_loses_no_deadline_set_before(office: Office, engine: Engine) -> None:
    engine.start("waits", {"wait": "P40D"}, actor=ANNA)
    office.clock.advance(30 * DAY)
    engine.run_until_idle()
    office.clock.advance(-29 * DAY)
    engine.start("waits", {"wait": "P1D"}, actor=ANNA)
    assert engine.next_alarm() == START + 2 * DAY
    office.clock.set(START + 2 * DAY)
    assert engine.run_until_idle() == 1
    office.clock.set(START + 40 * DAY)
    assert engine.run_until_idle() == 1
    assert tasks(engine) == {"done": 2}


def test_a_suspended_instances_timers_wait_and_fire_once_when_it_goes_on(office: Office, engine: Engine) -> None:
    resting = engine.start("waits", {"wait": "P1D"}, actor=ANNA)
    nagging = engine.start("nags", actor=ANNA)
    engine.start("waits", {"wait": "P2D"}, actor=ANNA)
    for instance in (resting, nagging):
        engine.suspend(instance, actor=ANNA, reason="Utredning")
    office.clock.advance(10 * DAY)

    assert engine.run_until_idle() == 1  # only the one that is not suspended
    assert engine.next_alarm() is None
    assert tasks(engine) == {"asked": 1, "done": 1}
    for instance in (resting, nagging):
        engine.resume(instance, actor=ANNA)
    assert engine.run_until_idle() == 2
    assert tasks(engine) == {"asked": 1, "nagged": 1, "done": 2}
    assert engine.verify() == []


def test_whoever_and_however_many_fire_a_backlog_each_timer_fires_once(office: Office, engine: Engine) -> None:
    instances = waiting(engine, 24)
    engines = [engine, office.open(), office.open()]
    office.clock.advance(30 * DAY)
    fired: list[int] = []
    faults: list[BaseException] = []
    together = threading.Barrier(len(engines))

    def fire(one: Engine) -> None:
        try:
            together.wait(PATIENCE)
            while one.due_timers(1):
                fired.append(one.fire_due(5))
        except BaseException as error:  # noqa: BLE001 told by the test's own thread
            faults.append(error)

    threads = [threading.Thread(target=fire, args=(one,)) for one in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert faults == []
    assert sum(fired) == 24
    assert Counter(item.instance_id for item in engine.queries.open_items()) == Counter(instances)
    assert engine.verify() == []
