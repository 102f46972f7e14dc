"""Searching the inbox: by words of the task's name, or of the reference or title of its case.

Few tasks have different names, and few cases have the same words. So both are looked up first, each by an index, and
the tasks are found by what was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal, literal_column, or_, select, union_all

from engine.access import Viewer
from engine.store import rows
from engine.store.case_words import contains_words, has_words, having_words, matching
from engine.store.runs import Conditions
from engine.store.schema import work_item
from engine.store.unit_of_work import Reader

_OPEN = work_item.c.state == literal_column("'open'")


@dataclass(frozen=True)
class Sought:
    """What a text finds."""

    names: tuple[str, ...]
    """The names, of tasks of the viewer's roles, in which every word occurs."""
    cases: ColumnElement[bool]
    """Condition: the task's case has every word. Leads to the tasks by their cases."""
    matches: ColumnElement[bool]
    """Condition: either holds. For tasks that are read anyway."""

    @classmethod
    def of(cls, reader: Reader, viewer: Viewer, text: str, now: datetime) -> Sought:
        """Look up what the text finds."""
        names = tuple(contains_words(text, _open_names(reader, viewer)))
        ids = matching(reader, viewer, text, now, rows.COUNT_BOUND)
        if ids is None:
            leading = work_item.c.case_id.in_(having_words(viewer, text, now))
            beside = has_words(viewer, text, now, work_item.c.case_id)
        else:
            leading = beside = work_item.c.case_id.in_(ids)
        # Tasks that are seen otherwise than by role may have other names than those of the roles.
        named = and_(*(work_item.c.name.icontains(word, autoescape=True) for word in text.split()))
        return cls(names, leading, or_(work_item.c.name.in_(names), named, func.coalesce(beside, false())))

    def named(self, runs: Conditions) -> list[ColumnElement[bool]]:
        """The tasks of these runs that are found by their names."""
        return [and_(run, work_item.c.name.in_(self.names)) for run in runs] if self.names else []

    def of_cases(self, *conditions: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        """The tasks under these conditions that are found by their cases, and not by their names."""
        return [and_(self.cases, *conditions, work_item.c.name.not_in(self.names))]


def _open_names(reader: Reader, viewer: Viewer) -> Iterator[str]:
    """The names that open tasks of the viewer's roles have: one step of an index for each, however many tasks."""
    roles = sorted(viewer.seen_roles)
    if not roles:
        return
    firsts = [
        select(
            cast(literal(role), Text).label("role"),
            select(func.min(work_item.c.name)).where(_OPEN, work_item.c.role == role).scalar_subquery().label("name"),
        )
        for role in roles
    ]
    first = union_all(*firsts).subquery()
    names = select(first.c.role, first.c.name).cte("names", recursive=True)
    following = select(func.min(work_item.c.name)).where(
        _OPEN, work_item.c.role == names.c.role, work_item.c.name > names.c.name
    )
    names = names.union_all(select(names.c.role, following.scalar_subquery()).where(names.c.name.is_not(None)))
    for row in reader.query(select(names.c.name).distinct().where(names.c.name.is_not(None))):
        yield row[0]
