"""The queue of jobs beside a database's own tables: on PostgreSQL only."""

from __future__ import annotations

from engine.store.database import Database


def migrate_queue_of(database: Database) -> None:
    """Make the queue of a database that is on PostgreSQL, or bring it to this program's version."""
    if not database.is_sqlite:
        from timers.queue.schema import migrate_queue  # only where PostgreSQL's extra is installed

        migrate_queue(database.driver_address)
