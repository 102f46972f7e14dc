"""What the queries answer: frozen values, made from rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from engine.errors import InvalidInput
from engine.store.states import (
    CaseState,
    IncidentState,
    InstanceState,
    JobState,
    MessageState,
    SubscriptionKind,
    WorkItemState,
)

T = TypeVar("T")
MAX_PAGE_SIZE = 500
MAX_OFFSET = 100_000
COUNT_BOUND = 1_000
"""A list counts its rows no further: "more than 1 000" is all a person needs to know."""


@dataclass(frozen=True)
class Paging:
    """Which page of a list: number from 1, size in rows (at most 500)."""

    number: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MAX_PAGE_SIZE or self.number < 1 or self.offset > MAX_OFFSET:
            raise InvalidInput(f"There is no page {self.number} of {self.size} rows; filter the list instead.")

    @property
    def offset(self) -> int:
        """How many rows lie before this page."""
        return (self.number - 1) * self.size


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; `total` counts no further than a bound, `total_is_exact` tells whether it got there."""

    items: tuple[T, ...]
    paging: Paging
    total: int
    total_is_exact: bool = True

    @property
    def has_next(self) -> bool:
        """Whether there is a page after this one."""
        return not self.total_is_exact or self.paging.offset + len(self.items) < self.total


class Sort(StrEnum):
    """How an inbox is sorted."""

    DUE = "due"  # what is due first comes first; without due date last
    CREATED = "created"  # oldest first
    PRIORITY = "priority"  # highest first, then by due date
    NAME = "name"


class Mine(StrEnum):
    """Whose work items an inbox shows."""

    ALL = "all"  # everything the viewer may see
    ASSIGNED = "assigned"  # what the viewer has claimed or was given
    UNASSIGNED = "unassigned"  # what nobody has claimed


@dataclass(frozen=True)
class InboxFilter:
    """What an inbox is narrowed to; None = not narrowed by that."""

    mine: Mine = Mine.ALL
    role: str | None = None
    unit: str | None = None
    process_id: str | None = None
    element_id: str | None = None
    case_id: str | None = None
    due_before: datetime | None = None
    """Only what is due before this moment: with now, what is overdue."""
    text: str | None = None
    """Part of the work item's name or the case's reference or title."""


@dataclass(frozen=True)
class Count:
    """How many rows there are; counted no further than `COUNT_BOUND`."""

    total: int
    is_exact: bool


@dataclass(frozen=True)
class WorkItemRow:
    """One work item in a list."""

    id: str
    instance_id: str
    case_id: str | None
    case_reference: str | None
    case_title: str | None
    process_id: str
    process_name: str
    process_version: int
    element_id: str
    name: str
    form_id: str | None
    role: str | None
    organisation: str | None
    unit: str | None
    assignee: str | None
    assignee_name: str | None
    priority: int
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    state: WorkItemState
    claimed_at: datetime | None
    completed_at: datetime | None
    completed_by: str | None
    escalates: str | None
    escalated_at: datetime | None
    has_draft: bool
    case_visible: bool = True
    """Whether the viewer may open the case; where not, its title is left out too. True where no viewer asks."""


@dataclass(frozen=True)
class WorkItemDetail:
    """One work item with what its form needs."""

    item: WorkItemRow
    instance: InstanceRow
    """The instance it waits in, without where that waits."""
    variables: Mapping[str, Any]
    """FEEL values visible from the element, narrowed to what was handed over to the viewer's organisation."""
    draft: Mapping[str, Any] | None
    draft_at: datetime | None
    escalations: tuple[WorkItemRow, ...] = ()
    """Work items that were made because this one was not done in time."""
    original: WorkItemRow | None = None
    """The work item that this one was made to escalate, where the viewer sees it."""
    case: CaseRow | None = None
    """Its case, where the viewer may see it."""


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases is narrowed to; None = not narrowed by that."""

    family: str | None = None
    state: CaseState | None = None
    text: str | None = None
    """Beginning of the reference, or part of the title."""


@dataclass(frozen=True)
class CaseRow:
    """One case."""

    id: str
    family: str
    reference: str
    title: str
    state: CaseState
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class CaseView:
    """One case as a person looks at it: everything of one moment, as far as the viewer may see it."""

    case: CaseRow
    parties: tuple[PartyRow, ...]
    instances: tuple[InstanceRow, ...]
    """Oldest first, with where each waits."""
    variables: Mapping[str, Mapping[str, Any]]
    """Those of each running instance, by its id."""
    tasks: tuple[WorkItemRow, ...]
    """Open ones."""
    history: Page[EventRow]
    """Latest first."""


@dataclass(frozen=True)
class PartyRow:
    """One organisation's part in a case."""

    organisation: str
    unit: str | None
    since: datetime
    until: datetime | None
    basis: str | None
    fields: tuple[str, ...] | None
    """Names of the variables handed over; None: all."""


