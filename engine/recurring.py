"""Recurring work in the store: whose turn it is, and how the last run went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from engine.context import Context
from engine.engine import Engine
from engine.protocols import Actor, ActorKind
from engine.store import recurring_rows
from engine.store.recurring_rows import RecurringRow

RECURRING = Actor("recurring", "Återkommande arbete", ActorKind.SYSTEM)
KEYS_KEPT = timedelta(days=90)
"""How long idempotency keys are kept; a form that is older than that is refused by its task's state instead."""


def recurring_work(engine: Engine) -> list[RecurringRow]:
    """All recurring work that has been planned on this store, by name."""
    with engine.database.reading() as reader:
        return recurring_rows.all_rows(reader)


def take_turn(engine: Engine, name: str, following: Callable[[datetime], datetime]) -> bool:
    """Whether `name` is due and this caller is the one to run it; its next turn is planned at once.

    following: gives the first turn after a moment. Work that is new here is planned, not run. However many turns were
    missed, one is taken: the next is the first after now.
    """

    def command(context: Context) -> bool:
        row = recurring_rows.lock_row(context.uow, name)
        if row is None:
            recurring_rows.insert_row(context.uow, name, following(context.now))
            return False
        if row.next_at is None or row.next_at > context.now:
            return False
        recurring_rows.plan(context.uow, name, following(context.now))
        return True

    return engine.run_command(command, "recurring", RECURRING, None)


def note_outcome(engine: Engine, name: str, begun: datetime, outcome: str) -> None:
    """Write how a run that began at `begun` went."""

    def command(context: Context) -> None:
        seconds = round((context.now - begun).total_seconds())
        recurring_rows.note_outcome(context.uow, name, begun, seconds, outcome)

    engine.run_command(command, "recurring", RECURRING, None)


def forget_old_keys(engine: Engine) -> int:
    """Delete idempotency keys that are older than 90 days; how many."""
    return engine.run_command(
        lambda context: recurring_rows.forget_keys(context.uow, context.now - KEYS_KEPT), "recurring", RECURRING, None
    )
