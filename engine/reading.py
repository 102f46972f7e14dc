"""What people and programs may read: the queries, with variables from the snapshots, under the access policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from engine.access import Viewer
from engine.bpmn import Execution, MessageDetail, TimerDetail, UserTaskDetail
from engine.context import Rooms
from engine.encoding import decode
from engine.errors import NotFound
from engine.parameter_history import ParametersOfLine, used_by
from engine.store import (
    case_queries,
    case_rows,
    conditions,
    instance_queries,
    instance_rows,
    item_queries,
    outcomes,
    release_queries,
    release_rows,
    waiting_queries,
)
from engine.store.database import Database
from engine.store.inbox import count, inbox
from engine.store.rows import (
    MAX_PAGE_SIZE,
    CaseFilter,
    CaseRow,
    CaseView,
    Count,
    DefinitionRow,
    EventRow,
    InboxFilter,
    IncidentRow,
    InstanceRow,
    JobRow,
    MessageRow,
    Page,
    Paging,
    PartyRow,
    ReadRow,
    ReleaseRow,
    Sort,
    SubscriptionRow,
    TimerRow,
    Token,
    WorkItemDetail,
    WorkItemRow,
)
from engine.store.states import IncidentState, InstanceState, MessageState, WorkItemState
from engine.store.unit_of_work import Reader

SHOWS = "lamnar_ut"
"""The property of a user task that names what it shows to whoever does it; its ground stands in `lamnar_ut_grund`."""

FIRST_PAGE = Paging()


class Reading:
    """Queries. Those that take a viewer follow the access policy; the others are for operators and programs."""

    def __init__(self, database: Database, rooms: Rooms) -> None:
        self._database = database
        self._rooms = rooms

    @property
    def _now(self) -> datetime:
        return self._rooms.clock.now()

    # --- what a person sees -------------------------------------------------------------------------------------------

    def inbox(
        self,
        viewer: Viewer,
        narrowed: InboxFilter | None = None,
        sort: Sort = Sort.DUE,
        paging: Paging = FIRST_PAGE,
    ) -> Page[WorkItemRow]:
        """The open work items that the viewer may see."""
        with self._database.reading() as reader:
            return inbox(reader, viewer, narrowed or InboxFilter(), sort, paging, self._now)

    def inbox_counts(self, viewer: Viewer, narrowed: Sequence[InboxFilter]) -> list[Count]:
        """How many open work items the viewer may see under each of these filters."""
        with self._database.reading() as reader:
            return [count(reader, viewer, each, self._now) for each in narrowed]

    def work_item(self, viewer: Viewer, item_id: str) -> WorkItemDetail:
        """One work item with what its form needs; a look at a case is logged."""
        with self._database.reading() as reader:
            item = item_queries.work_item_seen(reader, viewer, item_id, self._now)
            variables = self._shown(reader, viewer, item) if item.state is WorkItemState.OPEN else {}
            body, draft_at = item_queries.draft_of(reader, item_id)
            detail = WorkItemDetail(
                item=item,
                instance=instance_queries.instance(reader, item.instance_id),
                variables=variables,
                draft=None if body is None else orjson.loads(body),
                draft_at=draft_at,
                escalations=tuple(item_queries.escalations_of(reader, item_id)),
                original=item_queries.original_of(reader, viewer, item, self._now),
                case=item_queries.case_of(reader, viewer, item, self._now),
            )
        if item.case_id is not None:
            self._log(viewer, item.case_id, f"task {item.name}")
        return detail

    def case(self, viewer: Viewer, case_id: str, *, purpose: str = "case") -> CaseRow:
        """One case; the look is logged."""
        with self._database.reading() as reader:
            found = case_queries.case(reader, viewer, case_id, self._now)
        self._log(viewer, case_id, purpose)
        return found

    def case_view(
        self, viewer: Viewer, case_id: str, history: Paging = FIRST_PAGE, *, purpose: str = "case page"
    ) -> CaseView:
        """All that a person sees of a case, read at one moment; one look, logged once."""
        now = self._now
        with self._database.reading() as reader:
            case = case_queries.case(reader, viewer, case_id, now)
            fields = case_queries.fields_seen(reader, viewer, case_id, now)
            rows = instance_queries.instances_of_case(reader, viewer, case_id, now)
            running = {row.id: self._execution(reader, row.id) for row in rows if row.ended_at is None}
            since = instance_queries.since(reader, running)
            open_tasks = item_queries.items_seen(
                reader, viewer, conditions.items_of_case(case_id), now, state=WorkItemState.OPEN
            )
            view = CaseView(
                case=case,
                parties=tuple(case_queries.parties_seen(reader, viewer, case_id, now)),
                instances=tuple(_waiting(row, running[row.id], since) if row.id in running else row for row in rows),
                variables={key: _handed_over(found.variables, fields) for key, found in running.items()},
                tasks=tuple(open_tasks),
                history=_events(reader, conditions.seen_lines_of_case(viewer, case_id, now), history, fields),
            )
        self._log(viewer, case_id, purpose)
        return view

    def cases(self, viewer: Viewer, narrowed: CaseFilter | None = None, paging: Paging = FIRST_PAGE) -> Page[CaseRow]:
        """The cases that the viewer may see, newest first."""
        with self._database.reading() as reader:
            return case_queries.cases(reader, viewer, narrowed or CaseFilter(), paging, self._now)

    def case_variables(self, viewer: Viewer, case_id: str) -> Mapping[str, Mapping[str, Any]]:
        """The variables of each running instance of a case, by instance id, as far as handed over to the viewer."""
        with self._database.reading() as reader:
            case_queries.case(reader, viewer, case_id, self._now)
            fields = case_queries.fields_seen(reader, viewer, case_id, self._now)
            answer = {
                row.id: _handed_over(self._execution(reader, row.id).variables, fields)
                for row in instance_queries.instances_of_case(reader, viewer, case_id, self._now)
                if row.ended_at is None
            }
        self._log(viewer, case_id, "variables")
        return answer

    def case_history(self, viewer: Viewer, case_id: str, paging: Paging = FIRST_PAGE) -> Page[EventRow]:
        """A case's history, latest first; payloads as far as handed over to the viewer; the look is logged."""
        with self._database.reading() as reader:
            case_queries.case(reader, viewer, case_id, self._now)
            fields = case_queries.fields_seen(reader, viewer, case_id, self._now)
            seen = conditions.seen_lines_of_case(viewer, case_id, self._now)
            page = _events(reader, seen, paging, fields)
        self._log(viewer, case_id, "history")
        return page

    def parameters_used(self, viewer: Viewer, case_id: str) -> list[ParametersOfLine]:
        """Which parameter values a case has used, line by line of its history that the viewer sees, latest first."""
        with self._database.reading() as reader:
            case_queries.case(reader, viewer, case_id, self._now)
            seen = conditions.seen_lines_of_case(viewer, case_id, self._now)
            return used_by(instance_queries.lines_with_payload(reader, seen))

    def case_work_items(
        self, viewer: Viewer, case_id: str, state: WorkItemState | None = WorkItemState.OPEN
    ) -> list[WorkItemRow]:
        """A case's work items that the viewer may see."""
        with self._database.reading() as reader:
            return item_queries.items_seen(reader, viewer, conditions.items_of_case(case_id), self._now, state=state)

    def parties(self, viewer: Viewer, case_id: str) -> list[PartyRow]:
        """Which organisations take or took part in a case, as far as the viewer may know."""
        with self._database.reading() as reader:
            case_queries.case(reader, viewer, case_id, self._now)
            return case_queries.parties_seen(reader, viewer, case_id, self._now)

    def instances(self, viewer: Viewer, case_id: str) -> list[InstanceRow]:
        """A case's instances, oldest first, with where each waits; the look is logged."""
        with self._database.reading() as reader:
            case_queries.case(reader, viewer, case_id, self._now)
            found = self._with_tokens(reader, instance_queries.instances_of_case(reader, viewer, case_id, self._now))
        self._log(viewer, case_id, "instances")
        return found

    def standing_alone(self, viewer: Viewer, process_id: str) -> list[InstanceRow]:
        """Running instances of a process that belong to no case and that the viewer works in, with where they wait."""
        with self._database.reading() as reader:
            return self._with_tokens(
                reader, instance_queries.instances_standing_alone(reader, viewer, process_id, self._now)
            )

    def instance(self, viewer: Viewer, instance_id: str) -> InstanceRow:
        """One instance with where it waits; a look at a case is logged."""
        with self._database.reading() as reader:
            row = instance_queries.instance_seen(reader, viewer, instance_id, self._now)
            found = self._with_tokens(reader, [row])[0]
        if found.case_id is not None:
            self._log(viewer, found.case_id, f"instance of {found.process_name}")
        return found

    def instance_history(self, viewer: Viewer, instance_id: str, paging: Paging = FIRST_PAGE) -> Page[EventRow]:
        """One instance's history, latest first."""
        with self._database.reading() as reader:
            row = instance_queries.instance_seen(reader, viewer, instance_id, self._now)
            fields = None if row.case_id is None else case_queries.fields_seen(reader, viewer, row.case_id, self._now)
            return _events(reader, conditions.of_instance(instance_id), paging, fields)

    def work_item_history(self, viewer: Viewer, item: WorkItemRow, lines: int = MAX_PAGE_SIZE) -> list[EventRow]:
        """The latest lines about a task's element in its instance, latest first; NotFound as for the instance."""
        now = self._now
        with self._database.reading() as reader:
            row = instance_queries.instance_seen(reader, viewer, item.instance_id, now)
            fields = None if row.case_id is None else case_queries.fields_seen(reader, viewer, row.case_id, now)
            return _told(instance_queries.events_of_element(reader, item.instance_id, item.element_id, lines), fields)

    def case_timers(self, viewer: Viewer, case_id: str) -> list[TimerRow]:
        """A case's waiting deadlines."""
        with self._database.reading() as reader:
            case_queries.case(reader, viewer, case_id, self._now)
            seen = conditions.seen_timers_of_case(viewer, case_id, self._now)
            return list(waiting_queries.timers(reader, seen, Paging(1, 500)).items)

    # --- what operators and programs see ------------------------------------------------------------------------------

    def open_items(self, *, instance_id: str | None = None, case_id: str | None = None) -> list[WorkItemRow]:
        """Open work items, all or of one instance or case, whoever may see them."""
        condition = conditions.items(instance_id, case_id)
        with self._database.reading() as reader:
            return item_queries.items_of(reader, condition, state=WorkItemState.OPEN)

    def items(self, *, instance_id: str | None = None, case_id: str | None = None) -> list[WorkItemRow]:
        """Work items, open or ended, all or of one instance or case, whoever may see them."""
        with self._database.reading() as reader:
            return item_queries.items_of(reader, conditions.items(instance_id, case_id), state=None)

    def variables(self, instance_id: str) -> dict[str, Any]:
        """An instance's variables, running or ended."""
        with self._database.reading() as reader:
            return self._execution(reader, instance_id).variables

    def find_instance(self, instance_id: str) -> InstanceRow:
        """One instance with where it waits."""
        with self._database.reading() as reader:
            return self._with_tokens(reader, [instance_queries.instance(reader, instance_id)])[0]

    def find_instances(
        self,
        *,
        process_id: str | None = None,
        state: InstanceState | None = None,
        paging: Paging = FIRST_PAGE,
    ) -> Page[InstanceRow]:
        """Instances, newest first, without where they wait."""
        with self._database.reading() as reader:
            return instance_queries.instances(reader, process_id=process_id, state=state, paging=paging)

    def history(self, identity: str, paging: Paging = FIRST_PAGE) -> Page[EventRow]:
        """The history of a case or of an instance, by its id, latest first."""
        with self._database.reading() as reader:
            return _events(reader, conditions.of_chain_or_instance(identity), paging, None)

    def completed(self, instance_id: str) -> list[str]:
        """The ids of the elements an instance has completed, in order, each as often as it was completed."""
        with self._database.reading() as reader:
            return outcomes.completed_elements(reader, instance_id)

    def subscriptions(self, *, instance_id: str | None = None, limit: int = MAX_PAGE_SIZE) -> list[SubscriptionRow]:
        """Who waits to hear of a message, signal or condition, oldest first: of one instance, or all."""
        with self._database.reading() as reader:
            return outcomes.subscriptions(reader, instance_id, limit)

    def messages(self, *, state: MessageState | None = None, limit: int = MAX_PAGE_SIZE) -> list[MessageRow]:
        """Messages, oldest first: kept, delivered, expired, or all."""
        with self._database.reading() as reader:
            return outcomes.messages(reader, state, limit)

    def timers(self, *, instance_id: str | None = None, paging: Paging = FIRST_PAGE) -> Page[TimerRow]:
        """Waiting timers, what is due first comes first."""
        with self._database.reading() as reader:
            return waiting_queries.timers(reader, conditions.timers_of(instance_id), paging)

    def jobs(self, *, instance_id: str | None = None, paging: Paging = FIRST_PAGE) -> Page[JobRow]:
        """Jobs that are not done, oldest first."""
        with self._database.reading() as reader:
            return waiting_queries.jobs(reader, conditions.jobs_of(instance_id), paging)

    def incidents(
        self,
        *,
        instance_id: str | None = None,
        state: IncidentState | None = IncidentState.OPEN,
        paging: Paging = FIRST_PAGE,
    ) -> Page[IncidentRow]:
        """Incidents, oldest first."""
        with self._database.reading() as reader:
            return waiting_queries.incidents(reader, conditions.incidents_of(instance_id, state), paging)

    def reads(
        self, *, case_id: str | None = None, viewer_id: str | None = None, paging: Paging = FIRST_PAGE
    ) -> Page[ReadRow]:
        """Who looked at which case, latest first."""
        with self._database.reading() as reader:
            return case_queries.reads(reader, case_id=case_id, viewer_id=viewer_id, paging=paging)

    def case_of_reference(self, family: str, reference: str) -> str | None:
        """The id of the case that a family calls by this reference."""
        with self._database.reading() as reader:
            return case_rows.case_of_reference(reader, family, reference)

    # --- what is published --------------------------------------------------------------------------------------------

    def definitions(self) -> list[DefinitionRow]:
        """The latest version of each process, by name."""
        with self._database.reading() as reader:
            return release_queries.latest_definitions(reader)

    def versions(self, process_id: str) -> list[DefinitionRow]:
        """The versions of a process, latest first."""
        with self._database.reading() as reader:
            return release_queries.definition_versions(reader, process_id)

    def releases(self) -> list[ReleaseRow]:
        """Every release, latest first."""
        with self._database.reading() as reader:
            return release_queries.releases(reader)

    def release_files(self, number: int) -> dict[str, bytes]:
        """The files of a release: name to content."""
        with self._database.reading() as reader:
            files = self._rooms.definitions.files(reader, number)
            return {name: self._rooms.definitions.content(reader, digest) for name, digest in files.items()}

    def content(self, digest: str) -> bytes:
        """The content of a published file, by its digest."""
        with self._database.reading() as reader:
            return self._rooms.definitions.content(reader, digest)

    def form(self, form_id: str, *, release: int | None = None) -> bytes:
        """A form as a release has it, or the latest one."""
        with self._database.reading() as reader:
            number = release_rows.latest_release(reader) if release is None else release
            return self._rooms.definitions.form(reader, number, form_id)

    # --- within -------------------------------------------------------------------------------------------------------

    def _execution(self, reader: Reader, instance_id: str) -> Execution:
        row = instance_rows.read(reader, instance_id)
        if row is None:
            raise NotFound(f"There is no process instance {instance_id}.")
        deployed = self._rooms.definitions.deployed(reader, row.definition_id, row.release)
        return Execution.load(deployed.process, row.snapshot, deployed.services)

    def _shown(self, reader: Reader, viewer: Viewer, item: WorkItemRow) -> dict[str, Any]:
        """What a viewer sees of an open task's variables: what their organisation was handed, and what the task shows.

        A user task with the property `lamnar_ut` names the variables that whoever does it sees even where their
        organisation takes no part in the case.
        """
        execution = self._execution(reader, item.instance_id)
        variables = execution.variables_at(item.id)
        if item.case_id is None:
            return variables
        fields = case_queries.fields_seen(reader, viewer, item.case_id, self._now)
        element = execution.process.elements[item.element_id]
        drawn = element.properties.get(SHOWS, "").split(",")
        return _handed_over(variables, None if fields is None else fields | {each.strip() for each in drawn})

    def _with_tokens(self, reader: Reader, rows: Sequence[InstanceRow]) -> list[InstanceRow]:
        running = {row.id: self._execution(reader, row.id) for row in rows if row.ended_at is None}
        since = instance_queries.since(reader, running)
        return [_waiting(row, running[row.id], since) if row.id in running else row for row in rows]

    def _log(self, viewer: Viewer, case_id: str, purpose: str) -> None:
        with self._database.transaction(self._rooms.clock) as uow:
            case_queries.log_read(uow, viewer, case_id, purpose)


