"""Timers fire once, when due, whoever tries; escalations show on what they escalate; some start a process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.protocols import SYSTEM
from tests.harness import START, bpmn, flows, user_task


def timer(form: str, value: str) -> str:
    return f"<timerEventDefinition><{form}>{value}</{form}></timerEventDefinition>"


WAITING = bpmn(
    '<startEvent id="s"/><intermediateCatchEvent id="w" name="Tre månader">'
    + timer("timeDuration", "P3M")
    + f'</intermediateCatchEvent>{user_task("t", "Pröva")}<endEvent id="e"/>'
    + flows("s", "w", "t", "e")
)
ESCALATING = bpmn(
    '<startEvent id="s"/>' + user_task("t", "Ta emot") + '<boundaryEvent id="b" attachedToRef="t" '
    'cancelActivity="false">'
    + timer("timeDuration", "P5D")
    + "</boundaryEvent>"
    + user_task("chef", "Påminn")
    + '<endEvent id="e"/><endEvent id="e2"/>'
    + flows("s", "t", "e")
    + flows("b", "chef", "e2")
)


def test_a_timer_fires_when_due_and_not_before(begin: Any) -> None:
    journey = begin(files={"p.bpmn": WAITING}, start=datetime(2026, 1, 15, 8, tzinfo=UTC))
    journey.start("p")
    journey.advance("P89D")
    assert journey.open_tasks() == []
    journey.advance("P1D")
    assert journey.open_tasks() == ["Pröva"]
    (entered,) = [line for line in journey.history() if (line.kind, line.element) == ("entered", "t")]
    assert entered.at == datetime(2026, 4, 15, 7, tzinfo=UTC), "09:00 in Sweden before and after the spring change"


def test_a_timer_fires_once_however_many_try(begin: Any) -> None:
    journey = begin(files={"p.bpmn": WAITING})
    journey.start("p")
    (row,) = journey.engine.queries.timers().items
    assert journey.engine.fire_timer(row.id) is False, "not due"
    journey.clock.advance(timedelta(days=100))
    with ThreadPoolExecutor(8) as pool:
        fired = list(pool.map(journey.engine.fire_timer, [row.id] * 8))
    assert sorted(fired) == [False] * 7 + [True]
    assert journey.open_tasks() == ["Pröva"]


def test_overdue_timers_fire_oldest_first(begin: Any) -> None:
    journey = begin(files={"p.bpmn": WAITING})
    started = []
    for _ in range(3):
        started.append(journey.start("p"))
        journey.clock.advance(timedelta(days=1))
    journey.clock.advance(timedelta(days=200))
    assert journey.engine.fire_due(limit=2) == 2
    assert {item.instance_id for item in journey.items()} == set(started[:2])
    assert journey.engine.next_alarm() == START.replace(month=4, day=17, hour=7)
    journey.engine.run_until_idle()


def test_a_suspended_instances_timer_waits(begin: Any) -> None:
    journey = begin(files={"p.bpmn": WAITING})
    journey.start("p")
    journey.engine.suspend(journey.instance_id, actor=SYSTEM)
    journey.advance("P1Y")
    assert journey.engine.next_alarm() is None
    journey.engine.resume(journey.instance_id, actor=SYSTEM)
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Pröva"]


def test_an_escalation_shows_on_the_task_it_escalates(begin: Any) -> None:
    journey = begin(files={"p.bpmn": ESCALATING})
    journey.start("p")
    journey.advance("P6D")
    original, escalation = journey.item("Ta emot"), journey.item("Påminn")
    assert escalation.escalates == original.id
    assert original.escalated_at == START + timedelta(days=5)
    assert original.escalates is None
    journey.complete("Ta emot")
    assert journey.open_tasks() == ["Påminn"]


def test_the_dispatcher_is_told_of_due_times_and_jobs(begin: Any) -> None:
    told: list[Any] = []

    class Listener:
        def before_commit(self, uow: Any, summary: Any) -> None:
            assert told == [] or told[-1] != summary, "it is told of a commit only once it has happened"

        def committed(self, summary: Any) -> None:
            told.append(summary)

    journey = begin(files={"p.bpmn": WAITING}, dispatcher=Listener())
    journey.start("p")
    assert told[0].released
    assert told[1].earliest_alarm == journey.engine.next_alarm()


MONTHLY = bpmn(
    '<startEvent id="s" name="Varje månad">'
    + timer("timeCycle", "R/2026-01-31T09:00/P1M")
    + "</startEvent>"
    + user_task("t", "Underlag")
    + '<endEvent id="e"/>'
    + flows("s", "t", "e"),
    process_id="manad",
)


def test_a_process_starts_by_itself_each_month_end(begin: Any) -> None:
    journey = begin(files={"m.bpmn": MONTHLY}, start=datetime(2026, 1, 1, tzinfo=UTC))
    journey.advance("P4M")
    days = sorted(item.created_at.date().isoformat() for item in journey.items())
    assert days == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_missed_turns_of_a_start_fire_once_after_downtime(begin: Any) -> None:
    journey = begin(files={"m.bpmn": MONTHLY}, start=datetime(2026, 1, 1, tzinfo=UTC))
    journey.clock.set(datetime(2026, 6, 15, tzinfo=UTC))
    journey.engine.run_until_idle()
    assert journey.open_tasks() == ["Underlag"]
    (row,) = journey.engine.queries.timers().items
    assert row.due_at == datetime(2026, 6, 30, 7, tzinfo=UTC)


def test_a_new_version_takes_over_the_start_without_moving_it(begin: Any) -> None:
    weekly = bpmn(
        '<startEvent id="s">'
        + timer("timeCycle", "R/P7D")
        + "</startEvent>"
        + user_task("t", "Ett")
        + '<endEvent id="e"/>'
        + flows("s", "t", "e")
    )
    journey = begin(files={"p.bpmn": weekly})
    journey.advance("P3D")
    (before,) = journey.engine.queries.timers().items
    journey.publish({"p.bpmn": weekly.replace("Ett", "Två")})
    (after,) = journey.engine.queries.timers().items
    assert (after.id, after.due_at) == (before.id, before.due_at)
    journey.advance("P4D")
    assert journey.open_tasks() == ["Två"]


def test_a_date_that_has_started_its_process_does_not_start_it_again(begin: Any) -> None:
    once = bpmn(
        '<startEvent id="s">'
        + timer("timeDate", "2026-02-01T09:00")
        + "</startEvent>"
        + user_task("t", "Ett")
        + '<endEvent id="e"/>'
        + flows("s", "t", "e")
    )
    journey = begin(files={"p.bpmn": once})
    journey.advance("P1M")
    assert journey.open_tasks() == ["Ett"]
    journey.publish({"p.bpmn": once.replace("Ett", "Två")})
    journey.advance("P1M")
    assert journey.open_tasks() == ["Ett"]
