"""An engine whose diagrams, tables and handlers read parameters, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest

from engine.cases import Party, add_party
from engine.clock import ManualClock
from engine.engine import Engine
from engine.functions import host_functions
from engine.handlers import HandlerRegistry, JobContext
from engine.parameter_values import Certainty, Parameter
from engine.parameters import LiveParameters
from engine.working_time import CalendarBook
from tests.harness import START
from timers.calendar import WorkingCalendar


def parameter(name: str, value: object, valid_from: date = date(2026, 1, 1), for_unit: str | None = None) -> Parameter:
    return Parameter(name, value, "dagar", "S1", Certainty.SEED, valid_from, f"Om {name}", for_unit)  # type: ignore[arg-type]


BASE = {
    "svarstid": (
        parameter("svarstid", 5),
        parameter("svarstid", 10, for_unit="norr"),
        parameter("svarstid", 20, for_unit="torget"),
    ),
    "flyttas": (parameter("flyttas", True),),
    "start": (parameter("start", 3), parameter("start", 4, date(2026, 6, 1))),
}


class Office:
    """Engines on one database and one clock, each with parameters of its own, as processes have."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.url = url
        self.clock = ManualClock(START)
        self._stack = stack

    def open(self, book: CalendarBook | None = None) -> Engine:
        parameters = LiveParameters(BASE, ["norr", "soder", "torget"], ["norr", "soder"])
        handlers = HandlerRegistry()
        handlers.job("las")(lambda job: {"last": parameters.value("svarstid", date(2026, 1, 15), "norr")})
        handlers.job("las-utan-enhet")(lambda job: {"told": parameters.value("svarstid", date(2026, 1, 15))})

        @handlers.job("flytta")
        def move(job: JobContext) -> dict[str, Any]:
            """Move the case to the south; what held before and after."""
            assert job.case_id is not None
            before = parameters.value("svarstid", date(2026, 1, 15))
            add_party(job.command, job.case_id, Party("socialtjanst", "soder"))
            return {"seen": [before, parameters.value("svarstid", date(2026, 1, 15))]}

        functions = host_functions(WorkingCalendar(book), parameters, self.clock)
        opened = Engine.open(self.url, clock=self.clock, handlers=handlers, functions=functions, parameters=parameters)
        return self._stack.enter_context(opened)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with ExitStack() as stack:
        yield Office(database_url, stack)


@pytest.fixture
def engine(office: Office) -> Engine:
    return office.open()
