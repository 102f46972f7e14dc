"""Service tasks and forms of loggkontroll: drawing what is reviewed, and keeping what was found."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from engine.clock import LOCAL_ZONE
from engine.errors import InvalidInput
from engine.handlers import FormContext, HandlerRegistry, JobContext
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.handlers.case_jobs import today
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput
from processes.aktivitetskrav.records import log_reviews
from processes.aktivitetskrav.records.log_reviews import DrawnBecause, Read
from processes.resources import Resources

REASONS = {
    DrawnBecause.PROTECTED: "skyddade personuppgifter",
    DrawnBecause.COLLEAGUE: "samma namn som någon anställd",
    DrawnBecause.NO_RELATION: "ingen uppgift i ärendet",
    DrawnBecause.SAMPLE: "stickprov",
}


class OwnReads(InvalidInput):
    """Stickprovet innehåller dina egna läsningar. Någon annan måste granska det."""

    code = "OWN_READS"

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"loggkontrollUtfall": self.message}


def register_log_control(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of log reviews."""
    parameters = resources.parameters

    @registry.job("dra-loggprov")
    def draw(job: JobContext) -> dict[str, Any]:
        month = Month.of(today(job)).plus(-1)
        begin, end = (datetime.combine(each.first_day, time(), LOCAL_ZONE) for each in (month, month.plus(1)))
        reads = log_reviews.reads_between(job.uow, begin, end)
        drawn = log_reviews.draw(
            job.uow,
            reads,
            seed=str(month),
            sample=int(parameters.value("loggkontroll_antal", today(job), None)),
            most=int(parameters.value("loggkontroll_misstankta_antal", today(job), None)),
            staff_names=[user.name for user in resources.roles.demo_users.values()],
        )
        made = log_reviews.keep_review(job.uow, job.instance_id, begin, end, drawn)
        return {
            "loggkontrollId": str(made),
            "loggperiod": str(month),
            "antalLasningar": len(reads),
            "loggprov": [_told(read, drawn[read.id]) for read in reads if read.id in drawn],
        }

    @registry.job("spara-loggkontroll")
    def keep(job: JobContext) -> None:
        inputs = Inputs(job.variables)
        review = inputs.identifier("loggkontrollId")
        if review is None:
            raise MissingInput("Uppgiften 'loggkontrollId' saknas.")
        outcome = inputs.text("atgardAtkomst") or inputs.needed("loggkontrollUtfall")
        note = inputs.text("utredningAtkomst") or inputs.text("loggkontrollAnteckning")
        log_reviews.keep_outcome(job.uow, review, outcome, note, inputs.needed("granskadAv"))

    @registry.form("loggkontroll_granskning")
    def reviewed(form: FormContext) -> dict[str, Any]:
        drawn = form.variables.get("loggprov")
        if isinstance(drawn, list) and any(each.get("vem") == form.actor.id for each in drawn):
            raise OwnReads
        return {"granskadAv": form.actor.id}


def _told(read: Read, reason: DrawnBecause) -> dict[str, str]:
    return {
        "nar": read.at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M"),
        "vem": read.viewer,
        "arende": read.case_reference,
        "skal": REASONS[reason],
    }
