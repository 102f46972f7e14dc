"""What every dispatcher keeps: the local one on SQLite and procrastinate's on PostgreSQL, on the machine's clock."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from engine.clock import ManualClock, SystemClock
from engine.engine import Engine
from engine.errors import StoreUnavailable
from engine.handlers import JobContext
from engine.protocols import Actor, ActorKind, CommitSummary, DueLine, Urgency
from engine.recurring import RecurringWork
from engine.store.states import JobState
from tests.bpmn_builder import end, flows, process, service, start, timer
from tests.harness import ANNA, START
from tests.integration.dispatch.house import PATIENCE, Bells, House, published, until
from timers.local import LocalDispatcher
from timers.recurring import run_due
from timers.work import EngineWork

IMPORT = Actor("import", "Import", ActorKind.IMPORT)


def test_a_timer_fires_and_its_job_runs_without_anyone_asking(house: House, bells: Bells) -> None:
    instance = house.worker().engine.start("waits")
    bells.wait_for(1)
    assert bells.rung == [instance]


def test_a_job_runs_after_the_commit_of_another_process(house: House, bells: Bells) -> None:
    house.worker()
    web = house.web()
    instance = web.start("asks")
    web.complete(web.queries.open_items()[0].id, actor=ANNA)
    bells.wait_for(1)
    assert bells.rung == [instance]


def test_a_timer_that_another_process_commits_is_noticed(house: House, bells: Bells) -> None:
    house.worker()
    instance = house.web().start("waits")
    bells.wait_for(1)
    assert bells.rung == [instance]


def test_what_fell_due_while_nobody_was_awake_is_done_once_after_the_restart(house: House, bells: Bells) -> None:
    web = house.web()
    instances = [web.start("waits") for _ in range(20)] + [web.start("rings") for _ in range(20)]
    house.worker()
    bells.wait_for(40)
    assert sorted(bells.rung) == sorted(instances)


def test_two_workers_do_everything_once(house: House, bells: Bells) -> None:
    first, second = house.worker(), house.worker()
    instances = [worker.engine.start("waits") for worker in (first, second) for _ in range(15)]
    instances += [worker.engine.start("rings") for worker in (first, second) for _ in range(15)]
    bells.wait_for(60)
    assert sorted(bells.rung) == sorted(instances)


def test_a_database_that_does_not_answer_for_a_while_loses_nothing(house: House, bells: Bells) -> None:
    class Shaky(EngineWork):
        failures = 3

        def begin(self, line: str) -> int | None:
            if Shaky.failures:
                Shaky.failures -= 1
                raise StoreUnavailable
            return super().begin(line)

        def fire_due(self, limit: int) -> int:
            if Shaky.failures:
                Shaky.failures -= 1
                raise StoreUnavailable
            return super().fire_due(limit)

    instance = house.worker(work=Shaky).engine.start("waits")
    bells.wait_for(1)
    assert bells.rung == [instance]


def test_jobs_of_one_case_run_in_order_and_one_that_is_tried_again_holds_up_only_its_case(
    house: House, bells: Bells
) -> None:
    failures = [1, 1]

    def fails_first(job: JobContext) -> None:
        if job.variables["name"] == "a1" and failures:
            failures.pop()
            raise RuntimeError("inte än")

    bells.heard = fails_first
    engine = house.worker().engine
    a, b = (engine.open_case("test", name) for name in "ab")
    for case, name in ((a, "a1"), (a, "a2"), (a, "a3"), (b, "b1"), (b, "b2")):
        engine.start("rings", {"name": name}, case_id=case)
    bells.wait_for(5)
    assert [name for name in bells.rung if name[0] == "a"] == ["a1", "a2", "a3"]
    assert [name for name in bells.rung if name[0] == "b"] == ["b1", "b2"]
    assert bells.rung.index("b2") < bells.rung.index("a1")


def test_a_job_that_fails_again_and_again_never_holds_up_a_timer_of_its_case(house: House, bells: Bells) -> None:
    def fails(job: JobContext) -> None:
        if job.variables.get("name") == "trasig":
            raise RuntimeError("nej")

    bells.heard = fails
    engine = house.worker().engine
    case = engine.open_case("test", "1")
    engine.start("rings", {"name": "trasig"}, case_id=case)
    engine.start("timed", case_id=case)
    until(lambda: [item.name for item in engine.queries.open_items()] == ["Efter"])


def test_what_people_wait_for_goes_before_an_import(house: House, bells: Bells) -> None:
    go = threading.Event()
    bells.heard = lambda job: job.variables["name"] != "först" or go.wait(PATIENCE)
    web = house.web()
    for name in ("import 1", "import 2", "import 3"):
        web.start("rings", {"name": name}, actor=IMPORT)
    web.start("rings", {"name": "person"}, actor=ANNA)
    go.set()
    house.worker(threads=1)
    bells.wait_for(4)
    assert bells.rung[0] == "person"


def test_a_handler_that_hangs_is_given_up_and_nobody_waits_for_it_longer(house: House, bells: Bells) -> None:
    wake, hangs = threading.Event(), threading.Event()

    def hang(job: JobContext) -> None:
        if job.variables["name"] == "hänger":
            hangs.set()
            wake.wait(PATIENCE)

    bells.heard = hang
    engine = house.worker(time_limit=timedelta(seconds=1), threads=1).engine
    try:
        engine.start("rings", {"name": "hänger"}, actor=ANNA)
        assert hangs.wait(PATIENCE)
        engine.start("rings", {"name": "annan"}, actor=ANNA)
        bells.wait_for(1)
        until(lambda: [row.code for row in engine.queries.incidents().items] == ["JOB_FAILED"])
        (incident,) = engine.queries.incidents().items
        assert "took longer than 1 s" in incident.message
    finally:
        wake.set()
    bells.wait_until(lambda: bells.rung.count("hänger") == 3)  # they have woken up, and nothing has come of it
    (job,) = engine.queries.jobs().items
    assert job.state is JobState.DEAD


def test_who_stops_finishes_what_is_under_way(house: House, bells: Bells) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(job: JobContext) -> None:
        begun.set()
        go.wait(PATIENCE)

    bells.heard = slow
    worker = house.worker()
    worker.engine.start("rings", {"name": "x"})
    assert begun.wait(PATIENCE)
    stopping = threading.Thread(target=house.stop, args=(worker,))
    stopping.start()
    go.set()
    stopping.join()
    assert list(worker.engine.queries.jobs().items) == []


def test_who_stops_gives_back_what_does_not_end_in_time(house: House, bells: Bells) -> None:
    begun, go = threading.Event(), threading.Event()

    def hang_once(job: JobContext) -> None:
        if not begun.is_set():
            begun.set()
            go.wait(PATIENCE)

    bells.heard = hang_once
    worker = house.worker(grace=timedelta(milliseconds=200))
    worker.engine.start("rings", {"name": "x"})
    assert begun.wait(PATIENCE)
    house.stop(worker)
    (job,) = worker.engine.queries.jobs().items
    assert (job.state, job.retries, job.attempts) == (JobState.READY, 3, 0)
    go.set()
    bells.wait_for(1)  # it wakes up, and nothing comes of it
    house.worker()
    bells.wait_for(2)
    until(lambda: not worker.engine.queries.jobs().items)


def test_a_published_start_timer_starts_its_process(house: House, bells: Bells) -> None:
    house.worker()
    yearly = process(
        "ofta", start("s", timer(cycle="R1/PT1S")), service("j", type_="ring"), end("e"), flows("s -> j -> e")
    )
    house.web().publish({"ofta.bpmn": published(yearly)}, author="a", note="n")
    bells.wait_for(1)


def test_recurring_work_is_taken_once_however_many_workers_look_at_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, ran, together = ManualClock(START), [], threading.Barrier(4)
    work = RecurringWork("raknad", "Räknad", "0 4 * * *", lambda engine: ran.append(1) or "klar")

    def look() -> None:
        with Engine.open(database_url, clock=clock, recurring=[work]) as engine:
            together.wait(PATIENCE)
            run_due(engine)

    for _ in range(2):  # first it is planned, then its turn has come
        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        clock.advance(timedelta(days=1))
    assert ran == [1]


def test_stopping_before_the_start_is_harmless() -> None:
    dispatcher = LocalDispatcher(SystemClock())
    dispatcher.committed(CommitSummary((DueLine("x", Urgency.PERSON),), SystemClock().now() + timedelta(days=1)))
    dispatcher.stop()
