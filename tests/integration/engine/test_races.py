"""Several at once on one case, on both databases: one is first, nobody is overwritten, and nobody waits in a circle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.engine import Engine
from engine.errors import Conflict
from engine.protocols import Actor
from engine.store.schema import case_
from engine.store.states import InstanceState
from tests.harness import bpmn, flows, user_task
from tests.postgres import Cluster, database_of

ROUNDS = 12
PATIENCE = 60
PLAIN = bpmn(f'<startEvent id="s"/>{user_task("a")}<endEvent id="e"/>{flows("s", "a", "e")}')
HEARS = bpmn(
    '<startEvent id="s"/>'
    f"{user_task('a')}{user_task('b')}"
    '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    '<parallelGateway id="split"/><parallelGateway id="join"/><endEvent id="e"/>'
    + flows("s", "split", "a", "b", "join")
    + flows("split", "c", "join")
    + flows("join", "e"),
    root='<message id="m" name="hello"><extensionElements><zeebe:subscription correlationKey="=k"/></extensionElements>'
    "</message>",
)


@pytest.fixture
def opened(database_url: str) -> Iterator[Callable[[], Engine]]:
    """Opens engines on one database, as processes of their own would, and verifies it at the end."""
    engines: list[Engine] = []

    def open_one() -> Engine:
        engines.append(Engine.open(database_url))
        return engines[-1]

    yield open_one
    assert engines[0].verify() == []
    for engine in engines:
        engine.close()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each of some calls answered, or how it failed, made at the same time."""
    barrier = threading.Barrier(len(calls))

    def make(call: Callable[[], Any]) -> Any:
        barrier.wait(PATIENCE)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        made = [pool.submit(make, call) for call in calls]
        return [each.exception(PATIENCE) or each.result() for each in made]


def test_of_two_people_who_take_a_task_one_has_it_and_the_other_is_told(opened: Callable[[], Engine]) -> None:
    one, other = opened(), opened()
    one.publish({"p.bpmn": PLAIN.encode()}, author="a", note="n")
    for _ in range(ROUNDS):
        instance = one.start("p")
        item = next(each for each in one.queries.open_items() if each.instance_id == instance)
        anna, bertil = Actor("anna", "Anna"), Actor("bertil", "Bertil")
        answers = at_once(lambda: one.claim(item.id, actor=anna), lambda: other.claim(item.id, actor=bertil))  # noqa: B023
        assert sum(isinstance(each, Conflict) for each in answers) == 1, answers
        taken = next(each for each in one.queries.open_items() if each.id == item.id).assignee
        assert taken == ("anna" if answers[0] is None else "bertil")


def test_the_same_form_sent_twice_at_once_is_one_completion_and_no_error(opened: Callable[[], Engine]) -> None:
    one, other = opened(), opened()
    one.publish({"p.bpmn": PLAIN.encode()}, author="a", note="n")
    for number in range(ROUNDS):
        instance = one.start("p")
        item = next(each for each in one.queries.open_items() if each.instance_id == instance)
        key, anna = f"form-{number}", Actor("anna", "Anna")
        answers = at_once(*(lambda each=each: each.complete(item.id, actor=anna, key=key) for each in (one, other)))  # noqa: B023
        assert answers == [None, None]
        assert one.queries.find_instance(instance).state is InstanceState.COMPLETED


def test_a_message_and_a_completed_task_meet_in_one_case_without_waiting_for_each_other(
    opened: Callable[[], Engine], database_url: str, request: pytest.FixtureRequest
) -> None:
    engines = [opened() for _ in range(3)]
    first = engines[0]
    first.publish({"p.bpmn": HEARS.encode()}, author="a", note="n")
    for number in range(ROUNDS):
        case = first.open_case("test", str(number))
        instance = first.start("p", {"k": case}, case_id=case)
        items = [each for each in first.queries.open_items() if each.instance_id == instance]
        anna = Actor("anna", "Anna")
        answers = at_once(
            lambda: engines[0].complete(items[0].id, actor=anna),  # noqa: B023
            lambda: engines[1].correlate("hello", case),  # noqa: B023
            lambda: engines[2].set_variables(instance, {"x": 1}, actor=anna),  # noqa: B023
        )
        assert [each for each in answers if isinstance(each, Exception)] == []
    if not first.database.is_sqlite:
        cluster: Cluster = request.getfixturevalue("shared_cluster")
        with cluster.connect(database_of(database_url)) as connection:
            connection.execute("SELECT pg_stat_force_next_flush()")
            counted = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            assert counted.fetchone() == (0,)


def test_a_reader_sees_one_moment(opened: Callable[[], Engine]) -> None:
    mine, other = opened(), opened()
    counted = select(func.count()).select_from(case_)
    with mine.database.reading() as reader:
        assert reader.scalar(counted) == 0
        other.open_case("test", "1")
        assert reader.scalar(counted) == 0
    with mine.database.reading() as reader:
        assert reader.scalar(counted) == 1
