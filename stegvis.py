"""The composition root and the command line: the one file that knows every room and wires them together."""

from __future__ import annotations

import getpass
import json
import logging
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import make_url

from engine.bpmn.check import NOTHING_KNOWN, Known, check
from engine.bpmn.check.disk import as_neighbours, files_to_check, read_files
from engine.bpmn.pairing import Ground
from engine.clock import Clock, SystemClock
from engine.dmn import load_decisions
from engine.engine import Engine
from engine.errors import Conflict, InvalidInput, NotFound, StegvisError
from engine.feel import Environment
from engine.feel.codec import from_json, to_plain
from engine.findings import Finding, NotDeployable
from engine.functions import host_functions
from engine.handlers import HandlerRegistry
from engine.migration_plan import MigrationPlan
from engine.migration_reports import Reason
from engine.protocols import Actor, Calendar, Dispatcher
from engine.store.rows import MAX_PAGE_SIZE, IncidentRow, InstanceRow, Page, Paging
from engine.store.states import InstanceState
from processes.aktivitetskrav.autopilot.seeding import seed
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.aktivitetskrav.sample import sample_decisions
from processes.family import Families, find_families
from processes.scenarios import Coverage, ScenarioResult, run_scenarios
from timers.calendar import WorkingCalendar
from timers.local import EngineWork, LocalDispatcher
from timers.recurring import Recurrence

T = TypeVar("T")
VERSION = "0.1.0"
STATE = Path("var")
"""Where databases and secrets lie unless told otherwise; relative to where the command is run."""
DEFAULT_DATABASE = f"sqlite:///{STATE}/stegvis.sqlite"
DEMO_DATABASE = f"sqlite:///{STATE}/demo.sqlite"
CHECKED = (".bpmn", ".dmn", ".form")
FOUND_PROBLEMS, FAILED = 1, 3
"""Exit codes: 0 done, 1 the answer is no (findings, rejects, problems), 2 wrong usage, 3 it could not be done."""

errors = Console(stderr=True, highlight=False)


@dataclass(frozen=True)
class Installation:
    """Everything wired together for one process of the operating system."""

    engine: Engine
    families: Families
    calendar: Calendar


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


def open_installation(
    database: str, *, clock: Clock | None = None, dispatcher: Dispatcher | None = None
) -> Installation:
    """Open the engine on `database` with every process family; a database that does not exist yet is made.

    A new database also gets its schema, the families' first release and what they prepare. An existing one with
    another schema raises SchemaMismatch (`stegvis migrate` brings it forward).
    """
    families, calendar, handlers = find_families(), WorkingCalendar(), HandlerRegistry()
    moment = clock or SystemClock()
    functions = host_functions(calendar, families.parameters, moment)
    families.register_handlers(handlers, calendar, functions)
    engine = Engine.open(
        database,
        clock=moment,
        handlers=handlers,
        roles=families.roles,
        functions=functions,
        parameter_names=families.parameters.names,
        dispatcher=dispatcher,
        parts=families.parts,
        create=_is_new(database),
    )
    try:
        if not engine.queries.releases():
            engine.publish(families.files(), author="Stegvis", note="Första utgåvan")
        families.prepare(engine)
    except BaseException:
        engine.close()
        raise
    return Installation(engine, families, calendar)


@contextmanager
def installation(
    database: str, *, clock: Clock | None = None, dispatcher: Dispatcher | None = None
) -> Iterator[Installation]:
    """`open_installation`, closed at the end."""
    room = open_installation(database, clock=clock, dispatcher=dispatcher)
    with room.engine:
        yield room


def _is_new(database: str) -> bool:
    """Whether `database` names a SQLite file that is not there yet (its folder is made), or one in memory."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite":
        return False
    if url.database in (None, "", ":memory:"):
        return True
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    return not path.exists() or path.stat().st_size == 0


def _remove_database(path: Path) -> None:
    """Delete a SQLite database with the files beside it, which would otherwise be taken for a new one's."""
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)


# --- the command line -------------------------------------------------------------------------------------------------


