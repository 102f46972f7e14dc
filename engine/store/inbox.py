"""The inbox: what a viewer may work on, sorted and paged in SQL at a cost that does not grow with the table.

For each role the viewer sees, an index holds the open items in each order, with their units and organisations. So a
page is merged from the first rows of each of these runs; no run is read further than the page needs, and no row is
fetched that is not shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select, true, union_all

from engine.access import Viewer
from engine.store.access import in_sight, takes_part, visible_candidates, visible_work_items
from engine.store.rows import COUNT_BOUND, Count, InboxFilter, Mine, Page, Paging, Sort, WorkItemRow
from engine.store.schema import case_, process_definition, work_item
from engine.store.states import WorkItemState
from engine.store.unit_of_work import Reader

MAX_RUNS = 50
"""How many roles' runs are merged; a viewer who has more is answered by one filtered scan."""

_OPEN = work_item.c.state == literal_column("'open'")  # a literal: the indexes are partial, and a parameter hides it
_ORDERS: dict[Sort, tuple[Any, ...]] = {
    Sort.DUE: (work_item.c.due_order, work_item.c.id),
    Sort.CREATED: (work_item.c.created_at, work_item.c.id),
    Sort.PRIORITY: (work_item.c.priority_order, work_item.c.due_order, work_item.c.id),
    Sort.NAME: (work_item.c.name, work_item.c.id),
}
COLUMNS = (
    work_item.c.id,
    work_item.c.instance_id,
    work_item.c.case_id,
    case_.c.reference.label("case_reference"),
    case_.c.title.label("case_title"),
    process_definition.c.process_id,
    process_definition.c.name.label("process_name"),
    process_definition.c.version.label("process_version"),
    work_item.c.element_id,
    work_item.c.name,
    work_item.c.form_id,
    work_item.c.role,
    work_item.c.organisation,
    work_item.c.unit,
    work_item.c.assignee,
    work_item.c.assignee_name,
    work_item.c.priority,
    work_item.c.created_at,
    work_item.c.due_at,
    work_item.c.follow_up_at,
    work_item.c.state,
    work_item.c.claimed_at,
    work_item.c.completed_at,
    work_item.c.completed_by,
    work_item.c.escalates,
    work_item.c.escalated_at,
    work_item.c.draft_at.is_not(None).label("has_draft"),
)
_TABLES = work_item.join(process_definition, process_definition.c.id == work_item.c.definition_id).outerjoin(
    case_, case_.c.id == work_item.c.case_id
)
ITEMS = select(*COLUMNS).select_from(_TABLES)


def items_for(viewer: Viewer, now: datetime) -> Select[Any]:
    """Work items as a viewer is told of them: a title, which may be a name, only of cases that they may see."""
    visible = takes_part(viewer, now, work_item.c.case_id)
    told = [column for column in COLUMNS if column.key != "case_title"]
    title = case((visible, case_.c.title), else_=None)
    return select(*told, title.label("case_title"), visible.label("case_visible")).select_from(_TABLES)


def inbox(
    reader: Reader, viewer: Viewer, narrowed: InboxFilter, sort: Sort, paging: Paging, now: datetime
) -> Page[WorkItemRow]:
    """One page of the open work items that the viewer may see."""
    runs = _runs(viewer, narrowed, now)
    order = _ORDERS[sort]
    wanted = paging.offset + paging.size
    ids = [row.id for row in reader.query(_merged(runs, order, wanted, paging))]
    rows = {row.id: row for row in reader.query(items_for(viewer, now).where(work_item.c.id.in_(ids)))} if ids else {}
    found = _count(reader, runs)
    items = tuple(item_row(rows[each]) for each in ids if each in rows)
    return Page(items, paging, found.total, found.is_exact)


def count(reader: Reader, viewer: Viewer, narrowed: InboxFilter, now: datetime) -> Count:
    """How many open work items the viewer may see."""
    return _count(reader, _runs(viewer, narrowed, now))


