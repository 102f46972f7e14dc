"""Commands on cases: open, close, and which organisations take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.context import Context
from engine.errors import Conflict, InvalidInput, NotFound
from engine.history import EventKind, Line
from engine.identity import new_id
from engine.parameter_use import forget_owners
from engine.store import case_rows, work_item_rows
from engine.store.states import CaseState


@dataclass(frozen=True)
class Party:
    """An organisation's part in a case.

    unit: which of its units has the case (None: no unit in particular). basis: the legal ground of a hand-over.
    fields: the names of the variables it may see (None: all). until: when its part ends (None: until ended).
    """

    organisation: str
    unit: str | None = None
    basis: str | None = None
    fields: tuple[str, ...] | None = None
    until: datetime | None = None


def open_case(context: Context, family: str, reference: str, title: str, parties: Sequence[Party]) -> str:
    """Open a case; its id."""
    if not family or not reference:
        raise InvalidInput("A case needs a family and a reference.")
    if case_rows.case_of_reference(context.uow, family, reference) is not None:
        raise Conflict(f"There is a case {reference!r} already.")
    case_id = new_id()
    case_rows.insert_case(
        context.uow,
        {
            "id": case_id,
            "family": family,
            "reference": reference,
            "title": title,
            "state": CaseState.OPEN.value,
            "created_at": context.now,
        },
        [_row(context, case_id, party) for party in parties],
    )
    _note(context, case_id, EventKind.CASE_OPENED, reference, {"parties": [_told(party) for party in parties]})
    return case_id


def retitle_case(context: Context, case_id: str, title: str) -> None:
    """Change what people see as a case's title ("" for none); titles may be personal data and leave no trace."""
    _open(context, case_id)
    case_rows.retitle_case(context.uow, case_id, title)


def close_case(context: Context, case_id: str, reason: str, closed_by: str = "") -> None:
    """Close a case in which nothing runs any more, but for the process instance `closed_by` that closes it."""
    _open(context, case_id)
    running = case_rows.running_instances(context.uow, case_id, closed_by)
    if running:
        raise Conflict(f"The case cannot be closed: {running} of its processes still run.")
    case_rows.close_case(context.uow, case_id)
    _note(context, case_id, EventKind.CASE_CLOSED, None, {"reason": reason} if reason else {})


def add_party(context: Context, case_id: str, party: Party) -> None:
    """Let an organisation take part from now on, in place of what its part was; its open work items follow."""
    _open(context, case_id)
    case_rows.end_party(context.uow, case_id, party.organisation, context.now)
    case_rows.insert_party(context.uow, _row(context, case_id, party))
    work_item_rows.move_to_unit(context.uow, case_id, party.organisation, party.unit)
    forget_owners()
    _note(context, case_id, EventKind.PARTY_ADDED, party.organisation, _told(party))


def end_party(context: Context, case_id: str, organisation: str, reason: str) -> None:
    """End an organisation's part from now on."""
    _open(context, case_id)
    if not case_rows.end_party(context.uow, case_id, organisation, context.now):
        raise Conflict(f"{organisation} takes no part in this case.")
    forget_owners()
    _note(context, case_id, EventKind.PARTY_ENDED, organisation, {"reason": reason} if reason else {})


def _open(context: Context, case_id: str) -> None:
    state = case_rows.lock_state(context.uow, case_id)
    if state is None:
        raise NotFound(f"There is no case {case_id}.")
    if state is not CaseState.OPEN:
        raise Conflict("The case is closed.")


def _row(context: Context, case_id: str, party: Party) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "organisation": party.organisation,
        "unit": party.unit,
        "since": context.now,
        "until": party.until,
        "basis": party.basis,
        "fields": None if party.fields is None else orjson.dumps(list(party.fields)).decode(),
    }


def _told(party: Party) -> dict[str, Any]:
    return {
        "organisation": party.organisation,
        "unit": party.unit,
        "basis": party.basis,
        "fields": None if party.fields is None else list(party.fields),
    }


def _note(context: Context, case_id: str, kind: EventKind, name: str | None, payload: dict[str, Any]) -> None:
    context.chronicle.add(Line(case_id, True, kind, None, None, name, payload or None))
