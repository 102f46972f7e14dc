"""Searching the inbox: by words of the task's name, or of the reference or title of its case.

Where a viewer sees few tasks, each of them is asked. Where they are many, few have different names, and few cases have
the same words: names and words are looked up, each by an index, and lead to the tasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import ColumnElement, Text, and_, cast, func, literal, literal_column, or_, select, union_all

from engine.access import Viewer
from engine.store.case_words import contains_words, has_words, leading
from engine.store.runs import Conditions, Through
from engine.store.schema import case_word, work_item
from engine.store.unit_of_work import Reader

_OPEN = work_item.c.state == literal_column("'open'")
_OF_WORD = case_word.join(work_item, work_item.c.case_id == case_word.c.case_id)


@dataclass(frozen=True)
class Sought:
    """What a text finds."""

    names: tuple[str, ...]
    """The names, of tasks of the viewer's roles, in which every word occurs."""
    cases: ColumnElement[bool]
    """The rows of `case_word` that lead to the cases in which every word occurs."""
    matches: ColumnElement[bool]
    """Condition on a task: either holds. For tasks that are read anyway."""

    @classmethod
    def of(cls, reader: Reader, viewer: Viewer, text: str, now: datetime) -> Self:
        """Look up what the text finds."""
        names = tuple(contains_words(text, _open_names(reader, viewer)))
        # Tasks that are seen otherwise than by role may have other names than those of the roles.
        named = and_(*(work_item.c.name.icontains(word, autoescape=True) for word in text.split()))
        matches = or_(work_item.c.name.in_(names), named, has_words(viewer, text, now, work_item.c.case_id))
        return cls(names, leading(viewer, text, now), matches)

    def led_to(self, by_role: Conditions, seen: ColumnElement[bool]) -> Sequence[ColumnElement[bool] | Through]:
        """Those of the tasks seen by role, led to by their names, and by the words of their cases.

        by_role: for the index on role and name; seen: the same tasks, told so that no index on the role is taken.
        """
        named = [and_(run, work_item.c.name.in_(self.names)) for run in by_role] if self.names else []
        return [*named, Through(_OF_WORD, and_(self.cases, _OPEN, seen, work_item.c.name.not_in(self.names)))]


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
