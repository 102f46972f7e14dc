"""`migrate-instances`: moving running instances to another version of their process."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from commands.options import as_json, database_option
from commands.output import FOUND_PROBLEMS, print_result, progress
from commands.root import Root, pass_root
from engine.bpmn.pairing import Ground
from engine.engine import Engine
from engine.errors import InvalidInput
from engine.migration_plan import MigrationPlan
from engine.migration_reports import Reason
from engine.protocols import Actor


@click.group("migrate-instances")
def migrate_instances() -> None:
    """Move running instances to another version of their process (docs/migration.md)."""


plan_option = click.option(
    "--plan", "plan_file", type=click.Path(exists=True, path_type=Path), help="An edited plan; without it: as proposed."
)
from_option = click.option("--from", "source", type=int, help="Version to move from; needed where several run.")
to_option = click.option("--to", "target", type=int, help="Version to move to; the latest unless given.")


@migrate_instances.command("plan", epilog="Example: stegvis migrate-instances plan handlaggning --from 3 > plan.json")
@click.argument("process_id", metavar="PROCESS")
@from_option
@to_option
@database_option()
@pass_root
def migration_plan(root: Root, process_id: str, source: int | None, target: int | None, database: str) -> None:
    """Propose what is to become of what, as JSON to edit; a table of it goes to standard error."""
    with root.installation(database) as room:
        proposal = room.engine.migrations.propose(process_id, _source(room.engine, process_id, source, target), target)
    for pair in proposal.pairs:
        found = f"{pair.target_name or pair.target} (samma {_GROUNDS[pair.ground]})" if pair.ground else "inget"
        click.echo(f"{pair.type:24} {pair.name or pair.source} -> {found}", err=True)
    for element in proposal.added:
        click.echo(f"{element.type:24} {element.name or element.id} är ny", err=True)
    click.echo(json.dumps(proposal.plan.as_dict(), ensure_ascii=False, indent=2))


@migrate_instances.command("preview", epilog="Example: stegvis migrate-instances preview handlaggning --plan plan.json")
@click.argument("process_id", metavar="PROCESS")
@from_option
@to_option
@plan_option
@database_option()
@as_json
@pass_root
def migration_preview(
    root: Root,
    process_id: str,
    source: int | None,
    target: int | None,
    plan_file: Path | None,
    database: str,
    as_json: bool,
) -> None:
    """Try the plan on copies of all running instances; exit code 1 where some cannot move."""
    with root.installation(database) as room, progress() as tell:
        plan = _plan(room.engine, process_id, source, target, plan_file)
        preview = room.engine.migrations.preview(plan, progress=lambda step: tell("Provar", step.done, step.total))
    counts = {"total": preview.total, "movable": preview.movable, "refused": preview.refused}
    extra = {"begins": dict(preview.begins), "ends": dict(preview.ends)}
    print_result({**counts, **extra, "reasons": [asdict(reason) for reason in preview.reasons]}, as_json)
    _print_reasons(preview.reasons, as_json)
    if preview.refused:
        sys.exit(FOUND_PROBLEMS)


@migrate_instances.command(
    "run", epilog='Example: stegvis migrate-instances run handlaggning --plan plan.json --reason "Nya blanketter"'
)
@click.argument("process_id", metavar="PROCESS")
@from_option
@to_option
@plan_option
@click.option("--reason", help="Why; stands in the history of every instance that moves.")
@click.option("--actor", default="operator", show_default=True, help="Who; stands in the history.")
@click.option("--resume", metavar="ID", help="Go on with a migration that was cut off.")
@database_option()
@as_json
@pass_root
def migration_run(
    root: Root,
    process_id: str,
    source: int | None,
    target: int | None,
    plan_file: Path | None,
    reason: str | None,
    actor: str,
    resume: str | None,
    database: str,
    as_json: bool,
) -> None:
    """Move all running instances, each in a transaction of its own; exit code 1 where some had to stay."""
    with root.installation(database) as room, progress() as tell:
        migrations = room.engine.migrations
        if resume is None:
            if not reason:
                raise click.UsageError("Say why with --reason.")
            plan = _plan(room.engine, process_id, source, target, plan_file)
            resume = migrations.begin(plan, actor=Actor(actor, actor), reason=reason)
            click.echo(f"Flytten har id {resume}; avbruten fortsätter den med --resume {resume}", err=True)
        done = migrations.carry_on(resume, progress=lambda step: tell("Flyttar", step.done, step.total))
    counts = {"id": done.id, "state": done.state.value, "total": done.total, "moved": done.moved}
    rest = {"refused": done.refused, "gone": done.gone, "reasons": [asdict(reason) for reason in done.reasons]}
    print_result({**counts, **rest}, as_json)
    _print_reasons(done.reasons, as_json)
    if done.refused:
        sys.exit(FOUND_PROBLEMS)


_GROUNDS = {Ground.ID: "id", Ground.NAME: "namn", Ground.ROLE: "typ och plats"}


def _plan(
    engine: Engine, process_id: str, source: int | None, target: int | None, plan_file: Path | None
) -> MigrationPlan:
    if plan_file is None:
        return engine.migrations.propose(process_id, _source(engine, process_id, source, target), target).plan
    plan = MigrationPlan.from_json(plan_file.read_bytes())
    if plan.process_id != process_id:
        raise InvalidInput(f"The plan is for {plan.process_id!r}, not for {process_id!r}.")
    return plan


def _source(engine: Engine, process_id: str, source: int | None, target: int | None) -> int:
    """The version to move from: the one given, else the only other one that has running instances."""
    if source is not None:
        return source
    wanted = target or max((row.version for row in engine.queries.versions(process_id)), default=0)
    running = engine.migrations.running_versions(process_id)
    running.pop(wanted, None)
    if len(running) == 1:
        return next(iter(running))
    there = ", ".join(f"{version} ({count})" for version, count in running.items()) or "none"
    raise InvalidInput(f"Say which version of {process_id!r} to move from with --from; running elsewhere: {there}.")


def _print_reasons(reasons: Iterable[Reason], as_json: bool) -> None:
    for reason in () if as_json else reasons:
        where = reason.name or reason.element_id
        click.echo(f"  {reason.count} kan inte flyttas: {where}: {reason.code} {reason.detail}")


COMMANDS = (migrate_instances,)
