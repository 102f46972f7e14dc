"""Moving running instances to another version of their process: plan, preview on copies, then the run.

Each instance moves in a transaction of its own, together with the line that says so; what has been seen to is found
there when a run goes on after it was cut off, so nothing is done twice. An instance that cannot move is left as it is,
with a reason for each element that stands in the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from engine import messages
from engine.bpmn import ConditionDetail, JobDetail, MessageDetail, SignalDetail, TimerDetail, UserTaskDetail, Wait
from engine.bpmn.migrate import Crossing, Migrated
from engine.bpmn.obstacles import NotMigratable, Obstacle, ObstacleCode
from engine.context import Context, Running
from engine.definitions import Deployed
from engine.errors import Conflict, InvalidInput, NotFound, StoreUnavailable
from engine.history import EventKind
from engine.identity import new_id
from engine.migration_plan import MigrationPlan, Proposal, proposal
from engine.protocols import Actor
from engine.store import instance_rows, migration_rows
from engine.store.migration_rows import StoredMigration, WaitRows
from engine.store.states import ENDED_STATES, MigrationState, OutcomeState
from engine.store.unit_of_work import Reader

if TYPE_CHECKING:
    from engine.engine import Engine

PAGE = 200
"""How many instances are looked up at a time."""
SHOWN = 20
"""How many instances are named for each reason."""


@dataclass(frozen=True)
class Reason:
    """Why instances cannot move: one element, one reason, how many it concerns, and the first of them."""

    element_id: str
    name: str | None
    code: ObstacleCode
    detail: str
    count: int
    instances: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What the run would do with the instances there are now."""

    plan: MigrationPlan
    total: int
    movable: int
    reasons: tuple[Reason, ...]
    begins: Mapping[str, int]
    """How often each event of the new version would begin to wait, by element."""
    ends: Mapping[str, int]
    """How often each event of the old version would cease to wait, by element."""

    @property
    def refused(self) -> int:
        """How many would stay where they are."""
        return self.total - self.movable


@dataclass(frozen=True)
class MigrationStatus:
    """How far a migration has come."""

    id: str
    plan: MigrationPlan
    state: MigrationState
    actor: str
    reason: str
    total: int
    moved: int
    refused: int
    created_at: datetime
    finished_at: datetime | None
    reasons: tuple[Reason, ...]

    @property
    def gone(self) -> int:
        """How many ended, or were moved otherwise, before the migration came to them (of a migration that is done)."""
        return max(self.total - self.moved - self.refused, 0)


@dataclass(frozen=True)
class Progress:
    """How far a preview or a run has come."""

    done: int
    total: int
    refused: int


Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class _Way:
    """A plan made ready: the versions themselves and the crossing between them."""

    plan: MigrationPlan
    source_id: int
    target: Deployed
    crossing: Crossing


