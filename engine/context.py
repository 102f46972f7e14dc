"""What a command works with: one transaction, the rooms around it, who acts, and the instances it has touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn import Execution, Wait, WaitKind
from engine.clock import Clock
from engine.definitions import Definitions, Deployed
from engine.errors import Conflict, NotFound
from engine.handlers import HandlerRegistry
from engine.history import Chronicle, EventKind, Head, Line
from engine.identity import new_id
from engine.parameters import LiveParameters
from engine.protocols import Actor, CommitSummary, Roles, Variables, urgency_of
from engine.recurring import RecurringWork
from engine.store import instance_rows
from engine.store.instance_rows import StoredInstance
from engine.store.states import ENDED_STATES, IncidentState, InstanceState
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Rooms:
    """What commands need besides the database."""

    clock: Clock
    handlers: HandlerRegistry
    roles: Roles
    definitions: Definitions
    parameters: LiveParameters = field(default_factory=lambda: LiveParameters({}))
    parameter_names: frozenset[str] | None = None
    """What `parameter(...)` may name; None: any."""
    recurring: Mapping[str, RecurringWork] = field(default_factory=dict)
    """What runs by the calendar, by name."""


@dataclass
class Running:
    """One instance in memory, from when a command takes it until its differences are written."""

    id: str
    case_id: str | None
    deployed: Deployed
    parent_id: str | None
    parent_wait: str | None
    state: InstanceState
    version: int
    """As read; 0 for an instance that has no row yet."""
    started_at: datetime
    head: Head
    execution: Execution
    before: dict[str, Wait] = field(default_factory=dict)
    """What it waited for when it was taken."""
    ended_at: datetime | None = None
    state_read: InstanceState | None = None
    """Its state as its row says; None for an instance that has no row yet."""
    called: set[str] = field(default_factory=set)
    """Its CALL waits whose instance has been started."""
    settled: bool = False
    """Whether everything its last step led to has been seen to."""
    touched: bool = True
    """Whether it has to be written."""
    ended_told: bool = False
    """Whether its parent knows that it has ended."""

    @property
    def chain(self) -> str:
        """The id of the history chain its events go to."""
        return self.case_id or self.id

    @property
    def is_new(self) -> bool:
        """Whether it has no row yet."""
        return self.version == 0

    def touch(self) -> None:
        """Note that a step is about to change it."""
        self.settled = False
        self.touched = True

    def waiting(self) -> Mapping[str, Wait]:
        """What it waits for now, by wait id."""
        return {} if self.state in ENDED_STATES else self.execution.waiting


class Context:
    """One command's view of the world; `finish` writes what it has changed."""

    def __init__(self, uow: UnitOfWork, rooms: Rooms, actor: Actor) -> None:
        self.uow = uow
        self.rooms = rooms
        self.actor = actor
        self.urgency = urgency_of(actor)
        """Of the jobs that this command makes; those of a job are as urgent as it was itself."""
        self.about: str | None = None
        """What it is about, for logs and metrics: a job's type, the element of a task or timer; never a value."""
        self.chronicle = Chronicle(uow, actor)
        self.instances: dict[str, Running] = {}
        self.completed_items: set[str] = set()
        """Work items that somebody completed in this command (others that end are cancelled)."""
        self.completed_jobs: set[str] = set()
        """Waits of jobs that are done by this command, which takes their rows away itself."""
        self.incidents: list[dict[str, Any]] = []
        self.signals: list[tuple[str, Variables]] = []
        """Thrown signals, to be sent to whoever waits once this command's own waits are written."""
        self.deliveries: list[tuple[int, str, str, str]] = []
        """Messages taken: message, process id, instance id, element id."""
        self.heard: list[tuple[str, str, str]] = []
        """Kept messages taken: instance id, name, key. The next one kept may have somebody waiting for it too."""
        self.kept_on_the_way: set[tuple[int, str]] = set()
        """Kept messages, and the process id that they are sent to by this command's jobs."""

    @property
    def now(self) -> datetime:
        """The moment of this command (aware, UTC)."""
        return self.uow.now

    def take(self, instance_id: str) -> Running:
        """Lock an instance and load it; NotFound where there is none."""
        known = self.instances.get(instance_id)
        if known is not None:
            return known
        row = instance_rows.lock(self.uow, instance_id)
        if row is None:
            raise NotFound(f"There is no process instance {instance_id}.")
        return self.adopt(row)

    def take_locked(self, row: StoredInstance) -> Running:
        """Load an instance that was locked before, where this command has not done so itself meanwhile."""
        known = self.instances.get(row.id)
        return self.adopt(row) if known is None else known

    def take_active(self, instance_id: str) -> Running:
        """Lock and load an instance that can go on; Conflict where it has ended or is suspended."""
        running = self.take(instance_id)
        if running.state is InstanceState.SUSPENDED:
            raise Conflict("The process instance is suspended; resume it first.")
        if running.state is not InstanceState.ACTIVE:
            raise Conflict("The process instance has ended already.")
        running.touch()
        return running

    def adopt(self, row: StoredInstance) -> Running:
        """Load an instance from its locked row."""
        deployed = self.rooms.definitions.deployed(self.uow, row.definition_id, row.release)
        execution = Execution.load(deployed.process, row.snapshot, deployed.services, case_id=row.case_id)
        running = Running(
            id=row.id,
            case_id=row.case_id,
            deployed=deployed,
            parent_id=row.parent_id,
            parent_wait=row.parent_wait,
            state=row.state,
            version=row.version,
            started_at=row.started_at,
            ended_at=row.ended_at,
            state_read=row.state,
            head=Head(row.history_seq, row.history_hash),
            execution=execution,
            settled=True,
            touched=False,
            ended_told=row.state in ENDED_STATES,
        )
        running.before = dict(running.waiting())
        running.called = {wait.id for wait in running.before.values() if wait.kind is WaitKind.CALL}
        self.instances[row.id] = running
        return running

    def begin(
        self,
        deployed: Deployed,
        variables: Variables,
        *,
        case_id: str | None,
        parent: tuple[str, str] | None = None,
        start: str | None = None,
        payload: Variables | None = None,
    ) -> Running:
        """Start a new instance.

        `parent` is the caller's instance id and wait id, `start` a start event's id, `payload` what a message or
        signal brought to it.
        """
        instance_id = new_id()
        running = Running(
            id=instance_id,
            case_id=case_id,
            deployed=deployed,
            parent_id=parent[0] if parent else None,
            parent_wait=parent[1] if parent else None,
            state=InstanceState.ACTIVE,
            version=0,
            started_at=self.now,
            head=Head(0, None),
            execution=Execution.start(
                deployed.process, variables, deployed.services, start=start, payload=payload, case_id=case_id
            ),
        )
        self.instances[instance_id] = running
        changes = {**variables, **(payload or {})}
        self.note(
            running,
            EventKind.STARTED,
            name=deployed.definition.name,
            payload={"changes": changes} if changes else None,
        )
        return running

    def note(
        self,
        running: Running,
        kind: EventKind,
        *,
        element: str | None = None,
        name: str | None = None,
        payload: Variables | None = None,
    ) -> None:
        """Write a line about an instance into its history."""
        line = Line(running.chain, running.case_id is not None, kind, running.id, element, name, payload)
        self.chronicle.add(line)

    def add_incident(self, running: Running, incident: dict[str, Any]) -> None:
        """Write down something a person has to look at."""
        self.incidents.append({**incident, "created_at": self.now})
        self.note(
            running,
            EventKind.INCIDENT,
            element=incident["element_id"],
            name=incident["name"],
            payload={"code": incident["code"], "message": incident["message"]},
        )

    def add_loose_incident(
        self,
        name: str,
        code: str,
        message: str,
        *,
        job_id: int | None = None,
        case_id: str | None = None,
        instance_id: str | None = None,
        element_id: str | None = None,
        wait_id: str | None = None,
    ) -> None:
        """Write down an incident without loading an instance, for where that is what fails, or where there is none."""
        self.incidents.append(
            {
                "id": new_id(),
                "instance_id": instance_id,
                "case_id": case_id,
                "job_id": job_id,
                "wait_id": wait_id,
                "element_id": element_id,
                "name": name,
                "code": code,
                "message": message,
                "state": IncidentState.OPEN.value,
                "created_at": self.now,
            }
        )

    def finish(self) -> None:
        """See to everything the steps led to, then write all differences."""
        from engine.differences import write_differences
        from engine.settling import settle

        settle(self)
        write_differences(self)

    def summary(self) -> CommitSummary:
        """What to tell the dispatcher after the commit."""
        return self.uow.summary()
