"""Spans of requests and commands for OpenTelemetry; its packages are imported only where an address is configured."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from commands.configuration.settings import TelemetrySettings
from engine.clock import Clock, SystemClock
from engine.errors import InvalidInput
from engine.observing import DONE, REPEATED, CommandReport
from forms.request_reports import RequestReport

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

KINDS = {"run_job": "job", "fire_timer": "timer", "fire_due": "timer"}
"""Commands that have a span of another name: what they are, rather than what they are called."""


class Telemetry:
    """Makes a span of each request, and of each command within it or on its own; safe for threads."""

    def __init__(
        self,
        settings: TelemetrySettings,
        version: str,
        *,
        clock: Clock | None = None,
        exporter: SpanExporter | None = None,
    ) -> None:
        """Spans go to the configured address, or to `exporter`; raises InvalidInput without the extra `telemetry`."""
        try:
            from opentelemetry import context, trace
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise InvalidInput("telemetry.endpoint needs the extra: pip install 'stegvis[telemetry]'.") from error
        self._context, self._trace = context, trace
        self._clock = clock or SystemClock()
        resource = Resource.create({"service.name": settings.service, "service.version": version})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter(endpoint=settings.endpoint)))
        self._tracer = self._provider.get_tracer("stegvis")
        self._running: ContextVar[tuple[Any, Any] | None] = ContextVar("stegvis_request_span", default=None)

    def request_began(self, request_id: str, endpoint: str) -> None:
        """Open the request's span; commands in it become its children."""
        span = self._tracer.start_span(f"request {endpoint}", kind=self._trace.SpanKind.SERVER)
        token = self._context.attach(self._trace.set_span_in_context(span))
        self._running.set((span, token))

    def request_ended(self, report: RequestReport) -> None:
        """Close the request's span."""
        running = self._running.get()
        if running is None:
            return
        span, token = running
        self._running.set(None)
        span.set_attribute("http.route", report.endpoint)
        span.set_attribute("http.request.method", report.method)
        span.set_attribute("http.response.status_code", report.status)
        span.set_attribute("stegvis.request", report.request_id)
        self._end(span, failed=report.status >= 500)
        self._context.detach(token)

    def command_ended(self, report: CommandReport) -> None:
        """Make the span of a command that has just ended."""
        end = int(self._clock.now().timestamp() * 1_000_000_000)
        name = f"{KINDS.get(report.name, 'command')} {report.name}"
        span = self._tracer.start_span(name, start_time=end - int(report.seconds * 1_000_000_000))
        span.set_attribute("stegvis.command", report.name)
        span.set_attribute("stegvis.outcome", report.outcome)
        span.set_attribute("stegvis.actor", report.actor_id)
        if report.about is not None:
            span.set_attribute("stegvis.about", report.about)
        span.set_attribute("stegvis.cases", report.cases)
        span.set_attribute("stegvis.instances", report.instances)
        self._end(span, failed=report.outcome not in (DONE, REPEATED), at=end)

    def stop(self) -> None:
        """Send what has not been sent."""
        self._provider.shutdown()

    def _end(self, span: Any, *, failed: bool, at: int | None = None) -> None:
        if failed:
            span.set_status(self._trace.StatusCode.ERROR)
        span.end(at)
