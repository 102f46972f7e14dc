"""The queries: each named after what it answers, each under the access policy where a person asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Integer, Select, Text, and_, bindparam, false, func, insert, select

from engine.access import Viewer
from engine.errors import NotFound
from engine.store import case_words
from engine.store.access import (
    for_anyone,
    party,
    told,
    visible_cases,
    visible_instances,
    visible_work_items,
)
from engine.store.inbox import ITEMS, item_row, items_for
from engine.store.rows import (
    MAX_PAGE_SIZE,
    CaseFilter,
    CaseRow,
    Count,
    DefinitionRow,
    IncidentRow,
    InstanceRow,
    JobRow,
    Page,
    Paging,
    PartyRow,
    ReadRow,
    ReleaseRow,
    TimerRow,
    WorkItemRow,
)
from engine.store.runs import Listed, Through, page_of
from engine.store.schema import (
    case_,
    case_party,
    case_word,
    event,
    incident,
    job,
    payload,
    process_definition,
    process_instance,
    read_log,
    release,
    timer,
    work_item,
)
from engine.store.states import CaseState, IncidentState, InstanceState, JobState, TimerState, WorkItemState
from engine.store.unit_of_work import AnyRow, Reader, UnitOfWork

_CASES = select(
    case_.c.id,
    case_.c.family,
    case_.c.reference,
    case_.c.title,
    case_.c.state,
    case_.c.created_at,
    case_.c.closed_at,
)
_NEWEST_CASES = (case_.c.created_at.desc(), case_.c.id.desc())
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
_TIMERS = select(
    timer.c.id,
    timer.c.instance_id,
    timer.c.case_id,
    timer.c.element_id,
    timer.c.name,
    timer.c.due_at,
    timer.c.attached_to,
    timer.c.interrupting,
)
JOBS = select(
    job.c.id,
    job.c.type,
    job.c.instance_id,
    job.c.case_id,
    job.c.element_id,
    job.c.name,
    job.c.state,
    job.c.retries,
    job.c.attempts,
    job.c.due_at,
    job.c.lease_until,
    job.c.worker,
    job.c.error,
    job.c.created_at,
)
_INCIDENTS = (
    select(
        incident.c.id,
        incident.c.instance_id,
        incident.c.case_id,
        process_definition.c.process_id,
        incident.c.wait_id,
        incident.c.element_id,
        incident.c.name,
        incident.c.code,
        incident.c.message,
        incident.c.state,
        incident.c.created_at,
        incident.c.resolved_at,
    )
    .select_from(incident)
    .outerjoin(process_instance, process_instance.c.id == incident.c.instance_id)
    .outerjoin(process_definition, process_definition.c.id == process_instance.c.definition_id)
)
_DEFINITIONS = select(
    process_definition.c.id,
    process_definition.c.process_id,
    process_definition.c.version,
    process_definition.c.name,
    process_definition.c.version_tag,
    process_definition.c.release,
    process_definition.c.file,
    process_definition.c.digest,
)
_RELEASES = select(release.c.number, release.c.at, release.c.author, release.c.approver, release.c.note)

_CASE = for_anyone(lambda viewer, now: _CASES.where(case_.c.id == bindparam("of_case"), visible_cases(viewer, now)))
_FIELDS = for_anyone(
    lambda viewer, now: select(case_party.c.fields).where(
        case_party.c.case_id == bindparam("of_case"), party(viewer, now)
    )
)
_ITEM = for_anyone(
    lambda viewer, now: items_for(viewer, now).where(work_item.c.id == bindparam("item_id"), visible_work_items(viewer))
)
_LOG_READ = insert(read_log)
_DRAFT = select(work_item.c.draft, work_item.c.draft_at).where(work_item.c.id == bindparam("item_id"))
_ESCALATIONS = ITEMS.where(work_item.c.escalates == bindparam("item_id")).order_by(
    work_item.c.created_at, work_item.c.id
)
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
_NEWEST = select(func.max(process_definition.c.id)).group_by(process_definition.c.process_id)
_LATEST = _DEFINITIONS.where(process_definition.c.id.in_(_NEWEST)).order_by(process_definition.c.name)


# --- cases ------------------------------------------------------------------------------------------------------------


def case(reader: Reader, viewer: Viewer, case_id: str, now: datetime) -> CaseRow:
    """One case; NotFound where there is none or the viewer may not see it."""
    row = reader.first(_CASE[viewer.all_units], {**told(viewer, now), "of_case": case_id})
    if row is None:
        raise NotFound("There is no such case.")
    return _case(row)


def cases(reader: Reader, viewer: Viewer, narrowed: CaseFilter, paging: Paging, now: datetime) -> Page[CaseRow]:
    """The cases that the viewer may see, newest first."""
    ids, found = _cases_listed(reader, viewer, narrowed, now).page(reader, _NEWEST_CASES, paging)
    rows = {row.id: row for row in reader.query(_CASES.where(case_.c.id.in_(ids)))} if ids else {}
    return Page(tuple(_case(rows[each]) for each in ids), paging, found.total, found.is_exact)


def _cases_listed(reader: Reader, viewer: Viewer, narrowed: CaseFilter, now: datetime) -> Listed:
    """Led by the organisation's parts where it has few, else by the cases' words, else newest first."""
    rest: list[ColumnElement[bool]] = []
    if narrowed.family is not None:
        # Told so that the index on the family and reference is not taken, which has not the list's order.
        rest.append(func.coalesce(case_.c.family, "") == narrowed.family)
    if narrowed.state is not None:
        rest.append(case_.c.state == narrowed.state.value)
    text = narrowed.text if narrowed.text and case_words.words(narrowed.text) else None
    if text is not None:
        rest.append(case_words.has_words(viewer, text, now, case_.c.id))
    ordered = [and_(visible_cases(viewer, now), *rest)]
    of_party = case_party.join(case_, case_.c.id == case_party.c.case_id)
    own = Listed(case_, case_.c.id, [Through(of_party, party(viewer, now))], ordered)
    found: Sequence[ColumnElement[bool] | Through] = ordered
    if own.count(reader).is_exact:
        found = [Through(of_party, and_(party(viewer, now), *rest))]
    elif text is not None:
        of_word = case_word.join(case_, case_.c.id == case_word.c.case_id)
        found = [Through(of_word, and_(case_words.leading(viewer, text, now), *ordered))]
    return Listed(case_, case_.c.id, found, ordered)


def parties_seen(reader: Reader, viewer: Viewer, case_id: str, now: datetime) -> list[PartyRow]:
    """The parties of a case that the viewer may know of, oldest first.

    To an organisation that was handed a part of the case, those are itself and who has the whole: that others help
    the person (a school, a clinic, a provider) was not handed over.
    """
    found = parties(reader, case_id)
    if fields_seen(reader, viewer, case_id, now) is None:
        return found
    return [row for row in found if row.fields is None or row.organisation == viewer.organisation]


def parties(reader: Reader, case_id: str) -> list[PartyRow]:
    """Which organisations take or took part in a case, oldest first."""
    statement = select(
        case_party.c.organisation,
        case_party.c.unit,
        case_party.c.since,
        case_party.c.until,
        case_party.c.basis,
        case_party.c.fields,
    ).where(case_party.c.case_id == case_id)
    return [
        PartyRow(**{**row._mapping, "fields": None if row.fields is None else tuple(orjson.loads(row.fields))})
        for row in reader.query(statement.order_by(case_party.c.id))
    ]


def fields_seen(reader: Reader, viewer: Viewer, case_id: str, now: datetime) -> frozenset[str] | None:
    """The names of the variables of a case that the viewer's organisation was handed; None: all."""
    rows = reader.rows(_FIELDS[viewer.all_units], {**told(viewer, now), "of_case": case_id})
    if any(row[0] is None for row in rows):
        return None
    return frozenset(name for row in rows for name in orjson.loads(row[0]))


