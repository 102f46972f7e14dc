"""Service tasks and forms of utforare: into the catalogue, prolonged, checked, and out of it again."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine import messages
from engine.clock import local_date
from engine.errors import InvalidInput
from engine.handlers import FormContext, HandlerRegistry, JobContext
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.handlers.case_jobs import today
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, feel_date
from processes.aktivitetskrav.records import placements, providers
from processes.aktivitetskrav.records.placements import Activity
from processes.aktivitetskrav.records.providers import Agreement, ProviderKind

DELIVERY_FAILED = "LeveransavvikelseUpptackt"


class EndsBeforeItStarts(InvalidInput):
    """Avtalets slutdag måste vara efter dess första dag."""

    code = "ENDS_BEFORE_IT_STARTS"

    def __init__(self, field: str) -> None:
        super().__init__()
        self.fields = {field: self.message}


def register_providers(registry: HandlerRegistry) -> None:
    """Register the handlers of providers."""

    @registry.job("aktivera-utforare")
    def activate(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        activity_id = f"avtal-{job.job_id}"
        placements.put_activities(job.uow, [_activity(inputs, activity_id)])
        agreement = Agreement(
            name=inputs.needed("utforareNamn"),
            kind=inputs.needed_code("utforareSlag", ProviderKind),
            activity_id=activity_id,
            supervisor=inputs.text("handledare"),
            requirements=tuple(inputs.texts("kravlista")),
            starts_on=_day(inputs, "avtalFran"),
            ends_on=_day(inputs, "avtalTill"),
            approved_by=inputs.needed("beslutadAv"),
            approved_on=today(job),
        )
        return {"utforareId": str(providers.add_agreement(job.uow, agreement)), "aktivitetId": activity_id}

    @registry.job("forlang-utforare")
    def prolong(job: JobContext) -> dict[str, Any]:
        until = _day(Inputs(job.variables), "nyAvtalTill")
        providers.prolong(job.uow, _provider(job), until)
        return {"avtalTill": feel_date(until)}

    @registry.job("avsluta-utforare")
    def end(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        name = inputs.needed("utforareNamn")
        cases = providers.end_agreement(job.uow, _provider(job), today(job), inputs.text("avtalsbeslutMotivering"))
        for case_id in cases:
            payload = {
                "arendeId": case_id,
                "leveranstyp": "annat",
                "leveransBeskrivning": f"Avtalet med {name} har avslutats.",
                "stodmanad": str(Month.of(today(job))),
            }
            messages.correlate(
                job.command, DELIVERY_FAILED, case_id, payload, f"{DELIVERY_FAILED}:{job.job_id}:{case_id}", None
            )
        return {"antalBerorda": len(cases)}

    @registry.form("utforare_avtal")
    def described(form: FormContext) -> dict[str, Any]:
        inputs = Inputs(form.answers)
        if _day(inputs, "avtalTill") <= _day(inputs, "avtalFran"):
            raise EndsBeforeItStarts("avtalTill")
        return {}

    @registry.form("utforare_godkannande")
    def approved(form: FormContext) -> dict[str, Any]:
        return {"beslutadAv": form.actor.id}

    @registry.form("utforare_kvalitet")
    def checked(form: FormContext) -> dict[str, Any]:
        answers, provider = Inputs(form.answers), Inputs(form.variables).identifier("utforareId")
        if provider is None:
            raise MissingInput("Uppgiften 'utforareId' saknas.")
        on = local_date(form.now)
        providers.add_check(
            form.uow, provider, answers.needed("kvalitet"), answers.text("kvalitetAnteckning"), form.actor.id, on
        )
        return {}

    @registry.form("utforare_fortsattning")
    def continued(form: FormContext) -> dict[str, Any]:
        until = Inputs(form.answers).day("nyAvtalTill")
        if form.answers.get("avtalsbeslut") == "fortsatter" and (until is None or until <= local_date(form.now)):
            raise EndsBeforeItStarts("nyAvtalTill")
        return {"beslutadAv": form.actor.id}


def _activity(inputs: Inputs, activity_id: str) -> Activity:
    capacity, hours = inputs.number("avtaladePlatser"), inputs.number("timmarPerVecka")
    if capacity is None or hours is None:
        raise MissingInput("Uppgiften 'avtaladePlatser' eller 'timmarPerVecka' saknas.")
    return Activity(
        id=activity_id,
        name=inputs.needed("aktivitetNamn"),
        kind=inputs.needed("aktivitetstyp"),
        provider=inputs.needed("utforareNamn"),
        capacity=int(capacity),
        hours=hours,
        starts_on=inputs.day("avtalFran"),
    )


def _day(inputs: Inputs, name: str) -> date:
    found = inputs.day(name)
    if found is None:
        raise MissingInput(f"Uppgiften '{name}' saknas.")
    return found


def _provider(job: JobContext) -> int:
    found = Inputs(job.variables).identifier("utforareId")
    if found is None:
        raise MissingInput("Uppgiften 'utforareId' saknas.")
    return found
