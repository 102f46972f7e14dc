"""Fills a database by living through months: decisions come in, staff work, deadlines pass, people stay away."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.clock import LOCAL_ZONE, Clock, ManualClock, local_date
from engine.engine import Engine
from engine.errors import Conflict
from engine.protocols import Actor, ActorKind, Calendar
from processes.aktivitetskrav.autopilot.choices import (
    MESSAGE_CHANCE,
    NEWS_CHANCE,
    absence,
    message_payload,
    news_payload,
)
from processes.aktivitetskrav.autopilot.dice import dice
from processes.aktivitetskrav.autopilot.life import LifeEvent, event_of
from processes.aktivitetskrav.autopilot.staff import Staff, require_staff
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.decision_file import DecisionRow
from processes.aktivitetskrav.decisions_import import FAMILY, register_decision
from processes.aktivitetskrav.records import attendance, placements, population
from processes.aktivitetskrav.records.population import AwaitedMessage, Counts, OpenItem
from processes.aktivitetskrav.sample import FIRST_MONTH, sample_rows
from processes.aktivitetskrav.states import SessionOutcome
from processes.roles import RoleBook

_MORNING, _NOON, _EVENING = time(8, 30), time(12, 30), time(16, 30)
_REGISTER = Actor("narvaro", "Närvaroregistret", ActorKind.SYSTEM)
_CLERK = Actor("registrator", "Registratorn", ActorKind.PERSON)
_SESSIONS = {
    SessionOutcome.PRESENT: 900,
    SessionOutcome.EXCUSED: 60,
    SessionOutcome.PARTLY: 25,
    SessionOutcome.CANCELLED: 10,
    SessionOutcome.UNEXCUSED: 5,  # with 20 sessions a month about one participant in ten (domain report, section 5)
}
_BATCH = 500  # jobs and timers asked for at a time
_PROVIDERS_PROPOSED = (31, 92)  # days after the first: when a matcher proposes a provider, or the next working day
_MATCHER = Actor("mattias", "Matcharen", ActorKind.PERSON)
PERSONS_A_CATALOGUE = 1_000
"""So many persons the fictitious catalogue has places for; a town with more has as many times its places."""
_CLAIMED = 0.3  # how many of the open tasks somebody has claimed


@dataclass(frozen=True)
class SeedProgress:
    """How far a seed has come."""

    day: date
    done: int  # days
    total: int


@dataclass(frozen=True)
class SeedResult:
    """What a seed left behind."""

    first_month: Month
    until: datetime
    tasks_completed: int
    timers_fired: int
    counts: Counts


def seed(
    open_engine: Callable[[Clock], Engine],
    roles: RoleBook,
    calendar: Calendar,
    *,
    cases: int = 300,
    months: int = 6,
    seed: int = 1,
    until: datetime | None = None,
    progress: Callable[[SeedProgress], None] | None = None,
    choose: Callable[[Iterable[DecisionRow]], list[DecisionRow]] = list,
) -> SeedResult:
    """Live through `months` months with `cases` persons on a manual clock that ends at `until` (aware).

    open_engine: opens the engine on a database with everything published and no case in it (else Conflict).
    until: by default the end of the last month that begins with July 2026; otherwise the months are those that end with
    its own. The same arguments give the same counts.
    choose: which of the `cases` persons' decisions come in; by default all.
    """
    require_staff(roles)
    first = FIRST_MONTH if until is None else Month.of(local_date(until)).plus(1 - months)
    end = until or _at(first.plus(months).first_day - timedelta(days=1), _EVENING)
    clock = ManualClock(_at(first.first_day, _MORNING))
    with open_engine(clock) as engine:
        with engine.database.reading() as reader:
            if population.has_cases(reader):
                raise Conflict("Databasen har redan ärenden. Fyll en tom databas.")
        rows = choose(sample_rows(cases, months, seed, roles.case_units, first))
        _make_room(engine, clock, len({row.identity for row in rows}))
        play = _Play(engine, clock, roles, calendar, seed)
        play.live(rows, first.first_day, end, progress or (lambda _: None))
        with engine.database.reading() as reader:
            counts = population.count_everything(reader, clock.now())
        return SeedResult(first, end, play.completed, play.fired, counts)


def _make_room(engine: Engine, clock: Clock, persons: int) -> None:
    with engine.database.transaction(clock) as uow:
        placements.widen_activities(uow, math.ceil(max(persons, 1) / PERSONS_A_CATALOGUE))


class _Play:
    def __init__(self, engine: Engine, clock: ManualClock, roles: RoleBook, calendar: Calendar, seed: int) -> None:
        self.engine = engine
        self.clock = clock
        self.calendar = calendar
        self.seed = seed
        self.staff = Staff(engine, roles, calendar, seed)
        self.roles = roles
        self.completed = 0
        self.fired = 0
        self._references: dict[str, str] = {}
        self._seen: Counter[str] = Counter()
        self._subjects: dict[str, str] = {}  # work item or wait id to what chance knows it by
        self._planned: dict[str, date] = {}
        self._lives: list[tuple[LifeEvent, str]] = []  # what will happen this month, and in which case
        self._lived: Month | None = None

    def live(
        self, rows: list[DecisionRow], first: date, end: datetime, progress: Callable[[SeedProgress], None]
    ) -> None:
        by_day: dict[date, list[DecisionRow]] = {}
        for row in rows:
            by_day.setdefault(self.calendar.add_working_days(row.decided_on, 0), []).append(row)
        last = local_date(end)
        days = (last - first).days + 1
        proposed = {self.calendar.add_working_days(first + timedelta(days=each), 0) for each in _PROVIDERS_PROPOSED}
        for number in range(days):
            day = first + timedelta(days=number)
            if self.calendar.is_working_day(day):
                if day in proposed:
                    self._propose_provider(day, end)
                self._work_through(day, by_day.get(day, []), end)
            progress(SeedProgress(day, number + 1, days))
        self._advance(end)
        self._claim_some()

    def _propose_provider(self, day: date, end: datetime) -> None:
        """A matcher begins an agreement by hand, as one does from the page of the process."""
        if _at(day, _MORNING) <= end:
            self._advance(_at(day, _MORNING))
            self.engine.start("utforare", actor=_MATCHER)

    def _work_through(self, day: date, rows: list[DecisionRow], end: datetime) -> None:
        acts: tuple[tuple[time, Callable[[], None]], ...] = (
            (_MORNING, lambda: self._decide(rows)),
            (_NOON, lambda: self._work(day)),
            (_EVENING, lambda: self._take_attendance(day)),
        )
        for hour, act in acts:
            if _at(day, hour) <= end:
                self._advance(_at(day, hour))
                act()
                self._settle()

    def _advance(self, moment: datetime) -> None:
        """Let time pass: whatever falls due on the way happens when it is due."""
        while (alarm := self.engine.next_alarm()) is not None and alarm <= moment:
            self.clock.set(max(alarm, self.clock.now()))
            self.engine.expire_messages()
            self._settle()
        self.clock.set(max(moment, self.clock.now()))

    def _settle(self) -> None:
        """Run what is due now, as `Engine.run_until_idle` does, and count the timers."""
        ran = 1
        while ran:
            fired = self.engine.fire_due(_BATCH)
            self.fired += fired
            ran = fired + sum(self.engine.run_job(job_id) for job_id in self.engine.due_jobs(_BATCH))

    def _decide(self, rows: list[DecisionRow]) -> None:
        for row in rows:
            register_decision(self.engine, row, self.roles)

    def _work(self, day: date) -> None:
        for item in self._new_and_waiting():
            subject = self._subjects[item.id]
            if self._planned[item.id] <= day and self.staff.perform(item, subject):
                self.completed += 1
        for awaited in self._awaited():
            self._register(awaited, day)
        self._hear_news(day)
        self._live_on(day)

    def _new_and_waiting(self) -> list[OpenItem]:
        with self.engine.database.reading() as reader:
            items = population.open_items(reader)
            if any(item.case_id and item.case_id not in self._references for item in items):
                self._references = population.case_references(reader, FAMILY)
        items.sort(key=lambda item: (item.created_at, self._reference(item.case_id), item.process_id, item.element_id))
        for item in items:
            if item.id not in self._planned:
                subject = self._name(item.id, item.case_id, item.process_id, item.element_id)
                self._planned[item.id] = self.staff.day_to_do(item, subject)
        return items

    def _awaited(self) -> Iterator[AwaitedMessage]:
        with self.engine.database.reading() as reader:
            found = population.awaited_messages(reader, frozenset(MESSAGE_CHANCE))
        for awaited in found:
            if awaited.id not in self._subjects:
                self._name(awaited.id, awaited.case_id, awaited.name)
            yield awaited

    def _reference(self, case_id: str | None) -> str:
        """What chance knows a case by; what belongs to no case shares one."""
        return self._references[case_id] if case_id else ""

    def _name(self, wait_id: str, case_id: str | None, *kind: str) -> str:
        """What chance knows a task by: its case, its kind, and the how manieth of that kind it is there."""
        subject = "/".join((self._reference(case_id), *kind))
        self._seen[subject] += 1
        self._subjects[wait_id] = f"{subject}/{self._seen[subject]}"
        return self._subjects[wait_id]

    def _register(self, awaited: AwaitedMessage, day: date) -> None:
        share, soonest, latest = MESSAGE_CHANCE[awaited.name]
        random = dice(self.seed, self._subjects[awaited.id], "message")
        comes = random.random() < share
        arrives = local_date(awaited.created_at) + timedelta(days=random.randint(soonest, latest))
        if comes and arrives <= day:
            payload = {"arendeId": awaited.case_id} | message_payload(awaited.name, day, random)
            self.engine.correlate(awaited.name, awaited.case_id, payload, actor=_CLERK)

    def _hear_news(self, day: date) -> None:
        """Now and then somebody registers what begins something: a wrong decision, a move, a double case."""
        with self.engine.database.reading() as reader:
            references = population.open_case_references(reader, FAMILY)
        for case_id, reference in sorted(references.items(), key=lambda each: each[1]):
            random = dice(self.seed, reference, "news", day)
            for message, chance in NEWS_CHANCE.items():
                if random.random() < chance:
                    payload = {"arendeId": case_id} | news_payload(message, random)
                    self.engine.correlate(message, case_id, payload, actor=_CLERK)

    def _live_on(self, day: date) -> None:
        """Have staff register what they hear of people's lives; each case has its own chance each month."""
        month = Month.of(day)
        if month != self._lived:
            with self.engine.database.reading() as reader:
                self._references = population.case_references(reader, FAMILY)
            for case_id, reference in sorted(self._references.items(), key=lambda item: item[1]):
                event = event_of(month.first_day, dice(self.seed, reference, "life", month))
                if event is not None:
                    self._lives.append((event, case_id))
            self._lived = month
        due = [each for each in self._lives if each[0].day <= day]
        self._lives = [each for each in self._lives if each[0].day > day]
        for event, case_id in due:
            random = dice(self.seed, self._references[case_id], event.message, event.day)
            payload = {"arendeId": case_id} | message_payload(event.message, day, random)
            self.engine.correlate(event.message, case_id, payload, actor=_CLERK)

    def _take_attendance(self, day: date) -> None:
        with self.engine.database.reading() as reader:
            sessions = attendance.unjudged_sessions(reader, day)
        outcomes: dict[int, tuple[SessionOutcome, Decimal]] = {}
        absent: list[tuple[str, Decimal]] = []
        for session_id, planned in sessions:
            random = dice(self.seed, self._references[planned.case_id], "session", planned.day)
            outcome = random.choices(list(_SESSIONS), list(_SESSIONS.values()))[0]
            taken = {
                SessionOutcome.PRESENT: planned.hours,
                SessionOutcome.PARTLY: (planned.hours / 2).quantize(Decimal("0.01")),
            }
            outcomes[session_id] = (outcome, taken.get(outcome, Decimal(0)))
            if outcome is SessionOutcome.UNEXCUSED:
                absent.append((planned.case_id, planned.hours))
        if not outcomes:
            return
        self.engine.run_command(
            lambda context: attendance.record_outcomes(context.uow, outcomes, _REGISTER),
            "record_sessions",
            _REGISTER,
            None,
        )
        for case_id, hours in absent:
            payload = {"arendeId": case_id} | absence(day, hours)
            self.engine.correlate("AvvikelseUpptackt", case_id, payload, actor=_REGISTER)

    def _claim_some(self) -> None:
        for item in self._new_and_waiting():
            if dice(self.seed, self._subjects[item.id], "claimed").random() < _CLAIMED:
                self.staff.begin(item, self._subjects[item.id])


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LOCAL_ZONE)
