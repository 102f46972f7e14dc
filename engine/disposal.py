"""Disposal of a closed case's contents: what happened and when stays in the history, what it said goes.

The history's lines hash the salted digests of their payloads, so the chain verifies without them.
"""

from __future__ import annotations

from engine.context import Context
from engine.errors import Conflict, NotFound
from engine.history import EventKind, Line
from engine.store import case_rows, disposal_rows
from engine.store.states import ENDED_STATES, CaseState


def dispose_of_case(context: Context, case_id: str) -> int:
    """Delete the payloads of a closed case's history, its messages' contents, drafts and its instances' variables.

    How many payloads went. The case's row (without its title), its parties, its tasks' names and the log of who read it
    stay. Raises NotFound where there is no such case, Conflict where it is not closed.
    """
    state = case_rows.lock_state(context.uow, case_id)
    if state is None:
        raise NotFound(f"There is no case {case_id}.")
    if state is not CaseState.CLOSED:
        raise Conflict("Only a closed case can be disposed of.")
    for instance_id in disposal_rows.instances_of(context.uow, case_id):
        running = context.take(instance_id)
        if running.state not in ENDED_STATES:
            raise Conflict("Only a case in which nothing runs can be disposed of.")
        running.touch()
        running.execution.forget()
    deleted = disposal_rows.delete_contents(context.uow, case_id)
    case_rows.retitle_case(context.uow, case_id, "")
    context.chronicle.add(Line(case_id, True, EventKind.DISPOSED, None, None, None, None))
    return deleted
