"""`incidents`: what stopped, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from commands.options import as_json, database_option, operator, variables_of
from commands.output import every, print_result, row_as_json
from commands.root import Commands, Root, pass_root
from engine.engine import Engine
from engine.errors import Conflict, NotFound
from engine.store.rows import IncidentRow


@dataclass(frozen=True)
class Incidents:
    """What the group's own commands need of it: where the incidents are."""

    root: Root
    database: str


_pass_incidents = click.make_pass_decorator(Incidents)


@click.group("incidents", cls=Commands, invoke_without_command=True, epilog="Example: stegvis incidents --json")
@database_option()
@as_json
@pass_root
@click.pass_context
def incidents_group(context: click.Context, root: Root, database: str, as_json: bool) -> None:
    """List open incidents, oldest first, or see to one of them."""
    context.obj = Incidents(root, database)
    if context.invoked_subcommand is not None:
        return
    with root.installation(database) as room:
        for row in every(lambda paging: room.engine.queries.incidents(paging=paging)):
            told = f"{row.id}  {row.process_id or '-'} / {row.element_id or '-'}  {row.code}: {row.message}"
            click.echo(row_as_json(row) if as_json else told)


@incidents_group.command("retry", epilog="Example: stegvis incidents retry 4f1c --variables '{\"manader\": 3}'")
@click.argument("incident_id", metavar="ID")
@click.option("--variables", metavar="JSON", help="Variables to change first, as a JSON object.")
@as_json
@_pass_incidents
def retry_command(incidents: Incidents, incident_id: str, variables: str | None, as_json: bool) -> None:
    """Try again what an incident stopped."""
    changed = None if variables is None else variables_of(variables)
    with incidents.root.installation(incidents.database) as room:
        row = _incident(room.engine, incident_id)
        room.engine.retry(incident_id, variables=changed, actor=operator())
        print_result(_seen_to(room.engine, row, "retried"), as_json)


@incidents_group.command("move", epilog="Example: stegvis incidents move 4f1c bedom")
@click.argument("incident_id", metavar="ID")
@click.argument("element")
@as_json
@_pass_incidents
def move_command(incidents: Incidents, incident_id: str, element: str, as_json: bool) -> None:
    """Take the token that an incident holds up to another element of its process."""
    with incidents.root.installation(incidents.database) as room:
        row = _incident(room.engine, incident_id)
        if row.instance_id is None or row.wait_id is None:
            raise Conflict("This incident holds up no token; try it again instead.")
        room.engine.move_token(row.instance_id, row.wait_id, element, actor=operator(), reason=row.message)
        print_result(_seen_to(room.engine, row, "moved"), as_json)


@incidents_group.command("cancel", epilog="Example: stegvis incidents cancel 4f1c")
@click.argument("incident_id", metavar="ID")
@as_json
@_pass_incidents
def cancel_command(incidents: Incidents, incident_id: str, as_json: bool) -> None:
    """End the process instance that an incident stands in, with what called it and what it has called."""
    with incidents.root.installation(incidents.database) as room:
        row = _incident(room.engine, incident_id)
        if row.instance_id is None:
            raise Conflict("This incident stands in no process instance; try it again instead.")
        instance = room.engine.queries.find_instance(row.instance_id)
        while instance.parent_id is not None:
            instance = room.engine.queries.find_instance(instance.parent_id)
        room.engine.cancel(instance.id, actor=operator(), reason=row.message)
        print_result(_seen_to(room.engine, row, "cancelled"), as_json)


def _incident(engine: Engine, incident_id: str) -> IncidentRow:
    for row in every(lambda paging: engine.queries.incidents(paging=paging)):
        if row.id == incident_id:
            return row
    raise NotFound(f"There is no open incident {incident_id}.")


def _seen_to(engine: Engine, row: IncidentRow, done: str) -> Mapping[str, Any]:
    """What was done about an incident, and how its instance stands now."""
    state = None if row.instance_id is None else engine.queries.find_instance(row.instance_id).state.value
    return {"incident": row.id, "done": done, "instance": row.instance_id, "state": state}


COMMANDS = (incidents_group,)
