"""Which reads of cases are reviewed: a sample that anybody can draw again, and those that a rule points at.

Source: SoLPuL (2001:454) 10 §: systematic and recurring checks of who has had access to what.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select, update

from engine.errors import NotFound
from engine.store.schema import case_, event, read_log, work_item
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.oversight_tables import log_review, log_review_row
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import client, person


class DrawnBecause(StrEnum):
    """Why a read is reviewed; the first that fits is told."""

    PROTECTED = "skyddade_uppgifter"
    COLLEAGUE = "kollega"  # the case is about somebody with the name of a member of staff
    NO_RELATION = "ingen_uppgift"  # the reader has never done anything in the case, nor been given anything
    SAMPLE = "stickprov"


@dataclass(frozen=True)
class Read:
    """One look at a case."""

    id: int
    viewer: str
    case_id: str
    case_reference: str
    at: datetime
    protected: bool
    person_name: str | None


def reads_between(reader: Reader, begin: datetime, end: datetime) -> list[Read]:
    """Every read of a case from `begin` up to `end` (aware, excluded), oldest first."""
    rows = reader.query(
        select(
            read_log.c.id,
            read_log.c.viewer,
            read_log.c.case_id,
            case_.c.reference.label("case_reference"),
            read_log.c.at,
            person.c.protected,
            person.c.name.label("person_name"),
        )
        .join(case_, case_.c.id == read_log.c.case_id)
        .outerjoin(client, client.c.case_id == read_log.c.case_id)
        .outerjoin(person, person.c.id == client.c.person_id)
        .where(read_log.c.at >= begin, read_log.c.at < end)
        .order_by(read_log.c.id)
    )
    return [Read(**{**row._mapping, "protected": bool(row.protected)}) for row in rows]


def draw(
    reader: Reader, reads: Sequence[Read], *, seed: str, sample: int, most: int, staff_names: Iterable[str]
) -> Mapping[int, DrawnBecause]:
    """Read ids to why they are reviewed: at most `most` by rule, and `sample` of the others by their hash with `seed`.

    A person's reads of one case count once by rule, so that somebody who worked in it for a day does not fill the list.
    """
    names = {name.casefold() for name in staff_names}
    pointed: dict[tuple[str, str], tuple[int, DrawnBecause]] = {}
    for read in reads:
        reason = _reason(reader, read, names)
        if reason is not None:
            pointed.setdefault((read.viewer, read.case_id), (read.id, reason))
    order = list(DrawnBecause)
    by_rule = sorted(pointed.values(), key=lambda each: (order.index(each[1]), each[0]))[:most]
    chosen = dict(by_rule)
    rest = sorted((read.id for read in reads if read.id not in chosen), key=lambda number: _lot(seed, number))
    return chosen | dict.fromkeys(rest[:sample], DrawnBecause.SAMPLE)


def keep_review(
    uow: UnitOfWork, instance_id: str, begin: datetime, end: datetime, drawn: Mapping[int, DrawnBecause]
) -> int:
    """Keep what was drawn; the review's id."""
    made = add_row(uow, log_review, instance_id=instance_id, drawn_at=uow.now, reads_from=begin, reads_until=end)
    for read_id, reason in sorted(drawn.items()):
        add_row(uow, log_review_row, review_id=made, read_id=read_id, reason=reason.value)
    return made


def keep_outcome(uow: UnitOfWork, review_id: int, outcome: str, note: str | None, by: str) -> None:
    """Note what a review found; raises NotFound."""
    values = {"outcome": outcome, "note": note, "reviewed_by": by, "reviewed_at": uow.now}
    if not uow.write(update(log_review).where(log_review.c.id == review_id).values(**values)):
        raise NotFound(f"Det finns ingen loggkontroll {review_id}.")


def _reason(reader: Reader, read: Read, names: set[str]) -> DrawnBecause | None:
    if read.protected:
        return DrawnBecause.PROTECTED
    if read.person_name is not None and read.person_name.casefold() in names:
        return DrawnBecause.COLLEAGUE
    return None if _has_worked_in(reader, read) else DrawnBecause.NO_RELATION


def _has_worked_in(reader: Reader, read: Read) -> bool:
    acted = select(event.c.seq).where(event.c.chain == read.case_id, event.c.actor == read.viewer).limit(1)
    given = (
        select(work_item.c.id)
        .where(
            work_item.c.case_id == read.case_id,
            or_(work_item.c.assignee == read.viewer, work_item.c.completed_by == read.viewer),
        )
        .limit(1)
    )
    return reader.query_first(acted) is not None or reader.query_first(given) is not None


def _lot(seed: str, number: int) -> bytes:
    return hashlib.sha256(f"{seed}/{number}".encode()).digest()
