"""What looks at many cases refuses what cannot be, and does nothing that nobody has approved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.engine import Engine
from engine.errors import NotFound
from engine.protocols import SYSTEM, Actor
from engine.store.unit_of_work import UnitOfWork
from processes.aktivitetskrav.records import disposals, inventories, log_reviews, providers, reports
from processes.aktivitetskrav.records.disposals import Due
from processes.aktivitetskrav.records.reports import Figure, ReportKind, Section

MATTIAS = Actor("mattias", "Mattias Ek")


def write(engine: Engine, act: Any) -> Any:
    """Do something in one transaction."""
    return engine.run_command(lambda context: act(context.uow), "test", SYSTEM, None)


def test_a_correction_is_a_version_of_its_own_and_the_first_stays_as_it_was(engine: Engine) -> None:
    # given
    def freeze(number: int) -> int:
        figures = [Figure(Section.HINDRANCE, "arbetslos", "anvisade", number)]
        return int(write(engine, lambda uow: reports.freeze(uow, ReportKind.IVO, "2027-K1", "i", figures)))

    # when
    first, second = freeze(7), freeze(9)
    # then
    with engine.database.reading() as reader:
        assert [each.version for each in reports.all_reports(reader, ReportKind.IVO)] == [1, 2]
        assert [each.number for each in reports.figures_of(reader, first)] == [7]
        assert [each.number for each in reports.figures_of(reader, second)] == [9]
        assert reports.all_reports(reader, ReportKind.STATISTICS) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda uow: reports.approve(uow, 99, "x"),
        lambda uow: reports.find_report(uow, 99),
        lambda uow: reports.keep_file(uow, 99, "x"),
        lambda uow: inventories.keep_result(uow, 99, "x", date(2027, 1, 1)),
        lambda uow: providers.prolong(uow, 99, date(2027, 1, 1)),
        lambda uow: providers.end_agreement(uow, 99, date(2027, 1, 1), None),
        lambda uow: log_reviews.keep_outcome(uow, 99, "inget", None, "x"),
        lambda uow: disposals.approve_list(uow, 99, "x"),
    ],
)
def test_what_does_not_exist_is_said(engine: Engine, act: Any) -> None:
    with pytest.raises(NotFound):
        write(engine, act)


def test_nothing_of_a_list_is_disposed_of_until_it_is_approved_and_what_is_kept_never(engine: Engine) -> None:
    # given
    cases = [engine.open_case("aktivitetskrav", name) for name in ("A", "B")]
    due = [Due(cases[0], "A", date(2020, 1, 1), None), Due(cases[1], "B", date(2020, 1, 1), "urval")]
    listed = write(engine, lambda uow: disposals.keep_list(uow, "i", date(2026, 12, 1), due))

    def to_dispose(uow: UnitOfWork) -> list[str]:
        return disposals.approved_cases(uow, listed)

    # then
    assert write(engine, to_dispose) == []
    write(engine, lambda uow: disposals.approve_list(uow, listed, "birgitta"))
    assert write(engine, to_dispose) == [cases[0]]
    write(engine, lambda uow: disposals.empty_registers(uow, listed, cases[0]))
    assert write(engine, to_dispose) == []


def test_a_provider_without_places_becomes_an_incident_and_no_activity(engine: Engine) -> None:
    # given: an agreement whose number of places is missing
    instance = engine.start("utforare", actor=MATTIAS)
    item = engine.queries.open_items()[0]
    engine.set_variables(instance, {"avtaladePlatser": None}, actor=SYSTEM)
    today = engine.clock.now().date()
    answers = {
        "utforareNamn": "Bageriet",
        "utforareSlag": "foretag",
        "aktivitetNamn": "Praktik",
        "aktivitetstyp": "arbetsplats",
        "timmarPerVecka": 30,
        "handledare": "Bagaren",
        "avtalFran": today.isoformat(),
        "avtalTill": (today + timedelta(days=400)).isoformat(),
    }
    engine.complete(item.id, answers, actor=MATTIAS)
    kinds = {"kravlista": [], "kravUppfyllda": "ja", "kravKommentar": None}
    engine.complete(engine.queries.open_items()[0].id, kinds, actor=Actor("kerstin", "Kerstin"))
    # when
    approved = {"utforareBeslut": "godkanns", "utforareMotivering": "Bra"}
    engine.complete(engine.queries.open_items()[0].id, approved, actor=Actor("charlotte", "Charlotte"))
    for _ in range(4):
        engine.advance("PT1H")
    # then
    assert [each.element_id for each in engine.queries.incidents().items] == ["lagg_in_i_katalogen"]
    assert "avtaladePlatser" in engine.queries.incidents().items[0].message