def _count(reader: Reader, runs: list[ColumnElement[bool]]) -> Count:
    counted = union_all(*(select(select(work_item.c.id).where(run).limit(COUNT_BOUND + 1).subquery()) for run in runs))
    total = int(reader.query_scalar(select(func.count()).select_from(counted.limit(COUNT_BOUND + 1).subquery())))
    return Count(min(total, COUNT_BOUND), total <= COUNT_BOUND)


def item_row(row: Any) -> WorkItemRow:
    """The value of a row of `ITEMS`."""
    values = row._mapping
    seen = bool(values.get("case_visible", True))
    state, draft = WorkItemState(values["state"]), bool(values["has_draft"])
    return WorkItemRow(**{**values, "state": state, "has_draft": draft, "case_visible": seen})


def _merged(runs: list[ColumnElement[bool]], order: tuple[Any, ...], wanted: int, paging: Paging) -> Select[Any]:
    keys = {column.name: column for column in (work_item.c.id, *order)}
    parts = [select(select(*keys.values()).where(run).order_by(*order).limit(wanted).subquery()) for run in runs]
    merged = union_all(*parts).subquery()
    return (
        select(merged.c.id)
        .order_by(*(merged.c[column.name] for column in order))
        .limit(paging.size)
        .offset(paging.offset)
    )


def _runs(viewer: Viewer, narrowed: InboxFilter, now: datetime) -> list[ColumnElement[bool]]:
    """Conditions that exclude each other and together are the policy, narrowed: each one run of an index."""
    rest = _narrowing(viewer, narrowed, now)
    if narrowed.mine is Mine.ASSIGNED:
        return [and_(_OPEN, work_item.c.assignee == viewer.user_id, visible_work_items(viewer), *rest)]
    roles = sorted(viewer.seen_roles if narrowed.role is None else viewer.seen_roles & {narrowed.role})
    if narrowed.case_id is not None or len(roles) > MAX_RUNS:
        return [and_(_OPEN, visible_work_items(viewer), *rest)]
    runs = [and_(_OPEN, work_item.c.role == role, in_sight(work_item, viewer), *rest) for role in roles]
    candidates = visible_candidates(viewer)
    # Whoever is seen through the first role is in a run above; these are the others.
    seen = and_(work_item.c.role.in_(sorted(viewer.seen_roles)), in_sight(work_item, viewer))
    runs.append(and_(_OPEN, work_item.c.id.in_(candidates), func.coalesce(~seen, true()), *rest))
    if narrowed.role is None:
        own = and_(work_item.c.role.is_(None), work_item.c.assignee == viewer.user_id)
        runs.append(and_(_OPEN, own, work_item.c.id.not_in(candidates), *rest))
    return runs


def _narrowing(viewer: Viewer, narrowed: InboxFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.mine is Mine.UNASSIGNED:
        conditions.append(work_item.c.assignee.is_(None))
    if narrowed.role is not None:
        conditions.append(work_item.c.role == narrowed.role)
    if narrowed.unit is not None:
        conditions.append(work_item.c.unit == narrowed.unit)
    if narrowed.element_id is not None:
        conditions.append(work_item.c.element_id == narrowed.element_id)
    if narrowed.case_id is not None:
        conditions.append(work_item.c.case_id == narrowed.case_id)
    if narrowed.due_before is not None:
        conditions.append(work_item.c.due_order < narrowed.due_before)
    if narrowed.process_id is not None:
        versions = select(process_definition.c.id).where(process_definition.c.process_id == narrowed.process_id)
        conditions.append(work_item.c.definition_id.in_(versions))
    if narrowed.text:
        known = select(case_.c.id).where(
            or_(
                case_.c.reference.icontains(narrowed.text, autoescape=True),
                and_(
                    case_.c.title.icontains(narrowed.text, autoescape=True),
                    takes_part(viewer, now, case_.c.id),  # a title that is not told is not found either
                ),
            )
        )
        named = work_item.c.name.icontains(narrowed.text, autoescape=True)
        conditions.append(or_(named, work_item.c.case_id.in_(known)))
    return conditions
