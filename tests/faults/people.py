"""People at browsers: each logs in, takes any task of the list, answers its form, and sends it until it is answered."""

from __future__ import annotations

import http.client
import random
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.faults.office import Program

LOST = (http.client.HTTPException, OSError)
MAX_TRIES = 2_000
"""Of one request: a bound that is met only where a program does not come back."""


@dataclass
class Answer:
    """What a server said."""

    status: int
    text: str


@dataclass
class Tally:
    """What all people together have seen; wakes whoever waits for them to get on."""

    statuses: dict[int, int] = field(default_factory=dict)
    lost: int = 0
    odd: list[str] = field(default_factory=list)
    condition: threading.Condition = field(default_factory=threading.Condition)

    @property
    def sent(self) -> int:
        """How many forms have been answered for."""
        return sum(self.statuses.values())

    def count(self, status: int) -> None:
        """A form was sent and this came back."""
        with self.condition:
            self.statuses[status] = self.statuses.get(status, 0) + 1
            self.condition.notify_all()

    def wait_for(self, number: int, alive: Callable[[], bool]) -> bool:
        """Wait until so many forms have been sent; False where nobody is left who would."""
        with self.condition:
            while self.sent < number:
                if not alive():
                    return False
                self.condition.wait(0.2)
        return True


@dataclass
class Person:
    """One person with one browser, over whichever of the web programs answers."""

    user: str
    webs: Sequence[Program]
    chance: random.Random
    tally: Tally
    cookies: dict[str, str] = field(default_factory=dict)

    def work(self, done: Callable[[], bool]) -> None:
        """Answer forms until there are none and `done` says that none will come."""
        self._log_in()
        while True:
            tasks = re.findall(r'href="/uppgifter/([\w-]+)"', self._until_answered("GET", "/uppgifter?flik=grupp").text)
            if not tasks:
                if done():
                    return
                continue
            self._answer(self.chance.choice(tasks))

    def _answer(self, task: str) -> None:
        page = self._until_answered("GET", f"/uppgifter/{task}")
        key, token = (re.search(rf'name="{name}" value="([^"]+)"', page.text) for name in ("_key", "csrf_token"))
        question = re.search(r'<input[^>]+name="([^"]*svar)"', page.text)
        if key is None or token is None or question is None:
            return  # somebody else was quicker
        sent = {"csrf_token": token[1], "_key": key[1], question[1]: self.user}
        answer = self._until_answered("POST", f"/uppgifter/{task}", sent)
        self.tally.count(answer.status)
        if answer.status not in (302, 403, 404, 409):
            self.tally.odd.append(f"{answer.status} for {task}: {answer.text[:300]}")

    def _log_in(self) -> None:
        page = self._until_answered("GET", "/logga-in")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None, page.text[:500]
        answer = self._until_answered("POST", "/logga-in", {"csrf_token": token[1], "user": self.user})
        assert answer.status == 302, f"{answer.status}: {answer.text[:500]}"

    def _until_answered(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Send a request again, the same, until a server answers it: the key in a form makes that one command."""
        for _ in range(MAX_TRIES):
            web = self.chance.choice(self.webs)
            try:
                answer = self._once(web, method, path, form)
            except LOST:
                self.tally.lost += 1
                web.up.wait(30)
                continue
            if answer.status != 503:
                return answer
        raise AssertionError(f"nobody answers {method} {path}")

    def _once(self, web: Program, method: str, path: str, form: dict[str, str] | None) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(web.address).netloc, timeout=30)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            body = None
            if form is not None:
                body = urlencode(form)
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    for cookie in SimpleCookie(value).values():
                        self.cookies[cookie.key] = cookie.value
            return Answer(response.status, text)
        finally:
            connection.close()


class Crowd:
    """So many people at work, each in a thread."""

    def __init__(self, people: Sequence[Person], done: Callable[[], bool]) -> None:
        self.failures: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, args=(person, done), daemon=True) for person in people]

    def start(self) -> None:
        """Let them begin."""
        for thread in self._threads:
            thread.start()

    def at_work(self) -> bool:
        """Whether anybody still works."""
        return any(thread.is_alive() for thread in self._threads)

    def wait(self, seconds: float) -> None:
        """Wait until they are done; raises what went wrong with one of them."""
        for thread in self._threads:
            thread.join(seconds)
        assert not self.failures, self.failures
        assert not self.at_work(), "they do not come to an end"

    def _run(self, person: Person, done: Callable[[], bool]) -> None:
        try:
            person.work(done)
        except BaseException as error:  # noqa: BLE001 told by `wait`
            self.failures.append(error)
