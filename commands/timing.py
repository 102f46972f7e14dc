"""`recurring`: what runs by the calendar, how it went, and running it now."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from commands.options import as_json, database_option, operator
from commands.output import FOUND_PROBLEMS, print_result
from commands.root import Root, pass_root
from engine.recurring import Standing, recurring_work, run_now, runs_of
from engine.store.recurring_rows import RunRow
from engine.store.states import RunState


@click.group("recurring", invoke_without_command=True, epilog="Example: stegvis recurring --json")
@database_option()
@as_json
@click.pass_context
def recurring(context: click.Context, database: str, as_json: bool) -> None:
    """List what runs by the calendar: next turn, last run, how it went (no subcommand), or run some of it now."""
    if context.invoked_subcommand is not None:
        return
    with context.find_object(Root).installation(database) as room:  # type: ignore[union-attr]
        standings = recurring_work(room.engine)
    if as_json:
        click.echo(json.dumps([_standing(each) for each in standings], ensure_ascii=False, default=str))
        return
    for each in standings:
        click.echo(f"{each.work.name}: {each.work.title} ({each.work.schedule})")
        click.echo(f"  nästa gång: {each.next_at or 'planeras när någon håller tiden (stegvis serve)'}")
        if each.latest is not None:
            click.echo(f"  senast: {_told(each.latest)}")


@recurring.command("run", epilog="Example: stegvis recurring run kontroll --json")
@click.argument("name")
@database_option()
@as_json
@pass_root
def run(root: Root, name: str, database: str, as_json: bool) -> None:
    """Run recurring work NAME now; exit code 1 where it fails."""
    with root.installation(database) as room:
        done = run_now(room.engine, name, operator())
    print_result(asdict(done), as_json)
    if done.state is not RunState.OK:
        sys.exit(FOUND_PROBLEMS)


@recurring.command("history", epilog="Example: stegvis recurring history kontroll --limit 5 --json")
@click.argument("name")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@database_option()
@as_json
@pass_root
def history(root: Root, name: str, limit: int, database: str, as_json: bool) -> None:
    """List the latest runs of recurring work NAME, latest first."""
    with root.installation(database) as room:
        runs = runs_of(room.engine, name, limit)
    if as_json:
        click.echo(json.dumps([asdict(run) for run in runs], ensure_ascii=False, default=str))
        return
    for each in runs:
        click.echo(_told(each))


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "name": standing.work.name,
        "title": standing.work.title,
        "schedule": standing.work.schedule,
        "next_at": standing.next_at,
        "latest": None if standing.latest is None else asdict(standing.latest),
    }


def _told(run: RunRow) -> str:
    took = "pågår" if run.milliseconds is None else f"{run.milliseconds / 1000:.1f} s"
    return f"{run.begun_at} {run.state.value} ({took}, {run.actor_name}): {run.outcome}"


COMMANDS = (recurring,)