class Migrations:
    """The engine's room for moving instances to another version (`engine.migrations`)."""

    def __init__(self, engine: Engine) -> None:
        """Use `Engine.migrations`."""
        self._engine = engine

    # --- before -------------------------------------------------------------------------------------------------------

    def running_versions(self, process_id: str) -> dict[int, int]:
        """How many instances of each version of a process have not ended."""
        with self._engine.database.reading() as reader:
            return migration_rows.running_versions(reader, process_id)

    def propose(self, process_id: str, source: int, target: int | None = None) -> Proposal:
        """A plan from version `source` to `target` (None: the latest), by id, name and type; to be looked through.

        Raises NotFound for a version that does not exist, InvalidInput where both are the same.
        """
        with self._engine.database.reading() as reader:
            wanted = target
            if wanted is None:
                wanted = self._engine.rooms.definitions.latest(reader, process_id).definition.version
            old, new = self._deployed(reader, process_id, source), self._deployed(reader, process_id, wanted)
            if source == wanted:
                raise InvalidInput(f"Version {source} of {process_id} is both where to move from and where to.")
            return proposal(process_id, (source, wanted), old.process, new.process)

    def preview(self, plan: MigrationPlan, *, progress: Tell | None = None) -> Preview:
        """Try the plan on copies of all running instances of the old version; nothing is changed.

        Raises NotFound and InvalidInput for a plan that cannot be.
        """
        begins: Counter[str] = Counter()
        ends: Counter[str] = Counter()
        collected = _Reasons()
        done, after = 0, ""
        with self._engine.database.reading() as reader:
            way = self._way(reader, plan)
            total = migration_rows.running_count(reader, way.source_id)
            while page := migration_rows.running_page(reader, way.source_id, after, PAGE):
                for instance_id, snapshot in page:
                    try:
                        moved = way.crossing.migrate(snapshot, way.target.services)
                        begins.update(moved.began)
                        ends.update(moved.ended)
                    except Exception as error:  # noqa: BLE001 whatever one instance holds, the others are looked at too
                        collected.add(instance_id, _obstacles(error))
                    done += 1
                    if progress is not None:
                        progress(Progress(done, max(total, done), collected.instances))
                after = page[-1][0]
        return Preview(plan, done, done - collected.instances, collected.all(), dict(begins), dict(ends))

    # --- the run ------------------------------------------------------------------------------------------------------

    def begin(self, plan: MigrationPlan, *, actor: Actor, reason: str, key: str | None = None) -> str:
        """Write down that instances are to be moved by a plan; the migration's id, for `carry_on`.

        Raises NotFound and InvalidInput for a plan that cannot be, InvalidInput without a reason.
        """
        if not reason.strip():
            raise InvalidInput("Say why the instances are moved; the reason stands in their history.")

        def write(context: Context) -> str:
            way = self._way(context.uow, plan)
            migration_id = new_id()
            migration_rows.insert_migration(
                context.uow,
                {
                    "id": migration_id,
                    "process_id": plan.process_id,
                    "source_id": way.source_id,
                    "target_id": way.target.definition.id,
                    "release": way.target.release,
                    "plan": orjson.dumps(plan.as_dict()),
                    "actor": actor.id,
                    "actor_name": actor.name,
                    "reason": reason,
                    "state": MigrationState.RUNNING.value,
                    "total": migration_rows.running_count(context.uow, way.source_id),
                    "created_at": context.now,
                },
            )
            return migration_id

        return self._engine.run_command(write, "begin_migration", actor, key)

    def carry_on(
        self, migration_id: str, *, limit: int | None = None, batch: int = PAGE, progress: Tell | None = None
    ) -> MigrationStatus:
        """Move the instances that a migration has not come to yet, in batches; how far it has come then.

        limit: how many instances to see to at most, for who works in slices. Cut off at any instant, it goes on from
        where it was when called again, by whomever; several may carry on one migration at the same time.
        """
        with self._engine.database.reading() as reader:
            stored = self._stored(reader, migration_id)
            way = self._way(reader, _plan_of(stored), stored.release)
        actor = Actor(stored.actor, stored.actor_name)
        seen = 0
        counts = self._counts(migration_id)
        done, refused = sum(counts.values()), counts.get(OutcomeState.REFUSED, 0)
        while stored.state is MigrationState.RUNNING and (limit is None or seen < limit):
            page = batch if limit is None else min(batch, limit - seen)
            with self._engine.database.reading() as reader:
                waiting = migration_rows.pending(reader, migration_id, way.source_id, page)
            if not waiting:
                self._finish(migration_id, actor)
                break
            for instance_id in waiting:
                outcome = self._see_to(stored, way, instance_id, actor)
                seen += 1
                done += 1
                refused += outcome is OutcomeState.REFUSED
                if progress is not None:
                    progress(Progress(done, max(stored.total, done), refused))
        return self.status(migration_id)

    def status(self, migration_id: str) -> MigrationStatus:
        """How far a migration has come; NotFound where there is none of that id."""
        with self._engine.database.reading() as reader:
            return _status(reader, self._stored(reader, migration_id))

    def all(self) -> list[MigrationStatus]:
        """Every migration, latest first."""
        with self._engine.database.reading() as reader:
            return [_status(reader, stored) for stored in migration_rows.migrations(reader)]

    def migrate(
        self, instance_id: str, plan: MigrationPlan, *, actor: Actor, reason: str = "", key: str | None = None
    ) -> None:
        """Move one instance by a plan.

        Raises NotMigratable with a reason by element where it cannot move, Conflict where it does not run the plan's
        old version (any more), NotFound where there is no such instance.
        """

        def move(context: Context) -> None:
            way = self._way(context.uow, plan)
            row = instance_rows.lock(context.uow, instance_id)
            if row is None:
                raise NotFound(f"There is no process instance {instance_id}.")
            if row.state in ENDED_STATES:
                raise Conflict("The process instance has ended already.")
            if row.definition_id != way.source_id:
                raise Conflict(f"The process instance does not run version {plan.source} of {plan.process_id}.")
            moved = way.crossing.migrate(row.snapshot, way.target.services)
            _rehouse(context, context.adopt(row), way, moved, reason)

        self._engine.run_command(move, "migrate", actor, key)

    # --- within -------------------------------------------------------------------------------------------------------

    def _see_to(self, stored: StoredMigration, way: _Way, instance_id: str, actor: Actor) -> OutcomeState | None:
        try:
            return self._engine.run_command(
                lambda context: _move(context, stored, way, instance_id), "migrate", actor, None
            )
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 whatever one instance holds, the others are moved
            failure = error
        return self._engine.run_command(
            lambda context: _refuse(context, stored.id, instance_id, _obstacles(failure)), "migrate", actor, None
        )

    def _finish(self, migration_id: str, actor: Actor) -> None:
        self._engine.run_command(
            lambda context: migration_rows.finish(context.uow, migration_id), "finish_migration", actor, None
        )

    def _counts(self, migration_id: str) -> dict[OutcomeState, int]:
        with self._engine.database.reading() as reader:
            return migration_rows.outcome_counts(reader, migration_id)

    def _stored(self, reader: Reader, migration_id: str) -> StoredMigration:
        stored = migration_rows.read_migration(reader, migration_id)
        if stored is None:
            raise NotFound(f"There is no migration {migration_id}.")
        return stored

    def _deployed(self, reader: Reader, process_id: str, version: int, release: int | None = None) -> Deployed:
        definition_id = migration_rows.definition_of_version(reader, process_id, version)
        if definition_id is None:
            raise NotFound(f"There is no version {version} of a process {process_id!r}.")
        if release is None:
            release = migration_rows.newest_release_of(reader, definition_id)
        return self._engine.rooms.definitions.deployed(reader, definition_id, release)

    def _way(self, reader: Reader, plan: MigrationPlan, release: int | None = None) -> _Way:
        if plan.source == plan.target:
            raise InvalidInput(f"Version {plan.source} of {plan.process_id} is both where to move from and where to.")
        source = self._deployed(reader, plan.process_id, plan.source)
        target = self._deployed(reader, plan.process_id, plan.target, release)
        unknown = [name for name in plan.elements if name not in source.process.elements]
        if unknown:
            raise InvalidInput(f"Version {plan.source} has no element {unknown[0]!r}.", element=unknown[0])
        pairs = {old: new for old, new in plan.elements.items() if new is not None}
        crossing = Crossing(source.process, target.process, pairs, plan.flows)
        return _Way(plan, source.definition.id, target, crossing)


