"""News that a person may register: messages that diagrams wait for, saying who reports them and with which form.

A catching element or message start event with the properties `registreras_med` (a form's id) and `registreras_av` (role
ids, comma separated) is offered on the case's page, or on the process's page where it belongs to no case; the form's
answers are the message. `registreras_om` names the variable that tells what an instance without a case is about, and
`bekraftas` says what cannot be taken back: the answers are shown and sent only when that is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn import Element, WaitKind
from engine.store.rows import CaseRow, InstanceRow
from engine.store.states import CaseState, InstanceState
from forms.backend import backend, viewer
from forms.cases.lookup import ElementLookup

FORM_PROPERTY, ROLES_PROPERTY = "registreras_med", "registreras_av"
ABOUT_PROPERTY, CONFIRM_PROPERTY = "registreras_om", "bekraftas"


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
    instance_id: str | None = None
    """Who awaits it."""
    about: str = ""
    """What the instance that awaits it is about, where it belongs to no case."""
    since: datetime | None = None
    """When the instance that awaits it began: two of them may be about the same."""

    @property
    def name(self) -> str:
        """What is registered."""
        return self.element.name or self.message

    @property
    def confirmation(self) -> str:
        """What whoever registers it has to confirm first; "" for nothing."""
        return self.element.properties.get(CONFIRM_PROPERTY, "")


def registrations(case: CaseRow, instances: Iterable[InstanceRow]) -> list[Registration]:
    """What the reader may register in a case that they see: first what is awaited, then what starts something.

    Nothing in a case that is closed.
    """
    if case.state is not CaseState.OPEN:
        return []
    running = [row for row in instances if row.state is InstanceState.ACTIVE]
    found = {(each.process_id, each.element.id): each for each in (*awaited(running), *_starting(case.id))}
    return list(found.values())


def awaited(instances: list[InstanceRow]) -> Iterator[Registration]:
    """What these instances, which the reader sees, wait for and the reader's roles may register."""
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
                instance_id=row.id,
                about=_about(row, element),
                since=row.started_at,
            )


def _about(row: InstanceRow, element: Element) -> str:
    name = element.properties.get(ABOUT_PROPERTY)
    if row.case_id is not None or not name:
        return ""
    found = backend().engine.queries.variables(row.id).get(name)
    return found if isinstance(found, str) else ""


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
