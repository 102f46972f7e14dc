"""`worker`: timers, jobs and recurring work without pages; and which processes are alive."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.configuration import Configuration
from commands.duties import ended_by_signals, rhythm_of, working_duty
from commands.options import as_json, configured, database_option
from commands.output import FOUND_PROBLEMS
from commands.root import Root, pass_root
from engine.engine import Engine
from engine.store.worker_rows import WorkerRow
from engine.workers import WorkerKind, living, scheduler_until, under_way
from processes.family import find_families

if TYPE_CHECKING:
    from commands.observing.observers import Observers

_KINDS = {WorkerKind.WEB: "sidor", WorkerKind.WORKER: "arbetare", WorkerKind.ALL: "sidor och arbete"}


@click.command(epilog="Example: stegvis worker --database postgresql://stegvis@db/stegvis --threads 4")
@database_option()
@click.option("--threads", type=click.IntRange(1, 64), show_default="as configured", help="Jobs at the same time.")
@click.option(
    "--alive-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that is written every ten seconds while the worker and its database answer, for supervisors.",
)
@click.option("--status", is_flag=True, help="Only say which processes are alive; exit code 1 where none works.")
@as_json
@pass_root
def worker(
    root: Root, database: str, threads: int | None, alive_file: Path | None, status: bool, as_json: bool
) -> None:
    """Fire timers and run jobs until asked to stop: any number of workers on PostgreSQL, one at a time on SQLite.

    On SIGTERM it finishes what is under way within the grace time, and gives back the rest.
    """
    configuration = configured({"database.url": database, "worker.threads": threads})
    if status:
        _print_status(configuration, as_json)
    else:
        _work(root, configuration, alive_file)


def _work(root: Root, configuration: Configuration, alive_file: Path | None) -> None:
    from commands.observing.observers import observers

    asked = threading.Event()
    alive = (lambda: None) if alive_file is None else alive_file.touch
    duty = working_duty(configuration, root.version, WorkerKind.WORKER, alive)
    with (
        observers(configuration, root.version) as watch,
        root.installation(configuration.database.url, dispatcher=duty.dispatcher, observer=watch) as room,
        ended_by_signals(asked.set),
        duty.on(room.engine),
        _metrics(watch, room.engine, configuration),
    ):
        click.echo("Stegvis arbetar.", err=True)
        asked.wait()
        click.echo("Stegvis avslutar det som pågår.", err=True)
    if alive_file is not None:
        alive_file.unlink(missing_ok=True)


@contextmanager
def _metrics(watch: Observers, engine: Engine, configuration: Configuration) -> Iterator[None]:
    """Give this process' metrics at an address of their own, where one is configured."""
    settings = configuration.worker
    if settings.metrics_port is None:
        yield
        return
    watch.watch_store(engine)
    with watch.served(settings.metrics_host, settings.metrics_port):
        yield


def workers_alive(engine: Engine, configuration: Configuration) -> list[WorkerRow]:
    """The processes of an installation that have been heard of lately."""
    heard_since = engine.clock.now() - rhythm_of(configuration).silent_after
    return [row for row in living(engine) if row.seen_at >= heard_since]


def somebody_works(rows: list[WorkerRow]) -> bool:
    """Whether one of these processes fires timers and runs jobs."""
    return any(row.kind != WorkerKind.WEB for row in rows)


def _print_status(configuration: Configuration, as_json: bool) -> None:
    with Engine.open(configuration.database.url, parts=find_families().parts) as engine:
        rows = workers_alive(engine, configuration)
        begun = under_way(engine)
        holder = scheduler_until(engine)
    told = [_told(row, begun.get(row.id, 0), holder is not None and holder[0] == row.id) for row in rows]
    if as_json:
        click.echo(json.dumps({"processes": told, "works": somebody_works(rows)}, ensure_ascii=False))
    else:
        for each in told:
            click.echo(_line(each))
        click.echo(f"{len(rows)} processer lever." if somebody_works(rows) else "Ingen process kör tidur och jobb.")
    if not somebody_works(rows):
        sys.exit(FOUND_PROBLEMS)


def _told(row: WorkerRow, under_way: int, on_duty: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "host": row.host,
        "pid": row.pid,
        "version": row.version,
        "started_at": row.started_at.isoformat(),
        "seen_at": row.seen_at.isoformat(),
        "jobs_under_way": under_way,
        "scheduler": on_duty,
    }


def _line(told: dict[str, Any]) -> str:
    kind = _KINDS[WorkerKind(told["kind"])]
    return f"{told['host']}:{told['pid']}  {kind}  sedan {told['started_at'][:16]}  {told['jobs_under_way']} jobb pågår"


COMMANDS = (worker,)
