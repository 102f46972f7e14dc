"""Requests of fifty people at once against a real `stegvis serve`: inbox 50 %, task 30 %, completion 20 %.

Beside it, by the same people in the same run: an empty Flask view behind the same web server, which is the limit.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from tests.faults.office import ROOT, Program, found, programs
from tests.faults.people import Person, Tally
from tests.performance import filled
from tests.performance.scale import Row, scaled

PEOPLE, CASES = 50, 2_500
USERS = ("hanna", "samir", "lena")
EMPTY = """
import sys
from flask import Flask
from waitress import create_server
app = Flask("empty")
@app.get("/")
def view():
    return "tom"
server = create_server(app, host="127.0.0.1", port=0, threads=8)
print("Stegvis http://127.0.0.1:%s" % server.effective_port, flush=True)
server.run()
"""


@dataclass
class Times:
    """How long requests of each kind took, in milliseconds, and what went wrong."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float) -> None:
        """One request was answered."""
        with self.lock:
            self.taken.setdefault(kind, []).append(seconds * 1000)

    def share(self, kind: str, part: float) -> float:
        """The time within which so many of a kind were answered."""
        ordered = sorted(self.taken.get(kind, [0.0]))
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


class Visitor(Person):
    """One person with one browser, who draws what to do next."""

    times: Times
    tasks: list[str]

    def visit(self, requests: int, barrier: threading.Barrier) -> None:
        """Log in, wait for the others, and send so many requests."""
        self._log_in()
        self.tasks = []
        barrier.wait()
        for _ in range(requests):
            kind = self.chance.choices(("inbox", "task", "completion"), (50, 30, 20))[0]
            try:
                getattr(self, f"_{kind}")()
            except (OSError, http.client.HTTPException) as error:
                self.times.wrong[type(error).__name__] += 1

    def _timed(self, kind: str, method: str, path: str, form: dict[str, str] | None, good: Sequence[int]) -> str:
        start = perf_counter()
        answer = self._once(self.webs[0], method, path, form)
        self.times.note(kind, perf_counter() - start)
        if answer.status not in good:
            self.times.wrong[f"{kind} {answer.status}"] += 1
        return answer.text

    def _inbox(self) -> None:
        text = self._timed("inbox", "GET", f"/uppgifter?flik=grupp&sida={self.chance.randint(1, 20)}", None, (200,))
        self.tasks = re.findall(r'href="/uppgifter/([\w-]+)"', text) or self.tasks

    def _task(self) -> None:
        if not self.tasks:
            return self._inbox()
        self._timed("task", "GET", f"/uppgifter/{self.chance.choice(self.tasks)}", None, (200,))
        return None

    def _completion(self) -> None:
        if not self.tasks:
            return self._inbox()
        task = self.tasks.pop(self.chance.randrange(len(self.tasks)))
        page = self._once(self.webs[0], "GET", f"/uppgifter/{task}", None).text  # a form has to be open to be sent
        key, token = (re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("_key", "csrf_token"))
        question = re.search(r'<input[^>]+name="([^"]*svar)"', page)
        if key is None or token is None:
            return None  # somebody was quicker
        sent = {"csrf_token": token[1], "_key": key[1], **({question[1]: "x"} if question else {})}
        self._timed("completion", "POST", f"/uppgifter/{task}", sent, (302, 409, 422))
        return None


def crowd(web: Program, requests: int) -> tuple[Times, float]:
    """What fifty people met with, and requests a second."""
    times, barrier = Times(), threading.Barrier(PEOPLE + 1)
    people = []
    for number in range(PEOPLE):
        person = Visitor(USERS[number % len(USERS)], [web], random.Random(number), Tally())
        person.times = times
        people.append(person)
    _log_in_once(people)
    threads = [threading.Thread(target=each.visit, args=(requests // PEOPLE, barrier)) for each in people]
    for thread in threads:
        thread.start()
    barrier.wait()
    start = perf_counter()
    for thread in threads:
        thread.join()
    spent = perf_counter() - start
    return times, sum(map(len, times.taken.values())) / spent


def _log_in_once(people: Sequence[Visitor]) -> None:
    """Logins are limited per minute and address: each user logs in once, and their browsers share the session."""
    sessions: dict[str, dict[str, str]] = {}
    for person in people:
        if person.user not in sessions:
            person._log_in()
            sessions[person.user] = dict(person.cookies)
        person.cookies = dict(sessions[person.user])
        person._log_in = lambda: None  # type: ignore[method-assign]


def empty_view(requests: int) -> float:
    """Requests a second of an empty view, by as many threads."""
    server = subprocess.Popen([sys.executable, "-c", EMPTY], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdout is not None
    netloc = urlsplit(server.stdout.readline().split()[-1]).netloc

    def visit() -> None:
        for _ in range(requests // PEOPLE):
            connection = http.client.HTTPConnection(netloc, timeout=30)
            connection.request("GET", "/?" + urlencode({"a": "b"}))
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


def resident_megabytes(process_id: int) -> float:
    """How much memory a process holds (Linux)."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


def processor_seconds(process_id: int) -> float:
    """How much processor time a process has used (Linux)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    requests = scaled(2_000)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copyfile(filled.store(CASES).removeprefix("sqlite:///"), folder / "web.db")
        url = f"sqlite:///{folder / 'web.db'}"
        found(url, max(50, requests // 4))
        with programs(url, folder, webs=1, workers=0) as (webs, _):
            assert webs[0].process is not None
            web = webs[0].process.pid
            before, spent = resident_megabytes(web), processor_seconds(web)
            times, rate = crowd(webs[0], requests)
            after, spent = resident_megabytes(web), processor_seconds(web) - spent
    answered = sum(map(len, times.taken.values())) + len(times.taken.get("completion", ()))  # each form was opened too
    empty = empty_view(requests)
    rows: list[Row] = [(f"{requests} requests of {PEOPLE} people at once, {CASES} cases", rate, "requests/s", "")]
    for kind in ("inbox", "task", "completion"):
        rows += [
            (f"{kind}: {name} of {len(times.taken.get(kind, ()))}", times.share(kind, part), "ms", "")
            for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
        ]
    return [
        *rows,
        ("processor time of the web process, a request", spent / answered * 1000, "ms", ""),
        (f"errors ({dict(times.wrong)})" if times.wrong else "errors", sum(times.wrong.values()), "requests", "0"),
        ("an empty Flask view, as many people", empty, "requests/s", "for comparison"),
        ("requests as a share of an empty view's", rate / empty, "ratio", ""),
        ("memory of the web process, started", before, "MB", ""),
        ("memory of the web process, after that load", after, "MB", ""),
    ]
