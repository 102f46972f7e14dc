"""Process instances, and the lines of their histories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Text, and_, bindparam, false, func, select

from engine.access import Viewer
from engine.errors import NotFound
from engine.store.access import for_anyone, told, visible_instances
from engine.store.release_queries import definition_versions
from engine.store.rows import MAX_PAGE_SIZE, Count, InstanceRow, Page, Paging
from engine.store.runs import Listed, page_of
from engine.store.schema import event, incident, job, payload, process_definition, process_instance, timer, work_item
from engine.store.states import InstanceState
from engine.store.unit_of_work import AnyRow, Reader

_later = process_definition.alias("later")
_INSTANCES = select(
    process_instance.c.id,
    process_instance.c.case_id,
    process_instance.c.parent_id,
    process_instance.c.definition_id,
    process_definition.c.process_id,
    process_definition.c.name.label("process_name"),
    process_definition.c.version,
    select(func.max(_later.c.version))
    .where(_later.c.process_id == process_definition.c.process_id)
    .scalar_subquery()
    .label("latest_version"),
    process_instance.c.release,
    process_definition.c.digest,
    process_definition.c.file,
    process_instance.c.state,
    process_instance.c.started_at,
    process_instance.c.ended_at,
).join(process_definition, process_definition.c.id == process_instance.c.definition_id)
_EVENTS = select(
    event.c.chain,
    event.c.seq,
    event.c.at,
    event.c.actor,
    event.c.actor_name,
    event.c.kind,
    event.c.instance_id,
    event.c.element,
    event.c.name,
    payload.c.body,
).select_from(event.outerjoin(payload, (payload.c.chain == event.c.chain) & (payload.c.seq == event.c.seq)))
_INSTANCE = _INSTANCES.where(process_instance.c.id == bindparam("instance_id"))
_INSTANCE_SEEN = for_anyone(lambda viewer, now: _INSTANCE.where(visible_instances(viewer, now)))
_OF_ELEMENT = (
    _EVENTS.where(event.c.instance_id == bindparam("instance_id"), event.c.element == bindparam("element"))
    .order_by(event.c.seq.desc())
    .limit(bindparam("lines", type_=Integer))
)
_IDS = bindparam("ids", type_=Text, expanding=True)
_ITEMS_SINCE = select(work_item.c.id, work_item.c.created_at).where(work_item.c.instance_id.in_(_IDS))
_TIMERS_SINCE = select(timer.c.id, timer.c.created_at).where(timer.c.instance_id.in_(_IDS))
_JOBS_SINCE = select(job.c.wait_id, job.c.created_at).where(job.c.instance_id.in_(_IDS))
_INCIDENTS_SINCE = select(incident.c.wait_id, incident.c.created_at).where(incident.c.instance_id.in_(_IDS))


def instance_seen(reader: Reader, viewer: Viewer, instance_id: str, now: datetime) -> InstanceRow:
    """One instance; NotFound where there is none or the viewer may not see it."""
    row = reader.first(_INSTANCE_SEEN[viewer.all_units], {**told(viewer, now), "instance_id": instance_id})
    if row is None:
        raise NotFound("There is no such process instance.")
    return _instance(row)


def instances_of_case(reader: Reader, viewer: Viewer, case_id: str, now: datetime) -> list[InstanceRow]:
    """A case's instances that the viewer may see, oldest first."""
    found = _INSTANCES.where(process_instance.c.case_id == case_id, visible_instances(viewer, now))
    ordered = found.order_by(process_instance.c.started_at, process_instance.c.id)
    return [_instance(row) for row in reader.query(ordered)]


def instances_standing_alone(reader: Reader, viewer: Viewer, process_id: str, now: datetime) -> list[InstanceRow]:
    """The newest running instances of a process that belong to no case and that the viewer may see; a page of them."""
    found = _INSTANCES.where(
        process_instance.c.definition_id.in_([row.id for row in definition_versions(reader, process_id)]),
        process_instance.c.state == InstanceState.ACTIVE.value,
        process_instance.c.case_id.is_(None),
        visible_instances(viewer, now),
    )
    ordered = found.order_by(process_instance.c.started_at.desc(), process_instance.c.id.desc()).limit(MAX_PAGE_SIZE)
    return [_instance(row) for row in reader.query(ordered)]


def instances(
    reader: Reader, *, process_id: str | None, state: InstanceState | None, paging: Paging
) -> Page[InstanceRow]:
    """All instances, newest first: for those who operate the engine."""
    states = [each.value for each in (InstanceState if state is None else (state,))]
    if process_id is None:
        runs = [process_instance.c.state == each for each in states]
    else:
        versions = [row.id for row in definition_versions(reader, process_id)]
        runs = [
            and_(process_instance.c.definition_id == version, process_instance.c.state == each)
            for version in versions
            for each in states
        ]
    listed = Listed(process_instance, process_instance.c.id, runs or [false()], runs or [false()])
    ids, found = listed.page(reader, (process_instance.c.started_at.desc(), process_instance.c.id.desc()), paging)
    rows = {row.id: row for row in reader.query(_INSTANCES.where(process_instance.c.id.in_(ids)))} if ids else {}
    return Page(tuple(_instance(rows[each]) for each in ids), paging, found.total, found.is_exact)


def instance(reader: Reader, instance_id: str) -> InstanceRow:
    """One instance, for those who operate the engine; NotFound where there is none."""
    row = reader.first(_INSTANCE, {"instance_id": instance_id})
    if row is None:
        raise NotFound(f"There is no process instance {instance_id}.")
    return _instance(row)


def events(reader: Reader, condition: ColumnElement[bool], paging: Paging) -> tuple[Sequence[AnyRow], Count]:
    """Lines of one chain's history under a condition, latest first, and how many there are (up to the bound)."""
    return page_of(reader, _EVENTS.where(condition), (event.c.seq.desc(),), paging)


def events_of_element(reader: Reader, instance_id: str, element: str, lines: int) -> Sequence[AnyRow]:
    """The latest lines about one element of an instance, latest first."""
    return reader.rows(_OF_ELEMENT, {"instance_id": instance_id, "element": element, "lines": lines})


def lines_with_payload(reader: Reader, condition: ColumnElement[bool]) -> Sequence[AnyRow]:
    """Every line of the history under a condition whose payload is there, latest first."""
    found = _EVENTS.where(condition, payload.c.body.is_not(None))
    return reader.query(found.order_by(event.c.at.desc(), event.c.seq.desc()))


def since(reader: Reader, instance_ids: Iterable[str]) -> dict[str, datetime]:
    """When each wait of these instances began, as far as its row says."""
    ids = list(instance_ids)
    found: dict[str, datetime] = {}
    for statement in (_ITEMS_SINCE, _TIMERS_SINCE, _JOBS_SINCE, _INCIDENTS_SINCE):
        found.update((row[0], row[1]) for row in reader.rows(statement, {"ids": ids}) if row[0])
    return found


def _instance(row: AnyRow) -> InstanceRow:
    return InstanceRow(**{**row._mapping, "state": InstanceState(row.state)})
