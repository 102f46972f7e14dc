"""A worker as a process of its own, with handlers that do harm; run by test_workers.py.

`python -m tests.faults.working_process URL FOLDER [calm]`: says `ready`, `under way` for a job that hangs the first
time it is tried (the folder remembers), and works until it is told to stop; `calm`: at the pace of production.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from engine import jobs
from engine.clock import SystemClock
from engine.engine import Engine
from engine.handlers import HandlerRegistry, JobContext
from engine.workers import WorkerKind, this_process
from tests.bpmn_builder import bpmn, catch, end, flows, process, service, start, timer
from timers.local import LocalDispatcher
from timers.queue.dispatcher import QueueDispatcher
from timers.queue.worker import QueueWorker
from timers.rhythm import Rhythm
from timers.work import EngineWork

FAST = Rhythm(beat=timedelta(milliseconds=500), silent_after=timedelta(seconds=4), poll=timedelta(seconds=1))
ROW = text("INSERT INTO register (job, name) VALUES (:job, :name)")


def published(*parts: str) -> bytes:
    """A file whose flows have ids that may be published."""
    return bpmn(*parts).replace(b"-&gt;", b"_")


def one_job(name: str) -> bytes:
    """A process of one job of that type, which is its id too."""
    return published(process(name, start("s"), service("j", type_=name), end("e"), flows("s -> j -> e")))


FILES = {
    **{f"{name}.bpmn": one_job(name) for name in ("write", "poison", "hang")},
    "late.bpmn": published(
        process(
            "late",
            start("s"),
            catch("t", timer(duration="PT1S")),
            service("j", type_="write"),
            end("e"),
            flows("s -> t -> j -> e"),
        )
    ),
}


def handlers(folder: Path) -> HandlerRegistry:
    """What the jobs do."""
    registry = HandlerRegistry()

    @registry.job("write")
    def write(job: JobContext) -> None:
        job.uow.connection.execute(ROW, {"job": job.job_id, "name": job.variables["name"]})

    @registry.job("poison")
    def poison(job: JobContext) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    @registry.job("hang")
    def hang(job: JobContext) -> None:
        write(job)
        if not (folder / "tried").exists():
            (folder / "tried").touch()
            print("under way", flush=True)
            threading.Event().wait()

    return registry


def main(url: str, folder: Path, rhythm: Rhythm) -> None:
    """Work until told to stop."""
    jobs.FIRST_BACKOFF = timedelta(milliseconds=300)
    asked, me = threading.Event(), this_process(WorkerKind.WORKER)
    signal.signal(signal.SIGTERM, lambda _kind, _frame: asked.set())
    local = LocalDispatcher(SystemClock())
    on_postgres = url.startswith("postgresql")
    dispatcher = QueueDispatcher(rhythm) if on_postgres else local
    with Engine.open(url, handlers=handlers(folder), dispatcher=dispatcher) as engine:
        work = EngineWork(engine, rhythm, me)
        if on_postgres:
            runs: QueueWorker | LocalDispatcher = QueueWorker(work)
            runs.start()
        else:
            local.start(work)
            runs = local
        print("ready", flush=True)
        asked.wait()
        runs.stop()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Rhythm() if sys.argv[3:] == ["calm"] else FAST)
