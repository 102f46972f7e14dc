"""The log: JSON lines in production, readable text on a terminal; everybody's lines go the same way."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import orjson
import structlog

from commands.configuration.settings import LogSettings
from commands.observing.guard import EventDict, only_listed, plain_exception, text_of_others
from engine.errors import StoreUnavailable
from engine.observing import DONE, REPEATED, UNEXPECTED, CommandReport
from forms.request_reports import RequestReport

QUIET = frozenset({"beat", "begin_job", "hold_scheduler", "scheduler_until", "expire_messages", "save_draft"})
"""Commands that a program gives all the time: they are worth a line only where something is amiss."""
IDLE = frozenset({"fire_due", "recurring"})
"""Commands that look whether there is something to do: they are worth a line only where there was."""
QUIET_PAGES = frozenset({"static", "health.alive", "health.ready", "health.metrics"})
LOUD = frozenset({UNEXPECTED, StoreUnavailable.code})
CALM = ("apscheduler", "alembic", "procrastinate", "sqlalchemy", "waitress.queue", "flask_limiter")
"""Libraries that tell what they do; from them warnings are enough, unless everything is asked for."""


class OurHandler(logging.StreamHandler[TextIO]):
    """The handler set up here: there is one at most."""


def set_up_logs(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Send every line, of ours and of libraries, to `stream` (standard error), in the wanted form."""
    target = stream or sys.stderr
    as_json = settings.format == "json" or (settings.format == "auto" and not target.isatty())
    handler = OurHandler(target)
    handler.setFormatter(_formatter(as_json, colours=target.isatty()))
    root = logging.getLogger()
    for earlier in [each for each in root.handlers if isinstance(each, OurHandler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    level = getattr(logging, settings.level.upper())
    root.setLevel(level)
    for name in CALM:
        logging.getLogger(name).setLevel(logging.DEBUG if level == logging.DEBUG else max(level, logging.WARNING))


def _formatter(as_json: bool, *, colours: bool) -> structlog.stdlib.ProcessorFormatter:
    renderer: Any = structlog.dev.ConsoleRenderer(colors=colours, sort_keys=False)
    if as_json:
        renderer = structlog.processors.JSONRenderer(serializer=_as_json)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.ExtraAdder(),
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            text_of_others,
            plain_exception,
            only_listed,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _in_order,
            renderer,
        ],
        use_get_message=False,
        pass_foreign_args=True,
    )


class LoggingObserver:
    """One line for each command: its name, whom and what it concerned by id, how long it took, how it went."""

    def __init__(self) -> None:
        self._log = logging.getLogger("stegvis.commands")
        self._web = logging.getLogger("stegvis.web")

    def request_ended(self, report: RequestReport) -> None:
        """Write a request's line."""
        level = logging.DEBUG if report.endpoint in QUIET_PAGES and report.status < 500 else logging.INFO
        fields = {
            "endpoint": report.endpoint,
            "method": report.method,
            "status": report.status,
            "duration_ms": round(report.seconds * 1000, 1),
            "actor": report.actor_id,
        }
        self._web.log(level, "request", extra=fields)

    def command_ended(self, report: CommandReport) -> None:
        """Write the line."""
        level = _level(report)
        if not self._log.isEnabledFor(level):
            return
        fields: dict[str, Any] = {
            "command": report.name,
            "outcome": report.outcome,
            "duration_ms": round(report.seconds * 1000, 1),
            "actor": report.actor_id,
        }
        if report.about is not None:
            fields["about"] = report.about
        for name, ids in (("case", report.cases), ("instance", report.instances)):
            if ids:
                fields[name] = ids[0] if len(ids) == 1 else list(ids)
        if report.attempts > 1:
            fields["attempts"] = report.attempts
        self._log.log(level, "command", extra=fields)


def _level(report: CommandReport) -> int:
    if report.outcome in LOUD:
        return logging.ERROR
    went_well = report.outcome in (DONE, REPEATED)
    quiet = report.name in QUIET or (report.name in IDLE and not report.instances)
    return logging.DEBUG if went_well and quiet else logging.INFO


def _in_order(_logger: Any, _name: str, line: EventDict) -> EventDict:
    """The time first, then how grave it is and what it is about."""
    first = {name: line[name] for name in ("timestamp", "level", "event", "logger") if name in line}
    return {**first, **{name: value for name, value in line.items() if name not in first}}


def _as_json(line: EventDict, **_options: Any) -> str:
    return orjson.dumps(line, default=str).decode("utf-8")
