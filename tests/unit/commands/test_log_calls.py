"""Our own lines have constant texts: what varies stands in fields, where the log's list of fields judges it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
ROOMS = ("engine", "timers", "processes", "forms", "commands")
METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call that writes a line, with where it stands."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                    owner = node.func.value
                    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                    if name.lower().strip("_") in ("log", "logger"):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_line_of_ours_has_a_constant_text() -> None:
    found = list(calls())

    faulty = [where for where, call in found if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant)]

    assert len(found) > 8
    assert faulty == [], "say it in fields: log.warning('a text', extra={'code': error.code})"
