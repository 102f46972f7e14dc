"""What operators ask of the store: how much was done and how fast, who is stuck, what is due; each by an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from engine.cases import Party
from engine.engine import Engine
from engine.errors import InvalidInput, NotFound
from engine.handlers import HandlerRegistry
from engine.operations import (
    activity,
    incident,
    incident_cause,
    incident_causes,
    incidents_of_cause,
    incidents_of_instance,
    late_timers,
    list_jobs,
    pulse,
    release_changes,
    timers_by_hour,
)
from engine.slowness import StuckSort, Usual, element_times, stuck
from engine.store.incident_groups import GroupSort
from engine.store.job_lists import JobSort
from engine.store.pulse_rows import JobStanding
from engine.store.rows import Paging
from tests.bpmn_builder import (
    boundary,
    bpmn,
    catch,
    end,
    flows,
    message,
    message_def,
    process,
    service,
    start,
    timer,
    user,
)
from tests.harness import ANNA, Journey

BeginJourney = Callable[..., Journey]
DIAGRAM = bpmn(
    message("m", "svar", "=nyckel"),
    process(
        "val",
        start("s"),
        user("bedom"),
        catch("vanta", message_def("m")),
        end("e"),
        flows("s->bedom->vanta->e"),
        boundary("sen", "bedom", timer("P3D"), cancel=False),
        end("x"),
        flows("sen->x"),
    ),
)
JOBS = bpmn(process("jobb", start("s"), service("gor"), end("e"), flows("s->gor->e")))


@pytest.fixture
def journey(begin: BeginJourney) -> Journey:
    """Six cases in which the task took one to six hours and the answer twice as long."""
    found = begin(files={"val.bpmn": DIAGRAM})
    for number in range(1, 7):
        found.case_id = found.engine.open_case("prov", f"2026-{number}", parties=[Party("social", None)])
        found.start("val", nyckel=f"n{number}")
        found.engine.advance(timedelta(hours=number))
        found.complete("bedom")
        found.engine.advance(timedelta(hours=2 * number))
        found.engine.correlate("svar", f"n{number}")
        found.engine.run_until_idle()
        found.engine.close_case(found.case_id, actor=ANNA)
    found.case_id = None
    return found


def test_each_day_tells_what_was_done_in_it(journey: Journey) -> None:
    told = activity(journey.engine, 30)

    assert told.days[-1].day == date(2026, 1, 18)
    assert [day.tasks_completed for day in told.days[-4:]] == [3, 2, 1, 0]
    assert sum(day.cases_opened for day in told.days) == 6
    assert sum(day.cases_closed for day in told.days) == 6
    (task,) = told.tasks
    assert (task.process_id, task.element_id, task.count, told.is_complete) == ("val", "bedom", 6, True)
    assert (task.median, task.p90) == (timedelta(hours=3, minutes=30), timedelta(hours=5, minutes=30))


@pytest.mark.parametrize("days", [0, 181, -1])
def test_activity_of_no_days_or_too_many_is_refused(journey: Journey, days: int) -> None:
    with pytest.raises(InvalidInput):
        activity(journey.engine, days)


def test_what_an_element_usually_takes_is_read_from_instances_that_have_ended(journey: Journey) -> None:
    times = {each.element_id: each for each in element_times(journey.engine)}

    assert (times["bedom"].is_task, times["bedom"].median) == (True, timedelta(hours=3, minutes=30))
    assert (times["vanta"].is_task, times["vanta"].median) == (False, timedelta(hours=7))
    assert times["bedom"].count == 6


def test_whoever_waits_many_times_the_usual_is_stuck_the_furthest_first(journey: Journey) -> None:
    task = journey.start("val", nyckel="a")
    journey.engine.advance(timedelta(hours=8))
    waits = journey.start("val", nyckel="b")
    _complete(journey, waits)
    journey.engine.advance(timedelta(hours=22))
    usual = Usual(journey.engine)

    page = usual.stuck(3, Paging())

    assert [(row.waiting.instance_id, row.waiting.element_id) for row in page.items] == [
        (task, "bedom"),
        (waits, "vanta"),
    ]
    assert page.items[0].times == pytest.approx(30 / 3.5)
    assert page.items[1].times == pytest.approx(22 / 7)
    assert (page.total, page.total_is_exact) == (2, True)
    assert usual.stuck(5, Paging()).total == 1
    late = usual.stuck(3, Paging(), sort=StuckSort.WAITED)
    assert [row.waited for row in late.items] == [timedelta(hours=30), timedelta(hours=22)]
    assert usual.stuck(3, Paging(2, 1)).items == page.items[1:]
    assert usual.stuck(3, Paging(), "other").items == ()


def test_what_is_usual_is_kept_for_some_minutes(journey: Journey) -> None:
    usual = Usual(journey.engine)
    first = usual.times()

    assert usual.times() is first
    journey.clock.advance(timedelta(minutes=11))
    assert usual.times() is not first


def test_nothing_is_said_of_elements_that_were_hardly_ever_completed(begin: BeginJourney) -> None:
    young = begin(files={"val.bpmn": DIAGRAM})
    young.start("val", nyckel="a")

    assert element_times(young.engine) == []
    assert stuck(young.engine, [], 3, Paging()).items == ()


def test_timers_are_counted_by_the_hour_they_fall_due_and_late_ones_listed(journey: Journey) -> None:
    journey.start("val", nyckel="a")
    bars = timers_by_hour(journey.engine, 96)

    assert [(bar.begin, bar.count) for bar in bars if bar.count] == [(bars[72].begin, 1)]
    assert late_timers(journey.engine, Paging()).items == ()
    journey.clock.advance(timedelta(days=3, minutes=1))
    (late,) = late_timers(journey.engine, Paging()).items
    assert late.element_id == "sen"
    assert pulse(journey.engine).timer_lag == timedelta(minutes=1)


def test_jobs_are_listed_by_standing_and_type(begin: BeginJourney) -> None:
    handlers = HandlerRegistry()

    @handlers.job("work")
    def fail(_context: object) -> None:
        raise RuntimeError("on purpose")

    found = begin(files={"jobb.bpmn": JOBS}, handlers=handlers)
    dead = found.start("jobb")
    found.engine.advance("P1D")
    found.start("jobb")
    found.engine.run_until_idle()
    suspended = found.start("jobb")
    found.engine.suspend(suspended, actor=ANNA)
    found.start("jobb")

    def listed(standing: JobStanding | None, sort: JobSort = JobSort.DUE) -> list[str | None]:
        return [row.instance_id for row in list_jobs(found.engine, "work", standing, sort, Paging()).items]

    assert listed(JobStanding.DEAD) == [dead]
    assert listed(JobStanding.SUSPENDED) == [suspended]
    assert [len(listed(each)) for each in (JobStanding.READY, JobStanding.WAITING, JobStanding.LEASED)] == [1, 1, 0]
    assert len(listed(None)) == 4
    assert listed(None, JobSort.NEWEST) == listed(None, JobSort.NEWEST)
    assert list_jobs(found.engine, None, None, JobSort.NEWEST, Paging(2, 3)).items[0].instance_id == dead
    assert list_jobs(found.engine, "none", None, JobSort.DUE, Paging()).total == 0
    counts = {(each.type, each.standing): each.count for each in pulse(found.engine).jobs}
    assert counts == {("work", each): 1 for each in JobStanding if each is not JobStanding.LEASED}


def test_an_incident_is_found_by_id_cause_and_instance(begin: BeginJourney) -> None:
    handlers = HandlerRegistry()

    @handlers.job("work")
    def fail(_context: object) -> None:
        raise RuntimeError("on purpose")

    found = begin(files={"jobb.bpmn": JOBS}, handlers=handlers)
    instance = found.start("jobb")
    found.engine.advance("P1D")
    (group,) = incident_causes(found.engine, GroupSort.COUNT, Paging()).items

    (one,) = incidents_of_cause(found.engine, group.cause, Paging(), newest_first=True).items
    assert incident(found.engine, one.id) == one
    assert incidents_of_instance(found.engine, instance, Paging()).items == (one,)
    assert incident_cause(found.engine, group.cause) == group
    assert pulse(found.engine).incidents == {"JOB_FAILED": 1}
    for ask in (lambda: incident(found.engine, "none"), lambda: incident_cause(found.engine, "none")):
        with pytest.raises(NotFound):
            ask()


def test_a_release_tells_what_it_changed(journey: Journey) -> None:
    journey.publish({"val.bpmn": DIAGRAM.replace(b"P3D", b"P4D"), "jobb.bpmn": JOBS})
    journey.engine.publish({}, author="test", note="", withdrawn=["jobb.bpmn"])

    first, second, third = (release_changes(journey.engine, number) for number in (1, 2, 3))
    assert first.added == ("val.bpmn",)
    assert (second.added, second.changed) == (("jobb.bpmn",), ("val.bpmn",))
    assert third.removed == ("jobb.bpmn",)


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is asked meanwhile."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        found.append((statement, parameters))

    target = engine.database._read_engine
    event.listen(target, "before_cursor_execute", note)
    yield found
    event.remove(target, "before_cursor_execute", note)


def test_every_question_is_answered_from_an_index(journey: Journey) -> None:
    engine = journey.engine
    if not engine.database.is_sqlite:
        return  # the same indexes; PostgreSQL's planner scans tables as small as a test's
    with statements(engine) as asked:
        pulse(engine)
        activity(engine, 3)
        timers_by_hour(engine, 3)
        late_timers(engine, Paging())
        Usual(engine).stuck(3, Paging())
        list_jobs(engine, "work", None, JobSort.DUE, Paging())
        list_jobs(engine, None, JobStanding.DEAD, JobSort.NEWEST, Paging())
        incident_causes(engine, GroupSort.COUNT, Paging())
        incidents_of_cause(engine, "x", Paging())
    small = (
        "SCAN job",
        "SCAN process_definition",
        "SCAN release",
        "SCAN recurring",
        "SCAN pragma",
        "SCAN later",
        "SCAN worker",
    )
    faults = []
    with engine.database.reading() as reader:
        for statement, parameters in asked:
            plan = reader.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            faults += [
                (row[3], statement[:80])
                for row in plan
                if row[3].startswith("SCAN ") and "USING" not in row[3] and not _is_made_here(row[3], small)
            ]
    assert len(asked) > 15
    assert faults == []


def _is_made_here(step: str, small: tuple[str, ...]) -> bool:
    """Whether a scan is of rows that the statement itself has made, or of a table that stays small."""
    return step.startswith(small) or step.startswith(("SCAN anon", "SCAN (", "SCAN CONSTANT")) or "SUBQUERY" in step


def _complete(journey: Journey, instance_id: str) -> None:
    (item,) = journey.engine.queries.open_items(instance_id=instance_id)
    journey.engine.complete(item.id, actor=ANNA)
    journey.engine.run_until_idle()


def test_the_migration_gives_old_incidents_their_cause(tmp_path: Any) -> None:
    from alembic import command
    from sqlalchemy import create_engine

    from engine.store.migrating import CORE, _config

    url = f"sqlite:///{tmp_path / 'old.db'}"
    old = create_engine(url)
    with old.begin() as connection:
        command.upgrade(_config(CORE, connection), "0003")
        for number in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO incident (id, name, code, message, state, created_at) "
                    f"VALUES ('i{number}', 'Brev', 'X', 'fel {number}', 'open', '2026-01-15 08:00:00.000000')"
                )
            )
    old.dispose()

    with Engine.open(url, create=True) as engine:
        (group,) = incident_causes(engine, GroupSort.COUNT, Paging()).items

    assert (group.count, group.pattern, group.code) == (2, "fel …", "X")
