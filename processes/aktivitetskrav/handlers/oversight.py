"""Service tasks and forms of inventering and utvardering: needs against supply, key figures, improvements."""

from __future__ import annotations

import itertools
from typing import Any

from engine.handlers import FormContext, HandlerRegistry, JobContext
from processes.aktivitetskrav.codes import ACTIVITY_NAMES, HINDRANCE_NAMES
from processes.aktivitetskrav.handlers.case_jobs import today
from processes.aktivitetskrav.handlers.forms import ASSESSMENT
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, feel_date
from processes.aktivitetskrav.records import inventories, key_figures
from processes.aktivitetskrav.records.inventories import Dimension, Improvement, Need
from processes.aktivitetskrav.suppression import shown, shown_together
from processes.resources import Resources

DECIDING_OVERSIGHT = ("inventering_beslut", "utvardering_beslut")
"""Forms by which a person decides what is to be improved."""
_PROPOSALS = {
    "inventering": ("insatsforslag", "insatsbeslut", "insatsbeslutMotivering"),
    "utvardering": ("forbattringsforslag", "forbattringsbeslut", "forbattringMotivering"),
}
"""By the header `slag`: where the proposal, the decision and its reasons are."""
_CODES = {
    Dimension.HINDRANCE: HINDRANCE_NAMES,
    Dimension.ACTIVITY: ACTIVITY_NAMES,
    Dimension.LEVEL: {
        "niva1": "behovsnivå 1",
        "niva2": "behovsnivå 2",
        "niva3": "behovsnivå 3",
        "niva4": "behovsnivå 4",
    },
    Dimension.LANGUAGE: {"ingen": "ingen svenska", "modersmal": "svenska som modersmål"},
    Dimension.ABILITY: {
        "hel": "hel arbetsförmåga",
        "delvis": "delvis arbetsförmåga",
        "nedsatt": "nedsatt arbetsförmåga",
        "oklar": "oklar arbetsförmåga",
    },
    Dimension.CHILDCARE: {"behovs": "behöver barnomsorg"},
}
FIGURE_NAMES = {
    "med_krav": "Personer som kravet gäller för",
    "med_gallande_plan_procent": "Andel med gällande plan (procent)",
    "ledtid_mottagande_dagar": "Från överlämning till mottagande (mediandagar)",
    "ledtid_anvisning_dagar": "Från överlämning till anvisning (mediandagar)",
    "framsteg_procent": "Uppföljningar med framsteg (procent)",
    "provade_avvikelser": "Prövade avvikelser",
    "nekat_eller_nedsatt_procent": "Därav nekat eller nedsatt (procent)",
    "leveransavvikelser": "Leveransavvikelser",
    "overklaganden": "Överklaganden",
    "andrade_efter_overklagande": "Därav ändrade",
}


def register_oversight(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of inventories and evaluations."""
    for form_id in DECIDING_OVERSIGHT:
        registry.form(form_id)(_decided_by)

    @registry.job("inventera")
    def take_inventory(job: JobContext) -> dict[str, Any]:
        needs = inventories.count_needs(job.uow, ASSESSMENT)
        made = inventories.keep_inventory(job.uow, job.instance_id, today(job), needs)
        least = int(resources.parameters.value("minsta_cell", today(job), None))
        return {
            "inventeringId": str(made),
            "inventeringDatum": feel_date(today(job)),
            "gaprader": _rows(needs, least, resources),
        }

    @registry.job("ta-fram-nyckeltal")
    def figures(job: JobContext) -> dict[str, Any]:
        least = int(resources.parameters.value("minsta_cell", today(job), None))
        found = key_figures.key_figures(job.uow, today(job))
        return {"nyckeltal": [{"namn": FIGURE_NAMES[code], "varde": _told(code, found[code], least)} for code in found]}

    @registry.job("registrera-forbattring")
    def register_improvement(job: JobContext) -> dict[str, Any]:
        inputs, kind = Inputs(job.variables), job.headers["slag"]
        proposal, outcome, motivation = _PROPOSALS[kind]
        made = Improvement(
            kind=kind,
            proposal=inputs.text(proposal),
            outcome=inputs.needed(outcome),
            motivation=inputs.text(motivation),
            decided_by=inputs.needed("beslutadAv"),
            decided_on=today(job),
        )
        return {"forbattringId": str(inventories.add_improvement(job.uow, job.instance_id, made))}

    @registry.job("spara-forbattringsresultat")
    def keep_result(job: JobContext) -> None:
        inputs = Inputs(job.variables)
        improvement = inputs.identifier("forbattringId")
        if improvement is None:
            raise MissingInput("Uppgiften 'forbattringId' saknas.")
        inventories.keep_result(job.uow, improvement, inputs.needed("forbattringResultat"), today(job))


def _rows(needs: list[Need], least: int, resources: Resources) -> list[dict[str, Any]]:
    """A row for each need; what stands in one district under one heading is hidden together."""
    rows: list[dict[str, Any]] = []
    for (dimension, unit), group in itertools.groupby(
        sorted(needs, key=lambda need: (need.unit, need.dimension)), key=lambda need: (need.dimension, need.unit)
    ):
        together = list(group)
        people = shown_together({need.code: need.people for need in together}, least)
        district = resources.roles.units.get(unit)
        rows += [
            {
                "omrade": district.name_sv if district else "Hela kommunen",
                "namn": _CODES[dimension].get(need.code) or f"språknivå {need.code.upper()}",
                "personer": people[need.code],
                "platser": None if need.places is None else str(need.places),
            }
            for need in together
        ]
    return rows


def _told(code: str, value: int | None, least: int) -> str:
    """A key figure in words: shares and days as they are, small numbers of people hidden."""
    if value is None:
        return "inget underlag"
    return str(value) if code.endswith(("_procent", "_dagar")) else shown(value, least)


def _decided_by(form: FormContext) -> dict[str, Any]:
    return {"beslutadAv": form.actor.id}
