"""The same message, timer, form, job and start, sent many times by many at once: each has its effect once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.engine import Engine
from engine.errors import Conflict, NotFound
from engine.protocols import SYSTEM
from tests.faults.busy_process import open_engine, prepare
from tests.harness import ANNA, BERTIL

SENDERS, TIMES = 8, 24


@pytest.fixture(params=[1, 2, 3])
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The same luck in each run."""
    return random.Random(request.param)


@pytest.fixture
def engine(database_url: str) -> Engine:
    """An engine with the busy process published, on both databases."""
    with open_engine(database_url) as opened:
        prepare(opened)
        yield opened


def many(send: Callable[[int], object]) -> Counter[object]:
    """Send the same thing from many threads; how often which answer, or name of an error, came back."""

    def once(number: int) -> object:
        try:
            return send(number)
        except (Conflict, NotFound) as error:
            return type(error).__name__

    with ThreadPoolExecutor(SENDERS) as pool:
        return Counter(pool.map(once, range(TIMES)))


def count(engine: Engine, statement: str) -> int:
    with engine.database.reading() as reader:
        return int(reader.scalar(text(statement)))


def test_one_start_with_one_key_makes_one_instance(engine: Engine) -> None:
    answers = many(lambda _: engine.start("mor", {"nyckel": "n"}, actor=SYSTEM, key="en"))

    assert list(answers.values()) == [TIMES]
    assert count(engine, "SELECT count(*) FROM process_instance") == 1
    assert engine.verify() == []


def test_one_form_sent_often_is_answered_once_and_its_senders_hear_the_same(engine: Engine) -> None:
    engine.start("mor", {"nyckel": "n"}, actor=SYSTEM)
    (item,) = engine.queries.open_items()

    answers = many(lambda _: engine.complete(item.id, {"svar": 1}, actor=ANNA, key="form"))

    assert answers == {None: TIMES}
    assert count(engine, "SELECT count(*) FROM event WHERE kind = 'completed' AND element = 'a'") == 1
    assert engine.verify() == []


def test_of_many_forms_for_one_task_one_is_taken_and_the_others_are_told(engine: Engine, chance: random.Random) -> None:
    engine.start("mor", {"nyckel": "n"}, actor=SYSTEM)
    (item,) = engine.queries.open_items()
    actors = [chance.choice((ANNA, BERTIL)) for _ in range(TIMES)]

    answers = many(lambda number: engine.complete(item.id, {"svar": number}, actor=actors[number], key=f"f{number}"))

    assert answers == {None: 1, "Conflict": TIMES - 1}
    assert count(engine, "SELECT count(*) FROM job") == 1
    assert engine.verify() == []


def test_one_job_run_by_many_workers_writes_its_register_once(engine: Engine) -> None:
    engine.start("mor", {"nyckel": "n"}, actor=SYSTEM)
    (item,) = engine.queries.open_items()
    engine.complete(item.id, {"svar": 1}, actor=ANNA)
    (job,) = engine.due_jobs()

    answers = many(lambda _: engine.run_job(job))

    assert answers[True] == 1
    assert count(engine, "SELECT count(*) FROM register") == 1
    assert count(engine, "SELECT count(*) FROM incident") == 0
    assert engine.verify() == []


def test_one_message_with_its_own_id_is_delivered_once(engine: Engine) -> None:
    at_message(engine)

    answers = many(lambda _: engine.correlate("klar", "n", {}, message_id="m-1", ttl=timedelta(days=1)))
    engine.run_until_idle()

    assert sum(answers.values()) == TIMES
    assert count(engine, "SELECT count(*) FROM message WHERE message_id = 'm-1'") == 1
    assert count(engine, "SELECT count(*) FROM timer") == 1
    assert count(engine, "SELECT count(*) FROM incident") == 0
    assert engine.verify() == []


def test_one_timer_fired_by_many_schedulers_fires_once(engine: Engine) -> None:
    at_message(engine)
    engine.correlate("klar", "n", {})
    engine.run_until_idle()
    engine.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]
    (timer,) = engine.due_timers()

    answers = many(lambda _: engine.fire_timer(timer))

    assert answers[True] == 1
    assert answers[True] + answers[False] + answers["Conflict"] == TIMES
    assert count(engine, "SELECT count(*) FROM process_instance WHERE state = 'active'") == 0
    assert engine.verify() == []


def at_message(engine: Engine) -> None:
    """One case that waits for the message, whose child no longer sends it."""
    engine.start("mor", {"nyckel": "n"}, actor=SYSTEM)
    for element in ("a", "b"):
        engine.run_until_idle()
        (item,) = engine.queries.open_items()
        assert item.element_id == element
        engine.complete(item.id, {"svar": 1}, actor=ANNA)
        if element == "a":
            engine.run_until_idle()
    assert engine.queries.subscriptions()
