"""Work items: completed once, claimed by one, drafts kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Conflict, InvalidInput, NotFound
from engine.handlers import FormContext, HandlerRegistry
from engine.store.states import InstanceState
from tests.harness import ANNA, BERTIL, Journey, bpmn, flows, user_task

TWO_TASKS = bpmn(
    '<startEvent id="s"/>'
    + user_task("a", "Bedöm", '<zeebe:formDefinition formId="bedom"/>')
    + user_task("b", "Besluta")
    + '<endEvent id="e"/>'
    + flows("s", "a", "b", "e")
)


def test_completing_a_task_moves_the_case_on(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    journey.start("p", ok=True)
    assert journey.open_tasks() == ["Bedöm"]
    journey.complete("Bedöm", svar="ja")
    assert journey.open_tasks() == ["Besluta"]
    assert journey.variables() == {"ok": True, "svar": "ja"}
    journey.complete("Besluta")
    assert journey.open_tasks() == []
    assert journey.state() is InstanceState.COMPLETED


def test_a_task_completed_twice_is_a_conflict_and_changes_nothing(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    journey.start("p")
    item = journey.item("Bedöm")
    journey.engine.complete(item.id, {"svar": 1}, actor=ANNA)
    before = journey.history()
    with pytest.raises(Conflict):
        journey.engine.complete(item.id, {"svar": 2}, actor=BERTIL)
    assert journey.history() == before
    assert journey.variables() == {"svar": 1}


def test_the_same_key_twice_gives_the_first_answer(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    first = journey.engine.start("p", {}, actor=ANNA, key="k1")
    assert journey.engine.start("p", {}, actor=ANNA, key="k1") == first
    item = journey.item("Bedöm")
    journey.engine.complete(item.id, {"svar": 1}, actor=ANNA, key="k2")
    journey.engine.complete(item.id, {"svar": 2}, actor=ANNA, key="k2")
    assert journey.engine.queries.variables(first) == {"svar": 1}
    with pytest.raises(Conflict):
        journey.engine.claim(item.id, actor=ANNA, key="k2")


def test_ten_threads_complete_one_task_and_one_of_them_does(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    journey.start("p")
    item, barrier = journey.item("Bedöm"), threading.Barrier(10)

    def click(number: int) -> bool:
        barrier.wait()
        try:
            journey.engine.complete(item.id, {"svar": number}, actor=ANNA)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(click, range(10))) == 1
    assert journey.open_tasks() == ["Besluta"]


def test_two_engines_on_one_file_complete_one_task_once(tmp_path: Path) -> None:
    journey = Journey.begin(tmp_path, files={"p.bpmn": TWO_TASKS})
    journey.start("p")
    item = journey.item("Bedöm")
    other = Journey.begin(tmp_path, url=journey.engine.database.url)
    other.engine.complete(item.id, {}, actor=BERTIL)
    with pytest.raises(Conflict):
        journey.engine.complete(item.id, {}, actor=ANNA)
    journey.assert_sound()
    other.engine.close()
    journey.engine.close()


def test_a_claimed_task_is_nobody_elses(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    journey.start("p")
    item = journey.item("Bedöm")
    journey.engine.claim(item.id, actor=ANNA)
    journey.engine.claim(item.id, actor=ANNA)
    with pytest.raises(Conflict):
        journey.engine.claim(item.id, actor=BERTIL)
    journey.engine.assign(item.id, BERTIL, actor=ANNA)
    assert journey.item("Bedöm").assignee == "bertil"
    journey.engine.release(item.id, actor=BERTIL)
    assert journey.item("Bedöm").assignee is None
    assert [kind for kind, _ in journey.told("claimed", "assigned", "released")] == ["claimed", "assigned", "released"]


def test_a_draft_is_kept_until_the_task_is_completed(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    journey.start("p")
    item = journey.item("Bedöm")
    journey.engine.save_draft(item.id, {"motiv": "halv mening"}, actor=ANNA)
    assert journey.item("Bedöm").has_draft
    with pytest.raises(InvalidInput):
        journey.engine.save_draft(item.id, {"motiv": object()}, actor=ANNA)
    journey.complete("Bedöm")
    with pytest.raises(Conflict):
        journey.engine.save_draft(item.id, {}, actor=ANNA)


def test_a_form_handler_adds_variables_or_refuses(begin: Any) -> None:
    registry = HandlerRegistry()

    @registry.form("bedom")
    def check_answers(form: FormContext) -> dict[str, Any]:
        if "svar" not in form.answers:
            raise InvalidInput("Svaret saknas.")
        return {"dubbelt": form.answers["svar"] * 2}

    journey = begin(files={"p.bpmn": TWO_TASKS}, handlers=registry)
    journey.start("p")
    with pytest.raises(InvalidInput):
        journey.complete("Bedöm")
    assert journey.open_tasks() == ["Bedöm"]
    journey.complete("Bedöm", svar=21)
    assert journey.variables()["dubbelt"] == 42


def test_what_does_not_exist_is_not_found(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    with pytest.raises(NotFound):
        journey.engine.start("q", actor=ANNA)
    with pytest.raises(NotFound):
        journey.engine.complete("nothing", {}, actor=ANNA)
    with pytest.raises(NotFound):
        journey.engine.start("p", case_id="nothing", actor=ANNA)


def test_a_variable_that_cannot_be_kept_is_refused_and_nothing_changes(begin: Any) -> None:
    journey = begin(files={"p.bpmn": TWO_TASKS})
    journey.start("p")
    with pytest.raises(InvalidInput):
        journey.complete("Bedöm", svar=object())
    assert journey.open_tasks() == ["Bedöm"]
