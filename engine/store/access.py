"""The access policy, in SQL, once: every query that lists or reads passes one of these conditions.

They ask of each row whether it may be seen (EXISTS), rather than first list all that may be (IN): reading one case must
not cost more in a store of many.

A condition is made for one viewer, or for anyone: a statement for anyone is made once, at import, and is given who asks
and when as parameters (`told`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Select, Text, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.sql.schema import Table

from engine.access import Viewer
from engine.store.schema import (
    case_,
    case_party,
    event,
    process_instance,
    timer,
    work_item,
    work_item_candidate,
)

Moment: TypeAlias = datetime | BindParameter[datetime]
NOW = bindparam("now", type_=case_party.c.since.type)
"""The moment, in statements that are kept."""


@dataclass(frozen=True)
class Anyone:
    """A viewer of whom only this is known when a statement is made: whether they see all units."""

    all_units: bool
    user_id = bindparam("viewer_id", type_=Text)
    organisation = bindparam("viewer_organisation", type_=Text)
    seen_roles = bindparam("viewer_roles", type_=Text, expanding=True)
    units = bindparam("viewer_units", type_=Text, expanding=True)


Asker: TypeAlias = Viewer | Anyone


def for_anyone(make: Callable[[Asker, Moment], Select[Any]]) -> Mapping[bool, Select[Any]]:
    """A statement under the policy, made once for those who see all units of their organisation and once for others."""
    return {all_units: make(Anyone(all_units), NOW) for all_units in (False, True)}


def told(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """The parameters of a statement for anyone: who asks, and when."""
    return {
        "viewer_id": viewer.user_id,
        "viewer_organisation": viewer.organisation,
        "viewer_roles": sorted(viewer.seen_roles),
        "viewer_units": sorted(viewer.units),
        "now": now,
    }


def visible_work_items(viewer: Asker) -> ColumnElement[bool]:
    """A work item is seen by those who hold or supervise its role, in its organisation and in its unit.

    The unit does not matter where the item has none or the viewer sees all units. An item without a role is seen by
    whom it is assigned to.
    """
    return or_(
        and_(work_item.c.role.in_(_sorted(viewer.seen_roles)), in_sight(work_item, viewer)),
        and_(work_item.c.role.is_(None), work_item.c.assignee == viewer.user_id),
        exists().where(work_item_candidate.c.work_item_id == work_item.c.id, _candidate(viewer)),
    )


def visible_candidates(viewer: Asker) -> ColumnElement[str]:
    """The ids of open work items seen through one of their further roles."""
    return select(work_item_candidate.c.work_item_id).where(_candidate(viewer))  # type: ignore[return-value]


def _candidate(viewer: Asker) -> ColumnElement[bool]:
    return and_(
        work_item_candidate.c.role.in_(_sorted(viewer.seen_roles)),
        in_sight(work_item_candidate, viewer),
    )


def visible_cases(viewer: Asker, now: Moment) -> ColumnElement[bool]:
    """A case is seen by an organisation that is a party to it now, and there by the unit that has it."""
    return takes_part(viewer, now, case_.c.id)


def visible_instances(viewer: Asker, now: Moment) -> ColumnElement[bool]:
    """Which instances a viewer sees.

    An organisation that sees all of a case sees all its instances; one to which only named fields were handed over
    sees those it works in (has, or had, a work item of). An instance that stands alone is seen by those who see one of
    its work items.
    """
    of_case = exists().where(case_party.c.case_id == process_instance.c.case_id, party(viewer, now))
    whole, part = of_case.where(case_party.c.fields.is_(None)), of_case.where(case_party.c.fields.is_not(None))
    works_here = exists().where(
        work_item.c.instance_id == process_instance.c.id, work_item.c.organisation == viewer.organisation
    )
    own_items = exists().where(work_item.c.instance_id == process_instance.c.id, visible_work_items(viewer))
    return or_(
        whole,
        and_(part, works_here),
        and_(process_instance.c.case_id.is_(None), own_items),
    )


def visible_lines(viewer: Asker, now: Moment) -> ColumnElement[bool]:
    """Lines of a case's history that a viewer of the case sees: those of visible instances, and of the case itself."""
    seen = exists().where(process_instance.c.id == event.c.instance_id, visible_instances(viewer, now))
    return or_(event.c.instance_id.is_(None), seen)


def visible_timers(viewer: Asker, now: Moment) -> ColumnElement[bool]:
    """Deadlines of visible instances."""
    return exists().where(process_instance.c.id == timer.c.instance_id, visible_instances(viewer, now))


def takes_part(viewer: Asker, now: Moment, case_id: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Whether the viewer sees the case that a row names; asked row by row, for the few rows of one page."""
    return exists().where(case_party.c.case_id == case_id, party(viewer, now))


def party(viewer: Asker, now: Moment) -> ColumnElement[bool]:
    """The rows of case_party through which the viewer sees cases."""
    return and_(
        case_party.c.organisation == viewer.organisation,
        case_party.c.since <= now,
        or_(case_party.c.until.is_(None), case_party.c.until > now),
        _unit(case_party, viewer),
    )


def in_sight(table: Table, viewer: Asker) -> ColumnElement[bool]:
    """Rows (of work items or their further roles) in the viewer's organisation and units."""
    return and_(
        or_(table.c.organisation.is_(None), table.c.organisation == viewer.organisation),
        _unit(table, viewer),
    )


def _unit(table: Table, viewer: Asker) -> ColumnElement[bool]:
    if viewer.all_units:
        return true()
    known_to_be_none = isinstance(viewer, Viewer) and not viewer.units
    units = false() if known_to_be_none else table.c.unit.in_(_sorted(viewer.units))
    return or_(table.c.unit.is_(None), units)


def _sorted(names: frozenset[str] | BindParameter[str]) -> list[str] | BindParameter[str]:
    return names if isinstance(names, BindParameter) else sorted(names)
