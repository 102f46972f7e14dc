"""Cases: who sees what, what was handed over, and that every look is logged."""

from __future__ import annotations

from typing import Any

import pytest

from engine import cases
from engine.access import Viewer
from engine.cases import Party
from engine.errors import Conflict, InvalidInput, NotFound
from engine.protocols import SYSTEM
from engine.store.rows import CaseFilter, InboxFilter, Mine, Paging, Sort
from tests.harness import ANNA, bpmn, flows, user_task

GROUPS = '<zeebe:assignmentDefinition candidateGroups="{}"/>'
TWO_ORGANISATIONS = bpmn(
    '<startEvent id="s"/>'
    + user_task("a", "Bedöm", GROUPS.format("handlaggare"))
    + user_task("b", "Matcha", GROUPS.format("jobbcoach, chef"))
    + '<endEvent id="e"/>'
    + flows("s", "a", "b", "e")
)


class TwoOrganisations:
    known_roles = frozenset({"handlaggare", "chef", "jobbcoach"})

    def organisation_of(self, role: str) -> str | None:
        return {"handlaggare": "social", "chef": "social", "jobbcoach": "arbete"}.get(role)

    def supervisor_of(self, role: str) -> str | None:
        return {"handlaggare": "chef"}.get(role)


def viewer(organisation: str, *roles: str, units: frozenset[str] = frozenset({"norr"}), **options: Any) -> Viewer:
    return Viewer("anna", "Anna", organisation, frozenset(roles), units, **options)


HANDLER = viewer("social", "handlaggare")
COACH = viewer("arbete", "jobbcoach")


@pytest.fixture
def journey(begin: Any) -> Any:
    journey = begin(files={"p.bpmn": TWO_ORGANISATIONS}, roles=TwoOrganisations())
    journey.case_id = journey.engine.open_case(
        "test", "Ä 1", title="Första", parties=[Party("social", "norr")], actor=SYSTEM
    )
    journey.start("p", namn="hemligt", plan="öppen")
    return journey


def test_a_task_is_seen_by_its_role_in_its_unit(journey: Any) -> None:
    inbox = journey.engine.queries.inbox
    assert [item.name for item in inbox(HANDLER).items] == ["Bedöm"]
    assert inbox(HANDLER).items[0].case_reference == "Ä 1"
    assert inbox(viewer("social", "handlaggare", units=frozenset({"soder"}))).items == ()
    assert len(inbox(viewer("social", "handlaggare", units=frozenset(), all_units=True)).items) == 1
    assert len(inbox(viewer("social", "chef", supervised_roles=frozenset({"handlaggare"}))).items) == 1
    assert inbox(COACH).items == ()
    with pytest.raises(NotFound):
        journey.engine.queries.work_item(COACH, inbox(HANDLER).items[0].id)


def test_a_case_is_seen_by_its_parties_and_each_look_is_logged(journey: Any) -> None:
    queries = journey.engine.queries
    assert queries.case(HANDLER, journey.case_id, purpose="handläggning").reference == "Ä 1"
    for ask in (queries.case, queries.instances, queries.case_history, queries.case_variables, queries.case_timers):
        with pytest.raises(NotFound):
            ask(COACH, journey.case_id)
    with pytest.raises(NotFound):
        queries.instance(COACH, journey.instance_id)
    (read,) = queries.reads(case_id=journey.case_id).items
    assert (read.viewer, read.purpose, read.at) == ("anna", "handläggning", journey.clock.now())


def test_another_organisation_sees_only_what_was_handed_over(journey: Any) -> None:
    journey.complete("Bedöm", svar=1)
    queries, hand_over = journey.engine.queries, Party("arbete", "norr", basis="SoL", fields=("plan",))
    journey.engine.add_party(journey.case_id, hand_over, actor=ANNA)
    (item,) = queries.inbox(COACH).items
    assert dict(queries.work_item(COACH, item.id).variables) == {"plan": "öppen"}
    (variables,) = queries.case_variables(COACH, journey.case_id).values()
    assert variables == {"plan": "öppen"}
    told = [line.payload for line in queries.case_history(COACH, journey.case_id, Paging(1, 100)).items]
    assert "hemligt" not in str(told)
    assert "hemligt" in str(queries.case_history(HANDLER, journey.case_id, Paging(1, 100)).items)
    (everything,) = queries.case_variables(HANDLER, journey.case_id).values()
    assert everything["namn"] == "hemligt"
    journey.engine.end_party(journey.case_id, "arbete", actor=ANNA)
    with pytest.raises(NotFound):
        queries.case(COACH, journey.case_id)


def test_a_second_role_sees_the_task_too(journey: Any) -> None:
    journey.complete("Bedöm")
    chief = viewer("social", "chef")
    assert [item.name for item in journey.engine.queries.inbox(chief).items] == ["Matcha"]
    journey.complete("Matcha")
    assert journey.engine.queries.inbox(chief).items == ()


def test_open_tasks_follow_the_case_to_another_unit(journey: Any) -> None:
    journey.engine.add_party(journey.case_id, Party("social", "soder"), actor=ANNA)
    inbox = journey.engine.queries.inbox
    assert inbox(HANDLER).items == ()
    assert len(inbox(viewer("social", "handlaggare", units=frozenset({"soder"}))).items) == 1


