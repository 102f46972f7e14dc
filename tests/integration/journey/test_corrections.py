"""What the registers hold about corrected decisions, and months of deviations that an earlier version took apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from engine.clock import ManualClock
from engine.context import Context
from engine.errors import InvalidInput, NotFound
from engine.handlers import HandlerRegistry, JobContext
from engine.store.database import Database
from engine.store.migrating import _config
from engine.store.unit_of_work import UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.handlers.deviations import register_deviations
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


def decided(uow: UnitOfWork, by: str = "birgitta") -> int:
    made = MadeDecision("avvikelse", "nedsatt", None, None, by, date(2026, 11, 2))
    return decisions.add_decision(uow, "case", made, "instance")


def reported(uow: UnitOfWork) -> int:
    told = ("kind", "first_day", "last_day", "hours", "description", "contact_attempts", "explanation")
    report = DeviationReport(**dict.fromkeys(told), reason_category=None, month=OCTOBER, reported_by="karim")
    return decisions.add_deviation(uow, "case", report)


def test_the_month_and_the_reporter_behind_a_decision_are_found(uow: UnitOfWork) -> None:
    # given
    decision = decided(uow)
    deviation = reported(uow)
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


def run(uow: UnitOfWork, kind: str, variables: dict[str, Any]) -> Any:
    """A job of that type in the case."""
    registry = HandlerRegistry()
    register_deviations(registry)
    handler = registry.job_handler(kind)
    assert handler is not None
    return handler(
        JobContext(
            job_id=1,
            type=kind,
            headers={},
            variables=variables,
            case_id="case",
            instance_id="instance",
            process_id="avvikelse",
            element_id="element",
            retries_left=3,
            uow=uow,
            clock=ManualClock(uow.now),
            command=cast(Context, None),
        )
    )


@pytest.mark.parametrize("outcome", ["neka", "nedsatt", "avsta"])
@pytest.mark.parametrize(
    ("made_by", "said", "refusal"),
    [(None, "birgitta", "en människa"), ("birgitta", "eva", "någon annan"), ("karim", "karim", "rapporterade")],
    ids=["nobody decided", "another decided", "the reporter decided"],
)
def test_an_outcome_that_affects_aid_needs_a_decision_by_another_than_the_reporter(
    uow: UnitOfWork, outcome: str, made_by: str | None, said: str, refusal: str
) -> None:
    # given
    deviation = reported(uow)
    decision = None if made_by is None else str(decided(uow, made_by))
    told = {"avvikelseId": str(deviation), "avvikelseUtfall": outcome, "beslutadAv": said, "beslutId": decision}
    # then
    with pytest.raises(InvalidInput, match=refusal):
        run(uow, "registrera-avvikelseutfall", told)


def test_an_acceptable_reason_needs_no_decision_makers_decision(uow: UnitOfWork) -> None:
    told = {"avvikelseId": str(reported(uow)), "avvikelseUtfall": "godtagbart", "beslutadAv": None, "beslutId": None}
    assert run(uow, "registrera-avvikelseutfall", told) is None


def test_the_case_system_hears_of_registered_decisions_only(uow: UnitOfWork) -> None:
    told = {"beslutId": "4711", "stodmanad": "2026-10", "avvikelseUtfall": "neka", "nedsattningProcent": None}
    with pytest.raises(NotFound, match="inget beslut"):
        run(uow, "overfor-beslut", told)
    assert run(uow, "overfor-beslut", {**told, "beslutId": str(decided(uow))})["overforingsId"]
