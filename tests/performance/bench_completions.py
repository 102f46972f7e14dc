"""Completions of tasks on PostgreSQL by one, two and four processes.

Beside it, in the same run: commits of one row each, by one connection to the same server, which waits for its disk.
"""

from __future__ import annotations

import multiprocessing
import sys
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from time import perf_counter

import psycopg

from engine.clock import ManualClock
from engine.engine import Engine
from tests.harness import ANNA, bpmn, flows, user_task
from tests.performance.scale import Row, scaled
from tests.performance.server import cluster
from tests.postgres import programs

NOW = datetime(2026, 2, 1, tzinfo=UTC)
COMMITS = 300
TASK = bpmn('<startEvent id="s"/>' + user_task("a") + '<endEvent id="e"/>' + flows("s", "a", "e"))


def complete_share(engine: Engine, number: int, of: int) -> int:
    """Complete this process' share of the open tasks."""
    mine = [item.id for item in engine.queries.open_items() if int(item.id, 16) % of == number]
    for item_id in mine:
        engine.complete(item_id, {"svar": 1}, actor=ANNA)
    return len(mine)


def _process(url: str, number: int, of: int, ready: Barrier, answer: multiprocessing.Queue[int]) -> None:
    with Engine.open(url, clock=ManualClock(NOW)) as engine:
        engine.queries.definitions()
        ready.wait()
        answer.put(complete_share(engine, number, of))


def rate(url: str, processes: int) -> float:
    """How much so many processes do in a second, together."""
    context = multiprocessing.get_context("spawn")
    ready, answer = context.Barrier(processes + 1), context.Queue()
    running = [
        context.Process(target=_process, args=(url, number, processes, ready, answer)) for number in range(processes)
    ]
    for process in running:
        process.start()
    ready.wait()
    start = perf_counter()
    done = sum(answer.get(timeout=600) for _ in running)
    spent = perf_counter() - start
    for process in running:
        process.join()
    return done / spent


def _filled(url: str, instances: int) -> None:
    """Publish a process of one task and start so many instances of it."""
    with Engine.open(url, clock=ManualClock(NOW)) as engine:
        engine.publish({"p.bpmn": TASK.encode()}, author="bench", note="")
        for _ in range(instances):
            engine.start("p")


def raw_commits(address: str) -> float:
    """Commits a second of one row each."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE raw (id bigserial PRIMARY KEY, body bytea)")
        start = perf_counter()
        for _ in range(COMMITS):
            connection.execute("INSERT INTO raw (body) VALUES (%s)", (b"x" * 1_000,))
        return COMMITS / (perf_counter() - start)


def run() -> list[Row]:
    """Name, value, unit and target of each measurement; none without a PostgreSQL server."""
    if programs() is None:
        print("SKIPPED: no figures of PostgreSQL: no server is installed", file=sys.stderr)
        return []
    rows: list[Row] = []
    with cluster() as server:
        commits = raw_commits(server.connection_string())
        alone = 0.0
        for processes in (1, 2, 4):
            url = server.new_database()
            _filled(url, scaled(400))
            completions = rate(url, processes)
            alone = alone or completions
            rows.append((f"completions on PostgreSQL by {processes} processes", completions, "1/s", ""))
            if processes > 1:
                rows.append((f"completions by {processes} processes against one", completions / alone, "ratio", ""))
            server.drop_database(url)
    return [
        *rows,
        ("raw commits of one row on PostgreSQL", commits, "1/s", "for comparison"),
        ("completions of one process a raw commit", alone / commits, "ratio", ""),
    ]
