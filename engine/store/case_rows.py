"""The rows of cases and of the organisations that take part in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from engine.store import case_words
from engine.store.schema import case_, case_party, process_instance
from engine.store.states import CaseState
from engine.store.unit_of_work import Reader, UnitOfWork

_INSERT = insert(case_)
_INSERT_PARTY = insert(case_party)
_STATE = select(case_.c.state).where(case_.c.id == bindparam("case_id"))
_LOCK = _STATE.with_for_update(key_share=True)
_BY_REFERENCE = select(case_.c.id).where(
    case_.c.family == bindparam("family"), case_.c.reference == bindparam("reference")
)
_REFERENCE = select(case_.c.reference).where(case_.c.id == bindparam("case_id"))
_CLOSE = (
    update(case_)
    .where(case_.c.id == bindparam("of_id"))
    .values(state=CaseState.CLOSED.value, closed_at=bindparam("at"))
)
_RETITLE = update(case_).where(case_.c.id == bindparam("of_id")).values(title=bindparam("new_title"))
_RUNNING = (
    select(func.count())
    .select_from(process_instance)
    .where(
        process_instance.c.case_id == bindparam("case_id"),
        process_instance.c.ended_at.is_(None),
        process_instance.c.id != bindparam("besides"),
    )
)
_END_PARTY = (
    update(case_party)
    .where(
        case_party.c.case_id == bindparam("of_case"),
        case_party.c.organisation == bindparam("of_organisation"),
        or_(case_party.c.until.is_(None), case_party.c.until > bindparam("at")),
    )
    .values(until=bindparam("at"))
)
_UNITS = select(case_party.c.organisation, case_party.c.unit).where(
    and_(
        case_party.c.case_id == bindparam("case_id"),
        case_party.c.since <= bindparam("now"),
        or_(case_party.c.until.is_(None), case_party.c.until > bindparam("now")),
    )
)
_LATEST_UNITS = (
    select(case_party.c.organisation, case_party.c.unit)
    .where(case_party.c.case_id == bindparam("case_id"), case_party.c.since <= bindparam("now"))
    .order_by(case_party.c.id)
)


def insert_case(uow: UnitOfWork, values: dict[str, Any], parties: Sequence[dict[str, Any]]) -> None:
    """Write a new case and its parties."""
    uow.send(_INSERT, values)
    uow.write_many(_INSERT_PARTY, parties)
    case_words.insert_words(uow, values["id"], values["reference"], values["title"])


def lock_state(uow: UnitOfWork, case_id: str) -> CaseState | None:
    """Lock a case; its state, or None where there is none."""
    found = uow.scalar(_LOCK, {"case_id": case_id})
    return None if found is None else CaseState(found)


def state_of(reader: Reader, case_id: str) -> CaseState | None:
    """A case's state, or None where there is none."""
    found = reader.scalar(_STATE, {"case_id": case_id})
    return None if found is None else CaseState(found)


def case_of_reference(reader: Reader, family: str, reference: str) -> str | None:
    """The id of the case that a family calls by this reference."""
    found = reader.scalar(_BY_REFERENCE, {"family": family, "reference": reference})
    return None if found is None else str(found)


def reference_of(reader: Reader, case_id: str) -> str:
    """What people call a case, or "" where there is none."""
    return str(reader.scalar(_REFERENCE, {"case_id": case_id}) or "")


def close_case(uow: UnitOfWork, case_id: str) -> None:
    """Write that a case is closed now."""
    uow.send(_CLOSE, {"of_id": case_id, "at": uow.now})


def retitle_case(uow: UnitOfWork, case_id: str, title: str) -> None:
    """Write what people see as the case's title."""
    uow.send(_RETITLE, {"of_id": case_id, "new_title": title})
    case_words.replace_title(uow, case_id, title)


def running_instances(reader: Reader, case_id: str, besides: str) -> int:
    """How many instances of a case, besides one ("" for none), have not ended."""
    return int(reader.scalar(_RUNNING, {"case_id": case_id, "besides": besides}))


def insert_party(uow: UnitOfWork, values: dict[str, Any]) -> None:
    """Write an organisation's part in a case."""
    uow.send(_INSERT_PARTY, values)


def end_party(uow: UnitOfWork, case_id: str, organisation: str, at: datetime) -> int:
    """End an organisation's part in a case; how many rows that was."""
    return uow.write(_END_PARTY, {"of_case": case_id, "of_organisation": organisation, "at": at})


def units_of(reader: Reader, case_id: str, now: datetime) -> dict[str, str | None]:
    """Which unit of each organisation has a case now."""
    return {row[0]: row[1] for row in reader.rows(_UNITS, {"case_id": case_id, "now": now})}


def latest_units_of(reader: Reader, case_id: str, now: datetime) -> dict[str, str | None]:
    """Which unit of each organisation has a case now, or had it last where the organisation's part has ended."""
    return {row[0]: row[1] for row in reader.rows(_LATEST_UNITS, {"case_id": case_id, "now": now})}