def test_work_left_after_a_part_has_ended_comes_to_the_unit_that_had_the_case(journey: Any) -> None:
    # given
    party = Party("arbete", "norr", basis="samtycke", fields=("plan",))
    journey.engine.add_party(journey.case_id, party, actor=SYSTEM)
    journey.engine.end_party(journey.case_id, "arbete", actor=SYSTEM, reason="Återlämnat")
    # when
    journey.complete("Bedöm")
    # then: its task, which is new, is for that unit, and tells nothing of the case
    inbox = journey.engine.queries.inbox
    (item,) = inbox(COACH).items
    assert (item.name, item.case_title, item.case_visible) == ("Matcha", None, False)
    assert journey.engine.queries.work_item(COACH, item.id).variables == {}
    assert inbox(viewer("arbete", "jobbcoach", units=frozenset({"soder"}))).items == ()


def test_inbox_filters_narrow(journey: Any) -> None:
    inbox = journey.engine.queries.inbox
    for narrowed, count in (
        (InboxFilter(mine=Mine.ASSIGNED), 0),
        (InboxFilter(mine=Mine.UNASSIGNED), 1),
        (InboxFilter(role="handlaggare"), 1),
        (InboxFilter(role="chef"), 0),
        (InboxFilter(unit="norr"), 1),
        (InboxFilter(unit="soder"), 0),
        (InboxFilter(process_id="p"), 1),
        (InboxFilter(process_id="q"), 0),
        (InboxFilter(element_id="a"), 1),
        (InboxFilter(case_id=journey.case_id), 1),
        (InboxFilter(text="Ä 1"), 1),
        (InboxFilter(text="Först"), 1),
        (InboxFilter(text="100%"), 0),
        (InboxFilter(due_before=journey.clock.now()), 0),
    ):
        assert len(inbox(HANDLER, narrowed, Sort.NAME).items) == count, narrowed
    journey.claim("Bedöm")
    assert len(inbox(HANDLER, InboxFilter(mine=Mine.ASSIGNED)).items) == 1
    with pytest.raises(InvalidInput):
        Paging(0)


def test_cases_are_listed_under_the_policy(journey: Any) -> None:
    journey.engine.open_case("test", "Ä 2", parties=[Party("arbete")], actor=SYSTEM)
    cases = journey.engine.queries.cases
    assert [case.reference for case in cases(HANDLER).items] == ["Ä 1"]
    assert [case.reference for case in cases(COACH).items] == ["Ä 2"]
    assert cases(HANDLER, CaseFilter(text="Ä 2")).items == ()
    assert len(cases(HANDLER, CaseFilter(family="test", text="Ä")).items) == 1


def test_a_reference_is_one_cases(journey: Any) -> None:
    with pytest.raises(Conflict):
        journey.engine.open_case("test", "Ä 1")
    assert journey.engine.queries.case_of_reference("test", "Ä 1") == journey.case_id


def test_a_case_closes_when_nothing_runs_in_it(journey: Any) -> None:
    with pytest.raises(Conflict):
        journey.engine.close_case(journey.case_id)
    journey.complete("Bedöm")
    journey.complete("Matcha")
    journey.engine.close_case(journey.case_id, reason="klar")
    with pytest.raises(Conflict):
        journey.start("p")
    with pytest.raises(Conflict):
        journey.engine.add_party(journey.case_id, Party("arbete"), actor=ANNA)
    assert [kind for kind, _ in journey.told("case opened", "case closed")] == ["case opened", "case closed"]


def test_the_process_that_closes_a_case_may_still_run_in_it_but_no_other(journey: Any) -> None:
    # given: two instances
    journey.start("p")
    one, two = (row.id for row in journey.engine.queries.find_instances(paging=Paging(1, 5)).items)

    def close(context: Any) -> None:
        cases.close_case(context, journey.case_id, "klar", one)

    # when the other runs too
    with pytest.raises(Conflict):
        journey.engine.run_command(close, "close_case", ANNA, None)
    # and when it does not
    journey.engine.cancel(two, actor=ANNA)
    journey.engine.run_command(close, "close_case", ANNA, None)
    # then
    assert [kind for kind, _ in journey.told("case closed")] == ["case closed"]


ELSEWHERE = bpmn(
    '<startEvent id="s"/>'
    + user_task("x", "Utred", GROUPS.format("handlaggare"))
    + '<endEvent id="e"/>'
    + flows("s", "x", "e"),
    process_id="q",
)


def test_another_organisation_sees_only_the_instances_it_works_in(journey: Any) -> None:
    queries, engine = journey.engine.queries, journey.engine
    journey.publish({"q.bpmn": ELSEWHERE})
    engine.start("q", {"namn": "hemligt"}, case_id=journey.case_id, actor=ANNA)
    engine.add_party(journey.case_id, Party("arbete", "norr", basis="SoL", fields=("plan",)), actor=ANNA)

    assert queries.instances(COACH, journey.case_id) == []
    assert {line.kind for line in queries.case_history(COACH, journey.case_id).items} <= {"case opened", "party added"}

    journey.complete("Bedöm")
    assert [row.process_id for row in queries.instances(COACH, journey.case_id)] == ["p"]
    assert sorted(row.process_id for row in queries.instances(HANDLER, journey.case_id)) == ["p", "q"]
    seen = {line.instance_id for line in queries.case_history(COACH, journey.case_id, Paging(1, 500)).items}
    assert seen == {None, queries.instances(COACH, journey.case_id)[0].id}
    other = next(row.id for row in queries.instances(HANDLER, journey.case_id) if row.process_id == "q")
    with pytest.raises(NotFound):
        queries.instance(COACH, other)
    assert set(queries.case_variables(COACH, journey.case_id)) == {queries.instances(COACH, journey.case_id)[0].id}
