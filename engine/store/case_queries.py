"""Cases, their parties and who has looked at them, each under the access policy where a person asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

import orjson
from sqlalchemy import ColumnElement, and_, bindparam, func, insert, select

from engine.access import Viewer
from engine.errors import NotFound
from engine.store import case_words
from engine.store.access import NOW, for_anyone, party, told, visible_cases
from engine.store.rows import CaseFilter, CaseRow, Page, Paging, PartyRow, ReadRow
from engine.store.runs import Listed, Through, page_of
from engine.store.schema import case_, case_party, case_word, read_log
from engine.store.states import CaseState
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
_OF_PARTY = case_party.join(case_, case_.c.id == case_party.c.case_id)
_OF_WORD = case_word.join(case_, case_.c.id == case_word.c.case_id)
_NEWEST_CASES = (case_.c.created_at.desc(), case_.c.id.desc())
_CASE = for_anyone(lambda viewer, now: _CASES.where(case_.c.id == bindparam("of_case"), visible_cases(viewer, now)))
_FIELDS = for_anyone(
    lambda viewer, now: select(case_party.c.fields).where(
        case_party.c.case_id == bindparam("of_case"), party(viewer, now)
    )
)
_LOG_READ = insert(read_log)


def case(reader: Reader, viewer: Viewer, case_id: str, now: datetime) -> CaseRow:
    """One case; NotFound where there is none or the viewer may not see it."""
    row = reader.first(_CASE[viewer.all_units], {**told(viewer, now), "of_case": case_id})
    if row is None:
        raise NotFound("There is no such case.")
    return _case(row)


def cases(reader: Reader, viewer: Viewer, narrowed: CaseFilter, paging: Paging, now: datetime) -> Page[CaseRow]:
    """The cases that the viewer may see, newest first."""
    text = narrowed.text if narrowed.text and case_words.words(narrowed.text) else ""
    given = {"now": now, **case_words.told_words(text)}
    few = _own_cases(viewer).count(reader, given).is_exact
    listed = _cases_listed(viewer, replace(narrowed, text=None), len(case_words.words(text)), few)
    ids, found = listed.page(reader, _NEWEST_CASES, paging, given)
    rows = {row.id: row for row in reader.query(_CASES.where(case_.c.id.in_(ids)))} if ids else {}
    return Page(tuple(_case(rows[each]) for each in ids), paging, found.total, found.is_exact)


@lru_cache(maxsize=256)
def _own_cases(viewer: Viewer) -> Listed:
    """The cases that a viewer sees, led to by what their organisation takes part in."""
    return Listed(case_, case_.c.id, [Through(_OF_PARTY, party(viewer, NOW))], [visible_cases(viewer, NOW)])


@lru_cache(maxsize=256)
def _cases_listed(viewer: Viewer, narrowed: CaseFilter, count: int, few: bool) -> Listed:
    """Cases with so many words: led by the organisation's parts where it has few, else by words, else newest first."""
    rest: list[ColumnElement[bool]] = []
    if narrowed.family is not None:
        # Told so that the index on the family and reference is not taken, which has not the list's order.
        rest.append(func.coalesce(case_.c.family, "") == narrowed.family)
    if narrowed.state is not None:
        rest.append(case_.c.state == narrowed.state.value)
    whole = [and_(visible_cases(viewer, NOW), *rest)]
    matches = case_words.has_words(viewer, count, NOW, case_.c.id) if count else None
    found: Sequence[ColumnElement[bool] | Through] = whole
    if few:
        found = [Through(_OF_PARTY, and_(party(viewer, NOW), *rest, *(() if matches is None else (matches,))))]
    elif count:
        found = [Through(_OF_WORD, and_(case_words.leading(viewer, count, NOW), *whole))]
    return Listed(case_, case_.c.id, found, whole, matches)


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


def _case(row: AnyRow) -> CaseRow:
    return CaseRow(**{**row._mapping, "state": CaseState(row.state)})
