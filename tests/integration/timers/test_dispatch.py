"""The alarm clock and the local dispatcher on the real engine, the machine's clock and a file."""

import threading
from datetime import timedelta

import pytest

from engine.clock import SystemClock
from engine.engine import Engine
from engine.errors import StoreUnavailable
from engine.handlers import HandlerRegistry
from engine.protocols import CommitSummary, DueLine, Urgency
from tests.bpmn_builder import bpmn, catch, end, flows, process, service, start, timer, user
from tests.harness import ANNA, new_database
from timers.local import LocalDispatcher
from timers.work import EngineWork

PATIENCE = 30
"""Seconds after which a test gives up; nothing waits that long when things work."""


def published(*parts):
    """A file whose flows have ids that may be published."""
    return bpmn(*parts).replace(b"-&gt;", b"_")


WAITS = published(
    process(
        "waits",
        start("s"),
        catch("t", timer(duration="PT1S")),
        service("j", type_="ring"),
        end("e"),
        flows("s -> t -> j -> e"),
    )
)
ASKS = published(
    process("asks", start("s"), user("u"), service("j", type_="ring"), end("e"), flows("s -> u -> j -> e")),
)


class Bells:
    """Counts the jobs of type `ring`, and lets a test wait for them."""

    def __init__(self):
        self.rung = []
        self._arrived = threading.Condition()
        self.handlers = HandlerRegistry()
        self.handlers.job("ring")(self._ring)

    def _ring(self, job):
        with self._arrived:
            self.rung.append(job.instance_id)
            self._arrived.notify_all()

    def wait_for(self, count):
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.rung) >= count, PATIENCE), self.rung


@pytest.fixture
def address(tmp_path):
    return new_database(tmp_path)


@pytest.fixture
def bells():
    return Bells()


@pytest.fixture
def opened(address, bells):
    """Opens engines with a running dispatcher, and stops all of them at the end."""
    running = []

    def open_one(*, work=EngineWork):
        dispatcher = LocalDispatcher(SystemClock())
        engine = Engine.open(address, handlers=bells.handlers, dispatcher=dispatcher)
        dispatcher.start(work(engine))
        running.append((engine, dispatcher))
        return engine

    yield open_one
    for engine, dispatcher in running:
        dispatcher.stop()
        engine.close()


def test_a_timer_fires_and_its_job_runs_without_anyone_asking(opened, bells):
    engine = opened()
    engine.publish({"p.bpmn": WAITS}, author="a", note="n")
    instance = engine.start("waits")
    bells.wait_for(1)
    assert bells.rung == [instance]


def test_a_job_runs_after_the_commit_that_made_it(opened, bells):
    engine = opened()
    engine.publish({"p.bpmn": ASKS}, author="a", note="n")
    instance = engine.start("asks")
    engine.complete(engine.queries.open_items()[0].id, actor=ANNA)
    bells.wait_for(1)
    assert bells.rung == [instance]


def test_a_timer_that_fell_due_while_nobody_was_awake_fires_once_after_the_restart(address, opened, bells):
    with Engine.open(address, handlers=bells.handlers) as engine:
        engine.publish({"p.bpmn": WAITS}, author="a", note="n")
        instances = [engine.start("waits") for _ in range(20)]
    opened()
    bells.wait_for(20)
    assert sorted(bells.rung) == sorted(instances)


def test_a_timer_that_another_process_commits_is_noticed(address, opened, bells):
    opened()
    with Engine.open(address, handlers=bells.handlers) as other:
        other.publish({"p.bpmn": WAITS}, author="a", note="n")
        instance = other.start("waits")
    bells.wait_for(1)
    assert bells.rung == [instance]


def test_two_dispatchers_on_one_store_fire_each_timer_once(opened, bells):
    first, second = opened(), opened()
    first.publish({"p.bpmn": WAITS}, author="a", note="n")
    instances = [engine.start("waits") for engine in (first, second) for _ in range(10)]
    bells.wait_for(20)
    assert sorted(bells.rung) == sorted(instances)
    assert first.verify() == []


def test_a_database_that_does_not_answer_for_a_while_loses_nothing(opened, bells):
    class Shaky(EngineWork):
        failures = 2

        def due_lines(self, limit):
            if self.failures:
                Shaky.failures -= 1
                raise StoreUnavailable
            return super().due_lines(limit)

    engine = opened(work=Shaky)
    engine.publish({"p.bpmn": WAITS}, author="a", note="n")
    instance = engine.start("waits")
    bells.wait_for(1)
    assert bells.rung == [instance]


def test_stopping_before_the_start_is_harmless():
    dispatcher = LocalDispatcher(SystemClock())
    dispatcher.committed(CommitSummary((DueLine("x", Urgency.PERSON),), SystemClock().now() + timedelta(days=1)))
    dispatcher.stop()
