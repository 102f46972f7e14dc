"""Service tasks of plan and of decisions in general."""

from __future__ import annotations

from typing import Any

from engine.feel.plain import to_plain
from engine.handlers import HandlerRegistry, JobContext
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.forms import ASSESSMENT
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, feel_date, feel_number
from processes.aktivitetskrav.handlers.matching import planned_hours
from processes.aktivitetskrav.handlers.ramps import steps_of
from processes.aktivitetskrav.records import decisions, outbox, persons, placements, ramps
from processes.aktivitetskrav.records.decisions import MadeDecision, PlanText


def register_plans(registry: HandlerRegistry) -> None:
    """Register the handlers of plans, consultation with Arbetsförmedlingen, and decisions."""

    @registry.job("hamta-planunderlag")
    def collect(job: JobContext) -> dict[str, Any]:
        survey = Inputs(decisions.latest_survey(job.uow, case_of(job)))
        case = persons.find_client(job.uow, case_of(job))
        current = placements.current_placements(job.uow, case_of(job))
        inputs = Inputs(job.variables)
        assessment = Inputs(outbox.latest_note(job.uow, case_of(job), ASSESSMENT))
        return {
            "behovsniva": assessment.text("behovsniva"),
            "kravtimmar": feel_number(case.hours if case.hours is not None else inputs.number("kravtimmar")),
            "planeradeTimmar": feel_number(planned_hours(job)),
            "inskrivenAf": bool(survey.flag("inskrivenAf")),
            "barnomsorgBehov": bool(survey.flag("barnomsorgBehov")),
            "sipBehov": bool(assessment.flag("sipBehov")),
            "mal": assessment.text("mal"),
            "aktiviteter": [
                {
                    "namn": item.activity_name,
                    "typ": item.kind,
                    "timmar": feel_number(item.hours),
                    "start": feel_date(item.starts_on),
                }
                for item in current
            ],
        }

    @registry.job("begar-samrad")
    def ask_jobcentre(job: JobContext) -> dict[str, Any]:
        body = {"aktiviteter": to_plain(job.variables.get("aktiviteter"))}
        outbox.add_note(job.uow, case_of(job), "samrad_begart", body)
        return {"samradDatum": feel_date(today(job))}

    @registry.job("dokumentera-uteblivet-samrad")
    def no_answer(job: JobContext) -> dict[str, Any]:
        asked = Inputs(job.variables).day("samradDatum")
        outbox.add_note(job.uow, case_of(job), "samrad_uteblivet", {"begart": asked.isoformat() if asked else None})
        return {"afSvarText": "Inget svar inom svarstiden"}

    @registry.job("registrera-plan")
    def register_plan(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        until = inputs.day("planTill")
        decision = _decide(job, inputs, "plan", "beslutad", until)
        text = PlanText(
            goal=inputs.text("planMal"),
            short_goal=inputs.text("planMalKort"),
            until=until,
            participants_view=inputs.text("deltagarensSynpunkter"),
            childcare_from=inputs.day("barnomsorgFran"),
            jobcentre_answer=inputs.text("afSvarText"),
            sip_responsible=inputs.text("sipAnsvarig"),
            ramp_up=inputs.text("upptrappningPlan") if inputs.flag("upptrappning") else None,
        )
        plan = decisions.add_plan(job.uow, case_of(job), text, decision)
        if inputs.flag("upptrappning"):
            ramps.add_steps(job.uow, case_of(job), plan, steps_of(job.variables))
        return {"planId": str(plan), "beslutId": str(decision)}

    @registry.job("registrera-beslut")
    def register_decision(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        kind = job.headers.get("beslutstyp", "ovrigt")
        decision = _decide(job, inputs, kind, inputs.text("beslutUtfall"), inputs.day("beslutGiltigTill"))
        return {"beslutId": str(decision), "beslutetsDatum": feel_date(today(job))}


def _decide(job: JobContext, inputs: Inputs, kind: str, outcome: str | None, until: Any) -> int:
    decided_by = inputs.text("beslutadAv")
    if decided_by is None:
        raise MissingInput("Uppgiften 'beslutadAv' saknas: varje beslut måste ha en beslutsfattare.")
    made = MadeDecision(kind, outcome, inputs.text("beslutMotivering"), until, decided_by, today(job))
    return decisions.add_decision(job.uow, case_of(job), made, job.instance_id)
