"""People at browsers for the web's bench: each draws what to do next (inbox 50 %, task 30 %, completion 20 %)."""

from __future__ import annotations

import http.client
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from tests.faults.office import Program
from tests.faults.people import Person, Tally

PEOPLE = 50
USERS = ("hanna", "samir", "lena")
KINDS, SHARES = ("inbox", "task", "completion"), (50, 30, 20)


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

    def blame(self, what: str) -> None:
        """One request went wrong."""
        with self.lock:
            self.wrong[what] += 1

    @property
    def answered(self) -> int:
        """How many requests were answered, forms that were opened to be sent among them."""
        return sum(map(len, self.taken.values()))

    def share(self, kind: str, part: float) -> float:
        """The time within which so many of a kind were answered."""
        ordered = sorted(self.taken.get(kind, [0.0]))
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


@dataclass
class Form:
    """A task's page, open in a browser."""

    task: str
    fields: dict[str, str]


class Visitor(Person):
    """One person with one browser."""

    times: Times
    tasks: list[str]
    form: Form | None = None
    """What they have open and could send."""

    def draw(self) -> str:
        """What they do next."""
        return self.chance.choices(KINDS, SHARES)[0]

    def visit(self, kind: str, asked: float | None = None) -> None:
        """Do it. `asked`: when they wanted it, on `perf_counter`'s clock; as soon as they could, unless given."""
        try:
            getattr(self, f"_{kind}")(asked)
        except (OSError, http.client.HTTPException) as error:
            self.times.blame(f"{kind} {type(error).__name__}")

    def open_form(self) -> None:
        """Have a task of the latest list open, to be sent."""
        self.form = None
        while self.form is None and self.tasks:
            task = self.tasks.pop(self.chance.randrange(len(self.tasks)))
            page = self._timed("form", "GET", f"/uppgifter/{task}", None, (200,))
            key, token = (re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("_key", "csrf_token"))
            question = re.search(r'<input[^>]+name="([^"]*svar)"', page)
            if key is not None and token is not None:  # else somebody was quicker
                fields = {"csrf_token": token[1], "_key": key[1], **({question[1]: "x"} if question else {})}
                self.form = Form(task, fields)

    def _timed(
        self, kind: str, method: str, path: str, form: dict[str, str] | None, good: Sequence[int],
        asked: float | None = None,
    ) -> str:  # fmt: skip
        start = perf_counter() if asked is None else asked
        answer = self._once(self.chance.choice(self.webs), method, path, form)
        self.times.note(kind, perf_counter() - start)
        if answer.status not in good:
            self.times.blame(f"{kind} {answer.status}")
        return answer.text

    def _inbox(self, asked: float | None) -> None:
        path = f"/uppgifter?flik=grupp&sida={self.chance.randint(1, 20)}"
        text = self._timed("inbox", "GET", path, None, (200,), asked)
        self.tasks = re.findall(r'href="/uppgifter/([\w-]+)"', text) or self.tasks

    def _task(self, asked: float | None) -> None:
        if not self.tasks:
            return self._inbox(asked)
        self._timed("task", "GET", f"/uppgifter/{self.chance.choice(self.tasks)}", None, (200,), asked)
        return None

    def _completion(self, asked: float | None) -> None:
        """Send the form that is open; who has none opens one first, and the time of that counts as their own."""
        if self.form is None:
            self.open_form()
            asked = None
        if self.form is None:
            return self._inbox(asked)
        form, self.form = self.form, None
        self._timed("completion", "POST", f"/uppgifter/{form.task}", form.fields, (302, 409, 422), asked)
        return None


def gathered(webs: Sequence[Program]) -> list[Visitor]:
    """Fifty people, logged in, each with a list before them.

    Logins are limited per minute and address: each user logs in once, and their browsers share the session.
    """
    people, sessions = [], dict[str, dict[str, str]]()
    for number in range(PEOPLE):
        person = Visitor(USERS[number % len(USERS)], webs, random.Random(number), Tally())
        person.times, person.tasks = Times(), []
        if person.user not in sessions:
            person._log_in()
            sessions[person.user] = dict(person.cookies)
        person.cookies = dict(sessions[person.user])
        person.visit("inbox")
        people.append(person)
    return people


def at_once(people: Sequence[Visitor], requests: int) -> tuple[Times, float]:
    """So many requests, each as soon as its person has the answer to the one before: times, and requests a second."""
    times = _new_times(people)

    def work(person: Visitor) -> None:
        for _ in range(requests // len(people)):
            person.visit(person.draw())

    spent = _all(people, work)
    return times, times.answered / spent


def on_schedule(people: Sequence[Visitor], requests: int, rate: float, seed: int = 1) -> Times:
    """So many requests that arrive by chance at `rate` a second, whether or not the one before has been answered.

    Times are from when a request should have been sent: it may have waited for its own person's one before, as it
    would have for them. So a slow answer is not told only once.
    """
    chance, at, arrivals = random.Random(seed), 0.0, dict[int, list[float]]()
    for _ in range(requests):
        at += chance.expovariate(rate)
        arrivals.setdefault(chance.randrange(len(people)), []).append(at)
    for person in people:
        person.open_form()
    times, begun = _new_times(people), perf_counter() + 0.5
    never = threading.Event()

    def work(person: Visitor) -> None:
        for each in arrivals.get(people.index(person), []):
            asked = begun + each
            never.wait(max(0.0, asked - perf_counter()))
            person.visit(person.draw(), asked)
            if person.form is None:
                person.open_form()  # while nobody waits for it

    _all(people, work)
    return times


def _new_times(people: Sequence[Visitor]) -> Times:
    times = Times()
    for person in people:
        person.times = times
    return times


def _all(people: Sequence[Visitor], work: Callable[[Visitor], None]) -> float:
    """Let all of them work at the same time; the seconds that it took."""
    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return perf_counter() - start
