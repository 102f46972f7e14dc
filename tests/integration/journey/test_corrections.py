"""What the registers hold about corrected decisions, and months of deviations that an earlier version took apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from engine.clock import ManualClock
from engine.errors import NotFound
from engine.store.database import Database
from engine.store.migrating import _config
from engine.store.unit_of_work import UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.records import PART, corrections, decisions
from processes.aktivitetskrav.records.decisions import DeviationOutcome, DeviationReport, MadeDecision

OCTOBER = Month(2026, 10)


@pytest.fixture
def uow() -> Iterator[UnitOfWork]:
    database = Database.open("sqlite://", parts=[PART])
    database.migrate()
    with database.transaction(ManualClock(datetime(2026, 11, 2, 8, 0, tzinfo=UTC))) as opened:
        yield opened
    database.close()


def decided(uow: UnitOfWork) -> int:
    made = MadeDecision("avvikelse", "nedsatt", None, None, "birgitta", date(2026, 11, 2))
    return decisions.add_decision(uow, "case", made, "instance")


def test_the_month_and_the_reporter_behind_a_decision_are_found(uow: UnitOfWork) -> None:
    # given
    decision = decided(uow)
    told = ("kind", "first_day", "last_day", "hours", "description", "contact_attempts", "explanation")
    report = DeviationReport(**dict.fromkeys(told), reason_category=None, month=OCTOBER, reported_by="karim")
    deviation = decisions.add_deviation(uow, "case", report)
    decisions.set_deviation_outcome(uow, "case", deviation, DeviationOutcome("nedsatt", None, None, "b", decision))
    # then
    assert corrections.deviation_of(uow, "case", decision) == corrections.DecidedDeviation(deviation, OCTOBER, "karim")
    assert corrections.deviation_of(uow, "another case", decision) is None


def test_a_decision_of_another_case_is_not_found(uow: UnitOfWork) -> None:
    decision = decided(uow)
    assert corrections.find_decision(uow, "case", decision).outcome == "nedsatt"
    with pytest.raises(NotFound, match="inget beslut"):
        corrections.find_decision(uow, "another case", decision)


def test_months_that_the_first_version_took_apart_are_months_again(tmp_path: Path) -> None:
    # given: a database of the first version
    url = f"sqlite:///{tmp_path / 'old.db'}"
    old = create_engine(url)
    with old.begin() as connection:
        command.upgrade(_config(PART, connection), "0001")
        for month in ("{'year': 2026, 'month': 9}", "2026-10"):
            connection.execute(
                text("INSERT INTO ak_deviation (case_id, month, reported_at) VALUES ('case', :month, :at)"),
                {"month": month, "at": "2026-10-25 02:30:00.000000"},
            )
        # when
        command.upgrade(_config(PART, connection), "head")
        # then
        found = connection.execute(text("SELECT month FROM ak_deviation ORDER BY id")).scalars().all()
    old.dispose()
    assert found == ["2026-09", "2026-10"]
