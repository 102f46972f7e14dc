"""`start` and `instances`: process instances from the command line."""

from __future__ import annotations

import click

from commands.options import as_json, database_option, operator, variables_of
from commands.output import every, print_result, row_as_json
from commands.root import Root, pass_root
from engine.store.states import InstanceState


@click.command("start", epilog='Example: stegvis start plan --variables \'{"arendeId": "A-1"}\' --json')
@click.argument("process")
@click.option("--variables", default="{}", metavar="JSON", help="The variables it starts with, as a JSON object.")
@click.option("--case", "case_id", help="The id of the case it belongs to.")
@database_option()
@as_json
@pass_root
def start_command(root: Root, process: str, variables: str, case_id: str | None, database: str, as_json: bool) -> None:
    """Start the latest version of a process; its jobs and timers run where the installation is served."""
    with root.installation(database) as room:
        instance = room.engine.start(process, variables_of(variables), case_id=case_id, actor=operator())
        row = room.engine.queries.find_instance(instance)
    print_result({"instance": row.id, "state": row.state.value, "waits_at": row.active_elements}, as_json)


@click.command("instances", epilog="Example: stegvis instances --state active --process plan --json")
@click.option("--state", type=click.Choice([state.value for state in InstanceState]), help="Only these.")
@click.option("--process", help="Only those of this process.")
@database_option()
@as_json
@pass_root
def instances_command(root: Root, state: str | None, process: str | None, database: str, as_json: bool) -> None:
    """List process instances, newest first."""
    wanted = None if state is None else InstanceState(state)
    with root.installation(database) as room:
        queries = room.engine.queries
        for row in every(lambda paging: queries.find_instances(process_id=process, state=wanted, paging=paging)):
            told = f"{row.id}  {row.state.value:10}  {row.process_id} v{row.version}  {row.started_at:%F %R}"
            click.echo(row_as_json(row) if as_json else told)


COMMANDS = (start_command, instances_command)
