"""A worker on PostgreSQL: fires timers, works off lines of jobs, and sees to what dead workers have left."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from psycopg_pool import AsyncConnectionPool

from engine.clock import LOCAL_ZONE
from engine.errors import StegvisError
from engine.protocols import Urgency
from timers.alarm import AlarmClock
from timers.called import Called
from timers.firing import Firing
from timers.hands import IN_A_ROW, Hands
from timers.queue import tickets
from timers.queue.schema import require_queue
from timers.work import EngineWork

log = logging.getLogger(__name__)

AFTER_TROUBLE = 1.0
"""Seconds to wait before the queue is asked again when the database did not answer."""


CONNECTIONS = {
    "options": "-c synchronous_commit=off"  # a ticket that a power cut takes is found missing
    " -c enable_sort=off -c enable_seqscan=off -c enable_bitmapscan=off"
}
"""How procrastinate connects. The queue is empty when PostgreSQL counts its rows, so it would plan to sort all tickets
for each one that is taken: the next one stands first in an index."""


class QueueWorker:
    """One worker process' threads: any number of them may run, on any number of machines.

    Every worker has an alarm clock, and all of them fire what is due, in batches of timers that no other is at
    (SKIP LOCKED). Jobs come as tickets from procrastinate, which wakes one worker for each.
    """

    def __init__(self, work: EngineWork, *, threads: int = 2, alive: Callable[[], None] = lambda: None) -> None:
        """`threads`: how many jobs may run at the same time. `alive` is called after each sign of life."""
        self._work = work
        self._address = work.engine.database.driver_address
        self._threads = threads
        self._alive = alive
        self._hands = Hands(work, threads)
        self._alarm = AlarmClock(work, work.engine.clock, self._ring, work.rhythm.poll)
        self._firing = Firing(work, self._alarm, lambda: None)
        self._sweeping = Called("stegvis-sweep", lambda: tickets.sweep(work.engine))
        self._queue = threading.Thread(
            target=lambda: asyncio.run(self._serve_queue()), name="stegvis-queue", daemon=True
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop_queue = asyncio.Event()
        self._stopping = threading.Event()
        self.ready = threading.Event()
        """Set once the queue is listened to."""

    def start(self) -> None:
        """Begin to work; raises SchemaMismatch where the queue's tables are not this program's."""
        require_queue(self._address)
        self._work.beat()
        self._hands.start()
        self._firing.start()
        self._sweeping.start()
        self._queue.start()
        self._alarm.start()
        beat = IntervalTrigger(seconds=self._work.rhythm.beat.total_seconds(), timezone=LOCAL_ZONE)
        self._alarm.scheduler.add_job(self._keep, beat, id="keep", next_run_time=self._work.engine.clock.now())
        self._ring()
        self._alive()

    def stop(self) -> None:
        """Take up nothing more, finish what is under way within the grace time, and give back the rest."""
        self._stopping.set()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop_queue.set)
        self._hands.stop(self._work.rhythm.grace.total_seconds())
        self._alarm.stop()
        self._firing.stop()
        self._sweeping.stop()
        self._queue.join()
        try:
            tickets.sweep(self._work.engine)  # the tickets of what was not begun are spent
            self._work.leave()
        except StegvisError as error:
            log.warning("the others will find out that this worker has ended", extra={"code": error.code})

    @property
    def scheduler(self) -> BackgroundScheduler:
        """The alarm clock's scheduler, for recurring work."""
        return self._alarm.scheduler

    def _ring(self) -> None:
        self._firing.call()
        self._sweeping.call()

    def _keep(self) -> None:
        """Say that this worker lives, and see to what others have begun and will not end."""
        if self._stopping.is_set():
            return
        if self._guarded(self._work.beat) and self._guarded(self._hands.settle):
            self._alive()
        self._sweeping.call()

    def _guarded(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except StegvisError as error:
            log.warning("the worker waits for the database", extra={"code": error.code})
            return False
        return True

    # --- the queue, in a thread with an event loop of its own ---------------------------------------------------------

    async def _serve_queue(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._stopping.is_set():
            return
        while not self._stop_queue.is_set():
            try:
                await self._serve_until_trouble()
            except Exception as error:  # noqa: BLE001 whatever it was, the worker must not go on without its queue
                log.warning("the queue does not answer", extra={"code": type(error).__name__})
            if not self._stop_queue.is_set():
                await self._pause(AFTER_TROUBLE)

    async def _serve_until_trouble(self) -> None:
        app = self._app()
        async with app.open_async():
            parts = [
                asyncio.create_task(app.run_worker_async()),
                asyncio.create_task(self._listen()),
                asyncio.create_task(self._rescue(app)),
                asyncio.create_task(self._stop_queue.wait()),
            ]
            try:
                done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
                for part in done:
                    part.result()
            finally:
                for part in parts:
                    part.cancel()
                await asyncio.gather(*parts, return_exceptions=True)

    def _app(self) -> App:
        rhythm = self._work.rhythm
        app = App(
            connector=PsycopgConnector(
                conninfo=self._address, min_size=1, max_size=4, kwargs=CONNECTIONS, timeout=10, pool_factory=_pool
            ),
            worker_defaults={
                "queues": [tickets.QUEUE],
                "name": self._work.me.id,
                "concurrency": self._threads,
                "fetch_job_polling_interval": rhythm.poll.total_seconds(),
                "abort_job_polling_interval": 3600.0,
                "shutdown_graceful_timeout": 2 * rhythm.grace.total_seconds(),
                "delete_jobs": "always",
                "install_signal_handlers": False,
                "update_heartbeat_interval": rhythm.beat.total_seconds(),
                "stalled_worker_timeout": rhythm.silent_after.total_seconds(),
            },
        )

        @app.task(name=tickets.TASK, queue=tickets.QUEUE)
        async def work_off(line: str) -> None:
            try:
                ran = await asyncio.wrap_future(self._hands.take(line))
            except StegvisError as error:
                log.warning("a line is left to the next sweep", extra={"code": error.code})
                return
            if ran >= IN_A_ROW:
                rest = app.configure_task(tickets.TASK, queue=tickets.QUEUE, lock=line, priority=-Urgency.BATCH.value)
                await rest.defer_async(line=line)

        return app

    async def _listen(self) -> None:
        """Hear of due times that others commit."""
        async with await psycopg.AsyncConnection.connect(self._address, autocommit=True) as connection:
            await connection.execute(tickets.LISTEN)
            self._alarm.earlier(self._work.engine.clock.now())  # whatever was told while nobody listened
            self.ready.set()
            async for heard in connection.notifies():
                self._alarm.earlier(tickets.moment_of(heard.payload, self._work.engine.clock))

    async def _rescue(self, app: App) -> None:
        """Take away the tickets that dead workers hold: they hold up their lines."""
        silent = self._work.rhythm.silent_after.total_seconds()
        while True:
            for job in await app.job_manager.get_stalled_jobs(queue=tickets.QUEUE, seconds_since_heartbeat=silent):
                try:
                    await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
                except ConnectorException:
                    log.info("another worker has taken the ticket away")
            await asyncio.sleep(self._work.rhythm.beat.total_seconds())

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop_queue.wait(), seconds)
        except TimeoutError:
            return


def _pool(*address: str, **settings: Any) -> AsyncConnectionPool[Any]:
    """Connections for the queue's steps, of which each is one statement: in a hurry, and without a transaction.

    Nobody asks before each use whether the server is still there: where it is not, the step itself finds out.
    """
    return AsyncConnectionPool(*address, **{**settings, "check": None, "configure": _without_transactions})


async def _without_transactions(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