# --- one instance -----------------------------------------------------------------------------------------------------


def _move(context: Context, stored: StoredMigration, way: _Way, instance_id: str) -> OutcomeState | None:
    """Move one instance of a run, or write why not; None where it is no longer the run's business."""
    row = instance_rows.lock(context.uow, instance_id)
    if row is None or row.state in ENDED_STATES or row.definition_id != way.source_id:
        return None
    if migration_rows.has_outcome(context.uow, stored.id, instance_id):
        return None
    try:
        moved = way.crossing.migrate(row.snapshot, way.target.services)
    except NotMigratable as error:
        return _refuse(context, stored.id, instance_id, error.obstacles)
    _rehouse(context, context.adopt(row), way, moved, stored.reason)
    migration_rows.insert_outcome(context.uow, stored.id, instance_id, OutcomeState.MOVED, None)
    return OutcomeState.MOVED


def _refuse(
    context: Context, migration_id: str, instance_id: str, obstacles: Iterable[Obstacle]
) -> OutcomeState | None:
    if migration_rows.has_outcome(context.uow, migration_id, instance_id):
        return None
    body = orjson.dumps([[each.code, each.element_id, each.name, each.detail] for each in obstacles])
    migration_rows.insert_outcome(context.uow, migration_id, instance_id, OutcomeState.REFUSED, body)
    return OutcomeState.REFUSED


