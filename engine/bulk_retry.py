"""Trying all open incidents of one cause again: in batches, resumable, each with its outcome.

Which incidents are meant is written at the beginning; each is then tried in a transaction of its own together with the
line that says so. Whoever goes on after a cut finds there what has been done: nothing is tried twice, nothing is
forgotten. Incidents that are opened later are not part of it, so a cause that persists does not go round for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import operate
from engine.context import Context
from engine.errors import Conflict, InvalidInput, NotFound, StegvisError, StoreUnavailable
from engine.identity import new_id
from engine.protocols import Actor
from engine.store import incident_groups
from engine.store.incident_groups import BulkRetry, Trouble
from engine.store.rows import COUNT_BOUND
from engine.store.states import BulkOutcomeState

if TYPE_CHECKING:
    from engine.engine import Engine

BATCH = 100
SHOWN = 50
"""How many refused incidents a report lists."""
MAX_REASON = 500


@dataclass(frozen=True)
class BulkReport:
    """What a bulk has led to so far."""

    bulk: BulkRetry
    left: int
    """How many of its incidents have not been come to; counted no further than 1 000."""
    refusals: dict[str, int]
    refused: tuple[Trouble, ...]
    come_again: int
    """How many incidents of the same cause have been opened since, and are open."""


def begin_bulk_retry(engine: Engine, cause: str, actor: Actor, reason: str, key: str | None = None) -> str:
    """Ask that all open incidents of a cause be tried again; the bulk's id. `carry_on` does the work.

    NotFound where no incident of that cause is open, Conflict while another bulk of the cause is unfinished.
    """
    if len(reason) > MAX_REASON:
        raise InvalidInput(f"A reason has at most {MAX_REASON} characters.")

    def command(context: Context) -> str:
        found = incident_groups.group(context.uow, cause)
        if found is None:
            raise NotFound("There is no open incident of that cause (any more).")
        if any(each.cause == cause for each in incident_groups.bulks(context.uow, only_unfinished=True, most=500)):
            raise Conflict("The incidents of this cause are being tried again already.")
        values = {
            "id": (bulk_id := new_id()),
            "cause": cause,
            "process_id": found.process_id,
            "element_id": found.element_id,
            "code": found.code,
            "pattern": found.pattern,
            "actor": actor.id,
            "actor_name": actor.name,
            "reason": reason,
            "created_at": context.now,
        }
        incident_groups.insert_bulk(context.uow, values)
        return bulk_id

    return engine.run_command(command, "begin_bulk_retry", actor, key)


def carry_on(engine: Engine, bulk_id: str, actor: Actor, limit: int = BATCH) -> BulkReport:
    """Try up to `limit` more incidents of a bulk; what that has led to. Any number may do so at the same time."""
    with engine.database.reading() as reader:
        bulk = _known(incident_groups.bulk(reader, bulk_id))
        ids = incident_groups.remaining(reader, bulk_id, limit)
    for incident_id in ids:
        _try_one(engine, bulk, incident_id, actor)
    report = bulk_report(engine, bulk_id)
    if report.left == 0 and report.bulk.finished_at is None:
        engine.run_command(
            lambda context: incident_groups.finish_bulk(context.uow, bulk_id), "finish_bulk_retry", actor, None
        )
        return bulk_report(engine, bulk_id)
    return report


def bulk_report(engine: Engine, bulk_id: str) -> BulkReport:
    """What a bulk has led to; NotFound where there is none."""
    with engine.database.reading() as reader:
        bulk = _known(incident_groups.bulk(reader, bulk_id))
        return BulkReport(
            bulk,
            left=0 if bulk.finished_at is not None else len(incident_groups.remaining(reader, bulk_id, COUNT_BOUND)),
            refusals=incident_groups.refusals(reader, bulk_id),
            refused=tuple(incident_groups.refused(reader, bulk_id, SHOWN)),
            come_again=incident_groups.come_again(reader, bulk),
        )


def latest_bulks(engine: Engine, *, only_unfinished: bool = False) -> list[BulkRetry]:
    """The latest bulks, latest first."""
    with engine.database.reading() as reader:
        return incident_groups.bulks(reader, only_unfinished=only_unfinished)


def _try_one(engine: Engine, bulk: BulkRetry, incident_id: str, actor: Actor) -> None:
    def command(context: Context) -> None:
        if incident_groups.note_outcome(context.uow, bulk.id, incident_id, BulkOutcomeState.RETRIED):
            operate.retry(context, incident_id, None, bulk.reason)

    def note_refusal(context: Context) -> None:
        incident_groups.note_outcome(context.uow, bulk.id, incident_id, BulkOutcomeState.REFUSED, code)

    try:
        engine.run_command(command, "retry", actor, None)
        return
    except StoreUnavailable:
        raise
    except StegvisError as error:
        code = error.code
    engine.run_command(note_refusal, "note_refusal", actor, None)


def _known(found: BulkRetry | None) -> BulkRetry:
    if found is None:
        raise NotFound("There is no such retry in bulk.")
    return found
