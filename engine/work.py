"""Commands on work items: complete, claim, release, assign, save a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from engine.bpmn import UserTaskDetail
from engine.context import Context
from engine.errors import Conflict, InvalidInput, NotFound, TooLarge
from engine.handlers import FormContext
from engine.history import EventKind, Line
from engine.parameter_use import of_case
from engine.protocols import Actor, ActorKind, Variables
from engine.store import work_item_rows
from engine.store.states import InstanceState, WorkItemState
from engine.store.work_item_rows import StoredItem

MAX_DRAFT_BYTES = 1_000_000


def complete(context: Context, work_item_id: str, variables: Variables) -> None:
    """Complete an open work item; its form's handler, if any, runs first and may refuse or add variables."""
    item = _open_item(context, work_item_id)
    context.about = item.element_id
    _require_not_others(context, item)
    running = context.take_active(item.instance_id)
    wait = running.before.get(work_item_id)
    if wait is None or not isinstance(wait.detail, UserTaskDetail):
        raise Conflict(f"{item.name!r} is not waiting any more.")
    answers: dict[str, Any] = dict(variables)
    handler = context.rooms.handlers.form_handler(item.form_id) if item.form_id else None
    if handler is not None:
        given = FormContext(
            form_id=item.form_id or "",
            work_item_id=item.id,
            answers=answers,
            variables=running.execution.variables_at(wait.id),
            case_id=item.case_id,
            instance_id=item.instance_id,
            process_id=running.deployed.definition.process_id,
            element_id=item.element_id,
            actor=context.actor,
            uow=context.uow,
            clock=context.rooms.clock,
            command=context,
        )
        with of_case(item.case_id):
            answers.update(handler(given) or {})
    context.completed_items.add(work_item_id)
    running.execution.complete(work_item_id, answers)


def claim(context: Context, work_item_id: str) -> None:
    """Take an open work item; Conflict where another person has it, nothing where oneself has."""
    item = _open_item(context, work_item_id)
    if item.assignee == context.actor.id:
        return
    if item.assignee is not None:
        raise Conflict(f"{item.name!r} is taken by somebody else.")
    _give(context, item, context.actor, EventKind.CLAIMED)


def release(context: Context, work_item_id: str) -> None:
    """Give an open work item back to its group."""
    item = _open_item(context, work_item_id)
    if item.assignee is not None:
        _give(context, item, None, EventKind.RELEASED)


def assign(context: Context, work_item_id: str, to: Actor) -> None:
    """Give an open work item to a person, whoever has it now."""
    item = _open_item(context, work_item_id)
    if item.assignee != to.id:
        _give(context, item, to, EventKind.ASSIGNED)


def save_draft(context: Context, work_item_id: str, data: Mapping[str, Any]) -> None:
    """Keep a half-filled form; the history says nothing of it."""
    try:
        body = orjson.dumps(dict(data))
    except orjson.JSONEncodeError as error:
        raise InvalidInput(f"A draft is plain JSON: {error}") from error
    if len(body) > MAX_DRAFT_BYTES:
        raise TooLarge(f"A draft may have {MAX_DRAFT_BYTES} bytes at most.")
    item = _open_item(context, work_item_id)
    _require_not_others(context, item)
    work_item_rows.keep_draft(context.uow, item.id, body)


def _open_item(context: Context, work_item_id: str) -> StoredItem:
    item = work_item_rows.lock(context.uow, work_item_id)
    if item is None:
        raise NotFound(f"There is no work item {work_item_id}.")
    if item.state is WorkItemState.COMPLETED:
        raise Conflict(f"{item.name!r} is completed already.")
    if item.state is not WorkItemState.OPEN:
        raise Conflict(f"{item.name!r} is no longer needed: the process has gone on without it.")
    if item.instance_state is InstanceState.SUSPENDED:
        raise Conflict(f"{item.name!r} has to wait: its process is suspended.")
    return item


def _require_not_others(context: Context, item: StoredItem) -> None:
    """Raise Conflict where a person answers what another person has taken: between two looks it may have changed."""
    if context.actor.kind is ActorKind.PERSON and item.assignee not in (None, context.actor.id):
        raise Conflict(f"{item.name!r} is taken by somebody else.")


def _give(context: Context, item: StoredItem, to: Actor | None, kind: EventKind) -> None:
    given = work_item_rows.assign(context.uow, item.id, to.id if to else None, to.name if to else None)
    if not given:
        raise Conflict(f"{item.name!r} is not open any more.")
    context.chronicle.add(
        Line(
            chain=item.case_id or item.instance_id,
            of_case=item.case_id is not None,
            kind=kind,
            instance_id=item.instance_id,
            element=item.element_id,
            name=item.name,
            payload={"assignee": to.id} if to else None,
        )
    )
