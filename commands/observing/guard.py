"""Keeps personal data out of the log: only fields on a list pass, and what looks like a personnummer never does.

A line's text is a constant: what varies stands in fields. Of a line by others the text is kept as it was written in
their code, without its arguments, unless its library is known to put nothing of a case into them.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, MutableMapping
from types import TracebackType
from typing import Any

EventDict = MutableMapping[str, Any]

FIELDS = frozenset(
    {
        # the line itself
        "event", "level", "logger", "timestamp", "request", "exception", "at",
        # a command
        "about", "command", "outcome", "duration_ms", "attempts", "actor", "case", "instance",
        # a web request
        "endpoint", "method", "status",
        # the rest
        "code", "count", "element", "file", "host", "job", "kind", "line", "pid", "port", "problem", "process",
        "seconds", "timer", "version", "where", "work", "worker",
    }
)  # fmt: skip
"""What a line may say. Ids and figures, names of things in the program: nothing that a person has typed."""
INTERPOLATED = ("apscheduler", "waitress", "procrastinate", "alembic")
"""Loggers whose arguments are ids, times and addresses of the program itself."""
LONGEST = 500
FRAMES = 12
PERSONNUMMER = re.compile(
    r"(?<![0-9A-Za-z])(?:18|19|20)?\d{2}(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])[-+ ]?\d{4}(?![0-9A-Za-z])"
)
"""Personnummer and samordningsnummer, with and without century and sign."""
MASK = "[personnummer]"
_SAID_TWICE = ("message", "asctime")
"""What other handlers leave on a record: its text with everything that was put into it."""


def text_of_others(_logger: Any, _name: str, line: EventDict) -> EventDict:
    """Give a line by others its text: with arguments from libraries that are known, else as it stands in the code."""
    record, given = line.get("_record"), line.pop("positional_args", None)
    if record is None or not given:
        return line
    if record.name.split(".")[0] in INTERPOLATED:
        try:
            line["event"] = str(record.msg) % given
        except (TypeError, ValueError):
            line["event"] = str(record.msg)
    return line


def plain_exception(_logger: Any, _name: str, line: EventDict) -> EventDict:
    """Put an exception's type and the places it came by in place of its text, which may repeat somebody's answers."""
    given = line.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        line["exception"] = " <- ".join(_kinds(error))
        line["at"] = _places(error.__traceback__)
    line.pop("stack_info", None)
    return line


def only_listed(_logger: Any, _name: str, line: EventDict) -> EventDict:
    """Drop every field that is not on the list, saying so, and mask what looks like a personnummer."""
    private = [name for name in line if name.startswith("_")]
    for name in _SAID_TWICE:
        line.pop(name, None)
    kept = {name: _harmless(value) for name, value in line.items() if name in FIELDS}
    kept |= {name: line[name] for name in private}  # the formatter's own; it takes them away
    dropped = sorted(str(name) for name in line if name not in FIELDS and name not in private)
    if dropped:
        kept["dropped"] = [_harmless(name) for name in dropped]
    return kept


def masked(text: str) -> str:
    """A text without what looks like a personnummer, cut where it is too long."""
    return PERSONNUMMER.sub(MASK, text[:LONGEST])


def _harmless(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_harmless(each) for each in value[:50]]
    return masked(value) if isinstance(value, str) else type(value).__name__


def _kinds(error: BaseException) -> Iterable[str]:
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            return
        code = getattr(seen, "code", None)
        yield f"{type(seen).__name__} ({code})" if isinstance(code, str) else type(seen).__name__
        seen = seen.__cause__ or seen.__context__


def _places(trace: TracebackType | None) -> list[str]:
    found = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in found]
