"""What holds for procrastinate's queue on PostgreSQL besides the contract of all dispatchers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from engine.engine import Engine
from engine.errors import InvalidInput, SchemaMismatch
from engine.protocols import NoDispatcher
from engine.workers import living
from tests.harness import ANNA
from tests.integration.dispatch.house import FILES, Bells, House, until
from tests.postgres import Cluster
from timers.queue import schema
from timers.queue import tickets as queue_tickets
from timers.queue.schema import migrate_queue, require_queue
from timers.queue.worker import CONNECTIONS


@pytest.fixture
def house(postgres_url: str, bells: Bells) -> Iterator[House]:
    """Processes on a new database on PostgreSQL."""
    opened = House(postgres_url, bells.handlers)
    opened.web().publish(FILES, author="a", note="n")
    yield opened
    opened.close()


@contextmanager
def connected(engine: Engine) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(engine.database.driver_address, autocommit=True) as connection:
        yield connection


def tickets(engine: Engine) -> list[tuple[Any, ...]]:
    """Line, priority, state and due time of each ticket, oldest first."""
    with connected(engine) as connection:
        asked = "SELECT lock, priority, status::text, scheduled_at FROM procrastinate_jobs ORDER BY id"
        return connection.execute(asked).fetchall()


def deaf(house: House) -> Engine:
    """A process whose commits tell nobody anything: as if every notification and ticket were lost."""
    return house._open(NoDispatcher())


def test_a_ticket_is_written_with_the_command_or_not_at_all(house: House) -> None:
    web = house.web()
    instance = web.start("rings", actor=ANNA)
    assert tickets(web) == [(instance, 0, "todo", None)]
    with pytest.raises(InvalidInput):
        web.start("rings", {"x": "\ud800"}, actor=ANNA)
    assert len(tickets(web)) == 1


def test_timers_make_no_ticket_and_hold_no_lock(house: House, bells: Bells) -> None:
    web = house.web()
    web.start("timed")
    assert tickets(web) == []
    house.worker()
    until(lambda: [item.name for item in web.queries.open_items()] == ["Efter"])
    assert tickets(web) == []


def test_a_lost_notification_is_polled_for(house: House, bells: Bells) -> None:
    house.worker()
    instance = deaf(house).start("waits")
    bells.wait_for(1)
    assert bells.rung == [instance]


@pytest.mark.parametrize("payload", ["", "i morgon", "2026-01-01T00:00", "'; DROP TABLE job"])
def test_a_notification_that_says_nothing_makes_workers_look(house: House, bells: Bells, payload: str) -> None:
    house.worker(poll=timedelta(hours=1))
    web = deaf(house)
    web.start("waits")
    until(lambda: web.due_timers() != [])
    with connected(web) as connection:
        connection.execute("SELECT pg_notify('stegvis_alarm', %s)", (payload,))
        connection.execute("SELECT pg_notify('stegvis_alarm', %s)", (payload,))
    until(lambda: web.due_timers() == [])


def test_lost_tickets_are_found_missing(house: House, bells: Bells) -> None:
    web = house.web()
    instances = [web.start("rings") for _ in range(5)]
    with connected(web) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
    house.worker()
    bells.wait_for(5)
    assert sorted(bells.rung) == sorted(instances)


def test_a_ticket_that_a_dead_worker_holds_is_taken_away_and_its_line_goes_on(house: House, bells: Bells) -> None:
    web = house.web()
    instance = web.start("rings")
    with connected(web) as connection:
        (dead,) = connection.execute("SELECT procrastinate_register_worker_v1()").fetchone() or ()
        connection.execute("SELECT procrastinate_fetch_job_v2(ARRAY['stegvis'], %s)", (dead,))
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    assert tickets(web) == [(instance, -2, "doing", None)]
    house.worker()
    bells.wait_for(1)
    until(lambda: tickets(web) == [])


def test_a_dead_workers_job_holds_up_no_timer_of_its_case(house: House, bells: Bells) -> None:
    web = house.web()
    case = web.open_case("test", "1")
    web.start("rings", {"name": "fast"}, case_id=case)
    web.start("timed", case_id=case)
    with connected(web) as connection:
        (dead,) = connection.execute("SELECT procrastinate_register_worker_v1()").fetchone() or ()
        connection.execute("SELECT procrastinate_fetch_job_v2(ARRAY['stegvis'], %s)", (dead,))
    house.worker(silent_after=timedelta(hours=1))
    until(lambda: [item.name for item in web.queries.open_items()] == ["Efter"])
    assert bells.rung == []
    with connected(web) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
    bells.wait_for(1)


def test_a_line_with_more_jobs_than_run_in_a_row_is_gone_on_with_in_order(house: House, bells: Bells) -> None:
    web = house.web()
    long = web.open_case("test", "lång")
    for number in range(50):
        web.start("rings", {"name": f"lång {number}"}, case_id=long)
    with connected(web) as connection:  # one ticket is enough
        connection.execute("DELETE FROM procrastinate_jobs WHERE id > (SELECT min(id) FROM procrastinate_jobs)")
    house.worker(threads=1)
    bells.wait_for(50)
    assert bells.rung == [f"lång {number}" for number in range(50)]


def test_workers_go_on_when_their_connections_were_cut(own_cluster: Cluster, bells: Bells) -> None:
    house = House(own_cluster.new_database(), bells.handlers)
    web = house.web()
    web.publish(FILES, author="a", note="n")
    house.worker()
    web.start("rings")
    bells.wait_for(1)

    assert own_cluster.cut_connections() > 0

    with Engine.open(house.address) as other:
        instances = [other.start("waits"), other.start("rings")]
    bells.wait_for(3)
    assert sorted(bells.rung[1:]) == sorted(instances)
    house.close()


def test_who_works_is_known_while_it_works(house: House) -> None:
    worker = house.worker()
    assert [row.kind for row in living(worker.engine)] == ["worker"]
    house.stop(worker)
    assert living(worker.engine) == []


# --- its tables -------------------------------------------------------------------------------------------------------


@pytest.fixture
def address(postgres_url: str) -> str:
    return postgres_url.replace("+psycopg", "")


def test_the_queues_tables_are_missing_until_they_are_migrated(address: str) -> None:
    with pytest.raises(SchemaMismatch, match="stegvis migrate"):
        require_queue(address)
    migrate_queue(address)
    require_queue(address)
    migrate_queue(address)


def test_processes_that_migrate_at_the_same_time_wait_for_each_other(address: str) -> None:
    failed: list[Exception] = []

    def migrate() -> None:
        try:
            migrate_queue(address)
        except Exception as error:  # noqa: BLE001 told below
            failed.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    require_queue(address)


def test_taking_a_ticket_costs_the_same_however_many_wait(address: str) -> None:
    migrate_queue(address)

    def pages_read(waiting: int) -> int:
        """Pages that a worker reads to take one of so many tickets, which are gone again afterwards."""
        lines = [f"line {number}" for number in range(waiting)]
        with psycopg.connect(address, **CONNECTIONS) as connection:
            connection.execute(queue_tickets._DEFER, (queue_tickets.QUEUE, "t", lines, [0] * waiting))
            worker = connection.execute("SELECT worker_id FROM procrastinate_register_worker_v1()").fetchone()
            take = "SELECT * FROM procrastinate_fetch_job_v2(ARRAY['stegvis'], %s)"
            assert connection.execute(take, worker).fetchone() is not None
            ((told,),) = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {take}", worker)
            connection.rollback()
        return int(told[0]["Plan"]["Shared Hit Blocks"]) + int(told[0]["Plan"]["Shared Read Blocks"])

    few = pages_read(20)
    pages_read(2_000)  # a busy hour has been: the server plans by the size that it left
    assert 0 < pages_read(600) < 3 * few


def test_tables_of_an_earlier_library_are_brought_forward(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every = schema._migrations()
    monkeypatch.setattr(schema, "_migrations", lambda: every[:-1])
    migrate_queue(address)
    monkeypatch.undo()
    with pytest.raises(SchemaMismatch, match=every[-2].stem):
        require_queue(address)
    migrate_queue(address)
    require_queue(address)


def test_tables_that_others_have_made_are_left_alone(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE procrastinate_jobs (id int)")
    with pytest.raises(SchemaMismatch, match="database of its own"):
        migrate_queue(address)


def test_a_version_nobody_knows_is_refused(address: str) -> None:
    migrate_queue(address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE schema_version_queue SET version = '99'")
    with pytest.raises(SchemaMismatch, match="99"):
        migrate_queue(address)
