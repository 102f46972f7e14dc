"""All that watch one process, told one after the other: the log, the metrics, and traces where they are configured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from commands.configuration import Configuration
from commands.observing.logs import LoggingObserver, set_up_logs
from commands.observing.metrics import Metrics
from commands.observing.telemetry import Telemetry
from engine.engine import Engine
from engine.observing import CommandReport
from forms.request_reports import RequestReport


class Observers:
    """Tells each of them of every command and every request."""

    def __init__(self, log: LoggingObserver, metrics: Metrics, telemetry: Telemetry | None) -> None:
        self._log = log
        self._metrics = metrics
        self._telemetry = telemetry

    def watch_store(self, engine: Engine) -> None:
        """From now on the metrics also tell how this engine's store stands."""
        self._metrics.watch_store(engine)

    def command_ended(self, report: CommandReport) -> None:
        """A command has ended."""
        self._log.command_ended(report)
        self._metrics.command_ended(report)
        if self._telemetry is not None:
            self._telemetry.command_ended(report)

    def request_began(self, request_id: str, endpoint: str) -> None:
        """A request is about to be answered."""
        if self._telemetry is not None:
            self._telemetry.request_began(request_id, endpoint)

    def request_ended(self, report: RequestReport) -> None:
        """A request has been answered."""
        self._log.request_ended(report)
        self._metrics.request_ended(report)
        if self._telemetry is not None:
            self._telemetry.request_ended(report)

    def served(self, host: str, port: int) -> AbstractContextManager[None]:
        """Give the metrics at an address of their own, for a process without pages, for the length of a `with`."""
        return self._metrics.served(host, port)

    def exposition(self) -> bytes:
        """The metrics as Prometheus reads them."""
        return self._metrics.exposition()


@contextmanager
def observers(configuration: Configuration, version: str) -> Iterator[Observers]:
    """Those that watch a process which serves or works; the log is set up as configured."""
    set_up_logs(configuration.log)
    settings = configuration.telemetry
    telemetry = Telemetry(settings, version) if settings.endpoint else None
    try:
        yield Observers(LoggingObserver(), Metrics(version), telemetry)
    finally:
        if telemetry is not None:
            telemetry.stop()
