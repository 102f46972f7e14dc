"""The inbox: what a viewer may work on, sorted and paged in SQL at a cost that does not grow with the table.

For each role the viewer sees, indexes hold the open items in each order, and by unit. `engine.store.runs` tells how a
page is read from them; `engine.store.inbox_text` how it is searched.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, case, func, literal_column, or_, select, true

from engine.access import Viewer
from engine.store.access import (
    Asker,
    Moment,
    for_anyone,
    in_sight,
    takes_part,
    told,
    visible_candidates,
    visible_work_items,
)
from engine.store.case_words import words
from engine.store.inbox_text import led_to, matches, told_text
from engine.store.rows import Count, InboxFilter, Mine, Page, Paging, Sort, WorkItemRow
from engine.store.runs import Conditions, Listed
from engine.store.schema import case_, process_definition, work_item
from engine.store.states import WorkItemState
from engine.store.unit_of_work import NONE, Params, Reader

MAX_RUNS = 50
"""How many roles' runs (and units' runs of a role) are merged; a viewer who has more is answered by a filtered scan."""

_OPEN = work_item.c.state == literal_column("'open'")  # a literal: the indexes are partial, and a parameter hides it
_SOME_MOMENT = datetime.max.replace(tzinfo=UTC)
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


def items_for(viewer: Asker, now: Moment) -> Select[Any]:
    """Work items as a viewer is told of them: a title, which may be a name, only of cases that they may see."""
    visible = takes_part(viewer, now, work_item.c.case_id)
    shown = [column for column in COLUMNS if column.key != "case_title"]
    title = case((visible, case_.c.title), else_=None)
    return select(*shown, title.label("case_title"), visible.label("case_visible")).select_from(_TABLES)


_SHOWN = for_anyone(
    lambda viewer, now: items_for(viewer, now).where(work_item.c.id.in_(bindparam("ids", type_=Text, expanding=True)))
)


def inbox(
    reader: Reader, viewer: Viewer, narrowed: InboxFilter, sort: Sort, paging: Paging, now: datetime
) -> Page[WorkItemRow]:
    """One page of the open work items that the viewer may see."""
    listed, given = _listed(reader, viewer, narrowed, now)
    ids, found = listed.page(reader, _ORDERS[sort], paging, given)
    shown = reader.rows(_SHOWN[viewer.all_units], {**told(viewer, now), "ids": ids}) if ids else ()
    rows = {row.id: row for row in shown}
    items = tuple(item_row(rows[each]) for each in ids if each in rows)
    return Page(items, paging, found.total, found.is_exact)


def count(reader: Reader, viewer: Viewer, narrowed: InboxFilter, now: datetime) -> Count:
    """How many open work items the viewer may see."""
    listed, given = _listed(reader, viewer, narrowed, now)
    return listed.count(reader, given)


def item_row(row: Any) -> WorkItemRow:
    """The value of a row of `ITEMS`."""
    values = row._mapping
    seen = bool(values.get("case_visible", True))
    state, draft = WorkItemState(values["state"]), bool(values["has_draft"])
    return WorkItemRow(**{**values, "state": state, "has_draft": draft, "case_visible": seen})


def _listed(reader: Reader, viewer: Viewer, narrowed: InboxFilter, now: datetime) -> tuple[Listed, Params]:
    """The list, and its parameters: the moments and what is looked for, so that it can be kept."""
    given: Params = NONE if narrowed.due_before is None else {"due_before": narrowed.due_before}
    shape = replace(narrowed, text=None, due_before=None if narrowed.due_before is None else _SOME_MOMENT)
    whole = _kept(viewer, shape)
    if not narrowed.text or not words(narrowed.text):
        return whole, given
    few = _asked_of_each(viewer, narrowed) or whole.count(reader, given).is_exact
    searched = _searched(viewer, shape, len(words(narrowed.text)), few)
    return searched, {**given, **told_text(reader, viewer, narrowed.text), "now": now}


@lru_cache(maxsize=256)
def _kept(viewer: Viewer, narrowed: InboxFilter) -> Listed:
    """A list without text; put together once for those who ask for it again and again."""
    rest = _narrowing(viewer, narrowed, work_item.c.due_order)
    if _asked_of_each(viewer, narrowed):
        run = and_(_OPEN, visible_work_items(viewer), *rest)
        return Listed(work_item, work_item.c.id, [run], [run])
    others = _other_runs(viewer, narrowed)
    by_role, units = _by_role(viewer, narrowed, rest), _units(viewer, narrowed)
    parted = [and_(_OPEN, work_item.c.role == role, unit, *rest) for role in _roles(viewer, narrowed) for unit in units]
    return Listed(work_item, work_item.c.id, parted + others, by_role + others)


@lru_cache(maxsize=256)
def _searched(viewer: Viewer, narrowed: InboxFilter, count: int, few: bool) -> Listed:
    """Those of a list that have so many words. few: the list is short enough to ask each of its tasks."""
    whole, match = _kept(viewer, narrowed), matches(viewer, count)
    if few:
        matching = [and_(run, match) for run in whole.ordered]
        return Listed(work_item, work_item.c.id, matching, whole.ordered, match)
    rest, roles = _narrowing(viewer, narrowed, work_item.c.due_order), _roles(viewer, narrowed)
    # Told so that no index on the role is taken: the tasks come by their cases.
    seen = and_(func.coalesce(work_item.c.role, "").in_(roles), in_sight(work_item, viewer), *rest)
    others = [and_(run, match) for run in _other_runs(viewer, narrowed)]
    led = led_to(viewer, count, _by_role(viewer, narrowed, rest), seen)
    return Listed(work_item, work_item.c.id, [*led, *others], whole.ordered, match)


def _asked_of_each(viewer: Viewer, narrowed: InboxFilter) -> bool:
    """Whether the policy is asked of each task narrowed down to, or of all for a viewer with that many roles."""
    return narrowed.mine is Mine.ASSIGNED or narrowed.case_id is not None or len(viewer.seen_roles) > MAX_RUNS


def _roles(viewer: Viewer, narrowed: InboxFilter) -> list[str]:
    return sorted(viewer.seen_roles if narrowed.role is None else viewer.seen_roles & {narrowed.role})


def _by_role(viewer: Viewer, narrowed: InboxFilter, rest: Conditions) -> list[ColumnElement[bool]]:
    sight = in_sight(work_item, viewer)
    return [and_(_OPEN, work_item.c.role == role, sight, *rest) for role in _roles(viewer, narrowed)]


def _units(viewer: Viewer, narrowed: InboxFilter) -> Conditions:
    """Conditions on the unit that exclude each other and together are what the viewer sees of a role's items."""
    if viewer.all_units or narrowed.unit is not None or len(viewer.units) > MAX_RUNS:
        return [in_sight(work_item, viewer)]
    of_organisation = or_(work_item.c.organisation.is_(None), work_item.c.organisation == viewer.organisation)
    units = [work_item.c.unit == unit for unit in sorted(viewer.units)]
    return [and_(each, of_organisation) for each in (work_item.c.unit.is_(None), *units)]


