"""Service tasks of matchning and uppfoljning: places, placements, sessions, months, follow-ups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine import messages
from engine.handlers import HandlerRegistry, JobContext
from engine.protocols import Calendar
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.inputs import Inputs, feel_date, feel_number
from processes.aktivitetskrav.records import attendance, decisions, outbox, placements
from processes.aktivitetskrav.records.attendance import PlannedSession
from processes.aktivitetskrav.records.placements import FreePlace, Placement
from processes.aktivitetskrav.states import PlacementStatus
from processes.aktivitetskrav.weekly import Occupied, Slot, clashes, days_lost
from processes.resources import Resources

PLACE_FREE = "PlatsLedig"
_SHOWN_PLACES = 10
_WEEKS_AHEAD = 8  # how far the check of the week looks for holidays
COUNTED_OTHERWISE = ("anstallningTimmar", "afProgramTimmar", "studierTimmar", "ovrigSysselsattningTimmar")
SCHOOL_WEEK = 5
"""Days that a week's hours are spread over."""
_SESSION_WEEKS = 26  # how far ahead sessions are planned where the plan has no end


_CHOOSES_AGAIN = "valj_igen"
"""The task's header that says: where the place has been taken, the diagram asks for another."""


def register_matching(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of places, placements and assignments."""

    @registry.job("sok-platser")
    def find_places(job: JobContext) -> dict[str, Any]:
        kind = Inputs(job.variables).text("aktivitetstyp")
        free = placements.free_places(job.uow, kind, _SHOWN_PLACES)
        return {"platser": [_option(place) for place in free], "antalPlatser": len(free)}

    @registry.job("kontrollera-schema")
    def check_week(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        wanted = [Slot.parse(text) for text in placements.times_of(job.uow, inputs.needed("platsId"))]
        week = [Occupied(each.activity_name, [Slot.parse(text) for text in each.times]) for each in _current(job)]
        first = inputs.day("startdatum") or resources.calendar.add_working_days(today(job), 1)
        found = list(clashes(wanted, week))
        return {
            "krockar": found,
            "harKrock": bool(found),
            "helgdagar": [feel_date(day) for day in days_lost(wanted, first, _WEEKS_AHEAD, resources.calendar)],
        }

    @registry.job("stall-i-ko")
    def join_queue(job: JobContext) -> dict[str, Any]:
        queued = placements.join_queue(job.uow, case_of(job), Inputs(job.variables).text("aktivitetstyp") or "")
        return {"koId": str(queued), "koDatum": feel_date(today(job))}

    @registry.job("foresla-placering")
    def propose(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        settled = {"krockar": [], "harKrock": False, "krockLost": None}  # the next place is looked at anew
        first = inputs.day("startdatum") or resources.calendar.add_working_days(today(job), 1)
        hours = inputs.number("timmarPerVecka")
        try:
            made = placements.propose_placement(job.uow, case_of(job), inputs.needed("platsId"), first, hours)
        except placements.PlaceTaken:
            if _CHOOSES_AGAIN not in job.headers:
                raise  # an earlier version of the diagram, which would go on without a place
            return {"platsenTagen": True, "planeradeTimmar": feel_number(planned_hours(job)), **settled}
        hours_now = feel_number(planned_hours(job))
        return {"placeringId": str(made), "platsenTagen": False, "planeradeTimmar": hours_now, **settled}

    @registry.job("registrera-anvisning")
    def assign(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        starts_on = inputs.day("anvisningStart")
        proposed = [item.id for item in _current(job) if item.status is PlacementStatus.PROPOSED]
        placements.assign_placements(job.uow, case_of(job), inputs.identifier("planId"), starts_on, today(job))
        until = decisions.plan_until(job.uow, case_of(job))
        for item in _current(job):
            if item.id in proposed:
                days = session_days(item, until, resources.calendar)
                attendance.add_sessions(job.uow, _sessions(item, case_of(job), days))
        return {"anvisningDatum": feel_date(today(job))}

    @registry.job("registrera-af")
    def register_jobcentre(job: JobContext) -> None:
        on = Inputs(job.variables).day("afRegistreradDatum") or today(job)
        placements.note_jobcentre(job.uow, case_of(job), on)
        outbox.add_note(job.uow, case_of(job), "af_registrering", {"datum": on.isoformat()})

    @registry.job("avsluta-placeringar")
    def end(job: JobContext) -> dict[str, Any]:
        reason = Inputs(job.variables).text("avslutsorsak")
        freed = _current(job)
        ended = placements.end_placements(job.uow, case_of(job), reason, today(job))
        offer_places(job, freed)
        return {"antalAvslutade": ended}

    @registry.job("slapp-foreslagna")
    def release(job: JobContext) -> dict[str, Any]:
        return {"antalAvslutade": release_proposed(job, Inputs(job.variables).text("avslutsorsak"))}


def release_proposed(job: JobContext, reason: str | None) -> int:
    """End the case's placements that were only proposed, and offer their places to others; how many ended."""
    proposed = [each for each in _current(job) if each.status is PlacementStatus.PROPOSED]
    ended = placements.release_proposed(job.uow, case_of(job), reason, today(job))
    offer_places(job, proposed)
    return ended


def offer_places(job: JobContext, freed: Iterable[Placement]) -> None:
    """Tell, for each freed place, the one who has waited longest for its kind; who no longer waits is passed over."""
    told: set[str] = set()
    for place in freed:
        for case_id in placements.queue_for(job.uow, place.kind):
            if case_id in told or case_id == job.case_id:
                continue
            payload = {"arendeId": case_id, "ledigPlatsId": place.activity_id}
            heard = messages.correlate(job.command, PLACE_FREE, case_id, payload, None, timedelta(0))
            if heard.instances:
                told.add(case_id)
                break


def planned_hours(job: JobContext) -> Decimal:
    """Hours per week that a case's placements and its other occupation come to (S1:73-76)."""
    survey = Inputs(decisions.latest_survey(job.uow, case_of(job)))
    other = sum((survey.number(name) or Decimal(0) for name in COUNTED_OTHERWISE), Decimal(0))
    return other + sum((item.hours for item in _current(job)), Decimal(0))


def session_days(placement: Placement, until: date | None, calendar: Calendar) -> list[date]:
    """The working days of a placement, from its start to the end of the plan."""
    last = until or placement.starts_on + timedelta(weeks=_SESSION_WEEKS)
    span = min((last - placement.starts_on).days, 7 * _SESSION_WEEKS)
    days = (placement.starts_on + timedelta(days=step) for step in range(span + 1))
    return [day for day in days if calendar.is_working_day(day)]


def _sessions(placement: Placement, case_id: str, days: list[date]) -> list[PlannedSession]:
    hours = (placement.hours / SCHOOL_WEEK).quantize(Decimal("0.01"))
    return [PlannedSession(placement.id, case_id, day, hours) for day in days]


def _current(job: JobContext) -> list[Placement]:
    return placements.current_placements(job.uow, case_of(job))


def _option(place: FreePlace) -> dict[str, str]:
    item = place.activity
    start = f"start {item.starts_on.isoformat()}" if item.starts_on else "löpande start"
    places = "1 ledig plats" if place.free == 1 else f"{place.free} lediga platser"
    hours = feel_number(item.hours)
    return {"value": item.id, "label": f"{item.name}, {item.provider} ({hours} h/vecka, {start}, {places})"}
