"""`parameters`: what laws and the municipality have set, what has been changed, and changing it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from commands.options import as_json, database_option, operator
from commands.root import Root, pass_root
from engine.clock import local_date
from engine.feel.codec import to_plain
from engine.parameter_desk import DEFAULT_SOURCE, ChangeRequest, read_value
from engine.parameter_values import Certainty, Parameter, UnknownParameter
from engine.protocols import Actor

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(
    "parameters", epilog='Example: stegvis parameters set beslut_arbetsdagar 7 --from 2027-01-01 --reason "N 12"'
)
def parameters() -> None:
    """The values that laws and the municipality have set: list them, see their history, change them."""


@parameters.command("list", epilog="Example: stegvis parameters list --json")
@database_option()
@as_json
@pass_root
def list_command(root: Root, database: str, as_json: bool) -> None:
    """List what holds today: for the municipality, for units with values of their own, and what is to come."""
    with root.installation(database) as room:
        standing = room.engine.parameters.standing()
    if as_json:
        click.echo(
            json.dumps(
                [
                    {
                        "name": each.name,
                        "description": each.base.description_sv,
                        "holds": None if each.common is None else _as_dict(each.common),
                        "units": [_as_dict(own) for own in each.own],
                        "coming": [_as_dict(coming) for coming in each.coming],
                    }
                    for each in standing
                ],
                ensure_ascii=False,
            )
        )
        return
    for each in standing:
        for entry in [*([] if each.common is None else [each.common]), *each.own, *each.coming]:
            click.echo(_line(entry))


@parameters.command("history", epilog="Example: stegvis parameters history beslut_arbetsdagar --json")
@click.argument("name")
@database_option()
@as_json
@pass_root
def history_command(root: Root, name: str, database: str, as_json: bool) -> None:
    """Every value of parameter NAME, with who set it and why; the latest day first."""
    with root.installation(database) as room:
        entries = room.engine.parameters.history(name)
    if as_json:
        click.echo(json.dumps([_as_dict(entry) for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        click.echo(_line(entry))


@parameters.command(
    "set",
    epilog='Example: stegvis parameters set beslut_arbetsdagar 7 --from 2027-01-01 --unit sdf_norr --reason "§ 12"',
)
@click.argument("name")
@click.argument("value", required=False)
@click.option("--withdraw", is_flag=True, help="Instead of VALUE: earlier changes no longer hold from that day.")
@click.option("--from", "valid_from", type=DAY, help="The day it begins to hold; today unless given.")
@click.option("--unit", help="Only for this unit.")
@click.option("--reason", required=True, help="Why, for whoever asks later.")
@click.option("--source", default=DEFAULT_SOURCE, show_default=True, help="What it rests on.")
@click.option(
    "--certainty",
    default=Certainty.DECIDED.value,
    show_default=True,
    type=click.Choice([each.value for each in Certainty]),
)
@click.option("--author", help="Who has decided it; whoever runs the command unless given.")
@database_option()
@as_json
@pass_root
def set_command(
    root: Root,
    name: str,
    value: str | None,
    withdraw: bool,
    valid_from: datetime | None,
    unit: str | None,
    reason: str,
    source: str,
    certainty: str,
    author: str | None,
    database: str,
    as_json: bool,
) -> None:
    """Set parameter NAME to VALUE from a day on; nothing is overwritten, and running cases keep what they have used."""
    if (value is None) is not withdraw:
        raise click.UsageError("Give a VALUE, or --withdraw.")
    with root.installation(database) as room:
        desk = room.engine.parameters
        if name not in desk.live.names:
            raise UnknownParameter(f"Parametern '{name}' finns inte.")
        request = ChangeRequest(
            name=name,
            value=None if value is None else read_value(value, desk.live.base[name][-1]),
            valid_from=local_date(room.engine.clock.now()) if valid_from is None else valid_from.date(),
            reason=reason,
            for_unit=unit,
            source=source,
            certainty=Certainty(certainty),
        )
        number = desk.change(request, actor=operator() if author is None else Actor(author, author))
        made = next(entry for entry in desk.history(name) if entry.change is not None and entry.change.id == number)
    click.echo(json.dumps(_as_dict(made), ensure_ascii=False) if as_json else _line(made))


def _as_dict(entry: Parameter) -> dict[str, Any]:
    change = entry.change
    return {
        "name": entry.name,
        "value": to_plain(entry.value),
        "measure": entry.unit,
        "unit": entry.for_unit,
        "valid_from": entry.valid_from.isoformat(),
        "source": entry.source,
        "certainty": entry.certainty.value,
        "change": None if change is None else change.id,
        "author": None if change is None else change.author_name,
        "reason": None if change is None else change.reason,
        "at": None if change is None else change.at.isoformat(),
    }


def _line(entry: Parameter) -> str:
    value = "återtagen" if entry.value is None else f"{_shown(entry.value)} {entry.unit}"
    place = "" if entry.for_unit is None else f" ({entry.for_unit})"
    told = (
        ""
        if entry.change is None
        else f"; ändring {entry.change.id} av {entry.change.author_name}: {entry.change.reason}"
    )
    return f"{entry.name}{place}: {value} från {entry.valid_from} [{entry.certainty.value}: {entry.source}{told}]"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return str(to_plain(value))


COMMANDS = (parameters,)
