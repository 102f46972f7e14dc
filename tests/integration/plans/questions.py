"""Every list and look-up whose statement is put together for the question, asked as the program asks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.access import Viewer
from engine.store import (
    case_queries,
    conditions,
    deadline_rows,
    inbox,
    incident_groups,
    instance_queries,
    item_queries,
    job_lists,
    outcomes,
    release_queries,
    waiting_queries,
)
from engine.store.job_lists import JobSort
from engine.store.pulse_rows import JobStanding
from engine.store.rows import CaseFilter, InboxFilter, Mine, Paging, Sort, WorkItemRow
from engine.store.schema import work_item
from engine.store.states import CaseState, IncidentState, InstanceState, MessageState, WorkItemState
from engine.store.unit_of_work import UnitOfWork
from processes.aktivitetskrav.records import population

FIRST, LATER = Paging(1, 5), Paging(2, 5)
CHIEF = Viewer(
    "chef",
    "Chef",
    "socialtjanst",
    frozenset({"handlaggare_eb"}),
    all_units=True,
    supervised_roles=frozenset({"beslutsfattare"}),
)
CLERK = Viewer("hanna", "Hanna", "socialtjanst", frozenset({"handlaggare_eb"}), frozenset({"sdf_norr"}))
COACH = Viewer("karim", "Karim", "arbetsmarknad", frozenset({"konsulent_am", "matchare"}), frozenset({"jobbtorg_city"}))


_PASSES_OVER = "what others see is passed over until enough is found, and here some units' cases come late"


@dataclass(frozen=True)
class Sample:
    """What the questions are about."""

    case_id: str
    instance_id: str
    item_id: str
    escalation: WorkItemRow
    now: datetime


@dataclass(frozen=True)
class Question:
    """One question: which function answers it, and whether its rows are a page of a list of any length."""

    function: str
    page: bool
    ask: Callable[[UnitOfWork, Sample], object]
    grows: str = ""
    """Why it may cost more in the larger of two stores; empty where it may not."""


def sample_of(uow: UnitOfWork) -> Sample:
    """Some open task of the store that a chief sees, with its instance and case, and some task that escalates."""
    open_items = select(work_item.c.case_id, work_item.c.instance_id, work_item.c.id).where(work_item.c.state == "open")
    row = uow.query_first(open_items.where(work_item.c.role == "handlaggare_eb").order_by(work_item.c.id))
    escalating = uow.query_scalar(select(work_item.c.id).where(work_item.c.escalates.is_not(None)).limit(1))
    assert row is not None
    escalation = item_queries.items_of(uow, work_item.c.id == escalating, state=None)[0]
    return Sample(row[0], row[1], row[2], escalation, uow.now)


def _inbox() -> dict[str, Question]:
    filters = {
        "mine": InboxFilter(mine=Mine.ASSIGNED),
        "group": InboxFilter(mine=Mine.UNASSIGNED),
        "overdue": InboxFilter(due_before=datetime.fromisoformat("2026-09-20T00:00:00+00:00")),
        "all": InboxFilter(),
        "role": InboxFilter(role="handlaggare_eb"),
        "unit": InboxFilter(unit="sdf_norr"),
        "process": InboxFilter(process_id="kravintrade"),
        "text": InboxFilter(text="artlägg"),
        "reference": InboxFilter(text="AK-0000"),
        "a word that many have": InboxFilter(text="AK-0"),
        "two words": InboxFilter(text="ak-0 ak-00"),
    }
    found = {}
    for name, narrowed in filters.items():
        for who, viewer in {"chief": CHIEF, "clerk": CLERK, "coach": COACH}.items():
            found[f"inbox, {name}, {who}"] = Question(
                "inbox.inbox",
                True,
                lambda uow, s, v=viewer, n=narrowed: inbox.inbox(uow, v, n, Sort.DUE, FIRST, s.now),
                grows=_PASSES_OVER if narrowed.text and viewer is not CHIEF else "",
            )
    for sort in Sort:
        found[f"inbox by {sort}"] = Question(
            "inbox.inbox", True, lambda uow, s, by=sort: inbox.inbox(uow, CHIEF, InboxFilter(), by, LATER, s.now)
        )
    found["inbox of a case"] = Question(
        "inbox.inbox",
        False,
        lambda uow, sample: inbox.inbox(uow, CHIEF, InboxFilter(case_id=sample.case_id), Sort.DUE, FIRST, sample.now),
    )
    found["count of the inbox"] = Question(
        "inbox.count", True, lambda uow, sample: inbox.count(uow, CHIEF, InboxFilter(), sample.now)
    )
    return found


def _cases() -> dict[str, Question]:
    filters = {
        "all": CaseFilter(),
        "family": CaseFilter(family="aktivitetskrav"),
        "closed": CaseFilter(state=CaseState.CLOSED),
        "a word that many have": CaseFilter(text="AK-0"),
        "a word that few have": CaseFilter(text="AK-000041"),
        "two words": CaseFilter(text="ak-0 ak-00"),
    }
    return {
        f"cases, {name}, {who}": Question(
            "case_queries.cases",
            True,
            lambda uow, sample, v=viewer, n=narrowed: case_queries.cases(uow, v, n, FIRST, sample.now),
            grows=_PASSES_OVER if narrowed.text and viewer is not CHIEF else "",
        )
        for name, narrowed in filters.items()
        for who, viewer in {"chief": CHIEF, "clerk": CLERK, "coach": COACH}.items()
    }


def _seen() -> dict[str, Question]:
    def item(uow: UnitOfWork, sample: Sample) -> object:
        return item_queries.work_item_seen(uow, CHIEF, sample.item_id, sample.now)

    return {
        "case": Question("case_queries.case", False, lambda uow, s: case_queries.case(uow, CHIEF, s.case_id, s.now)),
        "instances that stand alone": Question(
            "instance_queries.instances_standing_alone",
            True,
            lambda uow, s: instance_queries.instances_standing_alone(uow, COACH, "utforare", s.now),
        ),
        "parties seen": Question(
            "case_queries.parties_seen", False, lambda uow, s: case_queries.parties_seen(uow, CHIEF, s.case_id, s.now)
        ),
        "parties": Question("case_queries.parties", False, lambda uow, s: case_queries.parties(uow, s.case_id)),
        "fields seen": Question(
            "case_queries.fields_seen", False, lambda uow, s: case_queries.fields_seen(uow, CHIEF, s.case_id, s.now)
        ),
        "work item": Question("item_queries.work_item_seen", False, item),
        "original": Question(
            "item_queries.original_of", False, lambda uow, s: item_queries.original_of(uow, CHIEF, s.escalation, s.now)
        ),
        "case of an item": Question(
            "item_queries.case_of", False, lambda uow, s: item_queries.case_of(uow, CHIEF, item(uow, s), s.now)  # type: ignore[arg-type]
        ),
        "items of a case": Question(
            "item_queries.items_of",
            False,
            lambda uow, s: item_queries.items_of(uow, conditions.items(None, s.case_id), state=WorkItemState.OPEN),
        ),
        "items of an instance": Question(
            "item_queries.items_of",
            False,
            lambda uow, s: item_queries.items_of(uow, conditions.items(s.instance_id, None), state=None),
        ),
        "items of a case seen": Question(
            "item_queries.items_seen",
            False,
            lambda uow, s: item_queries.items_seen(
                uow, CLERK, conditions.items_of_case(s.case_id), s.now, state=WorkItemState.OPEN
            ),
        ),
    }  # fmt: skip


def _instances() -> dict[str, Question]:
    found = {
        "instance seen": Question(
            "instance_queries.instance_seen",
            False,
            lambda uow, s: instance_queries.instance_seen(uow, CHIEF, s.instance_id, s.now),
        ),
        "instances of a case": Question(
            "instance_queries.instances_of_case",
            False,
            lambda uow, s: instance_queries.instances_of_case(uow, COACH, s.case_id, s.now),
        ),
        "deadlines of an instance": Question(
            "deadline_rows.began", False, lambda uow, s: deadline_rows.began(uow, [s.instance_id])
        ),
        "steps of an instance": Question(
            "outcomes.completed_elements", False, lambda uow, s: outcomes.completed_elements(uow, s.instance_id)
        ),
    }
    for process_id in (None, "manadsbeslut"):
        for state in (None, InstanceState.ACTIVE, InstanceState.FAILED):
            found[f"instances of {process_id or 'all'}, {state or 'all'}"] = Question(
                "instance_queries.instances",
                True,
                lambda uow, _s, p=process_id, st=state: instance_queries.instances(
                    uow, process_id=p, state=st, paging=FIRST
                ),
            )
    return found


def _history() -> dict[str, Question]:
    conditions_of = {
        "a case": lambda s: conditions.of_chain(s.case_id),
        "a case seen": lambda s: conditions.seen_lines_of_case(COACH, s.case_id, s.now),
        "an instance": lambda s: conditions.of_instance(s.instance_id),
        "a chain or an instance": lambda s: conditions.of_chain_or_instance(s.instance_id),
    }
    found = {
        f"history of {name}": Question(
            "instance_queries.events", False, lambda uow, s, c=condition: instance_queries.events(uow, c(s), FIRST)
        )
        for name, condition in conditions_of.items()
    }
    found["payloads of a case"] = Question(
        "instance_queries.lines_with_payload",
        False,
        lambda uow, s: instance_queries.lines_with_payload(uow, conditions.of_chain(s.case_id)),
    )
    for name, case_id, viewer_id in (("case", "c", None), ("viewer", None, "hanna"), ("all", None, None)):
        found[f"looks, by {name}"] = Question(
            "case_queries.reads",
            True,
            lambda uow, s, c=case_id, v=viewer_id: case_queries.reads(
                uow, case_id=s.case_id if c else None, viewer_id=v, paging=FIRST
            ),
        )
    return found


def _operations() -> dict[str, Question]:
    found = {
        "timers": Question("waiting_queries.timers", True, lambda uow, _s: waiting_queries.timers(uow, None, FIRST)),
        "timers of an instance": Question(
            "waiting_queries.timers",
            False,
            lambda uow, s: waiting_queries.timers(uow, conditions.timers_of(s.instance_id), FIRST),
        ),
        "timers of a case": Question(
            "waiting_queries.timers",
            False,
            lambda uow, s: waiting_queries.timers(uow, conditions.seen_timers_of_case(COACH, s.case_id, s.now), FIRST),
        ),
        "jobs": Question("waiting_queries.jobs", True, lambda uow, _s: waiting_queries.jobs(uow, None, FIRST)),
        "jobs of an instance": Question(
            "waiting_queries.jobs",
            False,
            lambda uow, s: waiting_queries.jobs(uow, conditions.jobs_of(s.instance_id), FIRST),
        ),
        "incidents of an instance": Question(
            "waiting_queries.incidents",
            False,
            lambda uow, s: waiting_queries.incidents(uow, conditions.incidents_of(s.instance_id, None), FIRST),
        ),
        "subscriptions": Question("outcomes.subscriptions", True, lambda uow, _s: outcomes.subscriptions(uow, None, 5)),
        "subscriptions of an instance": Question(
            "outcomes.subscriptions", False, lambda uow, s: outcomes.subscriptions(uow, s.instance_id, 50)
        ),
    }
    found["jobs of operators, what is due first"] = Question(
        "job_lists.jobs",
        True,
        lambda uow, s: job_lists.jobs(uow, s.now, None, JobStanding.DEAD, JobSort.DUE, FIRST),
    )
    found["incidents of a cause"] = Question(
        "incident_groups.of_cause", True, lambda uow, _s: incident_groups.of_cause(uow, "c", FIRST, newest_first=True)
    )
    found["troubles of an instance"] = Question(
        "incident_groups.of_instance", False, lambda uow, s: incident_groups.of_instance(uow, s.instance_id, FIRST)
    )
    found["one trouble"] = Question(
        "incident_groups.trouble", False, lambda uow, _s: incident_groups.trouble(uow, "i1")
    )
    found["open items of a case"] = Question(
        "population.count_open_items", False, lambda uow, s: population.count_open_items(uow, s.case_id)
    )
    for state in (None, IncidentState.OPEN, IncidentState.RESOLVED):
        found[f"incidents, {state or 'all'}"] = Question(
            "waiting_queries.incidents",
            True,
            lambda uow, _s, st=state: waiting_queries.incidents(uow, conditions.incidents_of(None, st), FIRST),
        )
    for kept in (None, MessageState.BUFFERED, MessageState.DELIVERED):
        found[f"messages, {kept or 'all'}"] = Question(
            "outcomes.messages", True, lambda uow, _s, st=kept: outcomes.messages(uow, st, 5)
        )
    return found


def _published() -> dict[str, Question]:
    return {
        "versions": Question(
            "release_queries.definition_versions",
            False,
            lambda uow, _s: release_queries.definition_versions(uow, "manadsbeslut"),
        ),
        "releases": Question("release_queries.releases", False, lambda uow, _s: release_queries.releases(uow)),
        "whether there are cases": Question("population.has_cases", False, lambda uow, _s: population.has_cases(uow)),
    }


QUESTIONS: dict[str, Question] = {
    **_inbox(),
    **_cases(),
    **_seen(),
    **_instances(),
    **_history(),
    **_operations(),
    **_published(),
}

NOT_ASKED = {
    "population.awaited_messages": "the seed works through all cases of a demonstration",
    "population.case_references": "the seed knows all cases by their references",
    "population.count_everything": "the seed's report counts all there is",
    "runs.page_of": "pages whatever list it is given; the lists are asked",
    "server.engines": "the `query` it reads is the part of an address after the question mark",
    "pulse_rows.*": "counts of all there is, for metrics: one pass of an index each",
    "copying.*": "copies every row",
    "dumping.*": "copies every row",
    "table_stream.*": "copies every row",
    "population.open_case_references": "the seed knows the open cases by their references",
    "job_lists.job_types": "one pass of an index over the jobs that are not done",
    "incident_groups.groups": "groups the incidents that are open: one pass of an index over those",
    "incident_groups.group": "counts the open incidents of one cause",
    "incident_groups.bulk": "counts what a bulk has done",
    "incident_groups.bulks": "counts what a few bulks have done",
    "incident_groups.refused": "what one bulk could not do",
    "incident_groups.insert_bulk": "takes down all open incidents of a cause",
    "activity_rows.*": "counts what happened in spans of time, by the index on that time",
    "standing_rows.*": "asks of each element in turn, by an index; tests/integration/engine holds it to that",
    "disposals.*": "what is due for disposal is looked for once a day; the rest is one case's rows",
    "inventories.*": "what everybody needs, counted a few times a year",
    "key_figures.*": "how the registers stand, counted once a month",
    "log_reviews.*": "a month of the log at a time, by its index",
    "month_duties.*": "a month's cases at a time",
    "providers.*": "the cases of one provider, when its agreement ends",
    "report_figures.*": "what a whole month or quarter came to, once",
    "reports.*": "a few reports a year",
}
"""Functions (or all of a module) that are meant to read whole tables, or none of their own, and why."""
