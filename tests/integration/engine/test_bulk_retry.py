"""Incidents know their cause; a cause is tried again in batches, and each incident's outcome is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.bulk_retry import begin_bulk_retry, bulk_report, carry_on, latest_bulks
from engine.errors import Conflict, InvalidInput, NotFound
from engine.handlers import HandlerRegistry, JobContext
from engine.protocols import Actor
from engine.store import incident_groups
from engine.store.causes import cause_of, pattern_of
from engine.store.incident_groups import GroupSort, IncidentGroup
from engine.store.rows import Paging
from tests.bpmn_builder import bpmn, end, flows, process, service, start
from tests.harness import Journey

ANTON = Actor("anton", "Anton Skog")
DIAGRAM = bpmn(process("brev", start("s"), service("skicka"), end("e"), flows("s->skicka->e")))
BeginJourney = Callable[..., Journey]


class Post:
    """A letter box that can be broken."""

    def __init__(self) -> None:
        self.broken = True
        self.handlers = HandlerRegistry()
        self.handlers.job("work")(self.send)

    def send(self, context: JobContext) -> dict[str, Any]:
        """Fail as long as it is broken, each time with a text of its own."""
        if self.broken:
            raise RuntimeError(f"brevet {context.job_id} till Anna Andersson kom inte fram")
        return {}


@pytest.fixture
def post() -> Post:
    """A broken letter box."""
    return Post()


@pytest.fixture
def journey(begin: BeginJourney, post: Post) -> Journey:
    """Seven letters that could not be sent."""
    found = begin(files={"brev.bpmn": DIAGRAM}, handlers=post.handlers)
    for _ in range(7):
        found.start("brev")
    found.engine.advance("P1D")
    return found


def groups(journey: Journey, sort: GroupSort = GroupSort.COUNT) -> list[IncidentGroup]:
    """The causes of what is open."""
    with journey.engine.database.reading() as reader:
        return list(incident_groups.groups(reader, sort, Paging()).items)


@pytest.mark.parametrize("sort", list(GroupSort))
def test_incidents_that_differ_in_their_values_have_one_cause(journey: Journey, sort: GroupSort) -> None:
    (group,) = groups(journey, sort)

    assert (group.process_id, group.element_id, group.code, group.count) == ("brev", "skicka", "JOB_FAILED", 7)
    assert group.pattern == "RuntimeError: brevet … till … kom inte fram"
    assert group.first_at <= group.last_at


def test_a_cause_is_tried_again_in_batches_until_nothing_is_left(journey: Journey, post: Post) -> None:
    (group,) = groups(journey)
    post.broken = False
    bulk_id = begin_bulk_retry(journey.engine, group.cause, ANTON, "Posten går igen")

    first = carry_on(journey.engine, bulk_id, ANTON, limit=3)
    assert (first.bulk.total, first.bulk.retried, first.left, first.bulk.finished_at) == (7, 3, 4, None)
    assert [bulk.id for bulk in latest_bulks(journey.engine, only_unfinished=True)] == [bulk_id]
    carry_on(journey.engine, bulk_id, ANTON, limit=3)
    last = carry_on(journey.engine, bulk_id, ANTON, limit=3)
    journey.engine.run_until_idle()

    assert (last.bulk.retried, last.bulk.refused, last.left) == (7, 0, 0)
    assert last.bulk.finished_at is not None
    assert groups(journey) == []
    assert bulk_report(journey.engine, bulk_id).come_again == 0
    assert latest_bulks(journey.engine, only_unfinished=True) == []


def test_what_cannot_be_tried_again_is_told_with_why_and_holds_nobody_up(journey: Journey, post: Post) -> None:
    (group,) = groups(journey)
    journey.engine.suspend(journey.instance_id, actor=ANTON)
    (mended,) = [row for row in journey.engine.queries.incidents().items if row.instance_id != journey.instance_id][:1]
    bulk_id = begin_bulk_retry(journey.engine, group.cause, ANTON, "")
    journey.engine.retry(mended.id, actor=ANTON)
    post.broken = False

    report = carry_on(journey.engine, bulk_id, ANTON)

    assert (report.bulk.retried, report.bulk.refused, report.refusals) == (5, 2, {"CONFLICT": 2})
    assert {each.id for each in report.refused} >= {mended.id}


def test_what_fails_again_is_a_new_incident_and_no_part_of_the_bulk(journey: Journey) -> None:
    (group,) = groups(journey)
    bulk_id = begin_bulk_retry(journey.engine, group.cause, ANTON, "")
    report = carry_on(journey.engine, bulk_id, ANTON)
    journey.engine.advance("P1D")

    after = carry_on(journey.engine, bulk_id, ANTON)

    assert (report.bulk.retried, after.bulk.retried, after.come_again) == (7, 7, 7)
    assert groups(journey)[0].cause == group.cause


def test_two_who_carry_on_at_once_try_nothing_twice(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    (group,) = groups(journey)
    bulk_id = begin_bulk_retry(journey.engine, group.cause, ANTON, "")
    with journey.engine.database.reading() as reader:
        everything = incident_groups.remaining(reader, bulk_id, 100)
    carry_on(journey.engine, bulk_id, ANTON, limit=4)
    monkeypatch.setattr(incident_groups, "remaining", lambda *_: everything)  # read before the other began

    carry_on(journey.engine, bulk_id, ANTON)

    monkeypatch.undo()
    report = bulk_report(journey.engine, bulk_id)
    assert (report.bulk.retried, report.bulk.refused) == (7, 0)


def test_a_cause_is_begun_once_and_only_where_something_is_open(journey: Journey) -> None:
    (group,) = groups(journey)
    once = begin_bulk_retry(journey.engine, group.cause, ANTON, "", key="k" * 32)

    assert begin_bulk_retry(journey.engine, group.cause, ANTON, "", key="k" * 32) == once
    with pytest.raises(Conflict):
        begin_bulk_retry(journey.engine, group.cause, ANTON, "")
    with pytest.raises(NotFound):
        begin_bulk_retry(journey.engine, "none", ANTON, "")
    with pytest.raises(InvalidInput):
        begin_bulk_retry(journey.engine, group.cause, ANTON, "x" * 501)
    with pytest.raises(NotFound):
        carry_on(journey.engine, "none", ANTON)


@pytest.mark.parametrize(
    ("message", "pattern"),
    [
        ("Variabeln 'namn' saknas", "Variabeln … saknas"),
        ('"A" gick inte, "B" inte heller', "… gick inte, … inte heller"),
        ("Väntade 12,5 h sedan 2026-11-30 08:15:00", "Väntade … h sedan …"),
        ("ValueError: 8802099999 är fel", "ValueError: … är fel"),
        ("fel hos 0123456789abcdef0123456789abcdef", "fel hos …"),
        ("fel hos Anna Maria Åkesson-Berg i Norr", "fel hos … i Norr"),
        ("  flera\n  rader ", "flera rader"),
        ("", ""),
    ],
)
def test_a_pattern_has_no_values(message: str, pattern: str) -> None:
    assert pattern_of(message) == pattern


def test_a_pattern_is_short_however_long_the_message_is() -> None:
    assert len(pattern_of("ord " * 10_000)) <= 240


def test_causes_differ_by_process_element_code_and_pattern() -> None:
    told = {cause_of(*each) for each in [("p", "e", "C", "x"), ("q", "e", "C", "x"), ("p", None, "C", "x")]}

    assert len(told | {cause_of("p", "e", "D", "x"), cause_of("p", "e", "C", "y")}) == 5
