"""Service tasks and forms of gallring: listing what has passed its time, approval by another, disposal."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from engine.clock import LOCAL_ZONE
from engine.disposal import dispose_of_case
from engine.due import add, period_of
from engine.errors import InvalidInput
from engine.handlers import FormContext, HandlerRegistry, JobContext
from processes.aktivitetskrav.decisions_import import FAMILY
from processes.aktivitetskrav.handlers.case_jobs import today
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, feel_date
from processes.aktivitetskrav.records import disposals
from processes.resources import Resources

_SHOWN = 50  # cases that the form lists; the register has all


class ReviewerApproves(InvalidInput):
    """Den som godkänner gallringen får inte vara den som granskade listan."""

    code = "REVIEWER_APPROVES"

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"gallringsbeslut": self.message}


def register_disposal(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of disposal."""
    parameters = resources.parameters

    @registry.job("lista-gallring")
    def list_due(job: JobContext) -> dict[str, Any]:
        midnight = datetime.combine(today(job), time(), LOCAL_ZONE)
        years = int(parameters.value("gallring_ar", today(job), None))
        before = add(midnight, period_of(f"-P{years}Y"))
        kept = [int(day) for day in parameters.value("gallring_bevara_dagar", today(job), None)]
        found = disposals.due_cases(job.uow, FAMILY, before, kept)
        made = disposals.keep_list(job.uow, job.instance_id, today(job), found)
        due = [each for each in found if each.kept_because is None]
        return {
            "gallringId": str(made),
            "gallringGrans": feel_date(before.astimezone(LOCAL_ZONE).date()),
            "gallringFinns": bool(due),
            "antalAttGallra": len(due),
            "antalBevaras": len(found) - len(due),
            "gallringslista": [
                {"arende": each.reference, "senast": feel_date(each.last_entry_on)} for each in due[:_SHOWN]
            ],
        }

    @registry.job("gallra")
    def dispose(job: JobContext) -> dict[str, Any]:
        listed = _listed(Inputs(job.variables))
        cases = disposals.approved_cases(job.uow, listed)
        for case_id in cases:
            dispose_of_case(job.command, case_id)
            disposals.empty_registers(job.uow, listed, case_id)
        return {"antalGallrade": len(cases)}

    @registry.form("gallring_granskning")
    def reviewed(form: FormContext) -> dict[str, Any]:
        return {"granskadAv": form.actor.id}

    @registry.form("gallring_godkannande")
    def approved(form: FormContext) -> dict[str, Any]:
        if form.variables.get("granskadAv") == form.actor.id:
            raise ReviewerApproves
        if form.answers.get("gallringsbeslut") == "godkanns":
            disposals.approve_list(form.uow, _listed(Inputs(form.variables)), form.actor.id)
        return {"beslutadAv": form.actor.id}


def _listed(inputs: Inputs) -> int:
    found = inputs.identifier("gallringId")
    if found is None:
        raise MissingInput("Uppgiften 'gallringId' saknas.")
    return found
