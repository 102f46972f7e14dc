"""Service tasks of avslut and utfallsuppfoljning: closing a case, what became of the person, coming back."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine import cases, operate
from engine.handlers import HandlerRegistry, JobContext
from processes.aktivitetskrav.codes import Outcome
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, feel_number
from processes.aktivitetskrav.records import closings, mergers, outbox, persons, support
from processes.aktivitetskrav.records.closings import Closing, LaterOutcome
from processes.aktivitetskrav.records.mergers import RunningProcess
from processes.aktivitetskrav.states import RequirementStatus
from processes.resources import Resources

DECEASED = "avliden"
CLOSING_PROCESS = "avslut"
_WITH_SUPPORT = (Outcome.GRANTED, Outcome.REDUCED, Outcome.REFUSED)
"""Months in which a person is still a client: refused for a deviation too."""
_FILLED_IN = ("avslutsgrund", "avslutsdatum", "avslutAnteckning", "deltidTimmar", "orsak")
"""What only some of the starts say."""


def register_closing(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of closing, later outcomes and coming back."""

    @registry.job("hamta-avslutslage")
    def read_state(job: JobContext) -> dict[str, Any]:
        person = persons.person_of_case(job.uow, case_of(job)).id
        outcomes = support.outcomes_of(job.uow, person)
        supported = [month for month, outcome in outcomes.items() if outcome in _WITH_SUPPORT]
        has_support = bool(outcomes) and max(outcomes) in supported
        return {
            "avslutslage": _stage(job, has_support),
            "senasteStodmanad": str(max(supported)) if supported else None,
            **{name: job.variables.get(name) for name in _FILLED_IN},
        }

    @registry.job("avbryt-pagaende")
    def cancel_everything(job: JobContext) -> dict[str, Any]:
        died = Inputs(job.variables).day("avslutsdatum") or today(job)
        persons.set_deceased(job.uow, persons.person_of_case(job.uow, case_of(job)).id, died)
        others = _others(job)
        for each in others:
            operate.cancel(job.command, each.id, "Personen har avlidit.")
        return {"antalAvbrutna": len(others)}

    @registry.job("registrera-avslut")
    def register(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        found, closed_on = inputs.inner("avslutsutfall"), inputs.day("avslutsdatum")
        if closed_on is None:
            raise MissingInput("Uppgiften 'avslutsdatum' saknas.")
        made = Closing(
            ground=inputs.needed("avslutsgrund"),
            outcome_code=found.needed("utfallskod"),
            closed_on=closed_on,
            note=inputs.text("avslutAnteckning"),
            dispose_on=_disposal(job, resources, closed_on),
        )
        new = closings.add_closing(job.uow, case_of(job), made)
        why = found.text("skal")
        persons.set_status(job.uow, case_of(job), RequirementStatus.NOT_ENTERED, required_from=None, reason=why)
        outbox.add_note(job.uow, case_of(job), "avslut", {"grund": made.ground, "utfallskod": made.outcome_code})
        return {"avslutId": str(new)}

    @registry.job("registrera-utfall")
    def register_outcome(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        closed_on = inputs.day("avslutsdatum")
        if closed_on is None:
            raise MissingInput("Uppgiften 'avslutsdatum' saknas.")
        seen = LaterOutcome(
            days_after=(today(job) - closed_on).days,
            income=inputs.needed("utfallForsorjning"),
            self_supporting=inputs.needed("utfallSjalvforsorjande"),
            note=inputs.text("utfallAnteckning"),
        )
        closings.add_outcome(job.uow, case_of(job), _closing(inputs), seen)
        return {"dagarKvar": [feel_number(days) for days in sorted(inputs.inner("tillfalle").numbers("dagar"))[1:]]}

    @registry.job("registrera-aterintrade")
    def register_return(job: JobContext) -> None:
        closings.reenter(job.uow, case_of(job), _closing(Inputs(job.variables)), today(job))
        outbox.add_note(job.uow, case_of(job), "aterintrade", {"datum": today(job).isoformat()})

    @registry.job("stang-for-arkiv")
    def close(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        if _others(job):
            return {"arendetStangt": False}
        disposal = _disposal(job, resources, today(job))
        closings.archive(job.uow, case_of(job), _closing(inputs), today(job), disposal)
        cases.close_case(job.command, case_of(job), inputs.text("avslutsgrund") or "", job.instance_id)
        return {"arendetStangt": True}


def _stage(job: JobContext, has_support: bool) -> str:
    """Whether there is a ground to close, and whether it is known: kand, bedoms, ingen_grund."""
    inputs = Inputs(job.variables)
    ground = inputs.text("avslutsgrund")
    if ground == DECEASED:
        return "kand"
    at_work = CLOSING_PROCESS in {each.process_id for each in _others(job)}
    if at_work or closings.is_closed(job.uow, case_of(job)):
        return "ingen_grund"
    if ground is not None:
        return "kand"
    asked_for = inputs.text("avslutKalla") is not None
    return "bedoms" if asked_for or not has_support else "ingen_grund"


def _others(job: JobContext) -> list[RunningProcess]:
    """What runs in the case besides the process that asks."""
    return [each for each in mergers.running_processes(job.uow, case_of(job)) if each.id != job.instance_id]


def _disposal(job: JobContext, resources: Resources, last_note: date) -> date:
    """When a case may be disposed of whose last note was made on `last_note` (parameter gallring_ar)."""
    unit = persons.find_client(job.uow, case_of(job)).unit
    years = int(resources.parameters.value("gallring_ar", today(job), unit))
    return last_note.replace(year=last_note.year + years, day=min(last_note.day, 28))


def _closing(inputs: Inputs) -> int:
    found = inputs.identifier("avslutId")
    if found is None:
        raise MissingInput("Uppgiften 'avslutId' saknas.")
    return found
