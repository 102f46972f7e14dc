"""The engine's front door: open it on a database, publish diagrams, run commands, ask queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

from engine import advancing, cases, jobs, messages, operate, publishing, timing, work
from engine.clock import Clock, SystemClock
from engine.context import Context, Rooms
from engine.deadlines import DeadlineCounting
from engine.definitions import Definitions
from engine.errors import Conflict
from engine.feel import HostFunction
from engine.findings import Finding
from engine.handlers import HandlerRegistry
from engine.idempotency import answered_before, remember
from engine.migration import Migrations
from engine.observing import NoObserver, Observer, Watch, watching
from engine.parameter_desk import ParameterDesk
from engine.parameter_use import begin_collecting, end_collecting
from engine.parameters import LiveParameters
from engine.protocols import SYSTEM, Actor, AnyRoles, Dispatcher, NoDispatcher, Roles, Variables
from engine.reading import Reading
from engine.recurring import RecurringWork, by_name
from engine.repair import Repaired, repair_store
from engine.store.database import Database, LostRace, SchemaPart
from engine.store.rows import Correlation, LockedJob, ReleaseRow
from engine.verify import Problem, verify_store

T = TypeVar("T")
ATTEMPTS = 5
"""How often a command that lost a race is tried before it is a Conflict."""


class Engine:
    """Runs published processes on one database.

    Every command is one transaction: afterwards all of it has happened, or (an error was raised) nothing has.
    Each takes an `actor`, who stands in the history, and most take an idempotency `key`: the same key again gives the
    first answer and changes nothing. Commands raise Conflict where someone else was first, NotFound for what does not
    exist, InvalidInput for what cannot be, StoreUnavailable where the database does not answer.
    """

    def __init__(self, database: Database, rooms: Rooms, dispatcher: Dispatcher, observer: Observer) -> None:
        """Use `Engine.open`."""
        self.database = database
        self.rooms = rooms
        self.dispatcher = dispatcher
        self.observer = observer
        self.queries = Reading(database, rooms)
        self.migrations = Migrations(self)
        self.parameters = ParameterDesk(self)
        self.deadlines = DeadlineCounting(self)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Clock | None = None,
        handlers: HandlerRegistry | None = None,
        roles: Roles | None = None,
        functions: Mapping[str, HostFunction] | None = None,
        parameters: LiveParameters | None = None,
        dispatcher: Dispatcher | None = None,
        parts: Sequence[SchemaPart] = (),
        recurring: Sequence[RecurringWork] = (),
        observer: Observer | None = None,
        create: bool = False,
    ) -> Self:
        """Open the engine on a database.

        url: a SQLAlchemy URL ("sqlite:///stegvis.db", "sqlite://" in memory, "postgresql+psycopg://...").
        functions: FEEL functions besides the built-ins (working days, parameters).
        parameters: the ones that diagrams may name, to follow this database's changes; None: they are not checked.
        parts: schemas of process families (their registers), migrated with the engine's own.
        recurring: what runs by the calendar, each under a name of its own.
        observer: is told how each command went.
        create: make or migrate the schema where needed; otherwise another schema raises SchemaMismatch. A database in
            memory is always made.
        """
        database = Database.open(url, parts=parts)
        try:
            if create or database.in_memory:
                database.migrate()
            else:
                database.require_schema()
        except BaseException:
            database.close()
            raise
        moment = clock or SystemClock()
        if parameters is not None:
            parameters.follow(database, moment)
        registry = handlers or HandlerRegistry()
        rooms = Rooms(
            clock=moment,
            handlers=registry,
            roles=roles or AnyRoles(),
            definitions=Definitions(database, moment, functions or {}),
            parameters=parameters or LiveParameters({}),
            parameter_names=None if parameters is None else parameters.names,
            recurring=by_name(recurring),
        )
        return cls(database, rooms, dispatcher or NoDispatcher(), observer or NoObserver())

    def close(self) -> None:
        """Give back the database's connections."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def clock(self) -> Clock:
        """The clock everything here goes by."""
        return self.rooms.clock

    # --- releases -----------------------------------------------------------------------------------------------------

    def publish(
        self,
        files: Mapping[str, bytes],
        *,
        author: str,
        note: str,
        approver: str | None = None,
        withdrawn: Iterable[str] = (),
        expected: Mapping[str, int] | None = None,
    ) -> ReleaseRow:
        """Publish files (name to content) as a new release: the latest one's files, with these in their place.

        withdrawn: names of files the new release no longer has. expected: process id to the version that the author
        started from; Conflict where somebody else has published another since. Raises NotDeployable with the findings
        where a file has errors. New instances run on the new release; running ones stay on theirs.
        """
        return self.run_command(
            lambda context: publishing.publish(
                context, files, author, note, approver, tuple(withdrawn), expected or {}
            ),
            "publish",
            Actor(author, author),
            None,
        )

    def check(self, files: Mapping[str, bytes]) -> Mapping[str, list[Finding]]:
        """What publishing these files would say, file by file, with the rest of the latest release beside them."""
        with self.database.reading() as reader:
            return publishing.check_release(self.rooms, reader, files)

    # --- instances ----------------------------------------------------------------------------------------------------

    def start(
        self,
        process_id: str,
        variables: Variables | None = None,
        *,
        case_id: str | None = None,
        at: str | None = None,
        actor: Actor = SYSTEM,
        key: str | None = None,
    ) -> str:
        """Start the latest version of a process, in a case or standing alone; the new instance's id.

        at: the id of the start event, for a process that has none without a kind.
        """
        return self.run_command(
            lambda context: operate.start(context, process_id, variables or {}, case_id, at), "start", actor, key
        )

    def start_by_conditions(
        self, variables: Variables, *, case_id: str | None = None, actor: Actor = SYSTEM, key: str | None = None
    ) -> list[str]:
        """Start each process whose conditional start event holds for these variables; the new instances' ids."""
        return self.run_command(
            lambda context: operate.start_by_conditions(context, variables, case_id), "start_by_conditions", actor, key
        )

    def set_variables(
        self, instance_id: str, variables: Variables, *, actor: Actor, reason: str = "", key: str | None = None
    ) -> None:
        """Change variables of a running instance; conditions that become true go on."""
        self.run_command(
            lambda context: operate.set_variables(context, instance_id, variables, reason), "set_variables", actor, key
        )

    def suspend(self, instance_id: str, *, actor: Actor, reason: str = "", key: str | None = None) -> None:
        """Stop an instance's timers, jobs and messages until it is resumed; its tasks cannot be completed meanwhile."""
        self.run_command(lambda context: operate.suspend(context, instance_id, reason), "suspend", actor, key)

    def resume(self, instance_id: str, *, actor: Actor, reason: str = "", key: str | None = None) -> None:
        """Let a suspended instance go on; what fell due meanwhile is due now."""
        self.run_command(lambda context: operate.resume(context, instance_id, reason), "resume", actor, key)

    def cancel(self, instance_id: str, *, actor: Actor, reason: str = "", key: str | None = None) -> None:
        """End an instance and what it has called, without running anything further."""
        self.run_command(lambda context: operate.cancel(context, instance_id, reason), "cancel", actor, key)

    def move_token(
        self, instance_id: str, wait_id: str, element_id: str, *, actor: Actor, reason: str = "", key: str | None = None
    ) -> None:
        """Take a token from where it waits to another element of the same process."""
        self.run_command(
            lambda context: operate.move_token(context, instance_id, wait_id, element_id, reason),
            "move_token",
            actor,
            key,
        )

    def retry(
        self,
        incident_id: str,
        *,
        variables: Variables | None = None,
        actor: Actor,
        reason: str = "",
        key: str | None = None,
    ) -> None:
        """Try again what an incident stopped, with changed variables if given."""
        self.run_command(lambda context: operate.retry(context, incident_id, variables, reason), "retry", actor, key)

    # --- cases --------------------------------------------------------------------------------------------------------

    def open_case(
        self,
        family: str,
        reference: str,
        *,
        parties: Sequence[cases.Party] = (),
        title: str = "",
        actor: Actor = SYSTEM,
        key: str | None = None,
    ) -> str:
        """Open a case; its id. Conflict where the family has a case of that reference already."""
        return self.run_command(
            lambda context: cases.open_case(context, family, reference, title, parties), "open_case", actor, key
        )

    def close_case(self, case_id: str, *, actor: Actor = SYSTEM, reason: str = "", key: str | None = None) -> None:
        """Close a case; Conflict while one of its instances runs."""
        self.run_command(lambda context: cases.close_case(context, case_id, reason), "close_case", actor, key)

    def add_party(self, case_id: str, party: cases.Party, *, actor: Actor, key: str | None = None) -> None:
        """Let an organisation take part in a case from now on (or change its unit or what it may see)."""
        self.run_command(lambda context: cases.add_party(context, case_id, party), "add_party", actor, key)

    def end_party(
        self, case_id: str, organisation: str, *, actor: Actor, reason: str = "", key: str | None = None
    ) -> None:
        """End an organisation's part in a case from now on."""
        self.run_command(
            lambda context: cases.end_party(context, case_id, organisation, reason), "end_party", actor, key
        )

    # --- work items ---------------------------------------------------------------------------------------------------

    def complete(
        self, work_item_id: str, variables: Variables | None = None, *, actor: Actor, key: str | None = None
    ) -> None:
        """Complete a work item with the form's answers; Conflict where it is not open any more."""
        self.run_command(lambda context: work.complete(context, work_item_id, variables or {}), "complete", actor, key)

    def claim(self, work_item_id: str, *, actor: Actor, key: str | None = None) -> None:
        """Take a work item; Conflict where another has it."""
        self.run_command(lambda context: work.claim(context, work_item_id), "claim", actor, key)

    def release(self, work_item_id: str, *, actor: Actor, key: str | None = None) -> None:
        """Give a work item back to its group."""
        self.run_command(lambda context: work.release(context, work_item_id), "release", actor, key)

    def assign(self, work_item_id: str, to: Actor, *, actor: Actor, key: str | None = None) -> None:
        """Give a work item to someone, whoever has it now."""
        self.run_command(lambda context: work.assign(context, work_item_id, to), "assign", actor, key)

    def save_draft(self, work_item_id: str, data: Mapping[str, Any], *, actor: Actor) -> None:
        """Keep what has been typed so far (plain JSON values)."""
        self.run_command(lambda context: work.save_draft(context, work_item_id, data), "save_draft", actor, None)

    # --- messages and signals -----------------------------------------------------------------------------------------

    def correlate(
        self,
        name: str,
        key: str,
        variables: Variables | None = None,
        *,
        message_id: str | None = None,
        ttl: timedelta | None = None,
        actor: Actor = SYSTEM,
    ) -> Correlation:
        """Deliver a message to whoever waits for (name, key), else start what it starts, else keep it for `ttl`.

        message_id: the sender's own; a second message with it does nothing.
        """
        return self.run_command(
            lambda context: messages.correlate(context, name, key, variables or {}, message_id, ttl),
            "correlate",
            actor,
            None,
        )

    def broadcast_signal(
        self, name: str, variables: Variables | None = None, *, actor: Actor = SYSTEM, key: str | None = None
    ) -> int:
        """Send a signal to every instance that waits for it; how many deliveries and starts that makes."""
        return self.run_command(
            lambda context: messages.broadcast(context, name, variables or {}), "broadcast_signal", actor, key
        )

    # --- time ---------------------------------------------------------------------------------------------------------

    def due_timers(self, limit: int = 100) -> list[str]:
        """The ids of timers that are due, oldest first."""
        with self.database.reading() as reader:
            return timing.due_timers(reader, self.clock.now(), limit)

    def next_alarm(self) -> datetime | None:
        """When something falls due next (a timer, a job with a handler here, an expiry); None where nothing waits."""
        with self.database.reading() as reader:
            return timing.next_alarm(reader, self.rooms.handlers.job_types)

    def fire_timer(self, timer_id: str) -> bool:
        """Fire a timer that is due; False where somebody else did, or it is not due (any more)."""
        return self.run_command(lambda context: timing.fire_timer(context, timer_id), "fire_timer", timing.TIMER, None)

    def fire_due(self, limit: int = 100) -> int:
        """Fire up to `limit` due timers, oldest first; how many fired. A timer that fails becomes an incident."""
        return timing.fire_due(self, limit)

    def expire_messages(self) -> int:
        """Let go of buffered messages whose time has run out; how many."""
        return self.run_command(messages.expire, "expire_messages", SYSTEM, None)

    def advance(self, duration: str | timedelta) -> int:
        """Let time pass on a ManualClock: an ISO 8601 duration on the calendar (P3M, P1DT2H) or elapsed time.

        Whatever falls due on the way (timers, jobs with a handler here, retries, expiries) runs in order, when it falls
        due. How much ran.
        """
        return advancing.advance(self, duration)

    def advance_to(self, moment: datetime) -> int:
        """Let time pass on a ManualClock until a moment (aware), like `advance`."""
        return advancing.advance_to(self, moment)

    # --- jobs ---------------------------------------------------------------------------------------------------------

    def due_jobs(self, limit: int = 100) -> list[int]:
        """The ids of jobs with a handler here that can run now, in order."""
        with self.database.reading() as reader:
            return jobs.due_jobs(reader, self.clock.now(), self.rooms.handlers.job_types, limit)

    def run_job(self, job_id: int) -> bool:
        """Run a job by its handler; False where there was nothing to do (done, taken, not yet its turn)."""
        return jobs.run_job(self, job_id)

    def lock_jobs(
        self, job_type: str, worker: str, *, limit: int = 1, lease: timedelta = timedelta(minutes=5)
    ) -> list[LockedJob]:
        """Lease up to `limit` jobs of a type to an external worker."""
        return self.run_command(
            lambda context: jobs.lock_jobs(context, job_type, worker, limit, lease), "lock_jobs", SYSTEM, None
        )

    def extend_job(self, job_id: int, worker: str, *, lease: timedelta = timedelta(minutes=5)) -> datetime:
        """Prolong a worker's lease; until when. Conflict where the job is no longer this worker's."""
        return self.run_command(
            lambda context: jobs.extend_job(context, job_id, worker, lease), "extend_job", SYSTEM, None
        )

    def complete_job(
        self, job_id: int, worker: str, variables: Variables | None = None, *, key: str | None = None
    ) -> None:
        """Complete a leased job; Conflict where it is no longer this worker's."""
        self.run_command(
            lambda context: jobs.complete_job(context, job_id, worker, variables or {}),
            "complete_job",
            jobs.worker_actor(worker),
            key,
        )

    def fail_job(
        self,
        job_id: int,
        worker: str,
        message: str,
        *,
        retries: int | None = None,
        backoff: timedelta | None = None,
        key: str | None = None,
    ) -> None:
        """Report that a leased job failed; it is tried again (`retries` more times, after `backoff`) or an incident."""
        self.run_command(
            lambda context: jobs.fail_leased(context, job_id, worker, message, retries, backoff),
            "fail_job",
            jobs.worker_actor(worker),
            key,
        )

    def throw_error(
        self,
        job_id: int,
        worker: str,
        code: str,
        message: str = "",
        variables: Variables | None = None,
        *,
        key: str | None = None,
    ) -> None:
        """Throw a BPMN error from a leased job; where nothing catches it, it becomes an incident."""
        self.run_command(
            lambda context: jobs.throw_leased(context, job_id, worker, code, message, variables or {}),
            "throw_error",
            jobs.worker_actor(worker),
            key,
        )

    def run_until_idle(self, *, limit: int = 1_000_000) -> int:
        """Run all that is due now (timers, jobs, expiries), here and in order, until nothing is; how much ran."""
        return jobs.run_until_idle(self, limit)

    # --- care ---------------------------------------------------------------------------------------------------------

    def verify(self) -> list[Problem]:
        """Check hash chains and that every waiting element has its row and every row its element."""
        return list(verify_store(self.database, self.rooms))

    def repair(self, actor: Actor) -> Iterator[Repaired]:
        """Make rows again from the snapshots where `verify` finds that they differ; what is done, as it is done.

        Each instance is a command of its own that stands in its case's history; people can work meanwhile. Broken
        chains are told by `verify` and never mended.
        """
        return repair_store(self, actor)

    # --- how a command runs -------------------------------------------------------------------------------------------

    def run_command(self, command: Callable[[Context], T], name: str, actor: Actor, key: str | None) -> T:
        """Run one command in one transaction, again where it lost a race; then tell the dispatcher."""
        with watching(self.observer, name, actor) as watch:
            while True:
                watch.attempts += 1
                try:
                    return self._attempt(command, name, actor, key, watch)
                except LostRace:
                    if watch.attempts == ATTEMPTS:
                        raise Conflict("Somebody else changed the same thing at the same time; try again.") from None

    def _attempt(self, command: Callable[[Context], T], name: str, actor: Actor, key: str | None, watch: Watch) -> T:
        with self.database.transaction(self.clock) as uow:
            context = Context(uow, self.rooms, actor)
            watch.context, watch.repeated = context, False
            if key is not None:
                found, earlier = answered_before(uow, name, key)
                if found:
                    watch.repeated = True
                    return earlier  # type: ignore[no-any-return]
            begin_collecting(uow)
            try:
                answer = command(context)
                context.finish()
            finally:
                end_collecting()
            if key is not None:
                remember(uow, name, key, answer)
            summary = context.summary()
            self.dispatcher.before_commit(uow, summary)
        self.dispatcher.committed(summary)
        return answer
