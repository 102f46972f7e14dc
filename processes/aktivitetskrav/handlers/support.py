"""Service tasks of manadsbeslut and kravintrade: months, the chain, the requirement's status and extent."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.clock import local_date
from engine.errors import NotFound
from engine.feel.plain import to_plain
from engine.handlers import HandlerRegistry, JobContext
from engine.protocols import Parameters
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Hindrance, Outcome
from processes.aktivitetskrav.counting import CountingRule, count_chain
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, WrongInput
from processes.aktivitetskrav.records import decisions, persons, support
from processes.aktivitetskrav.records.persons import Client
from processes.aktivitetskrav.states import RequirementStatus, Transition, transition
from processes.resources import Resources


def counting_rule(parameters: Parameters, on: date, unit: str | None) -> CountingRule:
    """The rule that the parameters give for the local date `on` and a unit."""
    entry = parameters.value("ikrafttradande", on, unit)
    return CountingRule(
        entry_month=Month(entry.year, entry.month),
        count_before_entry=bool(parameters.value("rakna_manader_fore_ikraft", on, unit)),
        break_after=int(parameters.value("brytmanader", on, unit)),
        refused_passes=bool(parameters.value("neka_bryter_inte", on, unit)),
    )


def register_support(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of support months and the requirement's status."""

    @registry.job("registrera-manad")
    def register_month(job: JobContext) -> dict[str, Any]:
        case = _client(job)
        inputs = Inputs(job.variables)
        decision = support.Decision(
            person_id=case.person_id,
            month=inputs.needed_month("manad"),
            reference=inputs.needed("referens"),
            outcome=inputs.needed_code("utfall", Outcome),
            hindrance=inputs.code("hinder", Hindrance) or case.hindrance,
            decided_on=inputs.day("beslutsdatum") or local_date(job.now),
        )
        if support.receive(job.uow, decision) is support.Receipt.REUSED:
            raise WrongInput(
                "Referensen finns redan för månaden med annat innehåll; en rättelse ska ha en ny referens."
            )
        known = support.find_month(job.uow, case.person_id, decision.month)
        support.set_month(
            job.uow, case.person_id, decision.month, decision.outcome, decision.reference, known_status(known, case)
        )
        return {"rattelse": _is_correction(known, decision, case)} | counted(job, resources, case)

    @registry.job("kontrollera-nasta-manad")
    def check_next_month(job: JobContext) -> dict[str, Any]:
        case = _client(job)
        following = Inputs(job.variables).needed_month("manad").plus(1)
        if support.find_month(job.uow, case.person_id, following) is not None:
            return {"nastaManadFinns": True}
        support.set_month(job.uow, case.person_id, following, Outcome.NO_SUPPORT, None, case.status)
        return {
            "nastaManadFinns": False,
            "manad": str(following),
            "utfall": Outcome.NO_SUPPORT.value,
            "rattelse": False,
        } | counted(job, resources, case)

    @registry.job("jamfor-kravstatus")
    def compare_status(job: JobContext) -> dict[str, Any]:
        case = _client(job)
        judged = _judged(Inputs(job.variables).inner("bedomning"))
        return {"nuvarandeStatus": case.status.value, "overgang": transition(case.status, judged).value}

    @registry.job("satt-kravstatus")
    def set_status(job: JobContext) -> dict[str, Any]:
        case = _client(job)
        inputs = Inputs(job.variables)
        judgement = inputs.inner("bedomning")
        judged = _judged(judgement)
        counted_to = inputs.inner("rakning").month("senasteManad")
        latest = max(support.outcomes_of(job.uow, case.person_id), default=None)
        if counted_to is not None and latest is not None and counted_to < latest:
            return {"overgang": Transition.NONE.value, "nuvarandeStatus": case.status.value}
        if judged is not case.status:
            persons.set_status(
                job.uow,
                case.case_id,
                judged,
                required_from=judgement.day("kravFran"),
                reason=judgement.text("orsak"),
            )
        return {"overgang": transition(case.status, judged).value, "nuvarandeStatus": judged.value}

    @registry.job("registrera-krav")
    def register_requirement(job: JobContext) -> dict[str, Any]:
        case = _client(job)
        inputs = Inputs(job.variables)
        extent = decisions.Extent(
            hours=inputs.number("kravtimmar"),
            proposed_hours=inputs.number("kravtimmarForslag"),
            required_from=inputs.day("kravFran"),
            exemption=inputs.text("undantag"),
            exemption_reason=inputs.text("undantagOrsak"),
            exemption_until=inputs.day("undantagTill"),
            motivation=inputs.text("omfattningMotivering"),
        )
        survey = {name: to_plain(job.variables[name]) for name in _SURVEY if name in job.variables}
        requirement = decisions.add_requirement(job.uow, case.case_id, extent, survey)
        persons.set_extent(job.uow, case.case_id, extent.hours, inputs.flag("inskrivenAf"))
        return {"kravId": str(requirement)}


OCCUPATION_KINDS = ("studieform", "studierStyrkta", "ovrigSysselsattning", "ovrigSysselsattningStyrkt")
"""What a person studies or does besides, and how far it is shown."""
_SURVEY = (  # the answers of the form kartlaggning
    "hinder",
    "anstallningTimmar",
    "afProgramTimmar",
    "studierTimmar",
    "ovrigSysselsattningTimmar",
    *OCCUPATION_KINDS,
    "inskrivenAf",
    "barnUnderAldersgrans",
    "barnomsorgBehov",
    "tolkbehov",
    "sprak",
    "sjukskriven",
    "sjukgrad",
    "sjukskrivenTill",
    "kartlaggningKallor",
    "kartlaggningAnteckning",
)


def known_status(known: support.RegisteredMonth | None, case: Client) -> RequirementStatus:
    """The status when the month was first registered: a correction does not make it younger."""
    return known.status_then if known else case.status


def _is_correction(known: support.RegisteredMonth | None, decision: support.Decision, case: Client) -> bool:
    """A month that says something else than before; one that came late is none, unless its absence had consequences."""
    if known is None or known.reference == decision.reference or known.outcome is decision.outcome:
        return False
    if known.outcome is Outcome.NO_SUPPORT:
        return known.status_then is not case.status
    return True


def _client(job: JobContext) -> Client:
    if job.case_id is None:
        raise MissingInput("Uppgiften hör inte till något ärende.")
    return persons.find_client(job.uow, job.case_id)


def _judged(judgement: Inputs) -> RequirementStatus:
    return judgement.needed_code("kravstatus", RequirementStatus)


def counted(job: JobContext, resources: Resources, case: Client) -> dict[str, Any]:
    """The chain at the latest registered month, and the person's age then."""
    outcomes = support.outcomes_of(job.uow, case.person_id)
    latest = max(outcomes, default=None)
    if latest is None:
        raise NotFound("Personen har ingen registrerad månad.")
    rule = counting_rule(resources.parameters, local_date(job.now), case.unit)
    chain = count_chain(outcomes, latest, rule)
    born = persons.person_of_case(job.uow, case.case_id).born
    return {
        "rakning": {
            "antalManader": chain.months,
            "forstaManad": str(chain.first) if chain.first else None,
            "senasteManad": str(latest),
            "manaderUtan": chain.without,
            "bruten": chain.is_broken(rule),
        },
        "alder": age_on(born, latest.first_day),
    }


def age_on(born: date, day: date) -> int:
    """Whole years from `born` to `day`; who is born on 29 February grows older on 1 March in common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
