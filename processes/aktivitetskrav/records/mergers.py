"""Two cases that turn out to be one person's: what each holds, and what the one that lives on takes over."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import bindparam, delete, insert, select, update

from engine.store.schema import process_definition, process_instance
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Outcome
from processes.aktivitetskrav.records import support
from processes.aktivitetskrav.records.change_tables import former_identity, merger
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import person, placement, session, support_decision
from processes.aktivitetskrav.states import PlacementStatus, RequirementStatus

MERGED = "sammanslagen"
"""The kind of an identity whose person lives on under another id; its number leads there."""


@dataclass(frozen=True)
class Merger:
    """What was decided about two cases of one person."""

    merged_case_id: str
    merged_person_id: int
    ongoing: str  # the names of what begins again in the case that lives on, or "avsluta"
    motivation: str | None
    decided_by: str
    decided_on: date


@dataclass(frozen=True)
class RunningProcess:
    """One instance that has not ended and that no other called."""

    id: str
    process_id: str
    name: str


@dataclass(frozen=True)
class LatestDecision:
    """The decision on a person's latest month."""

    month: Month
    outcome: Outcome
    hindrance: str
    decided_on: date


_RUNNING = (
    select(process_instance.c.id, process_definition.c.process_id, process_definition.c.name)
    .join(process_definition, process_definition.c.id == process_instance.c.definition_id)
    .where(
        process_instance.c.case_id == bindparam("case"),
        process_instance.c.ended_at.is_(None),
        process_instance.c.parent_id.is_(None),
    )
    .order_by(process_instance.c.started_at, process_instance.c.id)
)
_DECISIONS = ("month", "reference", "outcome", "hindrance", "decided_on", "received_at")
_KNOWN_TOO = support_decision.alias("known_too")
_TAKE_OVER_DECISIONS = insert(support_decision).from_select(
    ["person_id", *_DECISIONS],
    select(
        bindparam("to", type_=support_decision.c.person_id.type), *(support_decision.c[name] for name in _DECISIONS)
    ).where(
        support_decision.c.person_id == bindparam("of"),
        ~select(_KNOWN_TOO.c.id)
        .where(
            _KNOWN_TOO.c.person_id == bindparam("to"),
            _KNOWN_TOO.c.month == support_decision.c.month,
            _KNOWN_TOO.c.reference == support_decision.c.reference,
        )
        .exists(),
    ),
)
_LATEST = (
    select(
        support_decision.c.month,
        support_decision.c.outcome,
        support_decision.c.hindrance,
        support_decision.c.decided_on,
    )
    .where(support_decision.c.person_id == bindparam("person"))
    .order_by(support_decision.c.month.desc(), support_decision.c.id.desc())
    .limit(1)
)
_NUMBER = select(person.c.number, person.c.kind).where(person.c.id == bindparam("of"))
_RENAME = update(person).where(person.c.id == bindparam("of")).values(number=bindparam("new_number"), kind=MERGED)
_LEAD_ON = (
    update(former_identity).where(former_identity.c.person_id == bindparam("old")).values(person_id=bindparam("new"))
)
_HOLDS_PLACE = placement.c.status != PlacementStatus.ENDED.value
_MOVE_PLACEMENTS = (
    update(placement).where(placement.c.case_id == bindparam("of_case"), _HOLDS_PLACE).values(case_id=bindparam("to"))
)
_MOVE_SESSIONS = (
    update(session)
    .where(
        session.c.case_id == bindparam("of_case"),
        session.c.outcome.is_(None),
        session.c.placement_id.in_(select(placement.c.id).where(placement.c.case_id == bindparam("to"))),
    )
    .values(case_id=bindparam("to"))
)
_MERGED_INTO = select(merger.c.case_id).where(merger.c.merged_case_id == bindparam("case"))


def running_processes(reader: Reader, case_id: str) -> list[RunningProcess]:
    """What runs in a case, oldest first; what another instance called is that one's."""
    return [RunningProcess(**row._mapping) for row in reader.rows(_RUNNING, {"case": case_id})]


def add_merger(uow: UnitOfWork, case_id: str, made: Merger) -> int:
    """Register that another case lives on in this one; the id of the note."""
    return add_row(uow, merger, case_id=case_id, registered_at=uow.now, **asdict(made))


def merged_into(reader: Reader, case_id: str) -> str | None:
    """The case that a merged case lives on in, or None."""
    found = reader.scalar(_MERGED_INTO, {"case": case_id})
    return None if found is None else str(found)


def take_over_months(uow: UnitOfWork, from_person: int, to_person: int, status: RequirementStatus) -> int:
    """Count another person row's months too; where both have one, that of `to_person` holds. How many were new."""
    uow.send(_TAKE_OVER_DECISIONS, {"of": from_person, "to": to_person})
    own = support.outcomes_of(uow, to_person)
    taken = 0
    for month, outcome in sorted(support.outcomes_of(uow, from_person).items()):
        if outcome is Outcome.NO_SUPPORT or own.get(month, Outcome.NO_SUPPORT) is not Outcome.NO_SUPPORT:
            continue
        known = support.find_month(uow, from_person, month)
        support.set_month(uow, to_person, month, outcome, known.reference if known else None, status)
        taken += 1
    return taken


def latest_decision(reader: Reader, person_id: int) -> LatestDecision | None:
    """The decision on a person's latest month, or None."""
    row = reader.first(_LATEST, {"person": person_id})
    return None if row is None else LatestDecision(row.month, Outcome(row.outcome), row.hindrance, row.decided_on)


def lead_numbers_on(uow: UnitOfWork, from_person: int, to_person: int) -> None:
    """Let every number that `from_person` has or had lead to `to_person` from now on."""
    row = uow.first(_NUMBER, {"of": from_person})
    uow.send(_LEAD_ON, {"old": from_person, "new": to_person})
    if row is not None and row.kind != MERGED:
        uow.send(_RENAME, {"of": from_person, "new_number": f"{MERGED}:{from_person}"})
        keep_number(uow, row.number, row.kind, to_person)


def keep_number(uow: UnitOfWork, number: str, kind: str, person_id: int) -> None:
    """Remember a number that a person had."""
    uow.send(delete(former_identity).where(former_identity.c.number == bindparam("of")), {"of": number})
    uow.send(insert(former_identity), {"number": number, "kind": kind, "person_id": person_id, "until": uow.now})


def move_placements(uow: UnitOfWork, from_case: str, to_case: str) -> int:
    """Give a case's placements and the sessions that are still to come to another case; how many placements."""
    moved = uow.write(_MOVE_PLACEMENTS, {"of_case": from_case, "to": to_case})
    uow.send(_MOVE_SESSIONS, {"of_case": from_case, "to": to_case})
    return moved


def count_shared_months(reader: Reader, one: int, other: int) -> int:
    """How many months both persons have a decision on."""
    mine, theirs = support.outcomes_of(reader, one), support.outcomes_of(reader, other)
    return len(mine.keys() & theirs.keys())
