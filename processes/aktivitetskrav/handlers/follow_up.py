"""Service tasks of uppfoljning: the month's attendance, follow-ups and reassessments."""

from __future__ import annotations

from typing import Any

from engine.feel.plain import to_plain
from engine.handlers import HandlerRegistry, JobContext
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, feel_date, feel_number
from processes.aktivitetskrav.records import attendance, decisions, outbox, persons
from processes.aktivitetskrav.records.decisions import MadeDecision


def register_follow_up(registry: HandlerRegistry) -> None:
    """Register the handlers of monthly attendance, follow-up and reassessment."""

    @registry.job("sammanstall-manad")
    def compile_month(job: JobContext) -> dict[str, Any]:
        return {"manadsunderlag": _month(job, Inputs(job.variables).needed_month("underlagsmanad"))}

    @registry.job("lamna-manadsunderlag")
    def hand_in_month(job: JobContext) -> dict[str, Any]:
        month = Inputs(job.variables).inner("manadsunderlag").needed_month("manad")
        compiled = _month(job, month)  # once more: attendance may have been completed since
        figures = {name: to_plain(value) for name, value in compiled.items()}
        made = attendance.hand_in_month(job.uow, case_of(job), month, figures)
        return {"underlagId": str(made), "manadsunderlag": compiled}

    @registry.job("registrera-uppfoljning")
    def register_follow_up_(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        without = attendance.add_follow_up(
            job.uow, case_of(job), inputs.needed("progression"), inputs.text("uppfoljningAnteckning")
        )
        return {"antalUtanProgression": without}

    @registry.job("registrera-omprovning")
    def register_reassessment(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        outcome, until, hours = (
            inputs.needed("omprovningUtfall"),
            inputs.day("nyPlanTill"),
            inputs.number("nyaKravtimmar"),
        )
        decided_by = inputs.text("beslutadAv")
        if decided_by is None:
            raise MissingInput("Uppgiften 'beslutadAv' saknas: omprövningen måste ha en beslutsfattare.")
        made = MadeDecision("omprovning", outcome, inputs.text("omprovningMotivering"), until, decided_by, today(job))
        decisions.add_decision(job.uow, case_of(job), made, job.instance_id)
        outbox.add_note(job.uow, case_of(job), "omprovning", {"utfall": outcome})
        if until is not None:
            decisions.prolong_plan(job.uow, case_of(job), until)
        persons.set_extent(job.uow, case_of(job), hours, None)
        return {
            "omprovningTyp": None,  # answered: the next reassessment has a reason of its own
            "planTill": feel_date(decisions.plan_until(job.uow, case_of(job))),
            "kravtimmar": feel_number(persons.find_client(job.uow, case_of(job)).hours),
        }


def _month(job: JobContext, month: Month) -> dict[str, Any]:
    """A month's attendance in hours, by the register as it stands now."""
    figures = attendance.month_figures(job.uow, case_of(job), month)
    return {
        "manad": str(month),
        "planeradeTimmar": feel_number(figures.planned),
        "narvaroTimmar": feel_number(figures.present),
        "anmaldFranvaroTimmar": feel_number(figures.excused),
        "oanmaldFranvaroTimmar": feel_number(figures.unexcused),
        "installdaTimmar": feel_number(figures.cancelled),
        "ejBedomdaPass": figures.unjudged_sessions,
    }