def _rehouse(context: Context, running: Running, way: _Way, moved: Migrated, reason: str) -> None:
    """Let an instance go on in its new version; its rows keep what people and time have made of them."""
    running.touch()
    running.execution, running.deployed = moved.execution, way.target
    told: dict[str, Any] = {"from": way.plan.source, "to": way.plan.target, "reason": reason}
    if moved.began:
        told["began"] = list(moved.began)
    if moved.ended:
        told["ended"] = list(moved.ended)
    context.note(running, EventKind.MIGRATED, name=way.target.definition.name, payload=told)
    migration_rows.rehome(context.uow, running.id, way.target.definition.id, way.target.release)
    after = running.waiting()
    kept = [(wait, after[wait.id]) for wait in running.before.values() if wait.id in after]
    same = [(old, new) for old, new in kept if old.kind is new.kind]
    migration_rows.rewrite_waits(context.uow, _rows(same, way.target.definition.id))
    for old, new in same:
        if isinstance(new.detail, MessageDetail) and new.detail != old.detail:
            messages.look_for_kept(context, running, new.detail.name, new.detail.key)


def _rows(waits: list[tuple[Wait, Wait]], definition_id: int) -> WaitRows:
    kept: dict[str, list[Any]] = {"items": [], "timers": [], "subscriptions": [], "jobs": [], "incidents": []}
    for old, new in waits:
        where = {"wait": new.id, "element": new.element_id, "new_name": new.name or new.element_id}
        detail = new.detail
        changed = (old.element_id, old.name) != (new.element_id, new.name)
        if isinstance(detail, UserTaskDetail):
            kept["items"].append({**where, "to_definition": definition_id, "form": detail.form_id})
        elif isinstance(detail, TimerDetail):
            beside = {"host": detail.attached_to, "interrupts": detail.interrupting}
            kept["timers"].append({**where, "to_definition": definition_id, **beside})
        elif isinstance(detail, JobDetail):
            kept["jobs"].append({**where, "new_type": detail.type})
        elif isinstance(detail, MessageDetail | SignalDetail):
            kept["subscriptions"].append({**where, "new_name": detail.name})
        elif isinstance(detail, ConditionDetail):
            kept["subscriptions"].append({**where, "new_name": new.element_id})
        if changed:
            kept["incidents"].append(where)
    return WaitRows(**kept)


# --- reasons ----------------------------------------------------------------------------------------------------------


class _Reasons:
    """Collects why instances cannot move, by element and reason."""

    def __init__(self) -> None:
        self.instances = 0
        self._found: dict[Obstacle, list[str]] = {}
        self._counts: Counter[Obstacle] = Counter()

    def add(self, instance_id: str, obstacles: Iterable[Obstacle]) -> None:
        self.instances += 1
        for each in obstacles:
            self._counts[each] += 1
            named = self._found.setdefault(each, [])
            if len(named) < SHOWN:
                named.append(instance_id)

    def all(self) -> tuple[Reason, ...]:
        """The reasons, what concerns most instances first."""
        return tuple(
            Reason(each.element_id, each.name, each.code, each.detail, count, tuple(self._found[each]))
            for each, count in sorted(self._counts.items(), key=lambda item: (-item[1], item[0].element_id))
        )


def _obstacles(error: Exception) -> tuple[Obstacle, ...]:
    if isinstance(error, NotMigratable):
        return error.obstacles
    return (
        Obstacle(ObstacleCode.FAILED, getattr(error, "element", None) or "", None, f"{type(error).__name__}: {error}"),
    )


def _plan_of(stored: StoredMigration) -> MigrationPlan:
    return MigrationPlan.from_json(stored.plan)


def _status(reader: Reader, stored: StoredMigration) -> MigrationStatus:
    counts = migration_rows.outcome_counts(reader, stored.id)
    reasons = _Reasons()
    for instance_id, body in migration_rows.refusals(reader, stored.id):
        found = orjson.loads(body)
        reasons.add(instance_id, [Obstacle(ObstacleCode(each[0]), *each[1:]) for each in found])
    return MigrationStatus(
        id=stored.id,
        plan=_plan_of(stored),
        state=stored.state,
        actor=stored.actor,
        reason=stored.reason,
        total=stored.total,
        moved=counts.get(OutcomeState.MOVED, 0),
        refused=counts.get(OutcomeState.REFUSED, 0),
        created_at=stored.created_at,
        finished_at=stored.finished_at,
        reasons=reasons.all(),
    )
