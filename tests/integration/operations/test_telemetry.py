"""Spans: a request's and its commands', with ids and without persons; and nothing imported unless configured."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from commands.configuration.settings import TelemetrySettings
from commands.observing.telemetry import Telemetry
from engine.clock import ManualClock
from engine.errors import NotFound
from engine.observing import DONE, CommandReport
from forms.app import create_app
from tests.integration.forms.town import Browser, build_town
from timers.calendar import WorkingCalendar

SETTINGS = TelemetrySettings(endpoint="http://127.0.0.1:9/v1/traces")


class Watching(Telemetry):
    """Telemetry as the application is given it."""

    def exposition(self) -> bytes | None:
        """No metrics here."""
        return None


def test_a_request_is_a_span_and_its_commands_are_its_children() -> None:
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    town, kept = build_town(), InMemorySpanExporter()
    watch = Watching(SETTINGS, "1", exporter=kept)
    town.engine.observer = watch
    app = create_app(town.engine, town.roles, town.settings, calendar=WorkingCalendar(), watch=watch)
    browser = Browser(app.test_client())
    browser.post("/logga-in", {"user": "anna"})

    answered = browser.post(f"/uppgifter/{town.item().id}/ta")
    with pytest.raises(NotFound):
        town.engine.start("none")
    watch.stop()
    town.engine.close()

    spans = {span.name: span for span in kept.get_finished_spans()}
    request, claim = spans["request tasks.claim"], spans["command claim"]
    assert answered.status_code == 302
    assert claim.parent is not None
    assert claim.parent.span_id == request.context.span_id
    assert dict(claim.attributes or {})["stegvis.cases"] == (town.case_id,)
    assert dict(request.attributes or {})["http.response.status_code"] == 302
    assert spans["command start"].parent is None
    assert spans["command start"].status.is_ok is False
    told = str([(span.name, dict(span.attributes or {})) for span in spans.values()])
    assert "Anna Norr" not in told
    assert "2026-0001" not in told


def test_a_command_outside_a_request_stands_alone_and_ends_when_it_ended() -> None:
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    kept, moment = InMemorySpanExporter(), datetime(2026, 11, 30, 9, tzinfo=UTC)
    watch = Telemetry(SETTINGS, "1", clock=ManualClock(moment), exporter=kept)

    watch.command_ended(CommandReport("fire_timer", DONE, 0.25, 1, "timer", (), ("i",)))
    watch.stop()

    (span,) = kept.get_finished_spans()
    assert (span.name, span.parent) == ("timer fire_timer", None)
    assert (span.end_time, (span.end_time or 0) - (span.start_time or 0)) == (1_796_029_200_000_000_000, 250_000_000)


def test_nothing_of_opentelemetry_is_imported_unless_it_is_configured() -> None:
    script = (
        "import sys, stegvis\n"
        "from commands.configuration import Configuration\n"
        "from commands.observing.observers import observers\n"
        "with observers(Configuration(), '1'): pass\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]\n"
    )

    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
