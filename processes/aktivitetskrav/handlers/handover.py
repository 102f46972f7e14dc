"""Service tasks of overlamning: the disclosure gate's effects on who takes part in a case, and hand-backs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine import cases
from engine.errors import InvalidInput, NotFound
from engine.handlers import HandlerRegistry, JobContext
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, feel_date, feel_number
from processes.aktivitetskrav.handlers.matching import release_proposed
from processes.aktivitetskrav.records import decisions, handovers, outbox, persons, placements
from processes.aktivitetskrav.records.handovers import Disclosure
from processes.resources import Resources

FIELD_VARIABLES: dict[str, tuple[str, ...]] = {
    "kontakt": (),
    "kravtimmar": ("kravtimmar",),
    "behovsniva": ("behovsniva",),
    "mal": ("mal",),
    "arbetsformaga": ("arbetsformaga",),
    "sprakniva": ("sprakniva",),
    "hinder": ("hinder",),
    "sysselsattning": ("anstallningTimmar", "afProgramTimmar", "studierTimmar", "ovrigSysselsattningTimmar"),
    "barnomsorg": ("barnomsorgBehov",),
    "tolkbehov": ("tolkbehov", "sprak"),
    "inskriven_af": ("inskrivenAf",),
    "insatstyp": ("insatstyp",),
}
"""Which process variables each field code of a hand-over discloses."""


OWN_VARIABLES: tuple[str, ...] = (
    *("arendeId", "enhet", "kravFran", "matchningOrsak", "ansvarigKonsulent", "rapporteradAv", "rattsligGrund"),
    *("overlamningId", "overlamnadDatum", "utlamnadeFalt", "mottagandeSvar", "mottagandeOrsak", "mottagandeKommentar"),
    *("kompletteringSvar", "mottagenDatum", "motesdatum", "motesdeltagare", "overenskommelse", "schemahinder"),
    *("typforslag", "aktivitetstyp", "aktivitetTimmar", "valMotivering", "upptrappning", "upptrappningPlan"),
    *(
        "platser",
        "antalPlatser",
        "platsval",
        "platsId",
        "startdatum",
        "krockar",
        "harKrock",
        "helgdagar",
        "krockLost",
        "timmarPerVecka",
        "platsKommentar",
    ),
    *("placeringId", "planeradeTimmar", "koId", "koDatum", "ledigPlatsId", "planId", "planTill", "planutfall"),
    *("anvisningStart", "anvisningSatt", "anvisningDatum", "deltagarensSvar", "avbojdForklaring"),
    *("afSteg", "afRegistreradDatum", "underlagsmanad", "manadsunderlag", "narvaroKlar", "narvaroKommentar"),
    *("progression", "antalUtanProgression", "uppfoljningAnteckning", "omprovningBehovs", "omprovningOrsak"),
    *("intervall", "aterlamningOrsak", "avvikelseKalla", "avvikelsetyp", "avvikelseFran", "avvikelseTill"),
    *("avvikelseTimmar", "stodmanad", "avvikelseBeskrivning", "kontaktforsok", "deltagarensForklaring"),
    *("skalkategori", "skalAnmalt", "skalStyrkt", "avvikelseGaller", "leveranstyp", "leveransBeskrivning"),
    *("leveransOrsak", "leveransAllvar", "leveransUtredning", "leveransAtgard", "atgardUtforare"),
    *("nyAktivitetBehovs", "atgardGenomford", "atgardDatum", "eskaleringAtgard", "eskaleringKommentar"),
)
"""What the labour-market side's own work is made of: it needs no disclosure to see what it wrote itself."""


