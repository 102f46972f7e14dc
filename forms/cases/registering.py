"""News that a person may register: messages that diagrams wait for, saying who reports them and with which form.

A catching element or message start event with the properties `registreras_med` (a form's id) and `registreras_av` (role
ids, comma separated) is offered on the case's page; the form's answers are the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.bpmn import Element, WaitKind
from engine.store.rows import CaseRow, InstanceRow
from engine.store.states import CaseState, InstanceState
from forms.backend import backend, viewer
from forms.cases.lookup import ElementLookup

FORM_PROPERTY, ROLES_PROPERTY = "registreras_med", "registreras_av"


@dataclass(frozen=True)
class Registration:
    """One piece of news that may be registered."""

    process_id: str
    process_name: str
    element: Element
    message: str
    key: str
    form_id: str
    release: int | None
    """Whose form it is; None: the latest release's."""
    starts: bool
    """Whether it starts a process, rather than being awaited by one."""

    @property
    def name(self) -> str:
        """What is registered."""
        return self.element.name or self.message


def registrations(case: CaseRow, instances: Iterable[InstanceRow]) -> list[Registration]:
    """What the reader may register in a case that they see: first what is awaited, then what starts something.

    Nothing in a case that is closed.
    """
    if case.state is not CaseState.OPEN:
        return []
    running = [row for row in instances if row.state is InstanceState.ACTIVE]
    found = {(each.process_id, each.element.id): each for each in (*_awaited(running), *_starting(case.id))}
    return list(found.values())


def _awaited(instances: list[InstanceRow]) -> Iterator[Registration]:
    lookup = ElementLookup(instances)
    for row in instances:
        for token in row.tokens:
            element = lookup(row.id, token.element_id)
            if token.kind != WaitKind.MESSAGE or element is None or not _is_readers(element) or not token.message:
                continue
            yield Registration(
                process_id=row.process_id,
                process_name=row.process_name,
                element=element,
                message=token.message,
                key=token.message_key or "",
                form_id=element.properties[FORM_PROPERTY],
                release=row.release,
                starts=False,
            )


def _starting(case_id: str) -> Iterator[Registration]:
    for row in backend().engine.queries.definitions():
        process = backend().models.process(row.digest, row.file, row.process_id)
        for start in process.starts:
            element = process.element(start.element_id)
            if element is None or not _is_readers(element) or not start.message_name:
                continue
            yield Registration(
                process_id=row.process_id,
                process_name=row.name,
                element=element,
                message=start.message_name,
                key=case_id,
                form_id=element.properties[FORM_PROPERTY],
                release=None,
                starts=True,
            )


def _is_readers(element: Element) -> bool:
    roles = {role.strip() for role in element.properties.get(ROLES_PROPERTY, "").split(",")}
    return bool(element.properties.get(FORM_PROPERTY)) and bool(roles & viewer().roles)
