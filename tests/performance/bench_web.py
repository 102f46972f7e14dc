"""Requests of fifty people against real `stegvis serve --web-only` processes: inbox 50 %, task 30 %, completion 20 %.

First as fast as they can, which tells the throughput (the times are then those of a queue of fifty), then arriving by
chance at half of that rate, which tells how long a person waits. Timers and jobs are left out: by today's clock
thousands of the population's are overdue, and would be measured too. Beside it an empty Flask view behind the same web
server, which is the limit; two web processes on PostgreSQL; and pages among 100 000 open tasks, within this process.

BENCH_SCALE=5 sends 10 000 requests each way.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from engine.clock import ManualClock
from forms.app import create_app
from forms.settings import Settings
from stegvis import installation
from tests import postgres
from tests.faults.office import ROOT, found, programs
from tests.performance import filled, population
from tests.performance.memory import resident_megabytes
from tests.performance.scale import Row, scaled
from tests.performance.server import cluster
from tests.performance.web_people import PEOPLE, Times, at_once, gathered, on_schedule

CASES, FEW_CASES, OPEN_TASKS = 2_500, 300, 100_000
LOAD = 0.5
"""What share of the throughput arrives when waiting is measured."""
SHARES = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
EMPTY = """
import logging
from flask import Flask
from waitress import create_server
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
app = Flask("empty")
@app.get("/")
def view():
    return "tom"
