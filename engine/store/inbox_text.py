"""Searching the inbox: by words of the task's name, or of the reference or title of its case.

Where a viewer sees few tasks, each of them is asked. Where they are many, few have different names, and few cases have
the same words: names and words are looked up, each by an index, and lead to the tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from engine.access import Viewer
from engine.store.access import NOW
from engine.store.case_words import contains_words, has_words, leading, told_words
from engine.store.runs import Conditions, Through
from engine.store.schema import case_word, work_item
from engine.store.unit_of_work import Reader

_OPEN = work_item.c.state == literal_column("'open'")
_OF_WORD = case_word.join(work_item, work_item.c.case_id == case_word.c.case_id)
_NAMES = bindparam("names", type_=Text, expanding=True)
_NOT_NAMES = bindparam("not_names", type_=Text, expanding=True)
"""The same, where they are not wanted: an empty list is written as what the parameter was last used for."""
_ESCAPE = "/"


def told_text(reader: Reader, viewer: Viewer, text: str) -> dict[str, object]:
    """The parameters of `matches` and `led_to`, beside the moment: what is looked for, and the names that have it.

    The names are those of tasks of the viewer's roles; tasks that are seen otherwise may have others.
    """
    roles = tuple(sorted(viewer.seen_roles))
    names = contains_words(text, (row[0] for row in reader.rows(_open_names(roles)))) if roles else []
    parts = {f"part_{number}": f"%{_escaped(word)}%" for number, word in enumerate(text.split())}
    return {"names": names, "not_names": names, **parts, **told_words(text)}


def matches(viewer: Viewer, count: int) -> ColumnElement[bool]:
    """Whether so many words all occur in the task's name, or all in its case. For tasks that are read anyway."""
    parts = (bindparam(f"part_{number}", type_=Text) for number in range(count))
    named = and_(*(work_item.c.name.ilike(part, escape=_ESCAPE) for part in parts))
    return or_(work_item.c.name.in_(_NAMES), named, has_words(viewer, count, NOW, work_item.c.case_id))


def led_to(
    viewer: Viewer, count: int, by_role: Conditions, seen: ColumnElement[bool]
) -> Sequence[ColumnElement[bool] | Through]:
    """Those of the tasks seen by role that have so many words, led to by their names, and by the words of their cases.

    by_role: for the index on role and name; seen: the same tasks, told so that no index on the role is taken.
    """
    named = [and_(run, work_item.c.name.in_(_NAMES)) for run in by_role]
    of_cases = and_(leading(viewer, count, NOW), _OPEN, seen, work_item.c.name.not_in(_NOT_NAMES))
    return [*named, Through(_OF_WORD, of_cases)]


def _escaped(word: str) -> str:
    for each in (_ESCAPE, "%", "_"):
        word = word.replace(each, _ESCAPE + each)
    return word


@lru_cache(maxsize=256)
def _open_names(roles: tuple[str, ...]) -> Select[str]:
    """The names that open tasks of these roles have: one step of an index for each, however many tasks."""
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
    return select(names.c.name).distinct().where(names.c.name.is_not(None))
