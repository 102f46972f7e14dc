"""The words by which cases are found: those of their references and titles, each with every ending of it.

With its endings, "Lindberg" is found by "berg" as well as by "lind", by a range of an ordinary index on either
database: no row is read that does not match, and no extension is needed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, delete, exists, insert, or_

from engine.access import Viewer
from engine.store.access import Moment, takes_part
from engine.store.schema import case_word
from engine.store.unit_of_work import UnitOfWork

MAX_WORD = 40
"""Characters of a word that are looked at."""
LAST = "\U0010ffff"
"""Sorts after every character that a word can have."""
_INSERT = insert(case_word)
_DELETE_TITLE = delete(case_word).where(case_word.c.case_id == bindparam("of_case"), case_word.c.of_title.is_(True))


def words(text: str) -> list[str]:
    """The words of a text as they are compared: case folded, composed, at most 40 characters each."""
    return [word[:MAX_WORD] for word in unicodedata.normalize("NFC", text).casefold().split()]


def endings(text: str) -> set[str]:
    """Every word of a text, and every ending of one that has two characters or more."""
    return {word[start:] for word in words(text) for start in range(max(1, len(word) - 1))}


def word_rows(case_id: str, reference: str, title: str) -> Iterator[dict[str, object]]:
    """The rows of a case's words."""
    for text, of_title in ((reference, False), (title, True)):
        for word in sorted(endings(text)):
            yield {"word": word, "case_id": case_id, "of_title": of_title}


def insert_words(uow: UnitOfWork, case_id: str, reference: str, title: str) -> None:
    """Write the words of a new case."""
    uow.write_many(_INSERT, list(word_rows(case_id, reference, title)))


def replace_title(uow: UnitOfWork, case_id: str, title: str) -> None:
    """Write the words of a case's new title in place of the earlier one's."""
    uow.send(_DELETE_TITLE, {"of_case": case_id})
    uow.write_many(_INSERT, list(word_rows(case_id, "", title)))


def told_words(text: str) -> dict[str, str]:
    """The words of a text as the parameters of `leading` and `has_words`: the longest, which fewest have, leads."""
    told: dict[str, str] = {}
    for number, word in enumerate(sorted(words(text), key=len, reverse=True)):
        told |= {f"word_{number}": word, f"past_{number}": word + LAST}
    return told


def leading(viewer: Viewer, count: int, now: Moment) -> ColumnElement[bool]:
    """The rows of `case_word` that lead to the cases in which so many words all occur, some of them more than once.

    A word occurs in a case's reference, or in its title as far as the viewer is told it.
    """
    return and_(
        _begins(case_word, 0),
        _told(case_word, viewer, now),
        *(_has(number, viewer, now, case_word.c.case_id) for number in range(1, count)),
    )


def has_words(viewer: Viewer, count: int, now: Moment, case_id: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Whether so many words all occur in the case that a row names; for rows that are read anyway."""
    return and_(*(_has(number, viewer, now, case_id) for number in range(count)))


def _has(number: int, viewer: Viewer, now: Moment, case_id: ColumnElement[str | None]) -> ColumnElement[bool]:
    other = case_word.alias()
    return exists().where(other.c.case_id == case_id, _begins(other, number), _told(other, viewer, now))


def _begins(table: FromClause, number: int) -> ColumnElement[bool]:
    word, past = (bindparam(f"{name}_{number}", type_=table.c.word.type) for name in ("word", "past"))
    return and_(table.c.word >= word, table.c.word < past)


def _told(table: FromClause, viewer: Viewer, now: Moment) -> ColumnElement[bool]:
    return or_(table.c.of_title.is_(False), takes_part(viewer, now, table.c.case_id))


def contains_words(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names in which every word of `text` occurs."""
    wanted = words(text)
    return [name for name in names if all(word in " ".join(words(name)) for word in wanted)]