def log_read(uow: UnitOfWork, viewer: Viewer, case_id: str, purpose: str) -> None:
    """Write that a person has looked at a case."""
    uow.send(
        _LOG_READ,
        {
            "viewer": viewer.user_id,
            "organisation": viewer.organisation,
            "case_id": case_id,
            "at": uow.now,
            "purpose": purpose,
        },
    )


def reads(reader: Reader, *, case_id: str | None, viewer_id: str | None, paging: Paging) -> Page[ReadRow]:
    """Who looked at which case, latest first; of one case, or by one person."""
    statement = select(
        read_log.c.viewer, read_log.c.organisation, read_log.c.case_id, read_log.c.at, read_log.c.purpose
    )
    if case_id is not None:
        statement = statement.where(read_log.c.case_id == case_id)
    if viewer_id is not None:
        statement = statement.where(read_log.c.viewer == viewer_id)
    rows, found = page_of(reader, statement, (read_log.c.at.desc(), read_log.c.id.desc()), paging)
    return Page(tuple(ReadRow(**row._mapping) for row in rows), paging, found.total, found.is_exact)


# --- work items -------------------------------------------------------------------------------------------------------


def work_item_seen(reader: Reader, viewer: Viewer, item_id: str, now: datetime) -> WorkItemRow:
    """One work item, open or ended; NotFound where there is none or the viewer may not see it."""
    row = reader.first(_ITEM[viewer.all_units], {**told(viewer, now), "item_id": item_id})
    if row is None:
        raise NotFound("There is no such task.")
    return item_row(row)


def draft_of(reader: Reader, item_id: str) -> tuple[bytes | None, datetime | None]:
    """A work item's draft, and when it was saved."""
    row = reader.first(_DRAFT, {"item_id": item_id})
    return (None, None) if row is None else (row[0], row[1])


def escalations_of(reader: Reader, item_id: str) -> list[WorkItemRow]:
    """The work items that were made for this one, oldest first."""
    return [item_row(row) for row in reader.rows(_ESCALATIONS, {"item_id": item_id})]


