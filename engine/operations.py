"""What those who run an installation ask of it: how it stands, what has gone wrong, what is slow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from statistics import median, quantiles
from typing import TYPE_CHECKING

from engine.clock import LOCAL_ZONE
from engine.errors import InvalidInput, NotFound
from engine.recurring import Standing, recurring_work
from engine.store import activity_rows, conditions, incident_groups, job_lists, pulse_rows, waiting_queries
from engine.store.activity_rows import Span
from engine.store.incident_groups import GroupSort, IncidentGroup, Trouble
from engine.store.job_lists import JobSort
from engine.store.pulse_rows import ItemCounts, JobCount, JobStanding, TimerCounts
from engine.store.rows import JobRow, Page, Paging, TimerRow
from engine.store.worker_rows import WorkerRow
from engine.workers import WorkerKind, living

if TYPE_CHECKING:
    from engine.engine import Engine


SILENT = timedelta(seconds=60)
"""A process that has not been heard of for so long is not counted as alive."""


@dataclass(frozen=True)
class Pulse:
    """How the store stood at one moment."""

    at: datetime
    work_items: ItemCounts
    timers: TimerCounts
    jobs: tuple[JobCount, ...]
    incidents: Mapping[str, int] = field(default_factory=dict)
    """Open incidents by code."""
    instances: Mapping[str, int] = field(default_factory=dict)
    """Process instances that have not ended, by state."""
    database_bytes: int = 0
    recurring: tuple[Standing, ...] = ()
    processes: tuple[WorkerRow, ...] = ()
    """Those that have been heard of lately."""

    @property
    def somebody_works(self) -> bool:
        """Whether a process that has been heard of lately fires timers and runs jobs."""
        return any(each.kind != WorkerKind.WEB for each in self.processes)

    @property
    def timer_lag(self) -> timedelta:
        """How late the timer is that should have fired first; nothing where none is due."""
        due = self.timers.oldest_due
        return timedelta(0) if due is None else max(self.at - due, timedelta(0))

    @property
    def job_lag(self) -> timedelta:
        """How long the job that has waited longest could have run."""
        due = pulse_rows.oldest_due(self.jobs)
        return timedelta(0) if due is None else max(self.at - due, timedelta(0))

    @property
    def lag(self) -> timedelta:
        """How far whoever runs timers and jobs is behind."""
        return max(self.timer_lag, self.job_lag)


def pulse(engine: Engine) -> Pulse:
    """How the store stands now; a few counts on indexes."""
    now, recurring = engine.clock.now(), tuple(recurring_work(engine))
    processes = tuple(each for each in living(engine) if now - each.seen_at <= SILENT)
    with engine.database.reading() as reader:
        return Pulse(
            at=now,
            work_items=pulse_rows.work_items(reader, now),
            timers=pulse_rows.timers(reader, now),
            jobs=tuple(pulse_rows.jobs(reader, now)),
            incidents=pulse_rows.incidents(reader),
            instances=pulse_rows.instances(reader),
            database_bytes=pulse_rows.database_bytes(reader),
            recurring=recurring,
            processes=processes,
        )


# --- incidents --------------------------------------------------------------------------------------------------------


def incident_causes(engine: Engine, sort: GroupSort, paging: Paging) -> Page[IncidentGroup]:
    """The causes of open incidents."""
    with engine.database.reading() as reader:
        return incident_groups.groups(reader, sort, paging)


def incident_cause(engine: Engine, cause: str) -> IncidentGroup:
    """The open incidents of one cause; NotFound where there are none (any more)."""
    with engine.database.reading() as reader:
        found = incident_groups.group(reader, cause)
    if found is None:
        raise NotFound("There is no open incident of that cause (any more).")
    return found


def incidents_of_cause(engine: Engine, cause: str, paging: Paging, *, newest_first: bool = False) -> Page[Trouble]:
    """The open incidents of one cause, oldest first unless asked otherwise."""
    with engine.database.reading() as reader:
        return incident_groups.of_cause(reader, cause, paging, newest_first=newest_first)


def incidents_of_instance(engine: Engine, instance_id: str, paging: Paging) -> Page[Trouble]:
    """All incidents of an instance, open or not, newest first."""
    with engine.database.reading() as reader:
        return incident_groups.of_instance(reader, instance_id, paging)


def incident(engine: Engine, incident_id: str) -> Trouble:
    """One incident, open or resolved; NotFound where there is none."""
    with engine.database.reading() as reader:
        found = incident_groups.trouble(reader, incident_id)
    if found is None:
        raise NotFound("There is no such incident.")
    return found


# --- jobs and timers --------------------------------------------------------------------------------------------------


def list_jobs(
    engine: Engine, job_type: str | None, standing: JobStanding | None, sort: JobSort, paging: Paging
) -> Page[JobRow]:
    """Jobs that are not done, of a type and standing or all."""
    with engine.database.reading() as reader:
        return job_lists.jobs(reader, engine.clock.now(), job_type, standing, sort, paging)


def late_timers(engine: Engine, paging: Paging) -> Page[TimerRow]:
    """Timers that should have fired, the latest first to be seen to."""
    with engine.database.reading() as reader:
        return waiting_queries.timers(reader, conditions.timers_due(engine.clock.now()), paging)


@dataclass(frozen=True)
class Bar:
    """How many there are in one span of time."""

    begin: datetime
    count: int


def timers_by_hour(engine: Engine, hours: int) -> list[Bar]:
    """How many timers fall due in each of the coming hours, from the beginning of this one."""
    first = engine.clock.now().replace(minute=0, second=0, microsecond=0)
    spans = [(first + timedelta(hours=n), first + timedelta(hours=n + 1)) for n in range(hours)]
    with engine.database.reading() as reader:
        counts = activity_rows.due_timers(reader, spans)
    return [Bar(begin, count) for (begin, _), count in zip(spans, counts, strict=True)]


# --- what has been done -----------------------------------------------------------------------------------------------

DURATIONS = 5_000
"""From how many completed tasks, the latest, durations are told."""


@dataclass(frozen=True)
class Day:
    """What was done on one day, by Swedish time."""

    day: date
    tasks_completed: int
    cases_opened: int
    cases_closed: int


@dataclass(frozen=True)
class TaskTime:
    """How long one task took, from when it came until it was completed."""

    process_id: str
    element_id: str
    count: int
    median: timedelta
    p90: timedelta


@dataclass(frozen=True)
class Activity:
    """What has been done in a number of days, and how long tasks took."""

    days: tuple[Day, ...]
    tasks: tuple[TaskTime, ...]
    """By how many were completed, most first."""
    is_complete: bool
    """Whether the durations tell of every completed task of these days."""


def activity(engine: Engine, days: int) -> Activity:
    """What was done on each of the last `days` days (at most 180), today among them."""
    if not 1 <= days <= 180:
        raise InvalidInput("Activity is told of 1 to 180 days.")
    today = engine.clock.now().astimezone(LOCAL_ZONE).date()
    dates = [today - timedelta(days=n) for n in reversed(range(days))]
    spans: list[Span] = [(_midnight(each), _midnight(each + timedelta(days=1))) for each in dates]
    with engine.database.reading() as reader:
        done = activity_rows.completed_tasks(reader, spans)
        opened = activity_rows.opened_cases(reader, spans)
        closed = activity_rows.closed_cases(reader, spans)
        durations = activity_rows.task_durations(reader, spans[0][0], DURATIONS)
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each in durations:
        seconds[each.process_id, each.element_id].append(each.seconds)
    tasks = sorted((_task_time(*key, values) for key, values in seconds.items()), key=lambda task: -task.count)
    told = tuple(Day(*each) for each in zip(dates, done, opened, closed, strict=True))
    return Activity(told, tuple(tasks), len(durations) < DURATIONS)


def _task_time(process_id: str, element_id: str, seconds: list[float]) -> TaskTime:
    p90 = quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    middle = timedelta(seconds=median(seconds))
    return TaskTime(process_id, element_id, len(seconds), middle, timedelta(seconds=p90))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL_ZONE).astimezone(UTC)


# --- releases ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReleaseChanges:
    """How a release's files differ from those of the one before it."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def release_changes(engine: Engine, number: int) -> ReleaseChanges:
    """How a release's files differ from those of the release before it; of the first, all are added."""
    with engine.database.reading() as reader:
        files = engine.rooms.definitions.files
        now, before = files(reader, number), files(reader, number - 1) if number > 1 else {}
    return ReleaseChanges(
        tuple(sorted(now.keys() - before.keys())),
        tuple(sorted(name for name in now.keys() & before.keys() if now[name] != before[name])),
        tuple(sorted(before.keys() - now.keys())),
    )
