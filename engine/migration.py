"""Moving running instances to another version of their process: plan, preview on copies, then the run.

Each instance moves in a transaction of its own, together with the line that says so; what has been seen to is found
there when a run goes on after it was cut off, so nothing is done twice. An instance that cannot move is left as it is,
with a reason for each element that stands in the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from engine.bpmn.migrate import Crossing
from engine.context import Context
from engine.definitions import Deployed
from engine.errors import InvalidInput, NotFound, StoreUnavailable
from engine.identity import new_id
from engine.migrate_instance import Way, move_of_run, move_one, refuse
from engine.migration_plan import MigrationPlan, Proposal, proposal
from engine.migration_reports import MigrationStatus, Preview, Progress, Reasons, obstacles_of, plan_of, status_of
from engine.protocols import Actor
from engine.store import migration_rows
from engine.store.migration_rows import StoredMigration
from engine.store.states import MigrationState, OutcomeState
from engine.store.unit_of_work import Reader

if TYPE_CHECKING:
    from engine.engine import Engine

PAGE = 200
"""How many instances are looked up at a time."""


Tell = Callable[[Progress], None]


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
        collected = Reasons()
        done, after = 0, ""
        with self._engine.database.reading() as reader:
            way = self._way(reader, plan)
            total = migration_rows.running_count(reader, way.source_id)
            while page := migration_rows.running_page(reader, way.source_id, after, PAGE):
                for instance_id, case_id, snapshot in page:
                    try:
                        moved = way.crossing.migrate(snapshot, way.target.services, case_id)
                        begins.update(moved.began)
                        ends.update(moved.ended)
                    except Exception as error:  # noqa: BLE001 whatever one instance holds, the others are looked at too
                        collected.add(instance_id, obstacles_of(error))
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
            way = self._way(reader, plan_of(stored), stored.release)
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
            return status_of(reader, self._stored(reader, migration_id))

    def all(self) -> list[MigrationStatus]:
        """Every migration, latest first."""
        with self._engine.database.reading() as reader:
            return [status_of(reader, stored) for stored in migration_rows.migrations(reader)]

    def migrate(
        self, instance_id: str, plan: MigrationPlan, *, actor: Actor, reason: str = "", key: str | None = None
    ) -> None:
        """Move one instance by a plan.

        Raises NotMigratable with a reason by element where it cannot move, Conflict where it does not run the plan's
        old version (any more), NotFound where there is no such instance.
        """

        def move(context: Context) -> None:
            move_one(context, self._way(context.uow, plan), instance_id, reason)

        self._engine.run_command(move, "migrate", actor, key)

    # --- within -------------------------------------------------------------------------------------------------------

    def _see_to(self, stored: StoredMigration, way: Way, instance_id: str, actor: Actor) -> OutcomeState | None:
        try:
            return self._engine.run_command(
                lambda context: move_of_run(context, stored, way, instance_id), "migrate", actor, None
            )
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 whatever one instance holds, the others are moved
            failure = error
        return self._engine.run_command(
            lambda context: refuse(context, stored.id, instance_id, obstacles_of(failure)), "migrate", actor, None
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

    def _way(self, reader: Reader, plan: MigrationPlan, release: int | None = None) -> Way:
        if plan.source == plan.target:
            raise InvalidInput(f"Version {plan.source} of {plan.process_id} is both where to move from and where to.")
        source = self._deployed(reader, plan.process_id, plan.source)
        target = self._deployed(reader, plan.process_id, plan.target, release)
        unknown = [name for name in plan.elements if name not in source.process.elements]
        if unknown:
            raise InvalidInput(f"Version {plan.source} has no element {unknown[0]!r}.", element=unknown[0])
        pairs = {old: new for old, new in plan.elements.items() if new is not None}
        crossing = Crossing(source.process, target.process, pairs, plan.flows)
        return Way(plan, source.definition.id, target, crossing)
