"""The inbox: what a viewer may work on, sorted and paged in SQL at a cost that does not grow with the table.

For each role the viewer sees, an index holds the open items in each order, with their units and organisations. So a
page is merged from the first rows of each of these runs; no run is read further than the page needs, and no row is
fetched that is not shown.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, true, union_all

from engine.access import Viewer
from engine.store.access import in_sight, visible_candidates, visible_work_items
from engine.store.rows import COUNT_BOUND, InboxFilter, Mine, Page, Paging, Sort, WorkItemRow
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
ITEMS = select(*COLUMNS).select_from(
    work_item.join(process_definition, process_definition.c.id == work_item.c.definition_id).outerjoin(
        case_, case_.c.id == work_item.c.case_id
    )
)


def inbox(reader: Reader, viewer: Viewer, narrowed: InboxFilter, sort: Sort, paging: Paging) -> Page[WorkItemRow]:
    """One page of the open work items that the viewer may see."""
    runs = _runs(viewer, narrowed)
    order = _ORDERS[sort]
    wanted = paging.offset + paging.size
    ids = [row.id for row in reader.query(_merged(runs, order, wanted, paging))]
    rows = {row.id: row for row in reader.query(ITEMS.where(work_item.c.id.in_(ids)))} if ids else {}
    counted = union_all(*(select(select(work_item.c.id).where(run).limit(COUNT_BOUND + 1).subquery()) for run in runs))
    total = int(reader.query_scalar(select(func.count()).select_from(counted.limit(COUNT_BOUND + 1).subquery())))
    items = tuple(item_row(rows[each]) for each in ids if each in rows)
    return Page(items, paging, min(total, COUNT_BOUND), total <= COUNT_BOUND)


def item_row(row: Any) -> WorkItemRow:
    """The value of a row of `ITEMS`."""
    values = row._mapping
    return WorkItemRow(**{**values, "state": WorkItemState(values["state"]), "has_draft": bool(values["has_draft"])})


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


def _runs(viewer: Viewer, narrowed: InboxFilter) -> list[ColumnElement[bool]]:
    """Conditions that exclude each other and together are the policy, narrowed: each one run of an index."""
    rest = _narrowing(narrowed)
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


def _narrowing(narrowed: InboxFilter) -> list[ColumnElement[bool]]:
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
                case_.c.reference.contains(narrowed.text, autoescape=True),
                case_.c.title.contains(narrowed.text, autoescape=True),
            )
        )
        named = work_item.c.name.contains(narrowed.text, autoescape=True)
        conditions.append(or_(named, work_item.c.case_id.in_(known)))
    return conditions
