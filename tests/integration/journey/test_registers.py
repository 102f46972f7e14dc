"""The registers: sums that do not lie, places that are not given twice, rows that stay with their case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.clock import ManualClock
from engine.errors import Conflict, NotFound
from engine.protocols import SYSTEM
from engine.store.database import Database
from engine.store.unit_of_work import UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Hindrance, Outcome
from processes.aktivitetskrav.identity import parse_identity
from processes.aktivitetskrav.records import PART, attendance, decisions, handovers, persons, placements, support
from processes.aktivitetskrav.records.attendance import PlannedSession
from processes.aktivitetskrav.records.decisions import DeviationOutcome, DeviationReport, MadeDecision, PlanText
from processes.aktivitetskrav.records.handovers import Disclosure
from processes.aktivitetskrav.records.placements import Activity
from processes.aktivitetskrav.records.support import Decision, Receipt
from processes.aktivitetskrav.states import PlacementStatus, RequirementStatus, SessionOutcome, Transition, transition
from tests.databases import NewDatabase
from tests.integration.journey.conftest import fictitious

DAY = date(2026, 10, 1)
WORKSHOP = Activity("verkstad", "Verkstad", "arbetsplats", "Jobbtorg", 1, Decimal("20.5"), None)


@pytest.fixture
def uow(new_database_url: NewDatabase) -> Iterator[UnitOfWork]:
    database = Database.open(new_database_url([PART]), parts=[PART])
    with database.transaction(ManualClock(datetime(2026, 10, 1, 8, 0, tzinfo=UTC))) as opened:
        yield opened
    database.close()


def placed(uow: UnitOfWork, case_id: str = "case-1") -> int:
    placements.put_activities(uow, [WORKSHOP])
    return placements.propose_placement(uow, case_id, "verkstad", DAY, None)


def test_the_last_place_is_given_once_and_comes_free_again(uow: UnitOfWork) -> None:
    placed(uow)

    with pytest.raises(Conflict, match="ingen ledig plats"):
        placements.propose_placement(uow, "case-2", "verkstad", DAY, None)
    assert placements.free_places(uow, "arbetsplats", 10) == []

    assert placements.end_placements(uow, "case-1", "flytt", DAY) == 1
    assert [place.free for place in placements.free_places(uow, None, 10)] == [1]
    placements.propose_placement(uow, "case-2", "verkstad", DAY, None)


def test_a_place_that_is_not_in_the_catalogue_is_not_found(uow: UnitOfWork) -> None:
    with pytest.raises(NotFound, match="finns inte i katalogen"):
        placements.propose_placement(uow, "case-1", "nowhere", DAY, None)


def test_the_catalogue_is_filled_once(uow: UnitOfWork) -> None:
    assert placements.put_activities(uow, [WORKSHOP]) == 1
    assert placements.put_activities(uow, [WORKSHOP]) == 0


def test_hours_keep_their_decimals(uow: UnitOfWork) -> None:
    placed(uow)

    assert placements.current_placements(uow, "case-1")[0].hours == Decimal("20.5")


def test_taking_a_place_leaves_the_queue(uow: UnitOfWork) -> None:
    placements.join_queue(uow, "case-1", "arbetsplats")
    placements.join_queue(uow, "case-2", "arbetsplats")
    before = placements.first_in_queue(uow, "arbetsplats")

    placed(uow)

    assert (before, placements.first_in_queue(uow, "arbetsplats")) == ("case-1", "case-2")


def test_assigning_turns_proposed_placements_and_pausing_assigned_ones(uow: UnitOfWork) -> None:
    placed(uow)

    placements.assign_placements(uow, "case-1", None, date(2026, 10, 5), DAY)
    assigned = placements.current_placements(uow, "case-1")[0]
    placements.pause_placements(uow, "case-1")

    assert (assigned.status, assigned.starts_on) == (PlacementStatus.ASSIGNED, date(2026, 10, 5))
    assert placements.current_placements(uow, "case-1")[0].status is PlacementStatus.PAUSED


def test_a_month_counts_each_kind_of_absence_apart_and_unjudged_sessions_as_neither(uow: UnitOfWork) -> None:
    placement = placed(uow)
    placements.assign_placements(uow, "case-1", None, None, DAY)
    days = [date(2026, 10, day) for day in (1, 2, 5, 6, 7, 8)] + [date(2026, 11, 2)]
    attendance.add_sessions(uow, [PlannedSession(placement, "case-1", day, Decimal(4)) for day in days])
    sessions = [session_id for session_id, _ in attendance.unjudged_sessions(uow, date(2026, 10, 7))]
    judged = (
        (SessionOutcome.PRESENT, Decimal(4)),
        (SessionOutcome.PARTLY, Decimal("1.5")),
        (SessionOutcome.EXCUSED, Decimal(0)),
        (SessionOutcome.UNEXCUSED, Decimal(0)),
        (SessionOutcome.CANCELLED, Decimal(0)),
    )

    attendance.record_outcomes(uow, dict(zip(sessions, judged, strict=True)), SYSTEM)
    figures = attendance.month_figures(uow, "case-1", Month(2026, 10))

    assert figures == attendance.MonthFigures(
        planned=Decimal(24),
        present=Decimal("5.5"),
        excused=Decimal("6.5"),
        unexcused=Decimal(4),
        cancelled=Decimal(4),
        unjudged_sessions=1,
    )
    assert attendance.unjudged_sessions(uow, date(2026, 10, 7)) == []


def test_a_session_that_is_gone_cannot_be_judged(uow: UnitOfWork) -> None:
    with pytest.raises(Conflict, match="passen"):
        attendance.record_outcomes(uow, {99: (SessionOutcome.PRESENT, Decimal(1))}, SYSTEM)


def test_follow_ups_without_progress_are_counted_in_a_row(uow: UnitOfWork) -> None:
    counts = [
        attendance.add_follow_up(uow, "case-1", progression, None)
        for progression in ("oforandrad", "bakat", "framat", "oforandrad")
    ]

    assert counts == [1, 2, 0, 1]


def test_plans_have_versions_of_their_case_and_can_be_prolonged(uow: UnitOfWork) -> None:
    made = MadeDecision("plan", "beslutad", None, None, "eva", DAY)
    decision = decisions.add_decision(uow, "case-1", made, "instance")
    text = PlanText("mål", None, date(2026, 12, 1), None, None, None, None, None)
    for case_id in ("case-1", "case-1", "case-2"):
        decisions.add_plan(uow, case_id, text, decision)

    decisions.prolong_plan(uow, "case-1", date(2027, 3, 1))

    assert decisions.plan_until(uow, "case-1") == date(2027, 3, 1)
    assert decisions.plan_until(uow, "case-2") == date(2026, 12, 1)
    assert decisions.plan_until(uow, "case-3") is None


def test_a_deviation_takes_an_outcome_only_within_its_case(uow: UnitOfWork) -> None:
    report = DeviationReport("uteblivit", DAY, DAY, Decimal(4), Month(2026, 10), None, None, None, None, "karim")
    deviation = decisions.add_deviation(uow, "case-1", report)
    outcome = DeviationOutcome("nedsatt", None, Decimal(20), "eva", None)

    decisions.set_deviation_outcome(uow, "case-1", deviation, outcome)
    with pytest.raises(NotFound, match="ingen avvikelse"):
        decisions.set_deviation_outcome(uow, "case-2", deviation, outcome)


def test_a_hand_over_is_accepted_complemented_and_ended_within_its_case(uow: UnitOfWork) -> None:
    made = handovers.add_handover(uow, "case-1", "arbetsmarknad", Disclosure("samtycke", ["mal"], None), DAY)

    handovers.complement_handover(uow, "case-1", made, Disclosure("samtycke", ["mal", "sprakniva"], "mer"))
    handovers.accept_handover(uow, "case-1", made, "karim", DAY)

    assert handovers.disclosed_fields(uow, made) == ["mal", "sprakniva"]
    with pytest.raises(NotFound, match="ingen överlämning"):
        handovers.accept_handover(uow, "case-2", made, "karim", DAY)
    assert handovers.end_handovers(uow, "case-1", "flytt", DAY) == 1
    assert handovers.end_handovers(uow, "case-1", "flytt", DAY) == 0


def test_a_decision_is_received_once(uow: UnitOfWork) -> None:
    identity = parse_identity(fictitious(1))
    person = persons.add_person(uow, identity, name="Anna Ek", born=DAY, protected=False)
    first = Decision(person.id, Month(2026, 7), "R1", Outcome.GRANTED, Hindrance.UNEMPLOYED, DAY)
    changed = Decision(person.id, Month(2026, 7), "R1", Outcome.REJECTED, Hindrance.UNEMPLOYED, DAY)

    assert [support.receive(uow, each) for each in (first, first, changed)] == [
        Receipt.NEW,
        Receipt.KNOWN,
        Receipt.REUSED,
    ]
    assert persons.find_person(uow, identity) == person


def test_a_case_without_a_person_is_not_found(uow: UnitOfWork) -> None:
    with pytest.raises(NotFound):
        persons.find_client(uow, "nobody")
    with pytest.raises(NotFound):
        persons.person_of_case(uow, "nobody")


@pytest.mark.parametrize(
    ("now", "judged", "expected"),
    [
        (RequirementStatus.NOT_ENTERED, RequirementStatus.NOT_ENTERED, Transition.NONE),
        (RequirementStatus.NOT_ENTERED, RequirementStatus.PREPARATION, Transition.PREPARATION_STARTS),
        (RequirementStatus.NOT_ENTERED, RequirementStatus.APPLIES, Transition.ENTERS),
        (RequirementStatus.PREPARATION, RequirementStatus.APPLIES, Transition.ENTERS),
        (RequirementStatus.PREPARATION, RequirementStatus.NOT_ENTERED, Transition.COUNTER_BROKEN),
        (RequirementStatus.APPLIES, RequirementStatus.NOT_ENTERED, Transition.CEASES),
        (RequirementStatus.APPLIES, RequirementStatus.PREPARATION, Transition.CEASES),
    ],
)
def test_a_judgement_changes_what_the_requirement_says(
    now: RequirementStatus, judged: RequirementStatus, expected: Transition
) -> None:
    assert transition(now, judged) is expected
