"""Letters follow the release that a case runs on, and places that become free go to who has waited longest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import text

from engine.clock import ManualClock
from engine.context import Context
from engine.engine import Engine
from engine.protocols import Actor
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.aktivitetskrav.records import attendance, placements
from processes.aktivitetskrav.records.attendance import PlannedSession
from tests.integration.journey.conftest import Town, row, write
from tests.integration.journey.test_paths import Way

LETTER = "aktivitetskrav/texts/krav_intrader.md"
ACTOR = Actor("test", "Test")


def test_a_running_case_gets_the_letter_of_its_own_release(
    engine: Engine, town: Town, clock: ManualClock, tmp_path: Path
) -> None:
    # given: one person's preparation has begun, then the text is changed, then another's begins
    way = Way(engine, town, clock, tmp_path)
    for month in ("2026-07", "2026-08"):
        import_decisions(engine, write(tmp_path / "1.csv", row(1, month)), town.families.roles)
    way.settle()
    engine.publish(town.families.files() | {LETTER: b"NY TEXT till {{ namn }}"}, author="p", note="ny text")
    for month in ("2026-07", "2026-08"):
        import_decisions(engine, write(tmp_path / "2.csv", row(2, month)), town.families.roles)
    way.settle()
    # when: both come to their letters
    both = write(tmp_path / "3.csv", row(1, "2026-09"), row(2, "2026-09"))
    import_decisions(engine, both, town.families.roles)
    way.settle()
    for _ in range(2):
        way.do("Kartlägg situationen", sjukskriven="nej")
    for _ in range(2):
        way.do("Bedöm förmåga och omfattning", undantag="inget", kravtimmar=20)
    # then
    with engine.database.reading() as reader:
        query = (
            "SELECT c.reference, l.text FROM ak_letter l JOIN case_ c ON c.id = l.case_id"
            " WHERE l.template = 'krav_intrader' ORDER BY c.reference"
        )
        first, second = (str(each.text) for each in reader.rows(text(query)))
    assert "NY TEXT" not in first
    assert second.startswith("NY TEXT")


def test_who_waits_for_a_kind_of_place_is_told_in_order_and_once(engine: Engine) -> None:
    # given
    def queue(context: Context) -> list[str]:
        uow = context.uow
        for case_id, kind in (("b", "sprak"), ("a", "sprak"), ("b", "sprak"), ("c", "arbetsplats")):
            placements.join_queue(uow, case_id, kind)
        return placements.queue_for(uow, "sprak")

    # when
    waiting = engine.run_command(queue, "test", ACTOR, None)
    # then
    assert waiting == ["b", "a"]


def test_a_place_that_was_only_proposed_is_released_and_one_that_runs_is_paused(engine: Engine) -> None:
    # given
    def act(context: Context) -> list[str]:
        uow = context.uow
        placements.propose_placement(uow, "k", "jobbsokarverkstad", date(2026, 10, 1), Decimal(10))
        placements.assign_placements(uow, "k", None, None, date(2026, 10, 1))
        placements.propose_placement(uow, "k", "sprakkafe", date(2026, 10, 1), Decimal(9))
        # when
        placements.pause_placements(uow, "k")
        placements.release_proposed(uow, "k", "återlämnat", date(2026, 10, 2))
        return [f"{each.activity_id} {each.status.value}" for each in placements.current_placements(uow, "k")]

    # then
    assert engine.run_command(act, "test", ACTOR, None) == ["jobbsokarverkstad pausad"]


def test_sessions_after_a_placement_has_ended_are_nobodys_to_judge(engine: Engine) -> None:
    # given: two planned sessions, and a placement that ends between them
    def act(context: Context) -> attendance.MonthFigures:
        uow = context.uow
        made = placements.propose_placement(uow, "k", "sprakkafe", date(2026, 10, 1), Decimal(9))
        days = (date(2026, 10, 6), date(2026, 10, 20))
        attendance.add_sessions(uow, [PlannedSession(made, "k", day, Decimal(3)) for day in days])
        # when
        placements.end_placements(uow, "k", "flytt", date(2026, 10, 13))
        return attendance.month_figures(uow, "k", Month(2026, 10))

    # then
    figures = engine.run_command(act, "test", ACTOR, None)
    assert (figures.planned, figures.unjudged_sessions) == (Decimal(3), 1)
