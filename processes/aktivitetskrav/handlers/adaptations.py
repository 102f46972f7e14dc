"""Service tasks of anpassning, anpassningstid and sysselsattning: exemptions, sickness, certificates, changed hours."""

from __future__ import annotations

from typing import Any

from engine.feel.plain import to_plain
from engine.handlers import HandlerRegistry, JobContext
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, feel_date, feel_number
from processes.aktivitetskrav.handlers.matching import COUNTED_OTHERWISE, offer_places
from processes.aktivitetskrav.handlers.support import OCCUPATION_KINDS, counted
from processes.aktivitetskrav.records import adaptations, decisions, mergers, outbox, persons, placements
from processes.aktivitetskrav.records.adaptations import SICKNESS, Adaptation, Coordination
from processes.aktivitetskrav.records.decisions import Extent, MadeDecision
from processes.aktivitetskrav.states import ActivityMeasure, AdaptationKind, RequirementStatus
from processes.resources import Resources

_FROM_SURVEY = (*COUNTED_OTHERWISE, "sjukgrad")
_NAMED = ("intygTill", "saknarSgi", "avslutsgrund")
"""What a form may leave out and the diagrams name."""


def register_adaptations(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of exemptions and adaptations and of changed occupation."""

    @registry.job("hamta-kravlage")
    def read_requirement(job: JobContext) -> dict[str, Any]:
        client = persons.find_client(job.uow, case_of(job))
        full_time = resources.parameters.value("heltid_timmar", today(job), client.unit)
        return {
            "kravGaller": client.status is RequirementStatus.APPLIES,
            "enhet": client.unit,
            "hinder": client.hindrance.value,
            "kravFran": feel_date(client.required_from),
            "kravtimmar": full_time if client.hours is None else feel_number(client.hours),
            "begardTill": job.variables.get("anpassningTill"),
            **_occupation(job),
            **_sickness(job),
        }

    @registry.job("registrera-anpassning")
    def register_adaptation(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        made = _adaptation(inputs)
        awaited = inputs.texts("utestaendeIntyg")
        new = adaptations.add_adaptation(job.uow, case_of(job), made, awaited, today(job))
        if made.kind is AdaptationKind.FEWER_HOURS:
            persons.set_extent(job.uow, case_of(job), made.hours, None)
        if made.activities is ActivityMeasure.HANDED_BACK:
            freed = placements.current_placements(job.uow, case_of(job))
            placements.end_placements(job.uow, case_of(job), "undantag", today(job))
            offer_places(job, freed)
        surveyed_in = job.headers.get("kartlaggs_i")
        running = mergers.running_processes(job.uow, case_of(job))
        return {
            "anpassningId": str(new),
            "kartlaggningPagar": any(each.process_id == surveyed_in for each in running),
        }

    @registry.job("pausa-placeringar")
    def pause(job: JobContext) -> dict[str, Any]:
        return {"antalPausade": placements.pause_placements(job.uow, case_of(job))}

    @registry.job("avsluta-anpassning")
    def end_adaptation(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        reason = inputs.text("anpassningSlutOrsak") or "slutdatum"
        adaptations.end_adaptation(job.uow, case_of(job), _id(inputs, "anpassningId"), today(job), reason)
        if inputs.text("aktiviteterna") == ActivityMeasure.PAUSED.value:
            placements.resume_placements(job.uow, case_of(job))
        client = persons.find_client(job.uow, case_of(job))
        chain = counted(job, resources, client)["rakning"]
        return {
            "enhet": client.unit,
            "hinder": client.hindrance.value,
            "kravFran": feel_date(client.required_from),
            "antalManader": chain["antalManader"],
            "manad": chain["senasteManad"],
        }

    @registry.job("registrera-samordning")
    def register_coordination(job: JobContext) -> None:
        inputs = Inputs(job.variables)
        found = Coordination(
            actor=inputs.needed("huvudansvarigAktor"),
            contact=inputs.needed("huvudansvarigNamn"),
            lock_in_risk=inputs.text("inlasningsrisk") == "ja",
        )
        adaptations.coordinate(job.uow, case_of(job), _id(inputs, "anpassningId"), found)
        following = inputs.day("samordningDatum")
        note = {"huvudansvarig": found.actor, "foljsUpp": following.isoformat() if following else None}
        outbox.add_note(job.uow, case_of(job), "samordning", note)

    @registry.job("registrera-intyg")
    def register_certificate(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        on = inputs.day("intygDatum") or today(job)
        kind, until = inputs.needed("intygSlag"), inputs.day("intygGallerTill")
        adaptations.receive_certificate(job.uow, case_of(job), kind, on, until)
        left = adaptations.awaited_certificates(job.uow, case_of(job), _id(inputs, "anpassningId"))
        return {"utestaendeIntyg": left}

    @registry.job("registrera-kravtimmar")
    def register_hours(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        decided_by = inputs.text("beslutadAv")
        if decided_by is None:
            raise MissingInput("Uppgiften 'beslutadAv' saknas: kravtimmarna måste ha bestämts av någon.")
        hours, why = inputs.number("nyaKravtimmar"), inputs.text("omfattningMotivering")
        client = persons.find_client(job.uow, case_of(job))
        extent = Extent(hours, inputs.number("kravtimmarForslag"), client.required_from, None, None, None, why)
        requirement = decisions.add_requirement(job.uow, case_of(job), extent, _new_survey(job))
        made = MadeDecision("omfattning", str(feel_number(hours)), why, None, decided_by, today(job))
        decision = decisions.add_decision(job.uow, case_of(job), made, job.instance_id)
        persons.set_extent(job.uow, case_of(job), hours, None)
        return {"kravId": str(requirement), "beslutId": str(decision)}


def _adaptation(inputs: Inputs) -> Adaptation:
    first, last = inputs.day("anpassningFran"), inputs.day("anpassningTill")
    if first is None or last is None:
        raise MissingInput("En anpassning måste ha en första och en sista dag.")
    return Adaptation(
        kind=inputs.needed_code("anpassningTyp", AdaptationKind),
        reason=inputs.needed("anpassningSkal"),
        claim=inputs.text("anpassningBeskrivning"),
        evidence=inputs.text("anpassningStyrkt"),
        hours=inputs.number("anpassadeTimmar"),
        first_day=first,
        last_day=last,
        activities=inputs.code("aktiviteterna", ActivityMeasure) or ActivityMeasure.UNCHANGED,
        voluntary=inputs.text("frivilligInsats"),
        sick_grade=inputs.number("sjukgrad") if inputs.text("anpassningSkal") == SICKNESS else None,
        certificate_until=inputs.day("intygTill"),
        without_sickness_benefit=inputs.flag("saknarSgi"),
        decision_id=_id(inputs, "beslutId"),
    )


def _occupation(job: JobContext) -> dict[str, Any]:
    """What the case was told, and where it was told nothing what the latest survey says; null for the rest."""
    told, survey = Inputs(job.variables), Inputs(decisions.latest_survey(job.uow, case_of(job)))
    found: dict[str, Any] = {name: job.variables.get(name) for name in _NAMED}
    for name in _FROM_SURVEY:
        number = told.number(name)
        found[name] = feel_number(survey.number(name) if number is None else number)
    found["utestaendeIntyg"] = told.texts("utestaendeIntyg")
    found["sjukskriven"] = told.text("sjukskriven") or survey.text("sjukskriven")
    found["barnUnderAldersgrans"] = bool(survey.flag("barnUnderAldersgrans"))
    return found


def _sickness(job: JobContext) -> dict[str, Any]:
    """Since when the person is sick without a break, and for how many days; null where the matter is another."""
    inputs = Inputs(job.variables)
    first = inputs.day("anpassningFran")
    if first is None or inputs.text("anpassningSkal") != SICKNESS:
        return {"sjukFran": None, "sjukdagar": None}
    since = adaptations.sick_since(job.uow, case_of(job), first)
    return {"sjukFran": feel_date(since), "sjukdagar": max(0, (today(job) - since).days)}


def _new_survey(job: JobContext) -> dict[str, Any]:
    """The latest survey with the occupation that has changed."""
    changed = (*_FROM_SURVEY, *OCCUPATION_KINDS, "sjukskriven")
    told = {name: to_plain(job.variables[name]) for name in changed if job.variables.get(name) is not None}
    return decisions.latest_survey(job.uow, case_of(job)) | told


def _id(inputs: Inputs, name: str) -> int:
    found = inputs.identifier(name)
    if found is None:
        raise MissingInput(f"Uppgiften '{name}' saknas.")
    return found
