"""The history: chained, verified, and still sound when a payload has been disposed of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from engine.verify import ProblemKind
from tests.harness import Journey, bpmn, flows, new_database, user_task

ONE_TASK = bpmn(
    '<startEvent id="s"/>' + user_task("a", "Bedöm") + '<boundaryEvent id="b" attachedToRef="a" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<endEvent id="e"/><endEvent id="e2"/>' + flows("s", "a", "e") + flows("b", "e2")
)


@pytest.fixture
def journey(tmp_path: Any) -> Any:
    begun = Journey.begin(tmp_path, url=new_database(tmp_path), files={"p.bpmn": ONE_TASK})
    begun.case_id = begun.engine.open_case("test", "1")
    begun.start("p", x=1)
    yield begun
    begun.engine.close()


def tamper(journey: Journey, statement: str) -> None:
    with journey.engine.database.transaction(journey.clock) as uow:
        for trigger in ("event_no_update", "event_no_delete"):
            uow.connection.execute(text(f"DROP TRIGGER {trigger}"))
        uow.connection.execute(text(statement))


def test_the_history_says_who_did_what_when(journey: Journey) -> None:
    journey.complete("Bedöm", svar="ja")
    lines = journey.history()
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    (completed,) = [line for line in lines if (line.kind, line.element) == ("completed", "a")]
    assert (completed.actor, completed.at, completed.payload) == (
        "anna",
        journey.clock.now(),
        {"changes": {"svar": "ja"}},
    )
    assert lines[-1].kind == "ended"
    journey.assert_sound()


def test_a_payload_can_be_disposed_of_and_the_chain_verifies(journey: Journey) -> None:
    with journey.engine.database.transaction(journey.clock) as uow:
        uow.connection.execute(text("DELETE FROM payload"))
    journey.assert_sound()
    assert all(line.payload is None for line in journey.history())


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE event SET actor = 'någon annan' WHERE seq = 2", ProblemKind.CHAIN_BROKEN),
        ("DELETE FROM event WHERE seq = 2", ProblemKind.CHAIN_BROKEN),
        ("DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)", ProblemKind.HEAD_WRONG),
        ("UPDATE payload SET body = X'7B7D'", ProblemKind.PAYLOAD_CHANGED),
        ("UPDATE work_item SET state = 'cancelled'", ProblemKind.ROW_MISSING),
        ("DELETE FROM timer", ProblemKind.ROW_MISSING),
        ("UPDATE timer SET due_at = '2020-01-01 00:00:00.000000'", ProblemKind.ROW_WRONG),
        (
            "INSERT INTO subscription (id, instance_id, process_id, kind, name, key, element_id, created_at) "
            "SELECT 'x', id, 'p', 'message', 'm', '', 'a', started_at FROM process_instance",
            ProblemKind.ROW_ORPHANED,
        ),
        ("UPDATE process_instance SET ended_at = started_at, state = 'completed'", ProblemKind.ROW_ORPHANED),
        ("UPDATE process_instance SET snapshot = 'x'", ProblemKind.UNREADABLE),
    ],
)
def test_verify_finds_what_was_tampered_with(journey: Journey, statement: str, kind: ProblemKind) -> None:
    tamper(journey, statement)
    assert kind in {problem.kind for problem in journey.engine.verify()}


def test_equal_payloads_have_different_digests(journey: Journey) -> None:
    journey.start("p", x=1)
    with journey.engine.database.reading() as reader:
        digests = reader.rows(text("SELECT payload_digest FROM event WHERE kind = 'started'"))
    assert len({row[0] for row in digests}) == 2


def test_work_done_in_a_loop_is_told_each_time(begin: Callable[..., Journey]) -> None:
    loop = bpmn('<startEvent id="s"/><exclusiveGateway id="m"/>' + user_task("a") + flows("s", "m", "a", "m"))
    journey = begin(files={"p.bpmn": loop})
    journey.start("p")
    journey.complete("a")
    journey.complete("a")
    told = [kind for kind, element in journey.told("entered", "completed") if element == "a"]
    assert told == ["entered", "completed", "entered", "completed", "entered"]