class Commands(click.Group):
    """Turns errors into one red line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; StegvisError becomes exit code 3."""
        try:
            return super().invoke(ctx)
        except StegvisError as error:
            errors.print(f"[bold red]{error.code}:[/] ", end="")
            errors.print(error.message, markup=False, style="red")
            ctx.exit(FAILED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="stegvis")
def main() -> None:
    """Stegvis: runs the activity requirement's journey as BPMN diagrams."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def database_option(default: str = DEFAULT_DATABASE) -> Callable[[Any], Any]:
    """--database, or STEGVIS_DATABASE, or `default`."""
    return click.option(
        "--database",
        envvar="STEGVIS_DATABASE",
        default=default,
        show_default=True,
        show_envvar=True,
        metavar="URL",
        help="SQLAlchemy URL of the database.",
    )


as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
port_option = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
demo_login_option = click.option(
    "--demo-login", is_flag=True, help="Serve other machines too, although anybody may then log in as anyone."
)


@main.command(epilog="Example: stegvis demo --port 8080")
@database_option(DEMO_DATABASE)
@host_option
@port_option
@click.option("--fresh", is_flag=True, help="Throw the demo's database away and seed it anew.")
@click.option("--cases", default=120, show_default=True, type=click.IntRange(1, 10_000), help="Cases to seed.")
@demo_login_option
def demo(database: str, host: str, port: int, fresh: bool, cases: int, demo_login: bool) -> None:
    """Serve a demo with living data; the first run seeds it with the real engine."""
    _guard_login(host, meant=demo_login)
    path = Path(str(make_url(database).database))
    if fresh and make_url(database).get_backend_name() == "sqlite":
        _remove_database(path)
    if _is_new(database):
        unfinished = path.with_name(f"{path.name}.seeding")
        _remove_database(unfinished)
        _seed(f"sqlite:///{unfinished}", cases=cases, months=6, seed_number=1, until=SystemClock().now())
        unfinished.rename(path)  # a seeding that was cut off is never taken for a demo
    _serve(database, host, port, demo=True)


@main.command(epilog="Example: STEGVIS_SECRET_KEY_FILE=/etc/stegvis/key stegvis serve --port 8080")
@database_option()
@host_option
@port_option
@demo_login_option
def serve(database: str, host: str, port: int, demo_login: bool) -> None:
    """Serve the web pages and keep time: timers and jobs run in this process.

    The only login so far is the demo's, which asks for no password: an address that other machines can reach is
    refused unless --demo-login says that this is meant.
    """
    _guard_login(host, meant=demo_login)
    _serve(database, host, port, demo=True)


@main.command("seed", epilog="Example: stegvis seed --cases 300 --months 6 --seed 1 --json")
@database_option()
@click.option("--cases", default=300, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--months", default=6, show_default=True, type=click.IntRange(1, 120))
@click.option("--seed", "seed_number", default=1, show_default=True, help="The same number gives the same counts.")
@as_json
def seed_command(database: str, cases: int, months: int, seed_number: int, as_json: bool) -> None:
    """Drive the real engine on a clock of its own over months of fictitious work, as staff would do it."""
    _print(_seed(database, cases=cases, months=months, seed_number=seed_number), as_json)


@main.command("import-decisions", epilog="Example: stegvis import-decisions beslut-2026-10.csv --json")
@click.argument("file", type=click.Path(path_type=Path))
@database_option()
@click.option("--reject-file", "rejects", type=click.Path(path_type=Path), help="For rejected rows.")
@as_json
def import_command(file: Path, database: str, rejects: Path | None, as_json: bool) -> None:
    """Import monthly decisions (docs/import.md tells the format); the same file twice changes nothing."""
    with installation(database) as room, _progress() as tell:
        result = import_decisions(
            room.engine,
            file,
            room.families.roles,
            reject_path=rejects,
            progress=lambda step: tell(_PHASES[step.phase], step.done, step.total),
        )
    if not as_json:
        for fault in result.faults:
            click.echo(f"rad {fault.line}, {fault.column}: {fault.reason}", err=True)
    _print(asdict(result), as_json)
    if result.rejected:
        sys.exit(FOUND_PROBLEMS)


@main.command("sample-decisions", epilog="Example: stegvis sample-decisions --persons 300 --months 8 --seed 1 > b.csv")
@click.option("--persons", default=300, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--months", default=8, show_default=True, type=click.IntRange(1, 600))
@click.option("--seed", "seed_number", default=1, show_default=True, help="The same number gives the same file.")
def sample_command(persons: int, months: int, seed_number: int) -> None:
    """Write monthly decisions of fictitious persons, as a file for import-decisions."""
    for line in sample_decisions(persons, months, seed_number, find_families().roles.case_units):
        click.echo(line, nl=False)


@main.command("check", epilog="Example: stegvis check processes/aktivitetskrav --json")
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
                        "file": _shown(path),
                        "errors": errors_here,
                        "warnings": len(findings) - errors_here,
                        "findings": [finding.as_dict() for finding in findings],
                    },
                    ensure_ascii=False,
                )
            )
        else:
            click.echo(f"{_shown(path)}: {errors_here} fel, {len(findings) - errors_here} varningar")
            _print_findings(findings)
    if not checked:
        raise click.UsageError("There is no diagram, decision or form in " + ", ".join(map(_shown, paths)) + ".")
    if found_errors:
        sys.exit(FOUND_PROBLEMS)


@main.command("publish", epilog='Example: stegvis publish plan.bpmn --note "Kortare frist" --author Anna --json')
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@click.option("--note", required=True, help="What is new, for the list of releases.")
@click.option("--author", required=True, help="Who has made the change.")
@database_option()
@as_json
def publish_command(paths: tuple[Path, ...], note: str, author: str, database: str, as_json: bool) -> None:
    """Publish diagrams, decisions and forms as a new release; exit code 1 where any has errors.

    A file takes the place of the release's file of that name; a folder's files are named folder/file.
    """
    with installation(database) as room:
        try:
            release = room.engine.publish(_to_publish(room.engine, paths), author=author, note=note)
        except NotDeployable as refused:
            found = [finding for finding in refused.findings if finding.is_error]
            if as_json:
                click.echo(json.dumps({"findings": [finding.as_dict() for finding in found]}, ensure_ascii=False))
            else:
                _print_findings(found)
            sys.exit(FOUND_PROBLEMS)
    _print(asdict(release), as_json)


@main.command("start", epilog='Example: stegvis start plan --variables \'{"arendeId": "A-1"}\' --json')
@click.argument("process")
@click.option("--variables", default="{}", metavar="JSON", help="The variables it starts with, as a JSON object.")
@click.option("--case", "case_id", help="The id of the case it belongs to.")
@database_option()
@as_json
def start_command(process: str, variables: str, case_id: str | None, database: str, as_json: bool) -> None:
    """Start the latest version of a process; its jobs and timers run where the installation is served."""
    with installation(database) as room:
        instance = room.engine.start(process, _variables(variables), case_id=case_id, actor=_operator())
        row = room.engine.queries.find_instance(instance)
    _print({"instance": row.id, "state": row.state.value, "waits_at": row.active_elements}, as_json)


@main.command("instances", epilog="Example: stegvis instances --state active --process plan --json")
@click.option("--state", type=click.Choice([state.value for state in InstanceState]), help="Only these.")
@click.option("--process", help="Only those of this process.")
@database_option()
@as_json
def instances_command(state: str | None, process: str | None, database: str, as_json: bool) -> None:
    """List process instances, newest first."""
    wanted = None if state is None else InstanceState(state)
    with installation(database) as room:
        queries = room.engine.queries
        for row in _every(lambda paging: queries.find_instances(process_id=process, state=wanted, paging=paging)):
            told = f"{row.id}  {row.state.value:10}  {row.process_id} v{row.version}  {row.started_at:%F %R}"
            click.echo(_json(row) if as_json else told)


@main.group("incidents", cls=Commands, invoke_without_command=True, epilog="Example: stegvis incidents --json")
@database_option()
@as_json
@click.pass_context
def incidents_group(context: click.Context, database: str, as_json: bool) -> None:
    """List open incidents, oldest first, or see to one of them."""
    context.obj = database
    if context.invoked_subcommand is not None:
        return
    with installation(database) as room:
        for row in _every(lambda paging: room.engine.queries.incidents(paging=paging)):
            told = f"{row.id}  {row.process_id or '-'} / {row.element_id or '-'}  {row.code}: {row.message}"
            click.echo(_json(row) if as_json else told)


@incidents_group.command("retry", epilog="Example: stegvis incidents retry 4f1c --variables '{\"manader\": 3}'")
@click.argument("incident_id", metavar="ID")
@click.option("--variables", metavar="JSON", help="Variables to change first, as a JSON object.")
@as_json
@click.pass_obj
def retry_command(database: str, incident_id: str, variables: str | None, as_json: bool) -> None:
    """Try again what an incident stopped."""
    changed = None if variables is None else _variables(variables)
    with installation(database) as room:
        row = _incident(room.engine, incident_id)
        room.engine.retry(incident_id, variables=changed, actor=_operator())
        _print(_seen_to(room.engine, row, "retried"), as_json)


@incidents_group.command("move", epilog="Example: stegvis incidents move 4f1c bedom")
@click.argument("incident_id", metavar="ID")
@click.argument("element")
@as_json
@click.pass_obj
def move_command(database: str, incident_id: str, element: str, as_json: bool) -> None:
    """Take the token that an incident holds up to another element of its process."""
    with installation(database) as room:
        row = _incident(room.engine, incident_id)
        if row.instance_id is None or row.wait_id is None:
            raise Conflict("This incident holds up no token; try it again instead.")
        room.engine.move_token(row.instance_id, row.wait_id, element, actor=_operator(), reason=row.message)
        _print(_seen_to(room.engine, row, "moved"), as_json)


@incidents_group.command("cancel", epilog="Example: stegvis incidents cancel 4f1c")
@click.argument("incident_id", metavar="ID")
@as_json
@click.pass_obj
def cancel_command(database: str, incident_id: str, as_json: bool) -> None:
    """End the process instance that an incident stands in, with what called it and what it has called."""
    with installation(database) as room:
        row = _incident(room.engine, incident_id)
        if row.instance_id is None:
            raise Conflict("This incident stands in no process instance; try it again instead.")
        instance = room.engine.queries.find_instance(row.instance_id)
        while instance.parent_id is not None:
            instance = room.engine.queries.find_instance(instance.parent_id)
        room.engine.cancel(instance.id, actor=_operator(), reason=row.message)
        _print(_seen_to(room.engine, row, "cancelled"), as_json)


@main.command("decide", epilog="Example: stegvis decide krav.dmn krav --input '{\"manader\": 4}' --json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("decision")
@click.option("--input", "given", default="{}", metavar="JSON", help="The inputs, as a JSON object.")
@as_json
def decide_command(file: Path, decision: str, given: str, as_json: bool) -> None:
    """Make a decision of a DMN file; exit code 1 where it rests on missing or wrong values."""
    others = {each.name: each.read_bytes() for each in sorted(file.parent.glob("*.dmn")) if each != file}
    model = load_decisions(file.read_bytes(), file=file.name, imports=others)
    clock = SystemClock()
    functions = host_functions(WorkingCalendar(), find_families().parameters, clock)
    environment = Environment(now=clock.now, functions=dict(functions))
    result = model.evaluate(decision, model.inputs_of_json(_object(given)), environment)
    if as_json:
        doubts = [asdict(each) for each in result.doubts]
        told = {"value": to_plain(result.value), "doubts": doubts, "trace": result.trace}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(json.dumps(to_plain(result.value), ensure_ascii=False))
        for doubt in result.doubts:
            click.echo(f"{doubt.code}: {doubt.message}", err=True)
    if result.doubts:
        sys.exit(FOUND_PROBLEMS)


@main.command(epilog="Example: stegvis verify --database sqlite:///var/demo.sqlite --json")
@database_option()
@as_json
def verify(database: str, as_json: bool) -> None:
    """Check hash chains, and that every waiting element has its row and every row its element."""
    with installation(database) as room, _progress() as tell:
        tell("Kontrollerar databasen", 0, None)
        problems = room.engine.verify()
    if as_json:
        click.echo(json.dumps({"problems": [asdict(problem) for problem in problems]}, ensure_ascii=False, default=str))
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{len(problems)} problem" if problems else "Allt stämmer.")
    if problems:
        sys.exit(FOUND_PROBLEMS)


@main.command(epilog="Example: stegvis migrate --database sqlite:///var/stegvis.sqlite")
@database_option()
def migrate(database: str) -> None:
    """Bring the database's schema to this program's version (take a backup first)."""
    with Engine.open(database, parts=find_families().parts, create=True):
        click.echo("Databasens schema är aktuellt.")


@main.command(epilog="Example: stegvis scenarios processes/aktivitetskrav/scenarios --json")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--coverage", "with_coverage", is_flag=True, help="Also say which elements and exits no scenario touches."
)
@as_json
def scenarios(paths: tuple[Path, ...], with_coverage: bool, as_json: bool) -> None:
    """Run the journey's scenarios (Gherkin in Swedish) on the real engine with a clock of their own."""
    chosen = paths or tuple(family.folder / "scenarios" for family in find_families().all)
    results: list[ScenarioResult] = []
    coverage = Coverage()
    for result in run_scenarios(chosen, installation, coverage):
        results.append(result)
        click.echo(json.dumps(asdict(result), ensure_ascii=False) if as_json else str(result))
    failed = sum(not result.passed for result in results)
    if with_coverage:
        _print_coverage(coverage, as_json)
    if not as_json:
        click.echo(f"{len(results) - failed} scenarier gick igenom, {failed} gjorde det inte.")
    if failed:
        sys.exit(FOUND_PROBLEMS)


