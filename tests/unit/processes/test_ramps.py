"""The steps of a ramp-up are data: whole weeks, sane hours, refused otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import InvalidInput
from processes.aktivitetskrav.handlers.ramps import steps_of
from processes.aktivitetskrav.records.ramps import RampStep


def test_steps_are_numbered_in_their_order() -> None:
    told = {"trappa": [{"timmar": 10, "veckor": 4}, {"timmar": Decimal("17.5"), "veckor": 2}]}
    assert steps_of(told) == [RampStep(1, Decimal(10), 4), RampStep(2, Decimal("17.5"), 2)]


@pytest.mark.parametrize("told", [None, []])
def test_a_plan_without_steps_has_none(told: Any) -> None:
    assert steps_of({"trappa": told}) == steps_of({}) == []


@pytest.mark.parametrize(
    "told",
    [
        "10 timmar",
        [10],
        [{"timmar": 10}],
        [{"veckor": 4}],
        [{"timmar": -1, "veckor": 4}],
        [{"timmar": 10, "veckor": 0}],
        [{"timmar": 10, "veckor": Decimal("1.5")}],
        [{"timmar": 10, "veckor": 53}],
        [{"timmar": "många", "veckor": 4}],
    ],
)
def test_what_is_no_step_is_refused(told: Any) -> None:
    with pytest.raises(InvalidInput):
        steps_of({"trappa": told})


def test_a_step_lasts_its_weeks_from_the_day_it_began() -> None:
    assert RampStep(1, Decimal(10), 4, date(2026, 10, 5)).until == date(2026, 11, 2)
    assert RampStep(1, Decimal(10), 4).until is None