def _waiting(row: InstanceRow, execution: Execution, since: Mapping[str, datetime]) -> InstanceRow:
    tokens = []
    for wait in execution.waits:
        due, attached = None, getattr(wait.detail, "attached_to", None)
        if isinstance(wait.detail, TimerDetail | UserTaskDetail):
            due = wait.detail.due
        name = wait.name or wait.element_id
        told = (wait.detail.name, wait.detail.key) if isinstance(wait.detail, MessageDetail) else (None, None)
        tokens.append(Token(wait.id, wait.kind.value, wait.element_id, name, since.get(wait.id), due, attached, *told))
    return InstanceRow(**{**_fields(row), "tokens": tuple(tokens)})


def _fields(row: InstanceRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def _handed_over(variables: Mapping[str, Any], fields: frozenset[str] | None) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if fields is None or name in fields}


def _events(reader: Reader, condition: Any, paging: Paging, fields: frozenset[str] | None) -> Page[EventRow]:
    rows, found = instance_queries.events(reader, condition, paging)
    return Page(tuple(_told(rows, fields)), paging, found.total, found.is_exact)


def _told(rows: Sequence[Any], fields: frozenset[str] | None) -> list[EventRow]:
    """Lines with their payloads as far as handed over."""
    items = []
    for row in rows:
        values = dict(row._mapping)
        body = values.pop("body")
        told = None if body is None else decode(body)
        if told is not None and fields is not None:
            told = {"changes": _handed_over(told.get("changes") or {}, fields)}
        items.append(EventRow(**values, payload=told))
    return items
