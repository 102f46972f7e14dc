"""What staff usually choose in the journey's forms; fields without a choice here get something the form allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias

from processes.aktivitetskrav.autopilot.dice import one
from processes.aktivitetskrav.autopilot.form_answers import feel_day
from processes.aktivitetskrav.autopilot.life import LIFE_CHOICES, life_payload
from processes.aktivitetskrav.calendar_month import Month

Variables: TypeAlias = Mapping[str, Any]
Choice: TypeAlias = Callable[[Variables, date, Random], dict[str, Any]]
_FULL_TIME = 40  # hours a week to spread where the case does not say


def choose(form_id: str, variables: Variables, today: date, random: Random) -> dict[str, Any]:
    """The answers that matter for where a case goes."""
    choice = _CHOICES.get(form_id)
    return choice(variables, today, random) if choice else {}


def absence(day: date, hours: Decimal) -> dict[str, Any]:
    """The message of an absence nobody had announced."""
    return {
        "avvikelsetyp": "uteblivit",
        "avvikelseFran": feel_day(day),
        "avvikelseTill": feel_day(day),
        "avvikelseTimmar": hours,
        "stodmanad": str(Month.of(day)),
        "avvikelseKalla": "narvaro",
    }


def message_payload(name: str, today: date, random: Random) -> dict[str, Any]:
    """What arrives with a message that people register."""
    payloads: dict[str, dict[str, Any]] = {
        "YttrandeInkommet": {"yttrandeDatum": feel_day(today), "yttrandeText": "Jag var sjuk den dagen."},
        "AfSvar": {"afSvarDatum": feel_day(today), "afSvarText": "Ingen krock med pågående program."},
        "OverklagandeInkommet": {
            "overklagandeDatum": feel_day(today),
            "overklagandeText": "Jag vill att beslutet ändras.",
        },
        "DomInkommen": {
            "domDatum": feel_day(today),
            "domUtfall": one(random, avslag=7, delvis_bifall=2, bifall=1),
            "domText": "Förvaltningsrättens dom.",
        },
        "PlatsLedig": {"ledigPlatsId": "jobbsokarverkstad"},
    }
    return payloads.get(name) or life_payload(name, today, random)


MESSAGE_CHANCE: dict[str, tuple[float, int, int]] = {
    "YttrandeInkommet": (0.5, 2, 9),
    "AfSvar": (0.7, 2, 8),
    "OverklagandeInkommet": (0.08, 5, 15),
    "DomInkommen": (0.9, 25, 60),
    "PlatsLedig": (0.8, 3, 12),
    "AnpassningUpphor": (0.15, 10, 40),
    "IntygInkommet": (0.7, 5, 45),
}
"""Messages that people register: how often they come, and after how many days at the least and at the most."""


def news_payload(name: str, random: Random) -> dict[str, Any]:
    """What somebody says when they register something that starts a process."""
    payloads = {
        "RattelseBegard": {"rattelseOrsak": "Datumet i beslutet stämmer inte med det som är sagt."},
        "EnhetBytt": {"flyttKommentar": "Personen har fått lägenhet i en annan stadsdel."},
        "DubbeltArende": {
            "annatArende": f"AK-{random.randint(1, 9999):06d}",
            "dubblettOrsak": "Namn och födelsedag är desamma.",
        },
    }
    return payloads[name]


NEWS_CHANCE: dict[str, float] = {"RattelseBegard": 0.0006, "EnhetBytt": 0.0004, "DubbeltArende": 0.0001}
"""News that start a process in a case: how likely on one working day."""


def _survey(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    hindrance = variables.get("hinder")
    ill = (
        "helt"
        if hindrance == "sjukskriven" and random.random() < 0.5
        else "delvis"
        if hindrance == "sjukskriven"
        else "nej"
    )
    answers: dict[str, Any] = {
        "inskrivenAf": random.random() < 0.6,  # S4:140
        "barnUnderAldersgrans": random.random() < 0.25,
        "barnomsorgBehov": random.random() < 0.15,
        "tolkbehov": hindrance == "sprakhinder",
        "anstallningTimmar": random.choice((8, 12, 16, 20)) if hindrance == "arbetar_deltid" else 0,
        "afProgramTimmar": 0,
        "studierTimmar": 0,
        "ovrigSysselsattningTimmar": 0,
        "sjukskriven": ill,
    }
    if isinstance(hindrance, str):
        answers["hinder"] = hindrance
    if ill != "nej":
        answers["sjukgrad"] = 100 if ill == "helt" else 50
        answers["sjukskrivenTill"] = feel_day(today + timedelta(days=random.randint(20, 60)))
    return answers


def _extent(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    proposed = variables.get("kravtimmarForslag")
    calculated = variables.get("timberakning")
    if proposed is None and isinstance(calculated, Mapping):
        proposed = calculated.get("timmar")
    exempted = "helt" if variables.get("sjukskriven") == "helt" else one(random, inget=90, delvis=6, helt=4)
    answers: dict[str, Any] = {"undantag": exempted, "kravtimmar": 30 if proposed is None else proposed}
    if exempted != "inget":
        answers["undantagTill"] = feel_day(today + timedelta(days=random.randint(30, 90)))
    return answers


def _needs(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    return {
        "behovsniva": one(random, niva1=25, niva2=40, niva3=25, niva4=10),
        "sprakniva": one(random, a1=1, a2=2, b1=1) if variables.get("hinder") == "sprakhinder" else "modersmal",
        "sipBehov": random.random() < 0.06,
        "samtycke": one(random, ja=80, nej=8, ej_tillfragad=12),
        "skyddadIdentitet": False,
        "beslutsvag": one(random, direkt=20, ordinarie=80),
    }


def _disclosure(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    return {
        "utlamnande": one(random, ja=97, nej=3),
        "rattsligGrund": "samtycke" if variables.get("samtycke") == "ja" else "menprovning",
        "utlamnadeFalt": ["kontakt", "kravtimmar", "behovsniva", "mal", "arbetsformaga", "sprakniva", "insatstyp"],
    }


def _place(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    places = variables.get("platser")
    if not isinstance(places, list) or not places:
        return {"platsval": "koa"}
    place = random.choice(places[:3])
    return {
        "platsval": "placera",
        "platsId": place.get("value") if isinstance(place, Mapping) else place,
        "startdatum": feel_day(today + timedelta(days=random.randint(3, 14))),
        "timmarPerVecka": _hours(variables),
        "krockLost": True,
    }


def _kind(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    proposals = variables.get("typforslag")
    best = proposals[0].get("typ") if isinstance(proposals, list) and proposals else None
    disclosed = variables.get("insatstyp")
    kind = disclosed or best or one(random, motiverande=1, sprak=1, jobbsokar=2, arbetsplats=1)
    hours = _hours(variables)
    steps = {"trappa1Timmar": max(1, hours // 3), "trappa1Veckor": 4, "trappa2Timmar": max(1, hours * 2 // 3)}
    answers = {"aktivitetstyp": kind, "aktivitetTimmar": hours, "upptrappning": random.random() < 0.3}
    return answers | steps | {"trappa2Veckor": 4, "trappa3Timmar": None}


def _hours(variables: Variables) -> int:
    required, planned = variables.get("kravtimmar"), variables.get("planeradeTimmar")
    wanted = _FULL_TIME if required is None else int(required)
    missing = wanted - (0 if planned is None else int(planned))
    return max(4, min(wanted or 4, missing if missing > 0 else wanted))


def _assignment(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    return {
        "anvisningStart": feel_day(today + timedelta(days=random.randint(1, 7))),
        "anvisningSatt": one(random, mote=6, brev=3, digitalt=1),
        "deltagarensSvar": one(random, tar_emot=90, avbojer=5, inget_svar=5),
    }


def _plan_draft(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    with_whom = [who for who, share in (("barnomsorg", 0.12), ("af", 0.5), ("sip", 0.05)) if random.random() < share]
    return {
        "planFran": feel_day(today + timedelta(days=7)),
        "planTill": feel_day(today + timedelta(days=random.randint(90, 180))),
        "medverkan": with_whom,
        "sipSamtycke": "sip" in with_whom,
    }


def _until(key: str, first: int, last: int, **fixed: Any) -> Choice:
    def choice(variables: Variables, today: date, random: Random) -> dict[str, Any]:
        return {key: feel_day(today + timedelta(days=random.randint(first, last)))} | fixed

    return choice


def _weighted(key: str, **weights: int) -> Choice:
    def choice(variables: Variables, today: date, random: Random) -> dict[str, Any]:
        return {key: one(random, **weights)}

    return choice


def _direct(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    kind = variables.get("insatstyp") or one(random, motiverande=1, sprak=1, jobbsokar=1, arbetsplats=2)
    return {
        "direktbeslutUtfall": one(random, beviljas=9, ordinarie=1),
        "insatstyp": kind,
        "direktbeslutTill": feel_day(today + timedelta(days=150)),
    }


def _plan_decision(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    until = variables.get("planTill") or feel_day(today + timedelta(days=120))
    return {"planbeslut": one(random, beslutas=94, andras=4, ny_matchning=2), "planTill": until}


def _deviation_report(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    return {
        "avvikelsetyp": variables.get("avvikelsetyp") or "uteblivit",
        "avvikelseFran": variables.get("avvikelseFran") or feel_day(today),
        "avvikelseTill": variables.get("avvikelseTill") or feel_day(today),
        "skalkategori": one(random, sjukdom=4, vard_av_barn=2, myndighetsbesok=1, inget_angivet=4, resehinder=1),
        "skalAnmalt": one(random, ja=1, nej=3),
        "skalStyrkt": one(random, ja=2, nej=2, kravs_ej=1),
        "avvikelseGaller": one(random, individ=9, utforande=1),
    }


def _deviation_decision(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    proposed = variables.get("forslagUtfall")
    outcome = proposed if proposed and random.random() < 0.9 else one(random, godtagbart=2, avsta=1, nedsatt=2, neka=1)
    percent = {"nedsattningProcent": random.choice((10, 20, 25, 50))} if outcome == "nedsatt" else {}
    return {"avvikelseUtfall": outcome, "barnetsBastaBeaktat": True} | percent


def _reassessment(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    outcome = one(random, forlang=50, andra=12, trappa_upp=15, byt_typ=8, avsluta=10, aterlamna=5)
    return {"omprovningUtfall": outcome, "nyPlanTill": feel_day(today + timedelta(days=120))}


def _correction(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    way = "rattas" if variables.get("rattelseArt") == "rattelse" else "andras"
    return {
        "rattelseUtfall": way if random.random() < 0.8 else "star_fast",
        "rattatUtfall": None,
        "rattatGiltigTill": None,
    }


def _agreement(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    name, kind, activity_kind, activity_name = random.choice(_PROVIDERS)
    return {
        "utforareNamn": name,
        "utforareSlag": kind,
        "aktivitetNamn": activity_name,
        "aktivitetstyp": activity_kind,
        "avtaladePlatser": random.randint(4, 20),
        "timmarPerVecka": random.choice((15, 20, 30)),
        "avtalFran": feel_day(today + timedelta(days=14)),
        "avtalTill": feel_day(today + timedelta(days=random.randint(200, 500))),
    }


_PROVIDERS = (
    ("Nordbageriet", "foretag", "arbetsplats", "Praktik i bageriet"),
    ("Träffpunkten, socialpsykiatrin", "forvaltning", "motiverande", "Vardag och rutiner"),
    ("Föreningen Språkbron", "civilsamhalle", "sprak", "Språkpraktik"),
)
"""Fictitious: name, what it is, type of activity, its name."""


def _renewal(variables: Variables, today: date, random: Random) -> dict[str, Any]:
    until = feel_day(today + timedelta(days=random.randint(200, 500)))
    return {"avtalsbeslut": one(random, fortsatter=8, avslutas=2), "nyAvtalTill": until}


_CHOICES: dict[str, Choice] = {
    **LIFE_CHOICES,
    "rattelse": _weighted("rattelseAtgard", genomfor=7, behall=3),
    "kartlaggning": _survey,
    "omfattning": _extent,
    "beslut_undantag": _until("undantagTill", 30, 90, undantagBeslut="beviljas"),
    "behovsbedomning": _needs,
    "direktbeslut": _direct,
    "sekretessprovning": _disclosure,
    "hinder_utlamnande": _weighted("utlamnandeAtgard", prova_igen=3, stannar=1),
    "mottagande": _weighted("mottagandeSvar", mottagen=90, komplettering=6, avvisad=4),
    "komplettering": _disclosure,
    "avvisad_overlamning": _weighted("avvisadAtgard", ny_bedomning=3, stannar=1),
    "flerpartsmote": lambda variables, today, random: {"motesdatum": feel_day(today)},
    "aterlamning_mottagande": _weighted("aterlamningAtgard", ny_bedomning=4, stannar=1),
    "valj_aktivitetstyp": _kind,
    "valj_plats": _place,
    "anvisning": _assignment,
    "af_registrering": lambda variables, today, random: {"afRegistreradDatum": feel_day(today)},
    "planutkast": _plan_draft,
    "barnomsorg": _weighted("barnomsorgSvar", ordnad=7, delvis=2, saknas=1),
    "deltagarens_synpunkter": _weighted("synpunkterLamnade", ja=7, avstod=2, ej_nadd=1),
    "planbeslut": _plan_decision,
    "komplettera_narvaro": lambda variables, today, random: {"narvaroKlar": True},
    "uppfoljning": lambda variables, today, random: {
        "progression": one(random, framat=5, oforandrad=4, bakat=1),
        "omprovningBehovs": one(random, nej=8, ja=2),
    },
    "omprovning": _reassessment,
    "avvikelse_beskrivning": _deviation_report,
    "avvikelse_utredning": _weighted("skalBedomning", godtagbart=5, ej_godtagbart=4, utforande=1),
    "sarskilda_skal": lambda variables, today, random: {
        "finnsBarn": one(random, ja=4, nej=6),
        "sarskildaSkal": one(random, nej=8, ja=2),
        "forslagUtfall": one(random, nedsatt=5, neka=2, avsta=2, godtagbart=1),
    },
    "avvikelse_beslut": _deviation_decision,
    "rattidsprovning": _weighted("iRattTid", ja=9, nej=1),
    "omprovning_beslut": _weighted("overklagandeUtfall", andras_inte=7, andras=3),
    "rattelse_utredning": lambda variables, today, random: {
        "rattelseArt": one(random, rattelse=3, andring=2),
        "rattelseRiktning": one(random, till_fordel=3, neutral=1, till_nackdel=1),
        "beslutGynnande": "ja",
        "andringsgrund": one(random, oriktiga_uppgifter=1, inget=2),
    },
    "rattelse_beslut": _correction,
    "sammanslagning": lambda variables, today, random: {
        "sammanslagningUtfall": one(random, olika=9, sla_samman=1),
        "borjaOm": [],
    },
    "flytt": lambda variables, today, random: {"flyttDatum": feel_day(today)},
    "flytt_mottagande": _weighted("flyttJobbtorg", behall=2, byt=1),
    "leveransavvikelse_utredning": _weighted("leveransAllvar", enstaka=7, aterkommande=2, allvarlig=1),
    "leveransavvikelse_atgard": lambda variables, today, random: {
        "atgardUtforare": one(random, ja=1, nej=1),
        "nyAktivitetBehovs": one(random, nej=8, ja=2),
    },
    "forsenad_uppgift": _weighted("eskaleringAtgard", paminn=6, fordela_om=2, ta_over=1, annat=1),
    "rapport_granskning": _weighted("rapportGranskning", klar=8, rattas=2),
    "rapport_godkannande": _weighted("rapportGodkannande", godkanns=9, rattas=1),
    "rapport_lamnad": lambda variables, today, random: {"lamnadDatum": feel_day(today)},
    "inventering_analys": _weighted("inventeringSlutsats", utveckla=3, racker=2),
    "inventering_beslut": _weighted("insatsbeslut", beslutas=7, arbetas_om=1, avslas=2),
    "utvardering_beslut": _weighted("forbattringsbeslut", beslutas=6, delvis=3, avslas=1),
    "utforare_avtal": _agreement,
    "utforare_krav": _weighted("kravUppfyllda", ja=8, nej=2),
    "utforare_godkannande": _weighted("utforareBeslut", godkanns=9, avslas=1),
    "utforare_kvalitet": _weighted("kvalitet", haller=8, brister=2),
    "utforare_fortsattning": _renewal,
    "loggkontroll_granskning": _weighted("loggkontrollUtfall", inget=8, utreds=2),
    "loggkontroll_utredning": _weighted("atgardAtkomst", inget=6, samtal=3, behorighet=1),
    "gallring_godkannande": _weighted("gallringsbeslut", godkanns=9, avslas=1),
    "statistik_kontroll": _weighted("statistikKontroll", stammer=9, rattas=1),
    "statistik_lamnad": lambda variables, today, random: {"lamnadDatum": feel_day(today)},
    "leveransavvikelse_genomford": lambda variables, today, random: {"atgardDatum": feel_day(today)},
}
