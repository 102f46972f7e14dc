"""Each command is told to the observer once, with ids, outcome and time, and nothing of what is in the case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.cases import Party
from engine.clock import ManualClock
from engine.engine import Engine
from engine.errors import Conflict, NotFound
from engine.observing import DONE, REPEATED, UNEXPECTED, CommandReport
from engine.protocols import Actor
from engine.store.database import LostRace
from tests.bpmn_builder import bpmn, end, flows, process, start, user

PROCESS = bpmn(process("val", start("s"), user("a"), end("e"), flows("s->a->e")))
ANNA = Actor("anna", "Anna Andersson")


class Notes:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.reports: list[CommandReport] = []

    def command_ended(self, report: CommandReport) -> None:
        """Remember it."""
        self.reports.append(report)


@pytest.fixture
def notes() -> Notes:
    """What was told."""
    return Notes()


@pytest.fixture
def engine(notes: Notes) -> Engine:
    """An engine with one process, observed."""
    found = Engine.open("sqlite://", clock=ManualClock(datetime(2026, 11, 30, 9, tzinfo=UTC)), observer=notes)
    found.publish({"val.bpmn": PROCESS}, author="Anna", note="")
    notes.reports.clear()
    return found


def test_a_command_is_told_with_its_case_instance_actor_and_time(engine: Engine, notes: Notes) -> None:
    case_id = engine.open_case("prov", "2026-1", parties=[Party("social", None)], title="Anna Andersson", actor=ANNA)
    instance = engine.start("val", {"namn": "Anna Andersson"}, case_id=case_id, actor=ANNA)

    opened, started = notes.reports
    assert (opened.name, opened.outcome, opened.cases, opened.instances) == ("open_case", DONE, (case_id,), ())
    assert (started.name, started.cases, started.instances) == ("start", (case_id,), (instance,))
    assert (started.actor_id, started.attempts) == ("anna", 1)
    assert started.seconds > 0
    assert "Andersson" not in repr(notes.reports)


def test_an_error_a_repetition_and_a_fault_are_outcomes_of_their_own(engine: Engine, notes: Notes) -> None:
    engine.start("val", key="once")
    engine.start("val", key="once")
    with pytest.raises(NotFound):
        engine.start("none")
    with pytest.raises(ZeroDivisionError):
        engine.run_command(lambda context: 1 / 0, "divide", ANNA, None)

    assert [report.outcome for report in notes.reports] == [DONE, REPEATED, "NOT_FOUND", UNEXPECTED]


def test_a_command_that_loses_every_race_is_told_once_with_its_attempts(engine: Engine, notes: Notes) -> None:
    def lose(context: object) -> None:
        raise LostRace

    with pytest.raises(Conflict):
        engine.run_command(lose, "lose", ANNA, None)

    (report,) = notes.reports
    assert (report.outcome, report.attempts) == ("CONFLICT", 5)


def test_a_completed_task_is_told_with_its_element(engine: Engine, notes: Notes) -> None:
    engine.start("val")
    (item,) = engine.queries.open_items()

    engine.complete(item.id, actor=ANNA)

    assert [report.about for report in notes.reports] == [None, "a"]
