"""The options that commands share, and what is given as JSON."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from engine.errors import InvalidInput
from engine.feel.codec import from_json
from engine.protocols import Actor

STATE = Path("var")
"""Where databases and secrets lie unless told otherwise; relative to where the command is run."""
DEFAULT_DATABASE = f"sqlite:///{STATE}/stegvis.sqlite"
DEMO_DATABASE = f"sqlite:///{STATE}/demo.sqlite"


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
