"""`serve` and `demo`: the pages, with timers and jobs, in one process."""

from __future__ import annotations

import os
import secrets
from ipaddress import ip_address
from pathlib import Path

import click
from sqlalchemy import make_url

from commands.files import is_new, remove_database
from commands.filling import seed_database
from commands.options import DEMO_DATABASE, STATE, database_option, demo_login_option, host_option, port_option
from commands.output import errors
from commands.root import Root, pass_root
from engine.clock import SystemClock
from engine.errors import InvalidInput
from processes.family import Families
from timers.local import EngineWork, LocalDispatcher
from timers.recurring import Recurrence


@click.command(epilog="Example: stegvis demo --port 8080")
@database_option(DEMO_DATABASE)
@host_option
@port_option
@click.option("--fresh", is_flag=True, help="Throw the demo's database away and seed it anew.")
@click.option("--cases", default=120, show_default=True, type=click.IntRange(1, 10_000), help="Cases to seed.")
@demo_login_option
@pass_root
def demo(root: Root, database: str, host: str, port: int, fresh: bool, cases: int, demo_login: bool) -> None:
    """Serve a demo with living data; the first run seeds it with the real engine."""
    _guard_login(host, meant=demo_login)
    path = Path(str(make_url(database).database))
    if fresh and make_url(database).get_backend_name() == "sqlite":
        remove_database(path)
    if is_new(database):
        unfinished = path.with_name(f"{path.name}.seeding")
        remove_database(unfinished)
        seed_database(root, f"sqlite:///{unfinished}", cases=cases, months=6, seed_number=1, until=SystemClock().now())
        unfinished.rename(path)  # a seeding that was cut off is never taken for a demo
    _serve(root, database, host, port, demo=True)


@click.command(epilog="Example: STEGVIS_SECRET_KEY_FILE=/etc/stegvis/key stegvis serve --port 8080")
@database_option()
@host_option
@port_option
@demo_login_option
@pass_root
def serve(root: Root, database: str, host: str, port: int, demo_login: bool) -> None:
    """Serve the web pages and keep time: timers and jobs run in this process.

    The only login so far is the demo's, which asks for no password: an address that other machines can reach is
    refused unless --demo-login says that this is meant.
    """
    _guard_login(host, meant=demo_login)
    _serve(root, database, host, port, demo=True)


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


def _serve(root: Root, database: str, host: str, port: int, *, demo: bool) -> None:
    from waitress import create_server  # the web server and the front end: only where pages are served

    from forms.app import create_app
    from forms.settings import Settings

    dispatcher = LocalDispatcher(SystemClock())
    with root.installation(database, dispatcher=dispatcher) as room:
        settings = Settings(secret_key=_secret_key(), demo=demo, version=root.version)
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


COMMANDS = (demo, serve)
