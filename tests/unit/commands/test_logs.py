"""The log: one form for everybody's lines, and nothing personal in any of them."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from commands.configuration.settings import LogSettings
from commands.observing.logs import LoggingObserver, OurHandler, set_up_logs
from engine.observing import DONE, UNEXPECTED, CommandReport
from processes.aktivitetskrav.identity import check_digit

NUMBER = "880209999" + str(check_digit("880209999"))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Where the lines go; afterwards nothing of it is left."""
    root, calm = logging.getLogger(), {name: logging.getLogger(name).level for name in ("sqlalchemy", "waitress.queue")}
    level, stream = root.level, io.StringIO()
    set_up_logs(LogSettings(format="json"), stream)
    yield stream
    for handler in [each for each in root.handlers if isinstance(each, OurHandler)]:
        root.removeHandler(handler)
    root.setLevel(level)
    for name, before in calm.items():
        logging.getLogger(name).setLevel(before)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """The lines, read as JSON."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def report(**changes: Any) -> CommandReport:
    """A command that went well."""
    usual: dict[str, Any] = {"name": "complete", "outcome": DONE, "seconds": 0.0123, "attempts": 1, "actor_id": "hanna"}
    return CommandReport(**{**usual, "cases": ("c1",), "instances": ("i1",), **changes})


def test_a_commands_line_has_its_name_ids_time_and_outcome(log: io.StringIO) -> None:
    LoggingObserver().command_ended(report())

    (line,) = lines(log)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", line.pop("timestamp"))
    assert line == {
        "level": "info",
        "event": "command",
        "logger": "stegvis.commands",
        "command": "complete",
        "outcome": "done",
        "duration_ms": 12.3,
        "actor": "hanna",
        "case": "c1",
        "instance": "i1",
    }


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({"outcome": UNEXPECTED}, ["error"]),
        ({"outcome": "STORE_UNAVAILABLE"}, ["error"]),
        ({"outcome": "CONFLICT"}, ["info"]),
        ({"name": "beat"}, []),
        ({"name": "fire_due"}, ["info"]),
        ({"name": "fire_due", "instances": ()}, []),
        ({"name": "beat", "outcome": "STORE_UNAVAILABLE"}, ["error"]),
    ],
)
def test_how_grave_a_line_is_depends_on_how_the_command_went(
    log: io.StringIO, changes: dict[str, Any], level: list[str]
) -> None:
    LoggingObserver().command_ended(report(**changes))

    assert [line["level"] for line in lines(log)] == level


def test_fields_that_are_not_on_the_list_are_dropped_by_name(log: io.StringIO) -> None:
    logging.getLogger("forms.tasks").warning("refused", extra={"code": "X", "svar": "Anna bor hos sin mor"})

    (line,) = lines(log)
    assert (line["code"], line["dropped"]) == ("X", ["svar"])
    assert "Anna" not in log.getvalue()


def test_a_line_of_a_library_keeps_its_text_without_what_was_put_into_it(log: io.StringIO) -> None:
    logging.getLogger("some.library").error("could not save %s", "Anna Andersson")
    logging.getLogger("waitress").error("queue depth %d", 3)

    assert [line["event"] for line in lines(log)] == ["could not save %s", "queue depth 3"]


@pytest.mark.parametrize(
    "written", [NUMBER, f"19{NUMBER}", f"{NUMBER[:6]}-{NUMBER[6:]}", f"19{NUMBER[:6]}-{NUMBER[6:]}"]
)
def test_what_looks_like_a_personnummer_is_masked_wherever_it_stands(log: io.StringIO, written: str) -> None:
    logging.getLogger("waitress").error("odd request %s", written)
    logging.getLogger("forms").error(f"for {written}", extra={"where": [f"x {written}"], "code": written})

    assert NUMBER[6:] not in log.getvalue()
    assert lines(log)[1]["code"] == "[personnummer]"


def test_ids_and_times_are_not_taken_for_personnummer(log: io.StringIO) -> None:
    extra = {"case": "0123456789abcdef0123456789abcdef", "duration_ms": 8802099999, "where": "2026-11-30T10:26"}
    logging.getLogger("forms").error("x", extra=extra)

    (line,) = lines(log)
    assert {name: line[name] for name in extra} == extra


def test_an_exception_is_told_by_kind_and_place_never_by_its_text(log: io.StringIO) -> None:
    try:
        try:
            raise KeyError("Anna Andersson")
        except KeyError as error:
            raise ValueError("hos Anna Andersson") from error
    except ValueError:
        logging.getLogger("forms").exception("unexpected error")

    (line,) = lines(log)
    assert line["exception"] == "ValueError <- KeyError"
    assert "test_logs.py" in line["at"][-1]
    assert "Andersson" not in log.getvalue()


def test_on_a_terminal_lines_are_text_and_as_careful(log: io.StringIO) -> None:
    stream = io.StringIO()
    set_up_logs(LogSettings(format="text"), stream)

    logging.getLogger("forms").error(f"for {NUMBER}", extra={"code": "X", "namn": "Anna"})

    assert "[personnummer]" in stream.getvalue()
    assert "code=X" in stream.getvalue()
    assert "Anna" not in stream.getvalue()
    assert log.getvalue() == ""


@pytest.mark.parametrize(("level", "told"), [("debug", 3), ("info", 2), ("error", 1)])
def test_less_grave_lines_than_wanted_are_left_out(log: io.StringIO, level: str, told: int) -> None:
    set_up_logs(LogSettings(format="json", level=level), log)

    for each in (logging.DEBUG, logging.INFO, logging.ERROR):
        logging.getLogger("forms").log(each, "x")

    assert len(lines(log)) == told
