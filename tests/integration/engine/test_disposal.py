"""What a closed case said goes, that it was stays, and its chain still verifies."""

from __future__ import annotations

from typing import Any

import pytest

from engine.disposal import dispose_of_case
from engine.errors import Conflict, NotFound
from engine.protocols import SYSTEM
from engine.store.rows import Paging
from tests.harness import Journey, bpmn, flows, user_task

SECRET = "diagnosen"
PROCESS = bpmn('<startEvent id="s"/>' + user_task("t", "Skriv") + '<endEvent id="e"/>' + flows("s", "t", "e"))


@pytest.fixture
def journey(begin: Any) -> Journey:
    journey: Journey = begin(files={"p.bpmn": PROCESS})
    journey.case_id = journey.engine.open_case("f", "A-1", title=SECRET)
    journey.start("p", om=SECRET)
    return journey


def dispose(journey: Journey) -> int:
    case_id = journey.case_id or ""
    return journey.engine.run_command(lambda context: dispose_of_case(context, case_id), "dispose", SYSTEM, None)


def everything(journey: Journey) -> str:
    """What the tables hold that may say something of a case; small snapshots are written as they are."""
    tables = ("payload", "message", "process_instance", "work_item", "case_")
    with journey.engine.database.reading() as reader:
        rows = [row for name in tables for row in reader.connection.exec_driver_sql(f"SELECT * FROM {name}")]
    return str([[bytes(each) if isinstance(each, memoryview) else each for each in row] for row in rows])


def test_contents_go_and_the_chain_still_verifies(journey: Journey) -> None:
    # given
    journey.complete("Skriv", text=SECRET)
    journey.engine.close_case(journey.case_id or "")
    before = [(line.seq, line.kind) for line in journey.history()]
    assert all(SECRET in held for held in (str(journey.history()), everything(journey)))
    assert journey.variables()["text"] == SECRET
    # when
    assert dispose(journey) > 0
    # then
    after = journey.history()
    assert [(line.seq, line.kind) for line in after[:-1]] == before
    assert after[-1].kind == "disposed"
    assert {str(line.payload) for line in after} <= {"None", "{}"}
    assert journey.variables() == {}
    assert SECRET not in everything(journey)
    journey.assert_sound()


def test_disposing_twice_takes_nothing_more(journey: Journey) -> None:
    journey.complete("Skriv")
    journey.engine.close_case(journey.case_id or "")
    dispose(journey)
    assert dispose(journey) == 0
    journey.assert_sound()


def test_an_open_case_is_not_disposed_of(journey: Journey) -> None:
    with pytest.raises(Conflict, match="closed case"):
        dispose(journey)
    assert journey.variables() == {"om": SECRET}


def test_a_case_that_does_not_exist_is_said(journey: Journey) -> None:
    journey.case_id = "nobody"
    with pytest.raises(NotFound):
        dispose(journey)


def test_a_running_execution_forgets_nothing(journey: Journey) -> None:
    def forget(context: Any) -> None:
        context.take(journey.instance_id).execution.forget()

    with pytest.raises(Conflict):
        journey.engine.run_command(forget, "forget", SYSTEM, None)


def test_another_cases_contents_stay(journey: Journey) -> None:
    # given
    first = journey.case_id
    journey.complete("Skriv", text=SECRET)
    journey.engine.close_case(first or "")
    journey.case_id = journey.engine.open_case("f", "A-2")
    other = journey.start("p", text="kvar")
    # when
    journey.engine.run_command(lambda context: dispose_of_case(context, first or ""), "dispose", SYSTEM, None)
    # then
    assert journey.engine.queries.variables(other)["text"] == "kvar"
    kept = journey.engine.queries.history(journey.case_id, Paging(1, 50)).items
    assert any(line.payload for line in kept)
