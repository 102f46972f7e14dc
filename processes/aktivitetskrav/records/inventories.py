"""Inventories of what people need, by district, against the places there are; and what was decided from it.

Sources: S1:205-211 (systematic and recurring, also by district), S3:88 (measures in four areas), S1:242-243.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.oversight_tables import improvement, inventory, inventory_row
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import activity, client, journal, place_queue, placement, requirement
from processes.aktivitetskrav.states import PlacementStatus, RequirementStatus


class Dimension(StrEnum):
    """What people are counted by."""

    HINDRANCE = "hinder"
    LEVEL = "behovsniva"
    LANGUAGE = "sprakniva"
    ABILITY = "arbetsformaga"
    CHILDCARE = "barnomsorg"
    ACTIVITY = "aktivitetstyp"  # who has or waits for a place, against the catalogue's places


@dataclass(frozen=True, order=True)
class Need:
    """How many people need something."""

    dimension: Dimension
    code: str
    unit: str  # "": the whole municipality
    people: int
    places: int | None = None


def count_needs(reader: Reader, assessment: str) -> list[Need]:
    """Needs of those whom the requirement holds for or will; `assessment`: the kind of the notes that tell them."""
    people = {
        row.case_id: (row.unit, row.hindrance)
        for row in reader.query(
            select(client.c.case_id, client.c.unit, client.c.hindrance).where(
                client.c.status != RequirementStatus.NOT_ENTERED.value
            )
        )
    }
    counted: Counter[tuple[Dimension, str, str]] = Counter()
    for unit, hindrance in people.values():
        counted[Dimension.HINDRANCE, hindrance, unit] += 1
    for case_id, body in _latest(reader, assessment).items():
        for dimension in (Dimension.LEVEL, Dimension.LANGUAGE, Dimension.ABILITY):
            if case_id in people and body.get(dimension.value):
                counted[dimension, str(body[dimension.value]), people[case_id][0]] += 1
    for case_id in _needing_childcare(reader):
        if case_id in people:
            counted[Dimension.CHILDCARE, "behovs", people[case_id][0]] += 1
    districts = [Need(dimension, code, unit, number) for (dimension, code, unit), number in counted.items()]
    return sorted([*districts, *_supply(reader)])


def keep_inventory(uow: UnitOfWork, instance_id: str, on: date, needs: Iterable[Need]) -> int:
    """Keep an inventory taken on the local date `on`; its id."""
    made = add_row(uow, inventory, instance_id=instance_id, taken_on=on)
    for need in needs:
        add_row(
            uow,
            inventory_row,
            inventory_id=made,
            unit=need.unit or None,
            dimension=need.dimension.value,
            code=need.code,
            people=need.people,
            places=need.places,
        )
    return made


def needs_of(reader: Reader, inventory_id: int) -> list[Need]:
    """What an inventory counted."""
    columns = (inventory_row.c.dimension, inventory_row.c.code, inventory_row.c.unit)
    rows = reader.query(
        select(*columns, inventory_row.c.people, inventory_row.c.places).where(
            inventory_row.c.inventory_id == inventory_id
        )
    )
    return sorted(Need(Dimension(row.dimension), row.code, row.unit or "", row.people, row.places) for row in rows)


def _latest(reader: Reader, kind: str) -> dict[str, dict[str, Any]]:
    """The latest note of a kind of each case."""
    newest = select(func.max(journal.c.id)).where(journal.c.kind == kind).group_by(journal.c.case_id)
    rows = reader.query(select(journal.c.case_id, journal.c.body).where(journal.c.id.in_(newest)))
    return {row.case_id: dict(row.body or {}) for row in rows}


def _needing_childcare(reader: Reader) -> list[str]:
    newest = select(func.max(requirement.c.id)).group_by(requirement.c.case_id)
    rows = reader.query(select(requirement.c.case_id, requirement.c.survey).where(requirement.c.id.in_(newest)))
    return [row.case_id for row in rows if (row.survey or {}).get("barnomsorgBehov") is True]


def _supply(reader: Reader) -> list[Need]:
    """For each type of activity: who has a place or waits for one, and how many places the catalogue has."""
    held = (
        select(activity.c.kind, func.count(placement.c.id).label("people"))
        .join(placement, placement.c.activity_id == activity.c.id)
        .where(placement.c.status != PlacementStatus.ENDED.value)
        .group_by(activity.c.kind)
    )
    waiting = (
        select(place_queue.c.kind, func.count(place_queue.c.id).label("people"))
        .where(place_queue.c.left_at.is_(None))
        .group_by(place_queue.c.kind)
    )
    places = (
        select(activity.c.kind, func.sum(activity.c.capacity).label("places"))
        .where(activity.c.active)
        .group_by(activity.c.kind)
    )
    wanted: Counter[str] = Counter()
    for query in (held, waiting):
        wanted.update({row.kind: row.people for row in reader.query(query)})
    found = {row.kind: int(row.places or 0) for row in reader.query(places)}
    return [Need(Dimension.ACTIVITY, kind, "", wanted[kind], found.get(kind, 0)) for kind in sorted({*wanted, *found})]


# --- what came of it ---


@dataclass(frozen=True)
class Improvement:
    """What was proposed and decided after an inventory or an evaluation."""

    kind: str
    proposal: str | None
    outcome: str
    motivation: str | None
    decided_by: str | None
    decided_on: date


def add_improvement(uow: UnitOfWork, instance_id: str, made: Improvement) -> int:
    """Register it; its id."""
    return add_row(
        uow,
        improvement,
        instance_id=instance_id,
        kind=made.kind,
        proposal=made.proposal,
        outcome=made.outcome,
        motivation=made.motivation,
        decided_by=made.decided_by,
        decided_on=made.decided_on,
    )


def keep_result(uow: UnitOfWork, improvement_id: int, result: str, on: date) -> None:
    """Note what a decided improvement gave; raises NotFound."""
    changed = update(improvement).where(improvement.c.id == improvement_id).values(result=result, followed_up_on=on)
    if not uow.write(changed):
        raise NotFound(f"Det finns ingen förbättring {improvement_id}.")