def original_of(reader: Reader, viewer: Viewer, item: WorkItemRow, now: datetime) -> WorkItemRow | None:
    """The work item that another escalates, where the viewer sees it."""
    if item.escalates is None:
        return None
    found = items_seen(reader, viewer, work_item.c.id == item.escalates, now, state=None)
    return found[0] if found else None


def case_of(reader: Reader, viewer: Viewer, item: WorkItemRow, now: datetime) -> CaseRow | None:
    """A work item's case, where the viewer sees it."""
    return case(reader, viewer, item.case_id, now) if item.case_id is not None and item.case_visible else None


def items_of(reader: Reader, condition: ColumnElement[bool], *, state: WorkItemState | None) -> list[WorkItemRow]:
    """Work items under a condition, what is due first comes first, whoever may see them."""
    return _items(reader, ITEMS.where(condition), state)


def items_seen(
    reader: Reader, viewer: Viewer, condition: ColumnElement[bool], now: datetime, *, state: WorkItemState | None
) -> list[WorkItemRow]:
    """Work items under a condition that a viewer may see, what is due first comes first."""
    return _items(reader, items_for(viewer, now).where(condition, visible_work_items(viewer)), state)


def _items(reader: Reader, statement: Select[Any], state: WorkItemState | None) -> list[WorkItemRow]:
    if state is not None:
        statement = statement.where(work_item.c.state == state.value)
    ordered = statement.order_by(work_item.c.due_order, work_item.c.created_at, work_item.c.id)
    return [item_row(row) for row in reader.query(ordered)]


# --- instances --------------------------------------------------------------------------------------------------------


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


# --- operations -------------------------------------------------------------------------------------------------------


def timers(reader: Reader, condition: ColumnElement[bool] | None, paging: Paging) -> Page[TimerRow]:
    """Waiting timers, what is due first comes first."""
    runs = [timer.c.state == state.value for state in TimerState] if condition is None else [condition]
    ids, found = Listed(timer, timer.c.id, runs, runs).page(reader, (timer.c.due_at, timer.c.id), paging)
    rows = {row.id: row for row in reader.query(_TIMERS.where(timer.c.id.in_(ids)))} if ids else {}
    return Page(tuple(TimerRow(**rows[each]._mapping) for each in ids), paging, found.total, found.is_exact)


def jobs(reader: Reader, condition: ColumnElement[bool] | None, paging: Paging) -> Page[JobRow]:
    """Jobs that are not done, oldest first."""
    statement = JOBS if condition is None else JOBS.where(condition)
    rows, found = page_of(reader, statement, (job.c.id,), paging)
    items = tuple(JobRow(**{**row._mapping, "state": JobState(row.state)}) for row in rows)
    return Page(items, paging, found.total, found.is_exact)


def incidents(reader: Reader, condition: ColumnElement[bool] | None, paging: Paging) -> Page[IncidentRow]:
    """Incidents, oldest first."""
    runs = [incident.c.state == state.value for state in IncidentState] if condition is None else [condition]
    ids, found = Listed(incident, incident.c.id, runs, runs).page(
        reader, (incident.c.created_at, incident.c.id), paging
    )
    rows = {row.id: row for row in reader.query(_INCIDENTS.where(incident.c.id.in_(ids)))} if ids else {}
    items = tuple(IncidentRow(**{**rows[each]._mapping, "state": IncidentState(rows[each].state)}) for each in ids)
    return Page(items, paging, found.total, found.is_exact)


# --- what is published ------------------------------------------------------------------------------------------------


def latest_definitions(reader: Reader) -> list[DefinitionRow]:
    """The latest version of each process, by name."""
    return [DefinitionRow(**row._mapping) for row in reader.rows(_LATEST)]


def definition_versions(reader: Reader, process_id: str) -> list[DefinitionRow]:
    """The versions of a process, latest first."""
    found = _DEFINITIONS.where(process_definition.c.process_id == process_id)
    return [DefinitionRow(**row._mapping) for row in reader.query(found.order_by(process_definition.c.version.desc()))]


def releases(reader: Reader) -> list[ReleaseRow]:
    """Every release, latest first, with the definitions that came with it."""
    new: dict[int, list[DefinitionRow]] = {}
    for row in reader.query(_DEFINITIONS.order_by(process_definition.c.process_id)):
        new.setdefault(row.release, []).append(DefinitionRow(**row._mapping))
    return [
        ReleaseRow(**row._mapping, definitions=tuple(new.get(row.number, ())))
        for row in reader.query(_RELEASES.order_by(release.c.number.desc()))
    ]


def _case(row: AnyRow) -> CaseRow:
    return CaseRow(**{**row._mapping, "state": CaseState(row.state)})


def _instance(row: AnyRow) -> InstanceRow:
    return InstanceRow(**{**row._mapping, "state": InstanceState(row.state)})
