"""Service tasks of avvikelse, overklagande and leveransavvikelse."""

from __future__ import annotations

from typing import Any

from engine.handlers import HandlerRegistry, JobContext
from processes.aktivitetskrav.handlers.case_jobs import case_of
from processes.aktivitetskrav.handlers.forms import ReporterDecides
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, WrongInput
from processes.aktivitetskrav.records import corrections, decisions, outbox
from processes.aktivitetskrav.records.decisions import DeviationOutcome, DeviationReport

AFFECTS_AID = ("neka", "nedsatt", "avsta")
"""Outcomes that only a decision-maker's decision can have."""


def register_deviations(registry: HandlerRegistry) -> None:
    """Register the handlers of deviations, the individual's and the organiser's, and of appeals."""

    @registry.job("registrera-avvikelse")
    def register_deviation(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        report = DeviationReport(
            kind=inputs.text("avvikelsetyp"),
            first_day=inputs.day("avvikelseFran"),
            last_day=inputs.day("avvikelseTill"),
            hours=inputs.number("avvikelseTimmar"),
            month=inputs.month("stodmanad"),
            description=inputs.text("avvikelseBeskrivning"),
            contact_attempts=inputs.text("kontaktforsok"),
            explanation=inputs.text("deltagarensForklaring"),
            reason_category=inputs.text("skalkategori"),
            reported_by=inputs.text("rapporteradAv"),
        )
        return {"avvikelseId": str(decisions.add_deviation(job.uow, case_of(job), report))}

    @registry.job("registrera-avvikelseutfall")
    def register_outcome(job: JobContext) -> None:
        inputs = Inputs(job.variables)
        deviation = inputs.identifier("avvikelseId")
        if deviation is None:
            raise MissingInput("Uppgiften 'avvikelseId' saknas.")
        outcome = DeviationOutcome(
            outcome=inputs.needed("avvikelseUtfall"),
            outcome_motivation=inputs.text("beslutMotivering"),
            reduction_percent=inputs.number("nedsattningProcent"),
            decided_by=inputs.text("beslutadAv"),
            decision_id=inputs.identifier("beslutId"),
        )
        _require_decision(job, deviation, outcome)
        decisions.set_deviation_outcome(job.uow, case_of(job), deviation, outcome)

    @registry.job("overfor-beslut")
    def tell_case_system(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        decision = inputs.identifier("beslutId")
        if decision is None:
            raise MissingInput("Uppgiften 'beslutId' saknas: bara beslut som en människa har fattat får föras över.")
        corrections.find_decision(job.uow, case_of(job), decision)  # one that a person has made in this case
        month, percent = inputs.month("stodmanad"), inputs.number("nedsattningProcent")
        body = {
            "stodmanad": str(month) if month else None,
            "utfall": inputs.text("avvikelseUtfall"),
            "nedsattningProcent": str(percent) if percent is not None else None,
        }
        sent = outbox.add_outgoing(job.uow, case_of(job), job.job_id, "avvikelsebeslut", decision, body)
        return {"overforingsId": str(sent)}

    @registry.job("registrera-leveransavvikelse")
    def register_delivery_deviation(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        made = decisions.add_delivery_deviation(
            job.uow,
            job.case_id,
            kind=inputs.text("leveranstyp"),
            description=inputs.text("leveransBeskrivning"),
            month=inputs.month("stodmanad"),
            cause=inputs.text("leveransOrsak"),
            severity=inputs.text("leveransAllvar"),
            measure=inputs.text("leveransAtgard"),
        )
        return {"leveransavvikelseId": str(made)}

    @registry.job("registrera-overklagande")
    def register_appeal(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        made = decisions.add_appeal(
            job.uow,
            case_of(job),
            decision_id=inputs.identifier("beslutId"),
            received_on=inputs.day("overklagandeDatum"),
            in_time=inputs.text("iRattTid"),
            outcome=inputs.text("overklagandeUtfall"),
        )
        return {"overklagandeId": str(made)}


def _require_decision(job: JobContext, deviation: int, outcome: DeviationOutcome) -> None:
    """Refuse what affects aid unless a person decided it in this case, and not the one who reported it (S1:79-83)."""
    if outcome.outcome not in AFFECTS_AID:
        return
    if outcome.decision_id is None or outcome.decided_by is None:
        raise MissingInput("Biståndet påverkas bara av ett beslut som en människa har fattat: 'beslutId' saknas.")
    known = corrections.find_decision(job.uow, case_of(job), outcome.decision_id)
    if known.decided_by != outcome.decided_by:
        raise WrongInput("Beslutet är fattat av någon annan än den som anges.")
    if decisions.reporter_of(job.uow, case_of(job), deviation) == outcome.decided_by:
        raise ReporterDecides("avvikelseUtfall")
