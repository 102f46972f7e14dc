"""`check` and `publish`: diagrams, decisions and forms against the linter, and as a new release."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from commands.options import as_json, database_option
from commands.output import FOUND_PROBLEMS, print_findings, print_result, shown
from commands.root import Root, pass_root
from engine.bpmn.check import NOTHING_KNOWN, Known, check
from engine.bpmn.check.disk import as_neighbours, files_to_check, read_files
from engine.clock import SystemClock
from engine.engine import Engine
from engine.findings import Finding, NotDeployable
from engine.functions import host_functions
from engine.handlers import HandlerRegistry
from processes.family import Families, find_families
from timers.calendar import WorkingCalendar

CHECKED = (".bpmn", ".dmn", ".form")


@click.command("check", epilog="Example: stegvis check processes/aktivitetskrav --json")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@as_json
def check_command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check diagrams, decisions and forms; exit code 1 where any has errors, 2 where there is nothing to check."""
    found_errors, checked = False, 0
    for path, findings in _checked(paths):
        checked += 1
        errors_here = sum(finding.is_error for finding in findings)
        found_errors = found_errors or errors_here > 0
        if as_json:
            click.echo(
                json.dumps(
                    {
                        "file": shown(path),
                        "errors": errors_here,
                        "warnings": len(findings) - errors_here,
                        "findings": [finding.as_dict() for finding in findings],
                    },
                    ensure_ascii=False,
                )
            )
        else:
            click.echo(f"{shown(path)}: {errors_here} fel, {len(findings) - errors_here} varningar")
            print_findings(findings)
    if not checked:
        raise click.UsageError("There is no diagram, decision or form in " + ", ".join(map(shown, paths)) + ".")
    if found_errors:
        sys.exit(FOUND_PROBLEMS)


@click.command("publish", epilog='Example: stegvis publish plan.bpmn --note "Kortare frist" --author Anna --json')
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@click.option("--note", required=True, help="What is new, for the list of releases.")
@click.option("--author", required=True, help="Who has made the change.")
@database_option()
@as_json
@pass_root
def publish_command(root: Root, paths: tuple[Path, ...], note: str, author: str, database: str, as_json: bool) -> None:
    """Publish diagrams, decisions and forms as a new release; exit code 1 where any has errors.

    A file takes the place of the release's file of that name; a folder's files are named folder/file.
    """
    with root.installation(database) as room:
        try:
            release = room.engine.publish(_to_publish(room.engine, paths), author=author, note=note)
        except NotDeployable as refused:
            found = [finding for finding in refused.findings if finding.is_error]
            if as_json:
                click.echo(json.dumps({"findings": [finding.as_dict() for finding in found]}, ensure_ascii=False))
            else:
                print_findings(found)
            sys.exit(FOUND_PROBLEMS)
    print_result(asdict(release), as_json)


def known_to(families: Families, handlers: HandlerRegistry, functions: Mapping[str, Any]) -> Known:
    """What the linter holds diagrams against: the roles, handlers, functions and parameters of these families."""
    return Known(
        roles=frozenset(families.roles.roles),
        job_types=handlers.job_types,
        functions=frozenset(functions),
        parameters=families.parameters.names,
        forms=(),  # a family has its forms, decisions and processes itself
        decisions=(),
        processes=(),
    )


def _checked(paths: tuple[Path, ...]) -> Iterator[tuple[Path, list[Finding]]]:
    """Each file to check with its findings; files that lie beside a roles.toml are checked as the family they are."""
    folders: dict[Path, list[Path]] = {}
    for file in files_to_check(paths):
        folders.setdefault(file.parent, []).append(file)
    for folder, files in folders.items():
        if not (folder / "roles.toml").exists():
            contents, unread = read_files(files)
            findings = as_neighbours(check(contents, NOTHING_KNOWN))
        else:
            beside = [file for file in files_to_check([folder]) if file.parent == folder and file not in files]
            contents, unread = read_files([*files, *beside])
            families, handlers = find_families(folder.parent), HandlerRegistry()
            calendar = WorkingCalendar(families.calendar)
            functions = host_functions(calendar, families.parameters, SystemClock())
            families.register_handlers(handlers, calendar, functions)
            findings = check(contents, known_to(families, handlers, functions))
        for file in files:
            yield file, [unread[file.name]] if file.name in unread else findings[file.name]


def _to_publish(engine: Engine, paths: tuple[Path, ...]) -> dict[str, bytes]:
    """Name to content: a file by the name that the latest release has for it, a folder's as folder/file."""
    releases = engine.queries.releases()
    known = engine.queries.release_files(releases[0].number) if releases else {}
    found: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            folder = path.resolve()
            files = [each for each in sorted(folder.rglob("*")) if each.is_file() and each.suffix in CHECKED]
            found |= {f"{folder.name}/{each.relative_to(folder).as_posix()}": each.read_bytes() for each in files}
        else:
            same = [name for name in known if name.rpartition("/")[2] == path.name]
            found[same[0] if len(same) == 1 else path.name] = path.read_bytes()
    return found


COMMANDS = (check_command, publish_command)
