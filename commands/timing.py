"""`recurring` and `recompute-deadlines`: what runs by the calendar, and deadlines when a parameter has changed."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from commands.options import as_json, database_option, operator
from commands.output import FOUND_PROBLEMS, print_result, progress
from commands.root import Root, pass_root
from engine.deadlines import DeadlineMove, Recount
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


@click.group("recompute-deadlines", epilog="Example: stegvis recompute-deadlines preview --json")
def recompute() -> None:
    """Count deadlines again where the diagram says so (rakna_om = vid_andring): a parameter or the calendar changed.

    All other running deadlines stand, as they were communicated.
    """


@recompute.command("preview", epilog="Example: stegvis recompute-deadlines preview --json")
@database_option()
@as_json
@pass_root
def preview(root: Root, database: str, as_json: bool) -> None:
    """Show which deadlines would move, from when to when, without moving any."""
    with root.installation(database) as room:
        found = room.engine.deadlines.preview()
    _print_recount(found, "moves", as_json)


@recompute.command("run", epilog='Example: stegvis recompute-deadlines run --reason "Kortare svarstid, § 12" --json')
@click.option("--reason", required=True, help="Why, for each case's history.")
@click.option("--allow-overdue", is_flag=True, help="Move deadlines into the past too: their timers fire at once.")
@database_option()
@as_json
@pass_root
def run_recompute(root: Root, reason: str, allow_overdue: bool, database: str, as_json: bool) -> None:
    """Move them, each instance in a transaction of its own; exit code 1 where some had to stay.

    A run that was cut off is run again: what has moved already is left alone.
    """
    with root.installation(database) as room, progress() as tell:
        done = room.engine.deadlines.run(
            actor=operator(),
            reason=reason,
            allow_overdue=allow_overdue,
            progress=lambda number: tell("Räknar om", number, None),
        )
    _print_recount(done, "moved", as_json)
    if done.refused or done.faults:
        sys.exit(FOUND_PROBLEMS)


def _print_recount(found: Recount, word: str, as_json: bool) -> None:
    if as_json:
        told = {
            "looked_at": found.looked_at,
            "counts": {word: len(found.moves), "refused": len(found.refused), "faults": len(found.faults)},
            word: [asdict(move) for move in found.moves],
            "refused": [asdict(move) for move in found.refused],
            "faults": [asdict(fault) for fault in found.faults],
        }
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    for move in found.moves:
        click.echo(f"{_case(move)}: {move.old} -> {move.new}{' (redan passerad)' if move.overdue else ''}")
    for move in found.refused:
        click.echo(
            f"{_case(move)}: står kvar på {move.old}; {move.new} har redan passerat (--allow-overdue flyttar ändå)"
        )
    for fault in found.faults:
        click.echo(f"{fault.case_id or fault.instance_id} {fault.element_id}: {fault.code} {fault.message}")
    click.echo(f"{found.looked_at} frister räknade, {len(found.moves)} ändras, {len(found.refused)} står kvar")


def _case(move: DeadlineMove) -> str:
    return f"{move.case_id or move.instance_id} {move.name} ({move.kind.value})"


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


COMMANDS = (recurring, recompute)