@dataclass(frozen=True)
class Token:
    """One place where an instance waits."""

    wait_id: str
    kind: str
    element_id: str
    name: str
    since: datetime | None
    due_at: datetime | None
    attached_to: str | None = None
    message: str | None = None
    """The name of the message it waits for, if it waits for one."""
    message_key: str | None = None


@dataclass(frozen=True)
class InstanceRow:
    """One process instance."""

    id: str
    case_id: str | None
    parent_id: str | None
    definition_id: int
    process_id: str
    process_name: str
    version: int
    latest_version: int
    release: int
    digest: str
    file: str
    state: InstanceState
    started_at: datetime
    ended_at: datetime | None
    tokens: tuple[Token, ...] = ()

    @property
    def active_elements(self) -> tuple[str, ...]:
        """The ids of the elements where it waits, sorted; one that waits in several places stands several times."""
        return tuple(sorted(token.element_id for token in self.tokens))


@dataclass(frozen=True)
class EventRow:
    """One line of a history."""

    chain: str
    seq: int
    at: datetime
    actor: str
    actor_name: str
    kind: str
    instance_id: str | None
    element: str | None
    name: str | None
    payload: Mapping[str, Any] | None
    """What changed; None where there is nothing, or where it was disposed of."""


@dataclass(frozen=True)
class TimerRow:
    """One waiting due time."""

    id: str
    instance_id: str | None
    case_id: str | None
    element_id: str
    name: str
    due_at: datetime
    attached_to: str | None
    interrupting: bool


@dataclass(frozen=True)
class SubscriptionRow:
    """One element that waits to hear of something."""

    id: str
    kind: SubscriptionKind
    name: str
    key: str
    instance_id: str
    case_id: str | None
    process_id: str
    element_id: str
    created_at: datetime


@dataclass(frozen=True)
class MessageRow:
    """One message, waiting or done with."""

    id: int
    message_id: str | None
    """The sender's own id, if it gave one."""
    name: str
    key: str
    case_id: str | None
    state: MessageState
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class JobRow:
    """One job that is not done."""

    id: int
    type: str
    instance_id: str | None
    case_id: str | None
    element_id: str | None
    name: str
    state: JobState
    retries: int
    attempts: int
    due_at: datetime
    lease_until: datetime | None
    worker: str | None
    error: str | None
    created_at: datetime


@dataclass(frozen=True)
class IncidentRow:
    """Something a person has to look at."""

    id: str
    instance_id: str | None
    case_id: str | None
    process_id: str | None
    wait_id: str | None
    """The token it holds up, for `move_token`."""
    element_id: str | None
    name: str
    code: str
    message: str
    state: IncidentState
    created_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True)
class DefinitionRow:
    """One version of a process."""

    id: int
    process_id: str
    version: int
    name: str
    version_tag: str | None
    release: int
    file: str
    digest: str


@dataclass(frozen=True)
class ReleaseRow:
    """One release."""

    number: int
    at: datetime
    author: str
    approver: str | None
    note: str
    definitions: tuple[DefinitionRow, ...] = field(default_factory=tuple)
    """The definitions that are new with it."""


@dataclass(frozen=True)
class ReadRow:
    """One look at a case."""

    viewer: str
    organisation: str
    case_id: str
    at: datetime
    purpose: str


@dataclass(frozen=True)
class LockedJob:
    """One job as an external worker gets it."""

    id: int
    type: str
    headers: Mapping[str, str]
    variables: Mapping[str, Any]
    case_id: str | None
    instance_id: str
    process_id: str
    element_id: str
    retries: int
    lease_until: datetime


@dataclass(frozen=True)
class Correlation:
    """What became of a message."""

    message: int
    instances: tuple[str, ...]
    """Instances that took it or were started by it."""
    buffered: bool
    """Whether it is kept for whoever starts to wait."""
    duplicate: bool = False
    """Whether this message id had been seen before: nothing was done then."""