def _print_coverage(coverage: Coverage, as_json: bool) -> None:
    gaps = coverage.gaps()
    touched = coverage.total - len(gaps)
    if as_json:
        told = {"total": coverage.total, "touched": touched, "untouched": [asdict(gap) for gap in gaps]}
        click.echo(json.dumps({"coverage": told}, ensure_ascii=False))
        return
    click.echo(f"Scenarierna rör vid {touched} av {coverage.total} element och utgångar.")
    for gap in gaps:
        click.echo(f"  orört: {gap}")


# --- moving running instances to a new version ------------------------------------------------------------------------


@main.group("migrate-instances")
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
def migration_plan(process_id: str, source: int | None, target: int | None, database: str) -> None:
    """Propose what is to become of what, as JSON to edit; a table of it goes to standard error."""
    with installation(database) as room:
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
def migration_preview(
    process_id: str, source: int | None, target: int | None, plan_file: Path | None, database: str, as_json: bool
) -> None:
    """Try the plan on copies of all running instances; exit code 1 where some cannot move."""
    with installation(database) as room, _progress() as tell:
        plan = _plan(room.engine, process_id, source, target, plan_file)
        preview = room.engine.migrations.preview(plan, progress=lambda step: tell("Provar", step.done, step.total))
    counts = {"total": preview.total, "movable": preview.movable, "refused": preview.refused}
    extra = {"begins": dict(preview.begins), "ends": dict(preview.ends)}
    _print({**counts, **extra, "reasons": [asdict(reason) for reason in preview.reasons]}, as_json)
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
def migration_run(
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
    with installation(database) as room, _progress() as tell:
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
    _print({**counts, **rest}, as_json)
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


# --- what the commands share ------------------------------------------------------------------------------------------

_PHASES = {"checking": "Läser filen", "importing": "Importerar", "running": "Kör det som startats"}


def _guard_login(host: str, *, meant: bool) -> None:
    """Raise UsageError where a login without password would be open to other machines, unless it is `meant` to be."""
    if _is_own_machine(host):
        return
    if not meant:
        raise click.UsageError(
            f"{host} can be reached from other machines, and the demo login asks for no password: everybody could read "
            "every case. Serve 127.0.0.1, or say --demo-login if all the data is made up."
        )
    errors.print("[bold red]Warning:[/] ", end="")
    errors.print(f"whoever reaches {host} can log in as anyone, without a password.", markup=False)


def _is_own_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _serve(database: str, host: str, port: int, *, demo: bool) -> None:
    from waitress import create_server  # the web server and the front end: only where pages are served

    from forms.app import create_app
    from forms.settings import Settings

    dispatcher = LocalDispatcher(SystemClock())
    with installation(database, dispatcher=dispatcher) as room:
        settings = Settings(secret_key=_secret_key(), demo=demo, version=VERSION)
        app = create_app(room.engine, room.families.roles, settings, calendar=room.calendar)
        server = create_server(app, host=host, port=port, threads=8, ident="stegvis")
        dispatcher.start(EngineWork(room.engine))
        Recurrence(room.engine, dispatcher.scheduler).start()
        click.echo(f"Stegvis: http://{host}:{port}")
        if demo:
            _print_logins(room.families)
        try:
            server.run()
        finally:
            server.close()
            dispatcher.stop()


def _print_logins(families: Families) -> None:
    click.echo("Demoinloggningar (välj på inloggningssidan, inget lösenord):")
    for user in families.roles.demo_users.values():
        roles = ", ".join(families.roles.roles[role].name_sv for role in sorted(user.roles))
        click.echo(f"  {user.name} – {roles}")


def _secret_key() -> str:
    """The key that signs sessions: from STEGVIS_SECRET_KEY_FILE, else kept in the state folder, readable by us only."""
    path = Path(os.environ.get("STEGVIS_SECRET_KEY_FILE", STATE / "secret_key"))
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        if "STEGVIS_SECRET_KEY_FILE" in os.environ:
            raise InvalidInput(f"The file {path} named by STEGVIS_SECRET_KEY_FILE does not exist.") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key


def _seed(
    database: str, *, cases: int, months: int, seed_number: int, until: datetime | None = None
) -> Mapping[str, Any]:
    families = find_families()
    with _progress() as tell:
        result = seed(
            lambda clock: open_installation(database, clock=clock).engine,
            families.roles,
            WorkingCalendar(),
            cases=cases,
            months=months,
            seed=seed_number,
            until=until,
            progress=lambda step: tell(f"{cases} ärenden, {step.day}", step.done, step.total),
        )
    return asdict(result)


def _shown(path: Path) -> str:
    """A path as text that can always be written, also where its name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


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
            functions = host_functions(WorkingCalendar(), families.parameters, SystemClock())
            families.register_handlers(handlers, WorkingCalendar(), functions)
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


def _object(text: str) -> dict[str, Any]:
    """A JSON object from the command line."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"This is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise InvalidInput('Give a JSON object, as {"name": "value"}.')
    return found


def _variables(text: str) -> dict[str, Any]:
    return {name: from_json(value) for name, value in _object(text).items()}


def _operator() -> Actor:
    """Whoever runs the command, as the history is to name them."""
    name = getpass.getuser()
    return Actor(f"cli:{name}", name)


def _every(query: Callable[[Paging], Page[T]]) -> Iterator[T]:
    """The rows of all pages of a list."""
    page = query(Paging(1, MAX_PAGE_SIZE))
    yield from page.items
    while len(page.items) == MAX_PAGE_SIZE:
        page = query(Paging(page.paging.number + 1, MAX_PAGE_SIZE))
        yield from page.items


def _incident(engine: Engine, incident_id: str) -> IncidentRow:
    for row in _every(lambda paging: engine.queries.incidents(paging=paging)):
        if row.id == incident_id:
            return row
    raise NotFound(f"There is no open incident {incident_id}.")


def _seen_to(engine: Engine, row: IncidentRow, done: str) -> Mapping[str, Any]:
    """What was done about an incident, and how its instance stands now."""
    state = None if row.instance_id is None else engine.queries.find_instance(row.instance_id).state.value
    return {"incident": row.id, "done": done, "instance": row.instance_id, "state": state}


def _json(row: IncidentRow | InstanceRow) -> str:
    return json.dumps(asdict(row), ensure_ascii=False, default=str)


def _print_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        place = finding.name or finding.element or ""
        click.echo(f"  {finding.severity.value:7} {finding.code} {place}: {finding.message} {finding.remedy}")


def _print(result: Mapping[str, Any], as_json: bool) -> None:
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
def _progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar on standard error for work that takes its time; nothing where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda text, done, total: bar.update(task, description=text, completed=done, total=total)


if __name__ == "__main__":
    main()
