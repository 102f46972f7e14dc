"""The metrics of one process, as Prometheus reads them: what it has done, and how the store stands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from engine.engine import Engine
from engine.errors import InvalidInput, StegvisError
from engine.observing import CommandReport
from engine.operations import Pulse, pulse
from engine.store.states import RunState
from engine.workers import WorkerKind
from forms.request_reports import RequestReport

KEPT_SECONDS = 5.0
"""How long the store's counts are given again before they are counted anew."""
COMMAND_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
RUN_JOB = "run_job"
"""The command that is one attempt at a job."""
CONTROL = "kontroll"
"""The recurring work that verifies the store."""


class Metrics:
    """Counts commands and requests of this process, and asks the store how it stands; safe for threads."""

    def __init__(self, version: str) -> None:
        self._registry = CollectorRegistry()
        self._store = _StoreCollector()
        self._commands = Counter(
            "stegvis_commands", "Commands, by name and how they ended.", ("command", "outcome"), registry=self._registry
        )
        self._command_seconds = Histogram(
            "stegvis_command_seconds",
            "How long commands took, from the call to the commit.",
            ("command",),
            registry=self._registry,
            buckets=COMMAND_SECONDS,
        )
        self._attempts = Counter(
            "stegvis_job_attempts",
            "Attempts at jobs, by type and how they ended.",
            ("type", "outcome"),
            registry=self._registry,
        )
        self._requests = Counter(
            "stegvis_web_requests",
            "Requests answered, by page and status.",
            ("endpoint", "status"),
            registry=self._registry,
        )
        self._request_seconds = Histogram(
            "stegvis_web_request_seconds",
            "How long requests took.",
            ("endpoint",),
            registry=self._registry,
            buckets=REQUEST_SECONDS,
        )
        self._registry.register(_Version(version))
        self._registry.register(self._store)

    def watch_store(self, engine: Engine) -> None:
        """From now on also tell how this engine's store stands."""
        self._store.ask = lambda: pulse(engine)

    def command_ended(self, report: CommandReport) -> None:
        """Count a command."""
        self._commands.labels(report.name, report.outcome).inc()
        self._command_seconds.labels(report.name).observe(report.seconds)
        if report.name == RUN_JOB and report.about is not None:
            self._attempts.labels(report.about, report.outcome).inc()

    def request_began(self, request_id: str, endpoint: str) -> None:
        """Nothing is counted before it is over."""

    def request_ended(self, report: RequestReport) -> None:
        """Count a request."""
        self._requests.labels(report.endpoint, str(report.status)).inc()
        self._request_seconds.labels(report.endpoint).observe(report.seconds)

    @contextmanager
    def served(self, host: str, port: int) -> Iterator[None]:
        """Give them at `http://host:port/metrics` for the length of a `with`; InvalidInput where that is taken."""
        try:
            server, thread = start_http_server(port, host, self._registry)
        except OSError as error:
            raise InvalidInput(f"{host}:{port} cannot be listened on ({error.strerror}).") from error
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def exposition(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)


class _Version(Collector):
    def __init__(self, version: str) -> None:
        self._version = version

    def collect(self) -> Iterator[Metric]:
        yield _gauge("stegvis_info", "The program's version.", {("version", self._version): 1})


class _StoreCollector(Collector):
    """Gauges of the store, counted at most once in a few seconds however many ask."""

    def __init__(self) -> None:
        self.ask: Callable[[], Pulse] | None = None
        self._lock = threading.Lock()
        self._known: tuple[float, Pulse] | None = None

    def collect(self) -> Iterator[Metric]:
        if self.ask is None:
            return
        try:
            found = self._pulse(self.ask)
        except StegvisError:
            yield _plain("stegvis_database_up", "Whether the database answers.", 0)
            return
        yield _plain("stegvis_database_up", "Whether the database answers.", 1)
        yield from _store_metrics(found)

    def _pulse(self, ask: Callable[[], Pulse]) -> Pulse:
        with self._lock:
            if self._known is None or monotonic() - self._known[0] > KEPT_SECONDS:
                self._known = None
                self._known = (monotonic(), ask())
            return self._known[1]


def _store_metrics(found: Pulse) -> Iterator[Metric]:
    yield _plain("stegvis_database_bytes", "Size of the database.", found.database_bytes)
    yield _plain("stegvis_work_items_open", "Open tasks.", found.work_items.open)
    yield _plain("stegvis_work_items_overdue", "Open tasks whose due time has passed.", found.work_items.overdue)
    yield _plain("stegvis_timers_waiting", "Timers that wait, due or not.", found.timers.waiting)
    yield _plain("stegvis_timers_due", "Timers that are due and have not fired.", found.timers.due)
    yield _plain("stegvis_timer_lag_seconds", "How late the oldest due timer is.", found.timer_lag.total_seconds())
    yield _plain("stegvis_job_lag_seconds", "How long the oldest job could have run.", found.job_lag.total_seconds())
    yield _plain("stegvis_dispatcher_lag_seconds", "The larger of the two lags.", found.lag.total_seconds())
    jobs = GaugeMetricFamily("stegvis_jobs", "Jobs that are not done.", labels=("type", "state"))
    for each in found.jobs:
        jobs.add_metric((each.type, each.standing.value), each.count)
    yield jobs
    yield _plain("stegvis_incidents_open", "Open incidents.", sum(found.incidents.values()))
    by_code = {("code", code): count for code, count in found.incidents.items()}
    yield _gauge("stegvis_incidents_open_by_code", "Open incidents, by code.", by_code)
    by_state = {("state", state): count for state, count in found.instances.items()}
    yield _gauge("stegvis_instances", "Process instances that have not ended, by state.", by_state)
    counts = {("kind", kind.value): 0.0 for kind in WorkerKind}
    for each in found.processes:
        counts["kind", each.kind] = counts.get(("kind", each.kind), 0.0) + 1
    yield _gauge("stegvis_processes", "Processes that have been heard of within a minute, by what they do.", counts)
    yield from _recurring_metrics(found)


def _recurring_metrics(found: Pulse) -> Iterator[Metric]:
    failed = GaugeMetricFamily("stegvis_recurring_failed", "Whether the latest run failed.", labels=("work",))
    age = GaugeMetricFamily(
        "stegvis_recurring_last_success_age_seconds", "How long ago a run ended well.", labels=("work",)
    )
    for each in found.recurring:
        if each.latest is not None:
            wrong = each.latest.state in (RunState.FAILED, RunState.INTERRUPTED)
            failed.add_metric((each.work.name,), float(wrong))
        if each.succeeded_at is not None:
            age.add_metric((each.work.name,), max((found.at - each.succeeded_at).total_seconds(), 0.0))
        if each.work.name == CONTROL and each.latest is not None and each.latest.state is not RunState.RUNNING:
            sound = each.latest.state is RunState.OK
            yield _plain("stegvis_verify_sound", "Whether the store agreed with itself when last checked.", sound)
    yield failed
    yield age


def _plain(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)


def _gauge(name: str, told: str, values: dict[tuple[str, str], float]) -> Metric:
    """A gauge with one label; each key is the label's name and value."""
    labels = list(dict.fromkeys(label for label, _ in values)) or ["none"]
    family = GaugeMetricFamily(name, told, labels=labels)
    for (_, value), count in values.items():
        family.add_metric((value,), count)
    return family