def _other_runs(viewer: Viewer, narrowed: InboxFilter) -> list[ColumnElement[bool]]:
    """The few items that no role run has: seen through a further role, or without a role and the viewer's own."""
    # Narrowed by the column without an index, or that on the due date would be taken before the few candidates.
    rest = _narrowing(viewer, narrowed, work_item.c.due_at)
    candidates = visible_candidates(viewer)
    seen = and_(work_item.c.role.in_(sorted(viewer.seen_roles)), in_sight(work_item, viewer))
    runs = [and_(_OPEN, work_item.c.id.in_(candidates), func.coalesce(~seen, true()), *rest)]
    if narrowed.role is None:
        # Told so that the index on the assignee is taken, whose rows are few.
        own = and_(func.coalesce(work_item.c.role, "") == "", work_item.c.assignee == viewer.user_id)
        runs.append(and_(_OPEN, own, work_item.c.id.not_in(candidates), *rest))
    return runs


def _narrowing(viewer: Viewer, narrowed: InboxFilter, due: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.mine is Mine.ASSIGNED:
        conditions.append(work_item.c.assignee == viewer.user_id)
    if narrowed.mine is Mine.UNASSIGNED:
        # Told so that the index on the assignee is not taken, in which all these lie together.
        conditions.append(func.coalesce(work_item.c.assignee, "") == "")
    if narrowed.role is not None:
        conditions.append(work_item.c.role == narrowed.role)
    if narrowed.unit is not None:
        conditions.append(work_item.c.unit == narrowed.unit)
    if narrowed.element_id is not None:
        conditions.append(work_item.c.element_id == narrowed.element_id)
    if narrowed.case_id is not None:
        conditions.append(work_item.c.case_id == narrowed.case_id)
    if narrowed.due_before is not None:
        conditions.append(due < bindparam("due_before", type_=work_item.c.due_at.type))
    if narrowed.process_id is not None:
        versions = select(process_definition.c.id).where(process_definition.c.process_id == narrowed.process_id)
        conditions.append(work_item.c.definition_id.in_(versions))
    return conditions
