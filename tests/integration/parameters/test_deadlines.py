"""Deadlines that are counted again when a parameter or the calendar changes: only where the diagram says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from engine.clock import LOCAL_ZONE
from engine.deadlines import DeadlineKind
from engine.engine import Engine
from engine.errors import InvalidInput
from engine.parameter_desk import ChangeRequest
from engine.store.states import InstanceState
from engine.working_time import CalendarBook, Closure
from tests.bpmn_builder import boundary, bpmn, catch, end, flows, process, start, timer, user, zeebe
from tests.harness import ANNA
from tests.integration.parameters.conftest import Office

DAYS = '=add working days(date(since), parameter("svarstid"))'
LATE = '=add working days(today(), parameter("svarstid"))'
RULE = "<zeebe:properties><zeebe:property name='rakna_om' value='vid_andring'/></zeebe:properties>"


def asked(written: str) -> str:
    """An event that says that its deadline is counted again."""
    head, mark, rest = written.partition(">")
    return f"{head}{mark}<bpmn:extensionElements>{RULE}</bpmn:extensionElements>{rest}"


SOURCE = bpmn(
    process(
        "p",
        start("s"),
        user("communicated", more=zeebe("taskSchedule", dueDate=LATE)),
        user("internal", more=zeebe("taskSchedule", dueDate=LATE, followUpDate=LATE) + RULE),
        asked(boundary("reminder", "internal", timer(date=LATE), cancel=False)),
        user("reminded"),
        asked(catch("wait", timer(date=LATE))),
        user("after"),
        end("e"),
        end("f"),
        end("g"),
        flows("s->communicated->e", "s->internal->f", "reminder->reminded->g", "s->wait->after->g"),
    )
).replace(b"-&gt;", b"_")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


@pytest.fixture
def running(office: Office) -> Engine:
    """Two instances that began to wait on Thursday 15 January 2026, when five working days were Thursday the 22nd."""
    engine = office.open()
    engine.publish({"p.bpmn": SOURCE}, author="a", note="n")
    engine.start("p", actor=ANNA)
    case = engine.open_case("test", "T-1", actor=ANNA)
    engine.start("p", case_id=case, actor=ANNA)
    return engine


def change(engine: Engine, days: int, day: date = date(2026, 1, 15)) -> None:
    engine.parameters.change(ChangeRequest("svarstid", days, day, "Nämnden § 12"), actor=ANNA)


def due(engine: Engine) -> dict[str, set[datetime | None]]:
    found: dict[str, set[datetime | None]] = {}
    for item in engine.queries.open_items():
        found.setdefault(item.element_id, set()).add(item.due_at)
    for row in engine.queries.timers().items:
        found.setdefault(row.element_id, set()).add(row.due_at)
    return found


def test_only_deadlines_that_say_so_move_and_the_history_says_why(office: Office, running: Engine) -> None:
    office.clock.advance(timedelta(days=3))
    change(running, 8)
    office.clock.advance(timedelta(days=1))
    before = due(running)
    done = running.deadlines.run(actor=ANNA, reason="Längre tid")

    assert before["internal"] == {local("2026-01-23")}
    assert due(running) == {
        "communicated": {local("2026-01-23")},
        "internal": {local("2026-01-28")},
        "reminder": {local("2026-01-27")},
        "wait": {local("2026-01-27")},
    }
    assert {item.follow_up_at for item in running.queries.open_items() if item.element_id == "internal"} == {
        local("2026-01-27")
    }
    assert (done.looked_at, len(done.moves), done.refused, done.faults) == (6, 8, [], [])
    (case_id,) = {move.case_id for move in done.moves if move.case_id is not None}
    told = [line for line in running.queries.history(case_id).items if line.kind == "deadline moved"]
    assert {(line.element, line.payload["deadline"], line.payload["reason"]) for line in told if line.payload} == {
        ("internal", "due", "Längre tid"),
        ("internal", "follow_up", "Längre tid"),
        ("reminder", "timer", "Längre tid"),
        ("wait", "timer", "Längre tid"),
    }
    assert {each["value"] for line in told for each in (line.payload or {})["parameters"]} == {8}
    assert {line.actor for line in told} == {ANNA.id}
    assert running.verify() == []


def test_a_preview_says_what_a_run_would_do_and_does_nothing(running: Engine) -> None:
    change(running, 8)
    before = due(running)
    found = running.deadlines.preview()

    assert due(running) == before
    assert found.moves == running.deadlines.run(actor=ANNA, reason="x").moves
    assert {(move.element_id, move.kind) for move in found.moves} == {
        ("internal", DeadlineKind.DUE),
        ("internal", DeadlineKind.FOLLOW_UP),
        ("reminder", DeadlineKind.TIMER),
        ("wait", DeadlineKind.TIMER),
    }


def test_a_preview_can_suppose_a_change_that_nobody_has_made(running: Engine) -> None:
    request = ChangeRequest("svarstid", 8, date(2026, 3, 1), "Nämnden § 12")
    supposed = running.parameters.require(request)

    assert len(running.deadlines.preview((supposed,), request.valid_from).moves) == 8
    assert running.deadlines.preview().moves == []


def test_counting_again_twice_changes_nothing_more(running: Engine) -> None:
    change(running, 8)
    running.deadlines.run(actor=ANNA, reason="x")
    again = running.deadlines.run(actor=ANNA, reason="x")
    assert (again.looked_at, again.moves) == (6, [])


def test_a_run_that_was_cut_off_goes_on_where_it_was(running: Engine) -> None:
    class CutOff(BaseException):
        pass

    def cut(number: int) -> None:
        raise CutOff

    change(running, 8)
    with pytest.raises(CutOff):
        running.deadlines.run(actor=ANNA, reason="x", progress=cut)
    assert len(running.deadlines.run(actor=ANNA, reason="x").moves) == 4  # the other instance's
    assert due(running)["wait"] == {local("2026-01-27")}


def test_nothing_moves_into_the_past_without_saying_so(office: Office, running: Engine) -> None:
    office.clock.advance(timedelta(days=5))
    change(running, 1)
    refused = running.deadlines.run(actor=ANNA, reason="Kortare tid")

    assert (refused.moves, len(refused.refused)) == ([], 8)
    assert {move.overdue for move in refused.refused} == {True}
    assert due(running)["wait"] == {local("2026-01-22")}
    assert running.run_until_idle() == 0
    moved = running.deadlines.run(actor=ANNA, reason="Kortare tid", allow_overdue=True)
    assert len(moved.moves) == 8
    running.run_until_idle()
    assert sorted({item.element_id for item in running.queries.open_items()}) == [
        "after",
        "communicated",
        "internal",
        "reminded",
    ]


def test_a_day_that_is_closed_moves_deadlines_too(office: Office, running: Engine) -> None:
    book = CalendarBook(closures=(Closure(date(2026, 1, 20), date(2026, 1, 21), "Flytt"),))
    with_closure = office.open(book)
    moved = with_closure.deadlines.run(actor=ANNA, reason="Stängt för flytt")
    assert len(moved.moves) == 8
    assert due(with_closure)["wait"] == {local("2026-01-26")}


def test_a_suspended_instances_deadline_moves_and_waits(running: Engine) -> None:
    instance = running.queries.timers().items[0].instance_id
    assert instance is not None
    running.suspend(instance, actor=ANNA)
    change(running, 8)
    running.deadlines.run(actor=ANNA, reason="x")
    assert running.queries.find_instance(instance).state is InstanceState.SUSPENDED
    assert due(running)["wait"] == {local("2026-01-27")}
    assert running.verify() == []


def test_a_deadline_that_cannot_be_counted_any_more_is_told_and_stands(running: Engine, office: Office) -> None:
    running.publish({"q.bpmn": BROKEN}, author="a", note="n")
    instance = running.start("q", {"since": "2026-01-15"}, actor=ANNA)
    stood = due(running)["w"]
    running.set_variables(instance, {"since": "sent"}, actor=ANNA)
    done = running.deadlines.run(actor=ANNA, reason="x")
    assert [(fault.instance_id, fault.element_id, fault.code) for fault in done.faults] == [
        (instance, "w", "EXPRESSION_FAILED")
    ]
    assert due(running)["w"] == stood


BROKEN = bpmn(
    process("q", start("s"), asked(catch("w", timer(date=DAYS))), user("u"), end("e"), flows("s->w->u->e"))
).replace(b"-&gt;", b"_")


def test_a_reason_is_needed(running: Engine) -> None:
    with pytest.raises(InvalidInput, match="varför"):
        running.deadlines.run(actor=ANNA, reason=" ")
