"""Service tasks of uppfoljning's ramp-up: steps follow each other by the calendar, and a person can hold one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.handlers import HandlerRegistry, JobContext
from engine.protocols import Variables
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.inputs import Inputs, WrongInput, feel_date, feel_number
from processes.aktivitetskrav.handlers.matching import SCHOOL_WEEK
from processes.aktivitetskrav.records import outbox, placements, ramps
from processes.aktivitetskrav.records.ramps import RampStep

_MOST_WEEKS = 52


def register_ramps(registry: HandlerRegistry) -> None:
    """Register the handlers of ramp-up steps."""

    @registry.job("hamta-trappsteg")
    def begin_next(job: JobContext) -> dict[str, Any]:
        step = ramps.begin_next(job.uow, case_of(job), today(job))
        _ask_for(job, None if step is None else step.hours)
        return {"trappsteg": _told(step)}

    @registry.job("hall-trappsteg")
    def hold(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        weeks = inputs.number("hallVeckor")
        if weeks is None or not 1 <= weeks <= _MOST_WEEKS or weeks != int(weeks):
            raise WrongInput(f"Uppgiften 'hallVeckor' ska vara 1-{_MOST_WEEKS} hela veckor.")
        step = ramps.hold_step(job.uow, case_of(job), int(weeks), inputs.text("hallOrsak"))
        outbox.add_note(job.uow, case_of(job), "trappsteg_halls", {"veckor": int(weeks)})
        return {"trappsteg": _told(step)}


def steps_of(variables: Variables) -> list[RampStep]:
    """The steps of a plan as the process knows them: a list of {timmar, veckor}, in order."""
    told = variables.get("trappa")
    if told is None:
        return []
    if not isinstance(told, list) or not all(isinstance(each, Mapping) for each in told):
        raise WrongInput("Uppgiften 'trappa' ska vara en lista av steg.")
    return [_read(number, Inputs(each)) for number, each in enumerate(told, 1)]


def _read(number: int, told: Inputs) -> RampStep:
    hours, weeks = told.number("timmar"), told.number("veckor")
    if hours is None or weeks is None or hours < 0 or not 1 <= weeks <= _MOST_WEEKS or weeks != int(weeks):
        raise WrongInput(f"Steg {number} i upptrappningen ska ha timmar per vecka och 1-{_MOST_WEEKS} hela veckor.")
    return RampStep(number, hours, int(weeks))


def _ask_for(job: JobContext, hours: Decimal | None) -> None:
    """Spread a step's weekly hours over the sessions to come, as the placements share the week; None: all hours."""
    current = placements.current_placements(job.uow, case_of(job))
    whole = sum((each.hours for each in current), Decimal(0))
    share = Decimal(1) if hours is None or not whole else min(hours / whole, Decimal(1))
    for each in current:
        per_session = (each.hours * share / SCHOOL_WEEK).quantize(Decimal("0.01"))
        ramps.plan_sessions(job.uow, each.id, per_session, today(job))


def _told(step: RampStep | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {
        "nummer": step.number,
        "timmar": feel_number(step.hours),
        "veckor": step.weeks,
        "till": feel_date(step.until),
    }
