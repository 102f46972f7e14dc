"""The tables (SQLAlchemy Core). Migrations in engine/store/migrations make them; a test holds the two equal.

One module a subject; whoever needs a table takes it from here, so that the metadata is always complete.
"""

from __future__ import annotations

from engine.store.schema.base import SERIAL, metadata
from engine.store.schema.cases import case_, case_party, case_word
from engine.store.schema.history import event, payload
from engine.store.schema.housekeeping import (
    idempotency,
    lease,
    parameter_change,
    read_log,
    recurring,
    recurring_run,
    worker,
)
from engine.store.schema.instances import process_instance, work_item, work_item_candidate
from engine.store.schema.jobs import bulk_retry, bulk_retry_outcome, incident, job
from engine.store.schema.moving import migration, migration_outcome
from engine.store.schema.releases import process_definition, release, release_resource, resource, start_subscription
from engine.store.schema.waiting import message, message_delivery, subscription, timer

__all__ = [
    "SERIAL",
    "bulk_retry",
    "bulk_retry_outcome",
    "case_",
    "case_party",
    "case_word",
    "event",
    "idempotency",
    "incident",
    "job",
    "lease",
    "message",
    "message_delivery",
    "metadata",
    "migration",
    "migration_outcome",
    "parameter_change",
    "payload",
    "process_definition",
    "process_instance",
    "read_log",
    "recurring",
    "recurring_run",
    "release",
    "release_resource",
    "resource",
    "start_subscription",
    "subscription",
    "timer",
    "work_item",
    "work_item_candidate",
    "worker",
]
