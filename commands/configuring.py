"""`config`: what holds here, and where each value comes from."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from commands.configuration.showing import origin_words, shown
from commands.options import as_json, configured


@click.command("config", epilog="Example: stegvis config --json")
@as_json
def config(as_json: bool) -> None:
    """Show the configuration that holds here, and where each value comes from; secrets are masked.

    Says everything that is wrong with it at once, where anything is.
    """
    rows = list(shown(configured()))
    if as_json:
        told = {
            key.full_name: {"value": value, "from": origin.kind, "place": origin.place} for key, value, origin in rows
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table("Inställning", "Värde", "Kommer från", box=None, pad_edge=False, header_style="bold")
    for key, value, origin in rows:
        table.add_row(key.full_name, _words(value), origin_words(origin))
    Console(highlight=False, markup=False).print(table)


def _words(value: Any) -> str:
    if value in (None, []):
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, list) else str(value)


COMMANDS = (config,)
