"""A called escalation knows which task is late, shows on it, and ends by itself when the task is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import NotFound
from engine.handlers import HandlerRegistry, JobContext
from engine.late_task import late_task
from tests.harness import START, Journey, bpmn, flows, service_task, user_task

MESSAGE = (
    '<message id="m" name="stegvis:task-ended"><extensionElements><zeebe:subscription correlationKey="=taskId"/>'
    "</extensionElements></message>"
)
ESCALATING = bpmn(
    f'<startEvent id="s"/>{user_task("t", "Ta emot")}{user_task("u", "Planera")}<endEvent id="e"/>'
    '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition>'
    "<timeDuration>P5D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<boundaryEvent id="b2" attachedToRef="u" cancelActivity="false"><timerEventDefinition>'
    "<timeDuration>P5D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<callActivity id="c"><extensionElements><zeebe:calledElement processId="chain" '
    'propagateAllChildVariables="false"/></extensionElements></callActivity><endEvent id="e2"/>'
    + flows("s", "t", "u", "e")
    + flows("b", "c", "e2")
    + flows("b2", "c"),
)
CHAIN = bpmn(
    f'<startEvent id="s"/>{service_task("j", "find")}<subProcess id="x"><startEvent id="xs"/>'
    + user_task("r", "Säkra")
    + '<endEvent id="xe"/>'
    + flows("xs", "r", "xe")
    + '</subProcess><endEvent id="e"/><endEvent id="done"/>'
    + '<boundaryEvent id="bm" attachedToRef="x"><messageEventDefinition messageRef="m"/></boundaryEvent>'
    + flows("s", "j", "x", "e")
    + flows("bm", "done"),
    process_id="chain",
    root=MESSAGE,
)


@pytest.fixture
def journey(begin: Any) -> Journey:
    handlers = HandlerRegistry()

    @handlers.job("find")
    def find(job: JobContext) -> dict[str, Any]:
        task = late_task(job.command, job.instance_id)
        return {"taskId": task.id, "taskName": task.name, "taskOpen": task.open}

    journey: Journey = begin(files={"p.bpmn": ESCALATING, "chain.bpmn": CHAIN}, handlers=handlers)
    return journey


def chains(journey: Journey) -> list[Any]:
    """The instances of the called escalation, oldest first."""
    return list(journey.engine.queries.find_instances(process_id="chain").items)[::-1]


def test_the_escalation_shows_on_the_late_task_and_is_about_it(journey: Journey) -> None:
    journey.start("p")
    journey.advance("P6D")
    late, secured = journey.item("Ta emot"), journey.item("Säkra")
    assert secured.escalates == late.id
    assert late.escalated_at is not None
    assert late.escalated_at > START
    assert journey.engine.queries.variables(chains(journey)[0].id)["taskName"] == "Ta emot"


def test_doing_the_late_task_ends_its_escalation_and_nothing_else(journey: Journey) -> None:
    journey.start("p")
    journey.advance("P6D")
    journey.complete("Ta emot")
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Planera"]
    assert [each.ended_at is None for each in chains(journey)] == [False]


def test_each_late_task_has_an_escalation_of_its_own_through_the_same_call(journey: Journey) -> None:
    journey.start("p")
    journey.advance("P6D")
    journey.complete("Ta emot")
    journey.advance("P6D")
    assert journey.item("Säkra").escalates == journey.item("Planera").id
    assert [journey.engine.queries.variables(each.id)["taskName"] for each in chains(journey)] == ["Ta emot", "Planera"]
    journey.complete("Planera")
    journey.engine.run_until_idle()
    assert journey.open_tasks() == []
    assert [each.ended_at is None for each in chains(journey)] == [False, False]


def test_a_task_that_is_done_while_the_escalation_begins_is_told_as_done(journey: Journey) -> None:
    # given: the timer has fired, but the job that finds the task has not run yet
    journey.start("p")
    journey.clock.advance(timedelta(days=6))
    for timer in journey.engine.due_timers():
        journey.engine.fire_timer(timer)
    # when: somebody does it a moment later
    journey.clock.advance(timedelta(seconds=1))
    journey.complete("Ta emot")
    journey.engine.run_until_idle()
    # then
    known = journey.engine.queries.variables(chains(journey)[0].id)
    assert (known["taskName"], known["taskOpen"]) == ("Ta emot", False)


def test_a_process_that_no_late_task_has_called_has_none(begin: Any) -> None:
    handlers = HandlerRegistry()
    refused: list[str] = []

    @handlers.job("find")
    def find(job: JobContext) -> dict[str, Any]:
        with pytest.raises(NotFound) as error:
            late_task(job.command, job.instance_id)
        refused.append(error.value.message)
        return {"taskId": "none"}

    journey = begin(files={"chain.bpmn": CHAIN}, handlers=handlers)
    journey.start("chain")
    journey.engine.run_until_idle()
    assert len(refused) == 1
    assert "startats för sig själv" in refused[0]
