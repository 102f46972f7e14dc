"""The usual way: what staff answer where a scenario does not say, so that a case comes to the task it is about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from engine.clock import local_date
from processes.aktivitetskrav.autopilot.form_answers import feel_day
from processes.aktivitetskrav.steps.office import ROLES, do_task, who_sees
from processes.scenarios import StepFailed, World

_MOST_STEPS = 80
_DISCLOSED = ["kontakt", "kravtimmar", "behovsniva", "mal", "arbetsformaga", "sprakniva", "insatstyp"]
_PLAN_DAYS = 150
_AGREEMENT_DAYS = 300


def usual_answers(form_id: str, today: date) -> dict[str, Any]:
    """The answers that keep a case on its usual way."""
    return {**_USUAL.get(form_id, {}), **_dates(form_id, today)}


def go_to(world: World, name: str) -> None:
    """Do what is usual, and let time pass where nothing is to be done, until the task of that name is open."""
    for _ in range(_MOST_STEPS):
        world.settle()
        items = sorted(world.tasks(), key=lambda item: (item.created_at, item.name))
        if any(item.name == name for item in items):
            return
        if items:
            word = next(each for each, role in ROLES.items() if role == items[0].role)
            usual = usual_answers(items[0].form_id or "", local_date(world.clock.now()))
            do_task(world, items[0], who_sees(world, items[0], word), usual=usual)
        elif not world.wait_for_something():
            break
    raise StepFailed(f'Ärendet kommer inte till "{name}" på vanlig väg. {world.standing()}')


def _dates(form_id: str, today: date) -> dict[str, Any]:
    soon, later = feel_day(today + timedelta(days=7)), feel_day(today + timedelta(days=_PLAN_DAYS))
    found: dict[str, dict[str, Any]] = {
        "omfattning": {"undantagTill": later},
        "beslut_undantag": {"undantagTill": later},
        "direktbeslut": {"direktbeslutTill": later},
        "flerpartsmote": {"motesdatum": feel_day(today)},
        "valj_plats": {"startdatum": soon},
        "planutkast": {"planFran": soon, "planTill": later, "barnomsorgOnskadFran": soon},
        "planbeslut": {"planTill": later},
        "anvisning": {"anvisningStart": soon},
        "omprovning": {"nyPlanTill": later},
        "statistik_lamnad": {"lamnadDatum": feel_day(today)},
        "rapport_lamnad": {"lamnadDatum": feel_day(today)},
        "utforare_avtal": {"avtalFran": soon, "avtalTill": feel_day(today + timedelta(days=_AGREEMENT_DAYS))},
        "utforare_uppsagning": {"uppsagningDatum": later},
        "utforare_fortsattning": {"nyAvtalTill": feel_day(today + timedelta(days=_AGREEMENT_DAYS))},
    }
    return found.get(form_id, {})


_USUAL: dict[str, dict[str, Any]] = {
    "kartlaggning": {
        "hinder": "arbetslos",
        "anstallningTimmar": 0,
        "afProgramTimmar": 0,
        "studierTimmar": 0,
        "ovrigSysselsattningTimmar": 0,
        "inskrivenAf": False,
        "barnUnderAldersgrans": False,
        "barnomsorgBehov": False,
        "tolkbehov": False,
        "sjukskriven": "nej",
    },
    "omfattning": {"undantag": "inget", "kravtimmar": 30},
    "beslut_undantag": {"undantagBeslut": "beviljas"},
    "behovsbedomning": {
        "behovsniva": "niva2",
        "arbetsformaga": "hel",
        "sprakniva": "modersmal",
        "sipBehov": False,
        "skyddadIdentitet": False,
        "samtycke": "ja",
        "beslutsvag": "ordinarie",
        "insatstyp": "arbetsplats",
    },
    "direktbeslut": {"direktbeslutUtfall": "beviljas", "insatstyp": "arbetsplats"},
    "sekretessprovning": {"utlamnande": "ja", "rattsligGrund": "samtycke", "utlamnadeFalt": _DISCLOSED},
    "hinder_utlamnande": {"utlamnandeAtgard": "prova_igen"},
    "mottagande": {"mottagandeSvar": "mottagen"},
    "valj_aktivitetstyp": {"aktivitetstyp": "jobbsokar", "aktivitetTimmar": 30, "upptrappning": False},
    "valj_plats": {"platsval": "placera", "platsId": "jobbsokarverkstad", "timmarPerVecka": 30, "krockLost": True},
    "planutkast": {"medverkan": [], "sipSamtycke": True},
    "barnomsorg": {"barnomsorgSvar": "ordnad"},
    "deltagarens_synpunkter": {"synpunkterLamnade": "ja", "signatur": "papper"},
    "planbeslut": {"planbeslut": "beslutas"},
    "anvisning": {"deltagarensSvar": "tar_emot", "anvisningSatt": "mote"},
    "uppfoljning": {"progression": "framat", "omprovningBehovs": "nej"},
    "omprovning": {"omprovningUtfall": "forlang"},
    "omprovning_begard": {"omprovningTyp": "andrat"},
    "komplettera_narvaro": {"narvaroKlar": True},
    "avvikelse_beskrivning": {"skalkategori": "inget_angivet", "avvikelseGaller": "individ"},
    "avvikelse_utredning": {"skalBedomning": "ej_godtagbart"},
    "sarskilda_skal": {"finnsBarn": "nej", "sarskildaSkal": "nej", "forslagUtfall": "nedsatt"},
    "avvikelse_beslut": {"avvikelseUtfall": "nedsatt", "nedsattningProcent": 25},
    "rattidsprovning": {"iRattTid": "ja"},
    "omprovning_beslut": {"overklagandeUtfall": "andras_inte"},
    "aterlamning_mottagande": {"aterlamningAtgard": "ny_bedomning"},
    "statistik_kontroll": {"statistikKontroll": "stammer"},
    "rapport_granskning": {"rapportGranskning": "klar"},
    "rapport_godkannande": {"rapportGodkannande": "godkanns"},
    "inventering_analys": {"inventeringSlutsats": "utveckla"},
    "inventering_beslut": {"insatsbeslut": "beslutas"},
    "utvardering_beslut": {"forbattringsbeslut": "beslutas"},
    "utforare_avtal": {
        "utforareNamn": "Utföraren",
        "utforareSlag": "civilsamhalle",
        "aktivitetNamn": "Praktikplatser",
        "aktivitetstyp": "jobbsokar",
        "avtaladePlatser": 5,
        "timmarPerVecka": 30,
        "handledare": "Handledaren",
    },
    "utforare_krav": {"kravUppfyllda": "ja"},
    "utforare_godkannande": {"utforareBeslut": "godkanns"},
    "utforare_kvalitet": {"kvalitet": "haller"},
    "utforare_fortsattning": {"avtalsbeslut": "fortsatter"},
    "loggkontroll_granskning": {"loggkontrollUtfall": "inget"},
    "loggkontroll_utredning": {"atgardAtkomst": "inget"},
    "gallring_godkannande": {"gallringsbeslut": "godkanns"},
    "anpassning_utredning": {
        "anpassningTyp": "helt",
        "aktiviteterna": "pausas",
        "sipSpar": False,
        "frivilligInsats": "ingen",
    },
    "anpassning_beslut": {"anpassningBeslut": "beviljas"},
    "anpassning_omprovning": {"anpassningFortsatter": "nej"},
    "rehab_samordning": {"huvudansvarigAktor": "region", "inlasningsrisk": "nej"},
    "nya_kravtimmar": {"kravtimmarFoljd": "andras", "nyaKravtimmar": 20},
    "avslut_bedomning": {"avslutAtgard": "avsluta", "avslutsgrund": "upphort_ansoka"},
    "avslutssamtal": {"samtalHallet": "hallet"},
    "leveransavvikelse_atgard": {"atgardUtforare": "nej", "nyAktivitetBehovs": "nej"},
}
