"""Timer events: catch, boundary (interrupting and not), cycles, dates; each with its own stored due time."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.bpmn import TransitionKind
from engine.errors import Conflict, NotFound
from engine.feel import DaysTimeDuration, FeelDate, YearsMonthsDuration
from tests.bpmn_builder import boundary, catch, end, flows, process, start, subprocess, timer, user
from tests.bpmn_driver import NOON, Driver


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("definition", "due"),
    [
        (timer("P1M"), "2026-02-28T08:00"),
        (timer("PT36H"), "2026-02-01T20:00"),
        (timer('=duration("P2D")'), "2026-02-02T08:00"),
        (timer("=m"), "2026-03-31T07:00"),
        (timer("=d"), "2026-02-03T08:00"),
        (timer('="P" + string(n) + "D"'), "2026-02-05T08:00"),
        (timer(date="2026-04-01T12:00:00Z"), "2026-04-01T12:00"),
        (timer(date="2026-04-01T12:00"), "2026-04-01T10:00"),
        (timer(date="2026-04-01"), "2026-03-31T22:00"),
        (timer(date="=datum"), "2026-06-05T22:00"),
        (timer(date='=date and time("2026-06-06T12:00:00@Europe/Stockholm")'), "2026-06-06T10:00"),
    ],
)
def test_a_catch_is_due_when_the_calendar_says(run: Driver, definition: str, due: str) -> None:
    run.start(
        process("p", start("s"), catch("t", definition), end("e"), flows("s->t->e")),
        variables={
            "m": YearsMonthsDuration(2),
            "d": DaysTimeDuration(3 * 86_400 * 10**9),
            "n": 5,
            "datum": FeelDate(2026, 6, 6),
        },
    )
    assert run.wait("t").detail.due == at(due)
    run.fire("t")
    assert run.is_done


def test_the_due_time_is_computed_once_when_the_waiting_starts(run: Driver) -> None:
    run.start(process("p", start("s"), catch("t", timer("P1D")), user("u"), flows("s->t->u")))
    due = run.wait("t").detail.due
    run.pass_time(hours=5).set(x=1)
    assert run.wait("t").detail.due == due


def test_a_timer_fires_once(run: Driver) -> None:
    run.start(process("p", start("s"), catch("t", timer("P1D")), user("u"), flows("s->t->u")))
    wait = run.wait("t")
    run.fire("t")
    with pytest.raises(NotFound):
        run.execution.fire(wait.id)
    assert run.waiting == ["u"]


def test_only_timers_are_fired(run: Driver) -> None:
    run.start(process("p", start("s"), user("u"), flows("s->u")))
    with pytest.raises(Conflict):
        run.execution.fire(run.wait("u").id)


def escalation(definition: str, *, cancel: bool) -> str:
    return process(
        "p",
        start("s"),
        user("u"),
        boundary("t", "u", definition, cancel=cancel),
        user("chef"),
        user("after"),
        flows("s->u->after", "t->chef"),
    )


def test_an_interrupting_boundary_takes_the_activity_away(run: Driver) -> None:
    run.start(escalation(timer("P3D"), cancel=True))
    assert run.wait("t").detail.attached_to == "u"
    run.fire("t")
    assert run.waiting == ["chef"]
    assert run.passed(TransitionKind.CANCELLED) == ["u"]


def test_a_completed_activity_takes_its_timers_away(run: Driver) -> None:
    run.start(escalation(timer("P3D"), cancel=True)).complete("u")
    assert run.waiting == ["after"]


def test_a_non_interrupting_boundary_leaves_the_activity(run: Driver) -> None:
    run.start(escalation(timer("P3D"), cancel=False)).fire("t")
    assert run.waiting == ["chef", "u"]
    run.complete("u")
    assert run.waiting == ["after", "chef"]


def test_a_cycle_on_an_interrupting_boundary_fires_once(run: Driver) -> None:
    run.start(escalation(timer(cycle="R/P3D"), cancel=True)).fire("t")
    assert run.waiting == ["chef"]


def test_a_cycle_fires_each_turn_and_then_stops(run: Driver) -> None:
    run.start(escalation(timer(cycle="R3/PT1H"), cancel=False))
    for turn in (1, 2, 3):
        assert run.wait("t").detail.turn == turn
        assert run.wait("t").detail.due == NOON + timedelta(hours=turn)
        run.fire("t")
    assert run.waiting == ["chef", "chef", "chef", "u"]


def test_each_turn_has_its_own_id_so_that_a_late_double_fire_finds_nothing(run: Driver) -> None:
    run.start(escalation(timer(cycle="R/PT1H"), cancel=False))
    first = run.wait("t").id
    run.fire("t")
    with pytest.raises(NotFound):
        run.execution.fire(first)
    assert run.waiting == ["chef", "t", "u"]


def test_turns_are_counted_from_the_anchor(run: Driver) -> None:
    run.start(escalation(timer(cycle="R/P1M"), cancel=False))
    seen = []
    for _ in range(4):
        seen.append(run.wait("t").detail.due)
        run.fire("t")
    assert seen == [at("2026-02-28T08:00"), at("2026-03-31T07:00"), at("2026-04-30T07:00"), at("2026-05-31T07:00")]


def test_missed_turns_fire_once_together(run: Driver) -> None:
    run.start(escalation(timer(cycle="R5/P1D"), cancel=False)).pass_time(days=3, hours=2).fire("t")
    assert run.waiting == ["chef", "t", "u"]
    assert (run.wait("t").detail.turn, run.wait("t").detail.due) == (4, NOON + timedelta(days=4))


def test_a_cycle_with_a_start_is_due_first_at_its_start(run: Driver) -> None:
    run.start(escalation(timer(cycle="R/2026-02-28T09:00/P1M"), cancel=False))
    assert run.wait("t").detail.due == at("2026-02-28T08:00")
    run.fire("t")
    assert run.wait("t").detail.due == at("2026-03-28T08:00")


@pytest.mark.parametrize("value", ["=3", "=x", '="nonsense"', "=null", '=duration("PT0S")'])
def test_a_time_that_is_none_is_an_incident_with_retry(run: Driver, value: str) -> None:
    definition = timer(cycle=value) if "PT0S" in value else timer(value)
    run.start(escalation(definition, cancel=True))
    assert run.waiting == ["u"]
    assert run.incident("u") in ("INVALID_TIMER", "EXPRESSION_FAILED")
    if value == "=x":
        run.set(x="P1D").retry("u")
        assert run.waiting == ["t", "u"]


def test_a_timer_on_a_sub_process_cancels_everything_in_it(run: Driver) -> None:
    inner = subprocess(
        "inner", start("is"), user("a"), boundary("it", "a", timer("P1D")), user("b"), flows("is->a", "is->b", "it->b")
    )
    run.start(
        process(
            "p",
            start("s"),
            subprocess("u", start("us"), inner, user("c"), flows("us->inner", "us->c")),
            boundary("t", "u", timer("P3D")),
            user("chef"),
            flows("s->u", "t->chef"),
        )
    )
    assert run.waiting == ["a", "b", "c", "it", "t"]
    run.fire("t")
    assert run.waiting == ["chef"]


def test_a_timer_that_comes_after_the_completion_finds_nothing(run: Driver) -> None:
    run.start(escalation(timer("P3D"), cancel=True))
    timer_wait = run.wait("t").id
    run.complete("u")
    with pytest.raises(NotFound):
        run.execution.fire(timer_wait)
    assert run.waiting == ["after"]


def test_a_completion_that_comes_after_the_timer_finds_nothing(run: Driver) -> None:
    run.start(escalation(timer("P3D"), cancel=True))
    task_wait = run.wait("u").id
    run.fire("t")
    with pytest.raises(NotFound):
        run.execution.complete(task_wait, {})
    assert run.waiting == ["chef"]


def test_a_boundary_timer_can_read_the_inputs_of_its_activity(run: Driver) -> None:
    run.start(
        process(
            "p",
            start("s"),
            user("u", inputs={"frist": '="P2D"'}),
            boundary("t", "u", timer("=frist")),
            flows("s->u"),
        )
    )
    assert run.wait("t").detail.due == NOON + timedelta(days=2)
