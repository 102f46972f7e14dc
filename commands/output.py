"""How commands print: results, rows, findings, progress."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from engine.findings import Finding
from engine.store.rows import MAX_PAGE_SIZE, IncidentRow, InstanceRow, Page, Paging

T = TypeVar("T")
FOUND_PROBLEMS, FAILED = 1, 3
"""Exit codes: 0 done, 1 the answer is no (findings, rejects, problems), 2 wrong usage, 3 it could not be done."""

errors = Console(stderr=True, highlight=False)


def shown(path: Path) -> str:
    """A path as text that can always be written, also where its name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def every(query: Callable[[Paging], Page[T]]) -> Iterator[T]:
    """The rows of all pages of a list."""
    page = query(Paging(1, MAX_PAGE_SIZE))
    yield from page.items
    while len(page.items) == MAX_PAGE_SIZE:
        page = query(Paging(page.paging.number + 1, MAX_PAGE_SIZE))
        yield from page.items


def row_as_json(row: IncidentRow | InstanceRow) -> str:
    return json.dumps(asdict(row), ensure_ascii=False, default=str)


def print_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        place = finding.name or finding.element or ""
        click.echo(f"  {finding.severity.value:7} {finding.code} {place}: {finding.message} {finding.remedy}")


def print_result(result: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, default=str))
        return
    for name, value in result.items():
        if isinstance(value, Mapping):
            click.echo(f"{name}:")
            for key, count in value.items():
                click.echo(f"  {key}: {count}")
        elif not isinstance(value, list | tuple):
            click.echo(f"{name}: {value}")


@contextmanager
def progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar on standard error for work that takes its time; nothing where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda text, done, total: bar.update(task, description=text, completed=done, total=total)