server = create_server(app, host="127.0.0.1", port=0, threads=8)
print("Stegvis http://127.0.0.1:%s" % server.effective_port, flush=True)
server.run()
"""


def run() -> Iterator[Row]:
    """Name, value, unit and target of each measurement."""
    requests = scaled(2_000)
    rate = yield from _sqlite(requests)
    empty = _empty_view(requests)
    yield "an empty Flask view, as many people", empty, "requests/s", "for comparison"
    yield "requests as a share of an empty view's", rate / empty, "ratio", ""
    if postgres.programs() is not None:
        yield from _postgresql(scaled(500))
    yield from _among_many()


# --- one process on SQLite --------------------------------------------------------------------------------------------


def _sqlite(requests: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copyfile(filled.store(CASES).removeprefix("sqlite:///"), folder / "web.db")
        url = f"sqlite:///{folder / 'web.db'}"
        found(url, max(50, requests // 2))
        with programs(url, folder, webs=1, workers=0, options=("--web-only",)) as (webs, _):
            assert webs[0].process is not None
            web = webs[0].process.pid
            started, people = resident_megabytes(web), gathered(webs)
            at_once(people, PEOPLE * 4)  # a process that has just started reads its definitions and templates
            spent = processor_seconds(web)
            times, rate = at_once(people, requests)
            spent = processor_seconds(web) - spent
            loaded = resident_megabytes(web)
            waited = on_schedule(people, requests, rate * LOAD)
            after = resident_megabytes(web)
    yield f"{requests} requests of {PEOPLE} people, each at once, {CASES} cases", rate, "requests/s", ""
    yield from _waits("at once, ", times)
    yield "processor time of the web process, a request", spent / times.answered * 1000, "ms", ""
    yield f"the same people, arriving by chance: {requests} requests", rate * LOAD, "requests/s", ""
    yield from _waits("by chance, ", waited)
    yield "memory of the web process, started", started, "MB", ""
    yield f"memory of the web process, after {requests} requests", loaded, "MB", ""
    yield f"memory of the web process, after {2 * requests} requests", after, "MB", ""
    return rate


def _waits(how: str, times: Times) -> Iterator[Row]:
    for kind in ("inbox", "task", "completion"):
        for name, part in SHARES:
            yield f"{how}{kind}: {name} of {len(times.taken.get(kind, ()))}", times.share(kind, part), "ms", ""
    told = f" ({dict(times.wrong)})" if times.wrong else ""
    yield f"{how}errors{told}", sum(times.wrong.values()), "requests", "0"


def _empty_view(requests: int) -> float:
    """Requests a second of an empty view, by as many threads."""
    server = subprocess.Popen([sys.executable, "-c", EMPTY], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdout is not None
    netloc = urlsplit(server.stdout.readline().split()[-1]).netloc

    def visit() -> None:
        for _ in range(requests // PEOPLE):
            connection = http.client.HTTPConnection(netloc, timeout=30)
            connection.request("GET", "/?a=b")
            connection.getresponse().read()
            connection.close()

    threads = [threading.Thread(target=visit) for _ in range(PEOPLE)]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = perf_counter() - start
    server.terminate()
    server.wait(timeout=30)
    server.stdout.close()
    return requests / spent


# --- processes beside each other, on PostgreSQL -----------------------------------------------------------------------


def _postgresql(requests: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as place, cluster() as server:
        url = server.new_database()
        found(url, max(50, requests))
        clock = ManualClock(population.UNTIL)
        with installation(url, clock=clock) as room, room.engine.database.transaction(clock) as uow:
            population.fill(uow, FEW_CASES)
        with programs(url, Path(place), webs=2, workers=0) as (webs, _):
            for count in (1, 2):
                people = gathered(webs[:count])
                at_once(people, PEOPLE * 4)
                times, rate = at_once(people, requests)
                processes = "one web process" if count == 1 else f"{count} web processes"
                yield (
                    f"{requests} requests of {PEOPLE} people, each at once, PostgreSQL, {processes}",
                    rate,
                    "requests/s",
                    "",
                )
                yield from _wrong(processes, times)


def _wrong(processes: str, times: Times) -> Iterator[Row]:
    if times.wrong:
        yield f"errors, {processes} ({dict(times.wrong)})", sum(times.wrong.values()), "requests", "0"


# --- among many open tasks --------------------------------------------------------------------------------------------


def _among_many() -> Iterator[Row]:
    """Whole requests through the application, within this process: nothing waits, so processor time tells it all."""
    url = filled.tasks(CASES, OPEN_TASKS)
    with installation(url, clock=ManualClock(population.UNTIL)) as room:
        settings = Settings("en-nyckel-bara-for-prov")
        app = create_app(room.engine, room.families.roles, settings, calendar=room.calendar)
        for user, who in (("hanna", "of one unit"), ("birgitta", "of all units")):
            with _logged_in(app.test_client(), user) as browser:
                for name, path in {
                    "page 1": "/uppgifter?flik=grupp",
                    "page 20": "/uppgifter?flik=alla&sida=20",
                    "overdue": "/uppgifter?flik=forsenade",
                }.items():
                    figure = f"inbox of {OPEN_TASKS} open tasks, whole request, processor time: {name}, {who}"
                    yield figure, _median(browser, [path] * 25), "ms", "< 50"
                tasks = re.findall(r'href="(/uppgifter/[\w-]+)"', browser.get("/uppgifter?flik=grupp").text)
                yield f"task's page, whole request, processor time: {who}", _median(browser, tasks[:25]), "ms", ""


@contextmanager
def _logged_in(browser: FlaskClient, user: str) -> Iterator[FlaskClient]:
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/logga-in").text)
    assert token is not None
    assert browser.post("/logga-in", data={"csrf_token": token[1], "user": user}).status_code == 302
    yield browser


def _median(browser: FlaskClient, paths: Sequence[str]) -> float:
    """Of the processor time of each request, in milliseconds; the first few warm up."""
    times = []
    for path in [*paths[:3], *paths]:
        start = process_time()
        answer = browser.get(path)
        times.append((process_time() - start) * 1000)
        assert answer.status_code == 200, f"{path}: {answer.status}"
    measured = sorted(times[3:])
    return measured[len(measured) // 2]


# --- what the system says of a process --------------------------------------------------------------------------------


def processor_seconds(process_id: int) -> float:
    """How much processor time a process has used (Linux)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
