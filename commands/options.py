"""The options that commands share, and what is given as JSON."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from commands.configuration import Configuration, find_file, load
from engine.errors import InvalidInput
from engine.feel.codec import from_json
from engine.protocols import Actor

STATE = Path("var")
"""Where databases and secrets lie unless told otherwise; relative to where the command is run."""
DEMO_DATABASE = f"sqlite:///{STATE}/demo.sqlite"

config_option = click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="The configuration, instead of STEGVIS_CONFIG, ./stegvis.toml or /etc/stegvis/stegvis.toml.",
)
"""For the group of all commands; `configured` reads what it names."""


def configured(given: Mapping[str, Any] | None = None) -> Configuration:
    """The configuration that holds for the command that runs; raises InvalidConfiguration naming every fault.

    given: what its own options say, by full name ("web.port"); None says nothing.
    """
    chosen = click.get_current_context().find_root().params.get("config_file")
    said = {name: value for name, value in (given or {}).items() if value is not None}
    return load(find_file(chosen, os.environ), os.environ, said)


def database_option(demo: str | None = None) -> Callable[[Any], Any]:
    """--database, else what is configured; of the demo: else STEGVIS_DATABASE, else its own."""
    if demo is not None:
        more: dict[str, Any] = {
            "envvar": "STEGVIS_DATABASE",
            "show_envvar": True,
            "default": demo,
            "show_default": True,
        }
    else:
        more = {"show_default": "as configured", "callback": lambda _context, _option, value: value or _database()}
    return click.option("--database", metavar="URL", help="SQLAlchemy URL of the database.", **more)


def _database() -> str:
    return configured().database.url


as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
host_option = click.option("--host", show_default="as configured", help="Address to listen on.")
port_option = click.option("--port", show_default="as configured", type=click.IntRange(1, 65535))
demo_login_option = click.option(
    "--demo-login", is_flag=True, help="Serve other machines too, although anybody may then log in as anyone."
)


def object_of(text: str) -> dict[str, Any]:
    """A JSON object from the command line."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"This is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise InvalidInput('Give a JSON object, as {"name": "value"}.')
    return found


def variables_of(text: str) -> dict[str, Any]:
    return {name: from_json(value) for name, value in object_of(text).items()}


def operator() -> Actor:
    """Whoever runs the command, as the history is to name them."""
    name = getpass.getuser()
    return Actor(f"cli:{name}", name)