def register_handover(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of hand-over, acceptance, hand-back and withdrawal."""

    @registry.job("lamna-over")
    def hand_over(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        disclosure = Disclosure(
            inputs.text("rattsligGrund"), inputs.texts("utlamnadeFalt"), inputs.text("sekretessMotivering")
        )
        _let_in(job, resources, disclosure)
        earlier = inputs.identifier("overlamningId")
        if earlier is None:
            made = handovers.add_handover(job.uow, case_of(job), labour_market(resources), disclosure, today(job))
        else:
            handovers.complement_handover(job.uow, case_of(job), earlier, disclosure)
            made = earlier
        return {"overlamningId": str(made), "overlamnadDatum": feel_date(today(job))}

    @registry.job("registrera-mottagande")
    def register_acceptance(job: JobContext) -> dict[str, Any]:
        inputs = Inputs(job.variables)
        adviser = inputs.text("ansvarigKonsulent")
        made = inputs.identifier("overlamningId")
        if made is None:
            raise MissingInput("Uppgiften 'overlamningId' saknas.")
        handovers.accept_handover(job.uow, case_of(job), made, adviser, today(job))
        persons.set_adviser(job.uow, case_of(job), adviser)
        return {"mottagenDatum": feel_date(today(job))}

    @registry.job("registrera-aterlamning")
    def register_hand_back(job: JobContext) -> dict[str, Any]:
        reason = Inputs(job.variables).text("aterlamningOrsak")
        placements.pause_placements(job.uow, case_of(job))
        release_proposed(job, reason)
        outbox.add_note(job.uow, case_of(job), "aterlamning", {"orsak": reason})
        _let_out(job, resources, reason)
        return {"aterlamnadDatum": feel_date(today(job)), **_authority_side(job)}

    @registry.job("avsluta-overlamning")
    def end_handover(job: JobContext) -> None:
        _let_out(job, resources, Inputs(job.variables).text("avslutsorsak"))


def _authority_side(job: JobContext) -> dict[str, Any]:
    """What a new hand-over starts from: the requirement and the survey, from the authority's registers."""
    client = persons.find_client(job.uow, case_of(job))
    survey = Inputs(decisions.latest_survey(job.uow, case_of(job)))
    hours = [survey.number("anstallningTimmar"), survey.number("studierTimmar")]
    return {
        "enhet": client.unit,
        "kravtimmar": None if client.hours is None else feel_number(client.hours),
        "kravFran": None if client.required_from is None else feel_date(client.required_from),
        "hinder": client.hindrance.value,
        "inskrivenAf": bool(client.jobcentre_registered),
        "barnomsorgBehov": bool(survey.flag("barnomsorgBehov")),
        "tolkbehov": bool(survey.flag("tolkbehov")),
        "sjukskriven": survey.text("sjukskriven"),
        "sysselsattningTimmar": feel_number(sum((each for each in hours if each is not None), Decimal(0))),
    }


def _let_in(job: JobContext, resources: Resources, disclosure: Disclosure) -> None:
    unit = persons.find_client(job.uow, case_of(job)).unit
    _show_to(job, resources, disclosure, resources.roles.counterpart(unit, labour_market(resources)))


def _show_to(job: JobContext, resources: Resources, disclosure: Disclosure, unit: str | None) -> None:
    unknown = [code for code in disclosure.fields if code not in FIELD_VARIABLES]
    if unknown:
        raise InvalidInput(f"Okända uppgifter i överlämningen: {', '.join(sorted(unknown))}.")
    names = [name for code in disclosure.fields for name in FIELD_VARIABLES[code]]
    party = cases.Party(
        organisation=labour_market(resources),
        unit=unit,
        basis=disclosure.legal_basis,
        fields=tuple(dict.fromkeys([*OWN_VARIABLES, *names])),
    )
    cases.add_party(job.command, case_of(job), party)


def move_party(job: JobContext, resources: Resources, unit: str | None) -> None:
    """Let another unit of the labour-market side see what the hand-over discloses, unless it was handed back since."""
    disclosure = handovers.current_disclosure(job.uow, case_of(job))
    if disclosure is not None:
        _show_to(job, resources, disclosure, unit)


def end_part(job: JobContext, resources: Resources, case_id: str, reason: str) -> None:
    """End the labour-market side's part in a case, where it has one."""
    if handovers.end_handovers(job.uow, case_id, reason, today(job)):
        cases.end_party(job.command, case_id, labour_market(resources), reason)
        persons.set_adviser(job.uow, case_id, None)


def _let_out(job: JobContext, resources: Resources, reason: str | None) -> None:
    end_part(job, resources, case_of(job), reason or "")


def labour_market(resources: Resources) -> str:
    """The organisation that hand-overs go to; raises NotFound where roles.toml has none."""
    organisation = resources.roles.organisation_of("konsulent_am")
    if organisation is None:
        raise NotFound("roles.toml har ingen roll konsulent_am: ingen kan ta emot överlämningen.")
    return organisation
