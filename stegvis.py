"""The composition root: the one file that wires all rooms together, and hands them to the commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from commands import (
    backing,
    caring,
    checking,
    configuring,
    copying,
    deciding,
    filling,
    mending,
    moving,
    parameters,
    rehearsing,
    reporting,
    running,
    serving,
    simulating,
    timing,
    working,
)
from commands.configuration.settings import LogSettings
from commands.files import is_new, on_postgres
from commands.observing.logs import set_up_logs
from commands.options import config_option
from commands.root import Commands, Installation, Root
from engine.clock import Clock, SystemClock
from engine.engine import Engine
from engine.functions import host_functions
from engine.handlers import HandlerRegistry
from engine.observing import Observer
from engine.protocols import Dispatcher
from processes.family import find_families
from timers.calendar import WorkingCalendar
from timers.recurring import STANDARD, require_schedules

VERSION = "0.1.0"


def open_installation(
    database: str,
    *,
    clock: Clock | None = None,
    dispatcher: Dispatcher | None = None,
    observer: Observer | None = None,
) -> Installation:
    """Open the engine on `database` with every process family; a database that does not exist yet is made.

    A new database also gets its schema, the families' first release and what they prepare. An existing one with
    another schema raises SchemaMismatch (`stegvis migrate` brings it forward).
    """
    families, handlers = find_families(), HandlerRegistry()
    calendar, live = WorkingCalendar(families.calendar), families.live_parameters()
    moment = clock or SystemClock()
    work = (*STANDARD, *families.recurring)
    require_schedules(work)
    functions = host_functions(calendar, live, moment)
    families.register_handlers(handlers, calendar, functions, live)
    engine = Engine.open(
        database,
        clock=moment,
        handlers=handlers,
        roles=families.roles,
        functions=functions,
        parameters=live,
        dispatcher=dispatcher or _dispatcher_of(database, clock),
        observer=observer,
        parts=families.parts,
        recurring=work,
        create=is_new(database),
    )
    try:
        if on_postgres(database):
            from timers.queue.schema import require_queue

            require_queue(engine.database.driver_address)
        if not engine.queries.releases():
            engine.publish(families.files(), author="Stegvis", note="Första utgåvan")
        families.prepare(engine)
    except BaseException:
        engine.close()
        raise
    return Installation(engine, families, calendar)


def _dispatcher_of(database: str, clock: Clock | None) -> Dispatcher | None:
    """How commands that do not work themselves tell workers; on a clock of their own (seeding) they do not."""
    if clock is not None or not on_postgres(database):
        return None
    from timers.queue.dispatcher import QueueDispatcher  # only where PostgreSQL's extra is installed

    return QueueDispatcher()


@contextmanager
def installation(
    database: str,
    *,
    clock: Clock | None = None,
    dispatcher: Dispatcher | None = None,
    observer: Observer | None = None,
) -> Iterator[Installation]:
    """`open_installation`, closed at the end."""
    room = open_installation(database, clock=clock, dispatcher=dispatcher, observer=observer)
    with room.engine:
        yield room


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="stegvis")
@config_option
@click.pass_context
def main(context: click.Context, config_file: str | None) -> None:
    """Stegvis: runs the activity requirement's journey as BPMN diagrams."""
    context.obj = Root(VERSION, open_installation, installation)
    set_up_logs(LogSettings())  # whoever serves or works sets it up anew, as configured


for _room in (
    serving,
    simulating,
    filling,
    checking,
    running,
    mending,
    deciding,
    caring,
    rehearsing,
    reporting,
    moving,
    timing,
    parameters,
    configuring,
    copying,
    working,
    backing,
):
    for _command in _room.COMMANDS:
        main.add_command(_command)


if __name__ == "__main__":
    main()
