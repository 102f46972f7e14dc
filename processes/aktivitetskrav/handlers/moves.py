"""Service tasks of personuppgifter: a new number is told to who has the old one, a case moves to another district."""

from __future__ import annotations

from typing import Any

from engine import cases
from engine.handlers import HandlerRegistry, JobContext
from engine.store import case_rows
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.handover import labour_market, move_party
from processes.aktivitetskrav.handlers.inputs import Inputs, WrongInput
from processes.aktivitetskrav.records import outbox, persons, placements, population
from processes.resources import Resources


def register_moves(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of changed numbers and of moves between districts."""

    @registry.job("kontrollera-identitet")
    def who_has_the_number(job: JobContext) -> dict[str, Any]:
        client = persons.find_client(job.uow, case_of(job))
        has = {
            "verksamhetssystem": ("Verksamhetssystemet", True),
            "af": ("Arbetsförmedlingen", bool(client.jobcentre_registered)),
            "am": ("Arbetsmarknadsförvaltningen", labour_market(resources) in _units(job)),
            "utforare": ("Utföraren", bool(placements.current_placements(job.uow, case_of(job)))),
        }
        return {"numretFinnsHos": [{"value": key, "label": name} for key, (name, told) in has.items() if told]}

    @registry.job("hamta-enheter")
    def list_units(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        unit = persons.find_client(job.uow, case_of(job)).unit
        names = {each: resources.roles.units[each].name_sv for each in resources.roles.case_units}
        return {
            "enheter": [{"value": each, "label": name} for each, name in names.items() if each != unit],
            "enhetFran": inputs.text("enhetFran") or unit,
            "enhetTill": inputs.text("enhetTill"),
        }

    @registry.job("byt-enhet")
    def move(job: JobContext) -> dict[str, Any]:
        return _move(job, resources)

    @registry.job("byt-jobbtorg")
    def move_labour_market(job: JobContext) -> None:
        unit = _counterpart(job, resources)
        move_party(job, resources, unit)
        persons.set_adviser(job.uow, case_of(job), None)  # the new unit says who takes over
        outbox.add_note(job.uow, case_of(job), "jobbtorg_bytt", {"till": unit})


def _move(job: JobContext, resources: Resources) -> dict[str, Any]:
    inputs = Inputs(job.variables)
    unit, old = inputs.needed("enhetTill"), inputs.needed("enhetFran")
    if unit not in resources.roles.case_units:
        raise WrongInput(f"Enheten '{unit}' kan inte äga ärenden.")
    if persons.find_client(job.uow, case_of(job)).unit != unit:  # unless the month's decision moved it already
        organisation = resources.roles.units[unit].organisation
        cases.add_party(job.command, case_of(job), cases.Party(organisation=organisation, unit=unit))
        persons.move_client(job.uow, case_of(job), unit)
    on = inputs.day("flyttDatum") or today(job)
    persons.note_move(job.uow, case_of(job), from_unit=old, to_unit=unit, on=on, reason=inputs.text("flyttKommentar"))
    known = resources.roles.units.get(old)
    present = _units(job).get(labour_market(resources))
    return {
        "enhet": unit,
        "enhetFranNamn": known.name_sv if known else old,
        "oppnaUppgifter": population.count_open_items(job.uow, case_of(job)),
        "jobbtorgKanBytas": present is not None and _counterpart(job, resources) not in (None, present),
    }


def _units(job: JobContext) -> dict[str, str | None]:
    """Which unit of each organisation has the case now."""
    return case_rows.units_of(job.uow, case_of(job), job.now)


def _counterpart(job: JobContext, resources: Resources) -> str | None:
    unit = persons.find_client(job.uow, case_of(job)).unit
    return resources.roles.counterpart(unit, labour_market(resources))
