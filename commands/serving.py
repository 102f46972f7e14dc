"""`serve` and `demo`: the pages, with timers and jobs, in one process."""

from __future__ import annotations

import os
import secrets
import sys
from ipaddress import ip_address
from pathlib import Path

import click
from sqlalchemy import make_url

from commands.configuration import Configuration
from commands.duties import Duty, ended_by_signals, web_duty, working_duty
from commands.files import is_new, on_postgres, remove_database
from commands.filling import seed_database
from commands.options import (
    DEMO_DATABASE,
    STATE,
    configured,
    database_option,
    demo_login_option,
    host_option,
    port_option,
)
from commands.output import errors
from commands.root import Root, pass_root
from commands.working import somebody_works, workers_alive
from engine.clock import SystemClock
from engine.workers import WorkerKind
from forms.settings import Settings
from processes.family import Families


@click.command(epilog="Example: stegvis demo --port 8080")
@database_option(DEMO_DATABASE)
@host_option
@port_option
@click.option("--fresh", is_flag=True, help="Throw the demo's database away and seed it anew.")
@click.option("--cases", default=120, show_default=True, type=click.IntRange(1, 10_000), help="Cases to seed.")
@demo_login_option
@pass_root
def demo(
    root: Root, database: str, host: str | None, port: int | None, fresh: bool, cases: int, demo_login: bool
) -> None:
    """Serve a demo with living data; the first run seeds it with the real engine."""
    configuration = _to_serve(database, host, port, demo_login)
    path = Path(str(make_url(database).database))
    if fresh and make_url(database).get_backend_name() == "sqlite":
        remove_database(path)
    if is_new(database):
        unfinished = path.with_name(f"{path.name}.seeding")
        remove_database(unfinished)
        seed_database(root, f"sqlite:///{unfinished}", cases=cases, months=6, seed_number=1, until=SystemClock().now())
        unfinished.rename(path)  # a seeding that was cut off is never taken for a demo
    _serve(root, configuration, _everything(root, configuration))


@click.command(epilog="Example: stegvis --config /etc/stegvis/stegvis.toml serve --port 8080")
@database_option()
@host_option
@port_option
@demo_login_option
@click.option("--web-only", is_flag=True, help="Leave timers and jobs to `stegvis worker`, as always on PostgreSQL.")
@pass_root
def serve(root: Root, database: str, host: str | None, port: int | None, demo_login: bool, web_only: bool) -> None:
    """Serve the web pages; on SQLite timers and jobs run in this process too, on PostgreSQL in `stegvis worker`.

    Of several processes on one SQLite file one runs timers and jobs; another takes over when that one ends.

    The only login so far is the demo's, which asks for no password: an address that other machines can reach is
    refused unless --demo-login says that this is meant.
    """
    configuration = _to_serve(database, host, port, demo_login)
    apart = web_only or on_postgres(configuration.database.url)
    duty = web_duty(configuration, root.version) if apart else _everything(root, configuration)
    _serve(root, configuration, duty)


def _everything(root: Root, configuration: Configuration) -> Duty:
    return working_duty(configuration, root.version, WorkerKind.ALL)


def _to_serve(database: str, host: str | None, port: int | None, demo_login: bool) -> Configuration:
    """What is configured, with what the command line says over it, once it may be served."""
    login = "everywhere" if demo_login else None
    said = {"database.url": database, "web.host": host, "web.port": port, "web.demo_login": login}
    configuration = configured(said)
    _guard_login(configuration)
    return configuration


def _guard_login(configuration: Configuration) -> None:
    """Raise UsageError where a login without password would be open to other machines, unless that is meant."""
    web = configuration.web
    if web.demo_login == "off" or (_is_own_machine(web.host) and web.proxy_hops == 0):
        return
    reached = web.host if web.proxy_hops == 0 else f"{web.host}, behind a proxy,"
    if web.demo_login != "everywhere":
        raise click.UsageError(
            f"{reached} can be reached from other machines, and the demo login asks for no password: everybody could "
            "read every case. Serve 127.0.0.1, or say --demo-login if all the data is made up."
        )
    _warn(f"whoever reaches {reached} can log in as anyone, without a password.")


def _warn(text: str) -> None:
    errors.print("[bold red]Warning:[/] ", end="")
    errors.print(text, markup=False)


def _is_own_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _serve(root: Root, configuration: Configuration, duty: Duty) -> None:
    from waitress import create_server  # the web server and the front end: only where pages are served

    from commands.observing.observers import observers
    from forms.app import create_app

    web = configuration.web
    with (
        observers(configuration, root.version) as watch,
        root.installation(configuration.database.url, dispatcher=duty.dispatcher, observer=watch) as room,
    ):
        watch.watch_store(room.engine)
        settings = _settings(root, configuration)
        app = create_app(room.engine, room.families.roles, settings, calendar=room.calendar, watch=watch)
        server = create_server(
            app,
            host=web.host,
            port=web.port,
            threads=web.threads,
            ident="stegvis",
            clear_untrusted_proxy_headers=web.proxy_hops == 0,
        )
        with duty.on(room.engine):
            if not somebody_works(workers_alive(room.engine, configuration)):
                _warn("nobody fires timers and runs jobs here until a `stegvis worker` does.")
            click.echo(f"Stegvis: http://{web.host}:{web.port}")
            if web.demo_login != "off":
                _print_logins(room.families)
            try:
                with ended_by_signals(sys.exit):
                    server.run()
            finally:
                server.close()


def _settings(root: Root, configuration: Configuration) -> Settings:
    """What the front end is told."""
    web = configuration.web
    return Settings(
        secret_key=web.secret_key or _kept_key(),
        demo=web.demo_login != "off",
        secure_cookies=web.secure_cookies,
        proxy_hops=web.proxy_hops,
        session_minutes=web.session_minutes,
        metrics_token=configuration.metrics.token,
        metrics_networks=configuration.metrics.networks,
        version=root.version,
    )


def _print_logins(families: Families) -> None:
    click.echo("Demoinloggningar (välj på inloggningssidan, inget lösenord):")
    for user in families.roles.demo_users.values():
        roles = ", ".join(families.roles.roles[role].name_sv for role in sorted(user.roles))
        click.echo(f"  {user.name} – {roles}")


def _kept_key() -> str:
    """The key that signs sessions where none is configured: kept in the state folder, readable by us only."""
    path = STATE / "secret_key"
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key


COMMANDS = (demo, serve)
