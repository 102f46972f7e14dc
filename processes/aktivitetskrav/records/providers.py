"""Providers of activities: their agreements, what was checked, and whom they have when an agreement ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select, update

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.oversight_tables import provider, provider_check
from processes.aktivitetskrav.records.rows import add_row
from processes.aktivitetskrav.records.tables import activity, placement
from processes.aktivitetskrav.states import PlacementStatus


class ProviderKind(StrEnum):
    """Who gives an activity (S3:105, S5:111-119, S2:89-90)."""

    OWN = "egen"
    ADMINISTRATION = "forvaltning"  # another one of the municipality, such as social psychiatry
    CIVIL_SOCIETY = "civilsamhalle"
    REGION = "region"
    COMPANY = "foretag"


@dataclass(frozen=True)
class Agreement:
    """An agreement about one activity of the catalogue."""

    name: str
    kind: ProviderKind
    activity_id: str
    supervisor: str | None
    requirements: tuple[str, ...]  # codes of those that are met
    starts_on: date
    ends_on: date
    approved_by: str
    approved_on: date


def add_agreement(uow: UnitOfWork, made: Agreement) -> int:
    """Register an agreement whose activity is in the catalogue; its id."""
    values = asdict(made) | {"kind": made.kind.value, "requirements": list(made.requirements)}
    return add_row(uow, provider, **values)


def prolong(uow: UnitOfWork, provider_id: int, until: date) -> None:
    """Let an agreement hold until another day; raises NotFound."""
    _change(uow, provider_id, ends_on=until)


def end_agreement(uow: UnitOfWork, provider_id: int, on: date, reason: str | None) -> list[str]:
    """End an agreement and take its activity out of the catalogue; the cases that have a place there.

    Raises NotFound.
    """
    _change(uow, provider_id, ended_on=on, end_reason=reason)
    own = select(provider.c.activity_id).where(provider.c.id == provider_id)
    activity_id = uow.query_scalar(own)
    uow.send(update(activity).where(activity.c.id == activity_id).values(active=False))
    return placed_with(uow, activity_id)


def placed_with(reader: Reader, activity_id: str) -> list[str]:
    """The cases that have a place in an activity now, sorted."""
    query = (
        select(placement.c.case_id)
        .distinct()
        .where(placement.c.activity_id == activity_id, placement.c.status != PlacementStatus.ENDED.value)
    )
    return sorted(str(row[0]) for row in reader.query(query))


def add_check(uow: UnitOfWork, provider_id: int, outcome: str, note: str | None, by: str, on: date) -> int:
    """Register a follow-up of a provider's quality; its id."""
    return add_row(
        uow, provider_check, provider_id=provider_id, outcome=outcome, note=note, checked_by=by, checked_on=on
    )


def _change(uow: UnitOfWork, provider_id: int, **values: object) -> None:
    if not uow.write(update(provider).where(provider.c.id == provider_id).values(**values)):
        raise NotFound(f"Det finns ingen utförare {provider_id}.")
