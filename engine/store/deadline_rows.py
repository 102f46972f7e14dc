"""What has to be looked at when deadlines are counted again: the instances that run, and when their waits began."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from engine.store.schema import process_instance, timer, work_item
from engine.store.unit_of_work import Reader

_RUNNING = (
    select(process_instance.c.definition_id, process_instance.c.release)
    .where(process_instance.c.ended_at.is_(None))
    .distinct()
    .order_by(process_instance.c.definition_id, process_instance.c.release)
)
_PAGE = (
    select(process_instance.c.id, process_instance.c.case_id, process_instance.c.snapshot)
    .where(
        process_instance.c.definition_id == bindparam("of_definition"),
        process_instance.c.release == bindparam("of_release"),
        process_instance.c.ended_at.is_(None),
        process_instance.c.id > bindparam("after"),
    )
    .order_by(process_instance.c.id)
    .limit(bindparam("page"))
)


@dataclass(frozen=True)
class RunningRow:
    """One instance that has not ended."""

    id: str
    case_id: str | None
    snapshot: bytes


def running_definitions(reader: Reader) -> list[tuple[int, int]]:
    """The definitions, with the releases, that instances run on."""
    return [(row[0], row[1]) for row in reader.rows(_RUNNING)]


def running_page(reader: Reader, definition_id: int, release: int, after: str, page: int) -> list[RunningRow]:
    """The next instances of a definition that have not ended, in the order of their ids."""
    parameters = {"of_definition": definition_id, "of_release": release, "after": after, "page": page}
    return [RunningRow(*row) for row in reader.rows(_PAGE, parameters)]


def began(reader: Reader, instance_ids: Iterable[str]) -> dict[str, datetime]:
    """When each timer and work item of these instances began to wait, by its id."""
    ids = list(instance_ids)
    found: dict[str, datetime] = {}
    for table in (timer, work_item):
        rows = reader.query(select(table.c.id, table.c.created_at).where(table.c.instance_id.in_(ids)))
        found.update((row[0], row[1]) for row in rows)
    return found
