"""Where a case stands, in words: one line for each place where something waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engine.bpmn import Element, WaitKind
from engine.store.rows import InstanceRow, Token, WorkItemRow
from engine.store.states import InstanceState
from forms.cases.lookup import ElementLookup
from forms.wording.names import role_name


@dataclass(frozen=True)
class Standing:
    """One place where a case waits."""

    token: Token
    instance: InstanceRow
    element: Element | None
    words: str
    who: str | None
    """The role or person that the case waits for."""
    work_item: str | None
    """The task's id, where the reader may open it."""
    due_at: datetime | None

    @property
    def kind(self) -> str:
        """`incident`, `task`, `timer` or `waiting`: what the diagram and the table mark it as."""
        kinds = {WaitKind.INCIDENT: "incident", WaitKind.USER_TASK: "task", WaitKind.TIMER: "timer"}
        return kinds.get(WaitKind(self.token.kind), "waiting")


def standings(instances: Iterable[InstanceRow], tasks: Iterable[WorkItemRow], lookup: ElementLookup) -> list[Standing]:
    """What a case waits for: what has stopped, then tasks, then the rest by due time."""
    open_tasks = {task.id: task for task in tasks}
    found = [
        _standing(instance, token, open_tasks.get(token.wait_id), lookup)
        for instance in instances
        if instance.state in (InstanceState.ACTIVE, InstanceState.SUSPENDED)
        for token in instance.tokens
        if token.kind != WaitKind.CALL
    ]
    order = {"incident": 0, "task": 1, "timer": 3}
    return sorted(found, key=lambda each: (order.get(each.kind, 2), each.due_at is None, str(each.due_at), each.words))


def _standing(instance: InstanceRow, token: Token, task: WorkItemRow | None, lookup: ElementLookup) -> Standing:
    element = lookup(instance.id, token.element_id)
    who = None
    if token.kind == WaitKind.USER_TASK:
        role = task.role if task else (element.role if element else None)
        who = (task.assignee_name if task else None) or (role_name(role) if role else None)
    return Standing(
        token=token,
        instance=instance,
        element=element,
        words=_words(token, element),
        who=who,
        work_item=task.id if task else None,
        due_at=(task.due_at if task else None) or token.due_at,
    )


def _words(token: Token, element: Element | None) -> str:
    name = token.name or (element.name if element else None) or token.element_id
    sentences = {
        WaitKind.USER_TASK: _("Väntar på att någon gör ”%(name)s”", name=name),
        WaitKind.JOB: _("Systemet arbetar med ”%(name)s”", name=name),
        WaitKind.TIMER: _("”%(name)s” när tiden är inne", name=name),
        WaitKind.MESSAGE: _("Väntar på besked: ”%(name)s”", name=name),
        WaitKind.SIGNAL: _("Väntar på signal: ”%(name)s”", name=name),
        WaitKind.CONDITION: _("Väntar tills ”%(name)s” gäller", name=name),
        WaitKind.CALL: _("”%(name)s” pågår", name=name),
        WaitKind.INCIDENT: _("Har stannat vid ”%(name)s” och behöver ses över", name=name),
    }
    return sentences[WaitKind(token.kind)]
